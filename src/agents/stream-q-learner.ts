import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import { initializeSparse } from '../nn/init.ts';
import { INPUT_STATISTICS, standardizedInput } from '../nn/networks/standardized-input.ts';
import { ObGd } from '../nn/obgd.ts';
import type { Parameters } from '../nn/parameters.ts';
import type { QNetwork } from './dqn.ts';
import { GradientStep } from './gradient-step.ts';
import { QValues } from './q-values.ts';
import { RunningVariance } from './running-variance.ts';
import { buildStreamQUpdate } from './stream-q.ts';

export interface StreamQLearnerOptions {
  /** Takes observations as the learner sees them: float32 where they are standardised. */
  readonly network: QNetwork;
  /** Type of the observations as they are. */
  readonly inputDType: 'uint8' | 'float32';
  readonly standardizeObservations: boolean;
  readonly scaleReward: boolean;
  readonly gamma: number;
  readonly lambda: number;
  /** alpha */
  readonly learningRate: number;
  readonly kappa: number;
  /** Share of the weights that are 0 at first. */
  readonly sparsity: number;
  readonly actionMasks?: boolean;
  /** Draws the initial weights. */
  readonly random: Generator;
  readonly createRunner: CreateRunner;
}

/** One step as the learner sees it; the arrays are refilled for every step and must stay the same objects. */
export interface StreamQStep {
  /** [1, ...observation] as `see` gave it. */
  readonly observations: Uint8Array | Float32Array;
  /** [1] */
  readonly actions: Int32Array;
  /** [1] as `scaled` gave it. */
  readonly rewards: Float32Array;
  /** [1] gamma, or 0 where the episode terminated. */
  readonly discounts: Float32Array;
  readonly nextObservations: Uint8Array | Float32Array;
  /** [1, actions] */
  readonly nextActionMasks?: Uint8Array | undefined;
}

/** Holds StreamQ's network, its traces and what was measured of observations and rewards, and moves it step by step. */
export class StreamQLearner implements Restorable {
  /** Takes observations as they are. */
  readonly network: QNetwork;
  /** Half the squared error of the last step, before its update. */
  loss = Number.NaN;
  /** Q(s, a) of the last step, before its update. */
  meanQ = Number.NaN;
  readonly #options: StreamQLearnerOptions;
  readonly #step: GradientStep;
  readonly #obgd: ObGd;
  readonly #policy: QValues;
  /** Of observations, and of discounted returns. */
  readonly #statistics: RunningVariance;
  readonly #returns = new RunningVariance(1);
  /** The discounted return from the episode's start, backwards. */
  #return = 0;

  private constructor(options: StreamQLearnerOptions, step: GradientStep, obgd: ObGd, policy: QValues) {
    const { network, inputDType, standardizeObservations } = options;
    this.network = standardizeObservations ? standardizedInput(network, inputDType) : network;
    this.#options = options;
    this.#step = step;
    this.#obgd = obgd;
    this.#policy = policy;
    this.#statistics = new RunningVariance(sizeOf(network.inputShape));
  }

  static async create(options: StreamQLearnerOptions): Promise<StreamQLearner> {
    const { network, learningRate, kappa, sparsity, actionMasks, random, createRunner } = options;
    let obgd: ObGd | undefined;
    const step = new GradientStep({
      network,
      createOptimizer: (size, memory) => (obgd = new ObGd(size, { learningRate, kappa, memory })),
      clipNorm: 0,
      initialize: (weights, generator) => initializeSparse(weights, sparsity, generator),
      random,
    });
    await step.compile(() => buildStreamQUpdate(network, { actionMasks }), 1, createRunner);
    const policy = await QValues.create(network, step.weights, createRunner, { rows: 1 });
    return new StreamQLearner(options, step, obgd!, policy);
  }

  /** The network's weights, without what was measured of observations. */
  get online(): Parameters {
    return this.#step.weights;
  }

  /** alpha; schedules and people may change it. */
  set learningRate(alpha: number) {
    this.#obgd.learningRate = alpha;
  }

  /**
   * Takes in an observation.
   * @param observation [1, ...observation] as it is.
   * @param out the same as the network takes it; overwritten.
   */
  see(observation: Uint8Array | Float32Array, out: Uint8Array | Float32Array): void {
    if (this.#options.standardizeObservations) this.#statistics.add(observation);
    this.#standardize(observation, out);
  }

  #standardize(observation: Uint8Array | Float32Array, out: Uint8Array | Float32Array): void {
    if (this.#options.standardizeObservations) this.#statistics.standardize(observation, out as Float32Array);
    else out.set(observation);
  }

  /** Takes in a reward. @returns it at the scale of the returns so far. */
  scaled(reward: number): number {
    if (!this.#options.scaleReward) return reward;
    this.#return = this.#options.gamma * this.#return + reward;
    this.#returns.add([this.#return]);
    return reward * this.#returns.scale(0);
  }

  /**
   * Q values of one observation.
   * @param seen [1, ...observation] as `see` gave it.
   * @returns [1, actions], overwritten by the next call.
   */
  qValues(seen: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.of(seen);
  }

  /** What `qValues` says of an observation as it is, for those who watch: measures nothing. @returns the caller's own. */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    const seen = this.#options.standardizeObservations ? new Float32Array(observations.length) : observations.slice();
    this.#standardize(observations, seen);
    return this.#policy.peek(seen);
  }

  /**
   * Learns from one step; sets `loss` and `meanQ`.
   * @param greedy whether the action was a best one; if not, what led to it has no part in the error.
   */
  async learn(step: StreamQStep, greedy: boolean): Promise<void> {
    const { gamma, lambda } = this.#options;
    this.#obgd.decay = greedy ? gamma * lambda : 0;
    const { loss, meanQ } = await this.#step.run([step], ({ delta }) => {
      this.#obgd.error = delta![0]!;
    });
    this.loss = loss![0]!;
    this.meanQ = meanQ![0]!;
  }

  /** An episode is over: nothing of it leads to what comes. */
  endEpisode(): void {
    this.#obgd.clear();
    this.#return = 0;
  }

  /** Weights by name of `network`, for export. */
  exportedWeights(): Record<string, Float32Array> {
    const weights = this.online.byPrefix();
    if (!this.#options.standardizeObservations) return weights;
    const { mean } = this.#statistics;
    const [meanName, scaleName] = INPUT_STATISTICS;
    return {
      [meanName]: Float32Array.from(mean),
      [scaleName]: Float32Array.from(mean, (_, i) => this.#statistics.scale(i)),
      ...weights,
    };
  }

  saveState(): Snapshot {
    return {
      ...this.#step.saveState(),
      observations: this.#statistics.saveState(),
      returns: this.#returns.saveState(),
      return: this.#return,
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.#step.restoreState(state);
    this.#statistics.restoreState(saved.part('observations'));
    this.#returns.restoreState(saved.part('returns'));
    this.#return = saved.finite('return');
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.#policy.close();
  }
}
