import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CreateRunner, GraphRunner, TypedArray } from '../graph/index.ts';
import type { Parameters } from '../nn/parameters.ts';
import { buildQValues, type QNetwork } from './dqn.ts';
import { type ActingValues, QValues, type QValuesOptions } from './q-values.ts';

/** The values that agents act by, of a network that remembers or of one that does not.
 * @param weights read at every pass. */
export function createActingValues(
  network: QNetwork,
  weights: Parameters,
  createRunner: CreateRunner,
  options: QValuesOptions,
): Promise<ActingValues> {
  const { stateSize } = network;
  if (stateSize === undefined) return QValues.create(network, weights, createRunner, options);
  return RecurrentQValues.create({ ...network, stateSize }, weights, createRunner, options);
}

/**
 * The forward pass that agents with a recurrent network act by. It remembers what its environments have shown in their
 * episodes so far: `of` looks at what they show now, and `follow` makes that part of what is remembered.
 */
export class RecurrentQValues implements ActingValues {
  readonly state: Float32Array;
  /** What would be remembered after the observations of the last `of`. */
  readonly #next: Float32Array;
  readonly #feeds: Record<string, TypedArray>;
  readonly #runner: GraphRunner;

  private constructor(feeds: Record<string, TypedArray>, stateSize: number, rows: number, runner: GraphRunner) {
    this.state = new Float32Array(rows * stateSize);
    this.#next = this.state.slice();
    this.#feeds = feeds;
    this.#runner = runner;
  }

  /** @param weights read at every pass. */
  static async create(
    network: QNetwork & { readonly stateSize: number },
    weights: Parameters,
    createRunner: CreateRunner,
    { rows, shareRows = false }: Omit<QValuesOptions, 'noise'>,
  ): Promise<RecurrentQValues> {
    const build = (count: number) => buildQValues(network, count);
    const { graph, outputs } = build(rows);
    const runner = await createRunner(graph, outputs, shareRows ? { rows: { count: rows, build } } : { small: true });
    return new RecurrentQValues(weights.byPrefix(), network.stateSize, rows, runner);
  }

  async of(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    const { q, nextState } = await this.#run(observations, this.state);
    this.#next.set(nextState as Float32Array);
    return q as Float32Array;
  }

  async following(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return (await this.#run(observations, this.#next))['q'] as Float32Array;
  }

  follow(ends: ArrayLike<number>): void {
    const { state } = this;
    const each = state.length / ends.length;
    state.set(this.#next);
    for (let n = 0; n < ends.length; n++) if (ends[n] !== 0) state.fill(0, n * each, (n + 1) * each);
  }

  async peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return ((await this.#run(observations, this.state))['q'] as Float32Array).slice();
  }

  #run(observations: Uint8Array | Float32Array, state: Float32Array) {
    this.#feeds['observations'] = observations;
    this.#feeds['state'] = state;
    return this.#runner.run(this.#feeds);
  }

  /** What is remembered; to be called between units of a training, when nothing waits for `follow`. */
  saveState(): Snapshot {
    return { remembered: this.state.slice() };
  }

  restoreState(state: Snapshot): void {
    new SavedState(state, 'acting').into('remembered', this.state);
  }

  async close(): Promise<void> {
    await this.#runner.release();
  }
}
