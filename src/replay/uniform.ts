import { OrderError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import type { Batch } from './batch.ts';
import type { ElementType } from './observation-store.ts';
import { StoredReplay } from './stored-replay.ts';
import { REPLAY_OPTIONS, type ReplayOptions } from './transition-store.ts';

export interface UniformReplayOptions<D extends ElementType = ElementType> extends ReplayOptions<D> {
  /** Whether one transition may come twice in a batch. Default false, as in Lapan's program. */
  readonly replacement?: boolean | undefined;
}

const OPTIONS: OptionNames<UniformReplayOptions> = {
  ...REPLAY_OPTIONS,
  replacement: true,
};

/** Experience replay (Lin 1992; Mnih et al. 2015, Algorithm 1): every stored transition is as likely as any other. */
export class UniformReplay<D extends ElementType = ElementType> extends StoredReplay<D> {
  /** Whether one transition may come twice in a batch. */
  readonly replacement: boolean;
  /** Marks of `drawSlots`. */
  private readonly taken: Uint8Array;
  private readonly slotOfRank = (rank: number): number => this.store.slotOfRank(rank);

  /** @throws OptionError when an option is out of range, or the replay would not fit in the memory limit. */
  constructor(options: UniformReplayOptions<D>) {
    super(options);
    checkOptionNames(options, OPTIONS);
    this.replacement = options.replacement ?? false;
    this.taken = new Uint8Array(this.replacement ? 0 : this.store.slots);
  }

  override sample(random: Generator, out: Batch<D>): void {
    drawSlots(random, out.indices, this.store.size, this.slotOfRank, this.replacement ? undefined : this.taken);
    for (let row = 0; row < out.indices.length; row++) this.store.read(out.indices[row], out, row);
  }
}

/**
 * Draws slots uniformly.
 * @param size transitions to draw from, of ranks 0 to size - 1.
 * @param taken [slots] all 0, and all 0 again afterwards: marks drawn slots, so that none comes twice. Undefined draws with
 *   replacement.
 * @throws OrderError when there are too few.
 */
export function drawSlots(
  random: Generator,
  out: Int32Array,
  size: number,
  slotOfRank: (rank: number) => number,
  taken: Uint8Array | undefined,
): void {
  const count = out.length;
  if (size < (taken === undefined ? 1 : count)) {
    throw new OrderError(`Cannot draw ${count} transitions: the replay holds ${size}.`);
  }
  for (let row = 0; row < count; row++) {
    let slot = slotOfRank(random.integers(size));
    if (taken !== undefined) {
      while (taken[slot] !== 0) slot = slotOfRank(random.integers(size));
      taken[slot] = 1;
    }
    out[row] = slot;
  }
  if (taken !== undefined) for (let row = 0; row < count; row++) taken[out[row]] = 0;
}
