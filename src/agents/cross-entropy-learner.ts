import type { Generator } from '../core/random/index.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import type { Parameters } from '../nn/parameters.ts';
import { buildCrossEntropyUpdate } from './cross-entropy.ts';
import type { QNetwork } from './dqn.ts';
import { type CreateOptimizer, GradientStep } from './gradient-step.ts';
import { QValues } from './q-values.ts';

export interface CrossEntropyLearnerOptions {
  readonly network: QNetwork;
  /** Rows of an update. */
  readonly batchSize: number;
  readonly createOptimizer: CreateOptimizer;
  /** Draws the initial weights. */
  readonly random: Generator;
  readonly createRunner: CreateRunner;
}

/** Rows of an update; the arrays are refilled for every update and must stay the same objects. */
export interface CrossEntropyBatch {
  /** [batch, ...observation] */
  readonly observations: Uint8Array | Float32Array;
  /** [batch] */
  readonly actions: Int32Array;
  /** [batch] see `buildCrossEntropyUpdate`. */
  readonly weights: Float32Array;
}

/** Holds the network of the cross-entropy method and moves it. */
export class CrossEntropyLearner implements Restorable {
  readonly network: QNetwork;
  /** Loss of the last update, before it. */
  loss = Number.NaN;
  /** Mean score of the elite's actions, before the last update. */
  meanQ = Number.NaN;
  readonly #step: GradientStep;
  readonly #policy: QValues;

  private constructor(network: QNetwork, step: GradientStep, policy: QValues) {
    this.network = network;
    this.#step = step;
    this.#policy = policy;
  }

  static async create(options: CrossEntropyLearnerOptions): Promise<CrossEntropyLearner> {
    const { network, batchSize, createOptimizer, random, createRunner } = options;
    const step = new GradientStep({ network, createOptimizer, clipNorm: 0, random });
    await step.compile((rows) => buildCrossEntropyUpdate(network, rows), batchSize, createRunner);
    const policy = await QValues.create(network, step.weights, createRunner, { rows: 1 });
    return new CrossEntropyLearner(network, step, policy);
  }

  /** The network's weights. */
  get online(): Parameters {
    return this.#step.weights;
  }

  /** Scores [actions] of one observation, overwritten by the next call. */
  scores(observation: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.of(observation);
  }

  /** What `scores` says, for those who watch: draws nothing. @returns the caller's own. */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.peek(observations);
  }

  /** One gradient step; sets `loss` and `meanQ`. */
  async learn(batch: CrossEntropyBatch): Promise<void> {
    const { loss, meanScore } = await this.#step.run([batch]);
    this.loss = loss[0];
    this.meanQ = meanScore[0];
  }

  saveState(): Snapshot {
    return this.#step.saveState();
  }
  restoreState(state: Snapshot): void {
    this.#step.restoreState(state);
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.#policy.close();
  }
}
