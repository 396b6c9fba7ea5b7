import { OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import type { Batch } from './batch.ts';
import type { ElementType } from './observation-store.ts';
import { StoredReplay } from './stored-replay.ts';
import type { ReplayOptions } from './transition-store.ts';

export interface UniformReplayOptions<D extends ElementType = ElementType> extends ReplayOptions<D> {
  /** Whether one transition may come twice in a batch. Default false, as in the texts. */
  readonly replacement?: boolean | undefined;
}

/** Experience replay (Lin 1992; Mnih et al. 2015, Algorithm 1): every stored transition is as likely as any other. */
export class UniformReplay<D extends ElementType> extends StoredReplay<D> {
  private readonly replacement: boolean;
  /** 1 for slots already in the batch under way; all 0 between calls. */
  private readonly taken: Uint8Array;
  /** Draws what another generator is going to draw. */
  private readonly ahead = new Generator(0);

  /** @throws OptionError when an option is out of range, or the replay would not fit in the memory limit. */
  constructor(options: UniformReplayOptions<D>) {
    super(options);
    this.replacement = options.replacement ?? false;
    this.taken = new Uint8Array(this.replacement ? 0 : this.store.slots);
  }

  override sample(random: Generator, out: Batch<D>): void {
    this.draw(random, out.indices, 0);
    for (let row = 0; row < out.indices.length; row++) this.store.read(out.indices[row], out, row);
  }

  /**
   * The slots that a `sample` will draw after every stream has got `steps` more transitions, from the generator as it is
   * now; it does not move. What is not stored yet counts as what is in its slot now. A forecast for preparations: an
   * episode's end may shift it.
   * @param out [batch]
   */
  foresee(random: Generator, steps: number, out: Int32Array): void {
    this.ahead.copyFrom(random);
    this.draw(this.ahead, out, steps);
  }

  private draw(random: Generator, indices: Int32Array, steps: number): void {
    const store = this.store;
    const taken = this.taken;
    const replacement = this.replacement;
    const count = indices.length;
    const size = store.sizeAfter(steps);
    if (size < (replacement ? 1 : count)) {
      throw new OrderError(`Cannot draw ${count} transitions: the replay holds ${size}.`);
    }
    for (let row = 0; row < count; row++) {
      let slot = store.slotOfRank(random.integers(size), steps);
      if (!replacement) {
        while (taken[slot] !== 0) slot = store.slotOfRank(random.integers(size), steps);
        taken[slot] = 1;
      }
      indices[row] = slot;
    }
    if (!replacement) for (let row = 0; row < count; row++) taken[indices[row]] = 0;
  }
}
