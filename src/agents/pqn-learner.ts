import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import type { Optimizer } from '../nn/optimizer.ts';
import { Parameters } from '../nn/parameters.ts';
import { RAdam } from '../nn/radam.ts';
import { FIRST_POWER_ITERATIONS } from '../nn/spectral-norm.ts';
import type { QNetwork } from './dqn.ts';
import { type CreateOptimizer, GradientStep } from './gradient-step.ts';
import { buildPqnUpdate } from './pqn.ts';
import type { ActingValues } from './q-values.ts';
import { createActingValues } from './recurrent-q-values.ts';

export interface PqnLearnerOptions {
  readonly network: QNetwork;
  /** Rows of a minibatch; of a recurrent network, sequences. */
  readonly batchSize: number;
  /** Length of a sequence, for a recurrent network. */
  readonly steps?: number;
  /** Observations of one acting pass. */
  readonly environments: number;
  /** Default RAdam with a learning rate of 2.5e-4. */
  readonly createOptimizer?: CreateOptimizer;
  /** Largest L2 norm of the gradient; 0, the default, for no clipping. */
  readonly clipNorm?: number;
  /** Decay, at each update, of the running mean of the weights; 0, the default, for none. */
  readonly averageDecay?: number;
  /** Draws the initial weights. */
  readonly random: Generator;
  readonly createRunner: CreateRunner;
}

/**
 * One minibatch; arrays are refilled for every update and must stay the same objects. A recurrent network's has a sequence of
 * steps for each row: [batch, steps] where it says [batch].
 */
export interface PqnBatch {
  /** [batch, ...observation] */
  readonly observations: Uint8Array | Float32Array;
  /** [batch] */
  readonly actions: Int32Array;
  /** [batch] */
  readonly returns: Float32Array;
  /** What a recurrent network remembered before the first step of each sequence, [batch, stateSize]. */
  readonly state?: Float32Array;
  /** [batch], for a recurrent network: 1 where a step begins an episode, else 0. */
  readonly starts?: Float32Array;
}

const defaultOptimizer: CreateOptimizer = (size, memory) => new RAdam(size, { learningRate: 2.5e-4, memory });

/** Holds PQN's one network and moves it, minibatch by minibatch. */
export class PqnLearner implements Restorable {
  readonly network: QNetwork;
  /** Loss of the last minibatch, before the update. */
  loss = Number.NaN;
  /** Mean of Q(s, a) over the last minibatch, before the update. */
  meanQ = Number.NaN;
  readonly #step: GradientStep;
  readonly #policy: ActingValues;
  readonly #averageDecay: number;
  /** Running mean of the weights, started at zero (Adam's way); `#averageWeight` is the share that it has of them. */
  readonly #average: Float32Array;
  #averageWeight = 0;

  private constructor({ network, averageDecay = 0 }: PqnLearnerOptions, step: GradientStep, policy: ActingValues) {
    this.network = network;
    this.#step = step;
    this.#policy = policy;
    this.#averageDecay = averageDecay;
    this.#average = new Float32Array(averageDecay > 0 ? step.weights.size : 0);
  }

  static async create(options: PqnLearnerOptions): Promise<PqnLearner> {
    const { network, batchSize, environments, createOptimizer = defaultOptimizer, clipNorm = 0 } = options;
    const { random, createRunner, steps } = options;
    const step = new GradientStep({ network, createOptimizer, clipNorm, random });
    await step.compile((rows) => buildPqnUpdate(network, rows, steps), batchSize, createRunner);
    const policy = await createActingValues(network, step.weights, createRunner, {
      rows: environments,
      shareRows: true,
    });
    return new PqnLearner(options, step, policy);
  }

  /** The network's weights. */
  get online(): Parameters {
    return this.#step.weights;
  }

  get optimizer(): Optimizer {
    return this.#step.optimizer;
  }

  /**
   * Q values of one observation of every environment.
   * @param observations [environments, ...observation]
   * @returns [environments, actions], overwritten by the next call.
   */
  qValues(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.of(observations);
  }

  /** The values of what followed the observations of the last `qValues` in their episodes. */
  qValuesFollowing(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.following(observations);
  }

  /** Says that the environments have made a step from the observations of the last `qValues`.
   * @param ends [environments], 0 where the episode goes on. */
  follow(ends: ArrayLike<number>): void {
    this.#policy.follow(ends);
  }

  /** What a recurrent network remembers of each environment, [environments, stateSize]; undefined for all others. A view. */
  get remembered(): Float32Array | undefined {
    return this.#policy.state;
  }

  /** What `qValues` says, for those who watch: draws nothing. @returns the caller's own. */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.peek(observations);
  }

  /** One gradient step; sets `loss` and `meanQ`. */
  async learn(batch: PqnBatch): Promise<void> {
    const { loss, meanQ } = await this.#step.run([batch]);
    this.loss = loss[0];
    this.meanQ = meanQ[0];
    this.#addToAverage();
  }

  #addToAverage(): void {
    const decay = this.#averageDecay;
    if (decay === 0) return;
    const average = this.#average;
    const weights = this.online.buffer;
    for (let i = 0; i < average.length; i++) average[i] += (1 - decay) * (weights[i] - average[i]);
    this.#averageWeight = decay * this.#averageWeight + 1 - decay;
  }

  /** Weights by name, for export: their running mean where there is one (Polyak & Juditsky 1992), which moves less. */
  averageWeights(): Record<string, Float32Array> {
    const share = this.#averageWeight;
    const flat = share === 0 ? this.online.buffer.slice() : this.#average.map((sum) => sum / share);
    const average = new Parameters([...this.online], flat);
    // A mean of singular vectors is none: those of the mean weights are found anew.
    if (share > 0) this.network.beforeUpdate?.(average, FIRST_POWER_ITERATIONS);
    return Object.fromEntries([...average].map(({ name, data }) => [name, data]));
  }

  saveState(): Snapshot {
    const average = { average: this.#average.slice(), averageWeight: this.#averageWeight };
    const acting = this.remembered === undefined ? {} : { acting: this.#policy.saveState() };
    return { ...this.#step.saveState(), ...average, ...acting };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.#step.restoreState(state);
    saved.into('average', this.#average);
    this.#averageWeight = saved.finite('averageWeight', 0, this.#average.length === 0 ? 0 : Number.MAX_VALUE);
    if (this.remembered !== undefined) this.#policy.restoreState(saved.part('acting'));
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.#policy.close();
  }
}
