import type { Generator } from '../core/random/index.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner, GraphRunner, TypedArray } from '../graph/index.ts';
import type { Parameters } from '../nn/parameters.ts';
import { buildQValues, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import { NoiseSource } from './noise-source.ts';

/** Rows below which threads would wait for each other: one row reads all the weights for little work. */
const FEW_ROWS = 4;

export interface QValuesOptions {
  /** Observations of one forward pass. */
  readonly rows: number;
  /** Draws the noise of a noisy network; without it the network gives its mean. */
  readonly noise?: Generator | undefined;
  /** Whether threads may share the rows. Default false. */
  readonly shareRows?: boolean;
}

/** The forward pass that agents act by: Q values of observations under weights that may change between passes. */
export interface ActingValues extends Restorable {
  /** What a recurrent network remembers of each environment before it sees its observation, [rows, stateSize]; its own array,
   * undefined for all other networks. */
  readonly state?: Float32Array | undefined;
  /**
   * @param observations [rows, ...observation], the same object every time for speed.
   * @returns [rows, actions], overwritten by the next call.
   */
  of(observations: Uint8Array | Float32Array): Promise<Float32Array>;
  /** Values of what followed the observations of the last `of` in their episodes; else as `of`. */
  following(observations: Uint8Array | Float32Array): Promise<Float32Array>;
  /** Says that the environments have made a step from the observations of the last `of`.
   * @param ends [rows], 0 where the episode goes on. */
  follow(ends: ArrayLike<number>): void;
  /**
   * `of` for those who watch: no number is drawn and nothing remembered that would not have been without.
   * @returns [rows, actions], the caller's own.
   */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The values of networks that remember nothing. */
export class QValues implements ActingValues {
  readonly #feeds: Record<string, TypedArray>;
  readonly #noise: NoiseSource | undefined;
  readonly #runner: GraphRunner;

  private constructor(feeds: Record<string, TypedArray>, noise: NoiseSource | undefined, runner: GraphRunner) {
    this.#feeds = feeds;
    this.#noise = noise;
    this.#runner = runner;
  }

  /** @param weights read at every pass. */
  static async create(
    network: QNetwork,
    weights: Parameters,
    createRunner: CreateRunner,
    { rows, noise: random, shareRows = false }: QValuesOptions,
  ): Promise<QValues> {
    const noisy = random !== undefined;
    const build = (count: number) => buildQValues(network, count, { noisy });
    const { graph, outputs } = build(rows);
    const runner = await createRunner(graph, outputs, {
      small: rows < FEW_ROWS,
      ...(shareRows ? { rows: { count: rows, build } } : {}),
    });
    const feeds: Record<string, TypedArray> = {};
    for (const [name, data] of Object.entries(weights.byPrefix())) if (name in runner.inputs) feeds[name] = data;
    const noise = noisy ? new NoiseSource(network.noise ?? [], [NOISE_PREFIXES[0]], random, feeds) : undefined;
    return new QValues(feeds, noise, runner);
  }

  async of(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    this.#feeds['observations'] = observations;
    this.#noise?.draw();
    return (await this.#runner.run(this.#feeds))['q'] as Float32Array;
  }

  following(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.of(observations);
  }

  follow(): void {}

  async peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    const before = this.saveState();
    const q = (await this.of(observations)).slice();
    if (before !== null) this.restoreState(before);
    return q;
  }

  /** The generator of its noise; null without. */
  saveState(): Snapshot {
    return this.#noise?.saveState() ?? null;
  }

  restoreState(state: Snapshot): void {
    this.#noise?.restoreState(state);
  }

  async close(): Promise<void> {
    await this.#runner.release();
  }
}
