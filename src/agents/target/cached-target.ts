import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { CreateBackgroundRunner, CreateRunner, TypedArray } from '../../graph/index.ts';
import { Parameters } from '../../nn/parameters.ts';
import { buildQValues, type QNetwork } from '../dqn.ts';
import { type CachedTransitions, TargetCache } from './target-cache.ts';
import type { TargetNetwork } from './target-network.ts';
import { createBackgroundPass, createDirectPass } from './target-pass.ts';

/** Rows of one forward pass of the target network. */
const TARGET_ROWS = 32;
/** How many rows a background thread gets through while the optimizer steps, and while the agent acts once. */
const ROWS_PER_UPDATE = 8;
const ROWS_PER_ACTING = 5;

/**
 * Predicts the next batch.
 * @param slots [batch] of the replay, overwritten.
 * @returns how often the agent acts until then; undefined when the target network moves before.
 */
export type PredictBatch = (slots: Int32Array) => number | undefined;

export interface CachedTargetOptions {
  readonly network: QNetwork;
  readonly batchSize: number;
  readonly replay: CachedTransitions;
  readonly createRunner: CreateRunner;
  /** With `predictBatch`: some values are computed in the background while the caller does something else. */
  readonly createBackgroundRunner?: CreateBackgroundRunner | undefined;
  readonly predictBatch?: PredictBatch | undefined;
}

/** A target network whose values of the replay's transitions are cached between syncs: `nextQ` [batch, actions]. */
export class CachedTarget implements TargetNetwork {
  readonly gives = 'nextQ';
  readonly weights: Parameters;
  readonly feeds: Readonly<Record<string, TypedArray>>;
  readonly #cache: TargetCache;
  readonly #predictBatch: PredictBatch | undefined;
  /** Slots of the predicted batch; refilled. */
  readonly #predicted: Int32Array;

  private constructor(weights: Parameters, cache: TargetCache, batchSize: number, predictBatch?: PredictBatch) {
    this.weights = weights;
    this.feeds = { nextQ: cache.values };
    this.#cache = cache;
    this.#predictBatch = predictBatch;
    this.#predicted = new Int32Array(batchSize);
  }

  /** Weights that stand still become constants of a model, which a runtime lays out once: its fastest form. */
  static async create(online: Parameters, options: CachedTargetOptions): Promise<CachedTarget> {
    const { network, batchSize, replay, createRunner, createBackgroundRunner, predictBatch } = options;
    const weights = new Parameters([...online]);
    weights.copyFrom(online);
    const constants = () => weights.byPrefix();
    const { graph, outputs } = buildQValues(network, TARGET_ROWS, { convolutions: 'nchw' });
    const direct = await createDirectPass(() => createRunner(graph, outputs, { constants: constants() }));
    const runner = predictBatch && (await createBackgroundRunner?.(graph, outputs, constants()));
    const background = runner && createBackgroundPass(runner, constants);
    const cache = new TargetCache(replay, batchSize, direct, background);
    return new CachedTarget(weights, cache, batchSize, background && predictBatch);
  }

  sync(online: Parameters, rate = 1): void {
    this.weights.copyFrom(online, rate);
    this.#cache.clear();
  }

  async prepare(indices: Int32Array): Promise<void> {
    await this.#cache.fill(indices);
  }

  idle(): void {
    const actings = this.#predictBatch?.(this.#predicted);
    if (actings !== undefined) this.#cache.prefetch(this.#predicted, ROWS_PER_UPDATE + ROWS_PER_ACTING * actings);
  }

  saveState(): { readonly [key: string]: Snapshot } {
    return { target: this.weights.saveState(), targetValues: this.#cache.saveState() };
  }

  /** To be called after the replay was restored: the cache asks which transitions there are. */
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.weights.restoreState(saved.part('target'));
    this.#cache.restoreState(saved.part('targetValues'));
  }

  async close(): Promise<void> {
    await this.#cache.close();
  }
}
