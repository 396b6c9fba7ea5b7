import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner, TypedArray } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import type { NoiseSpec } from '../nn/networks/network.ts';
import type { Optimizer } from '../nn/optimizer.ts';
import type { Parameters } from '../nn/parameters.ts';
import type { Batch } from '../replay/index.ts';
import type { Bootstrap } from './bootstrap.ts';
import { buildDqnUpdate, NOISE_PREFIXES, type QNetwork, TAU_INPUTS } from './dqn.ts';
import { type CreateOptimizer, GradientStep } from './gradient-step.ts';
import { NoiseSource, unitUniform } from './noise-source.ts';
import { QValues } from './q-values.ts';
import { LiveTarget } from './target/live-target.ts';
import type { CreateTarget, TargetNetwork } from './target/target-network.ts';

export interface DqnLearnerOptions {
  readonly network: QNetwork;
  readonly batchSize: number;
  /** Default `greedyBootstrap`. */
  readonly bootstrap?: Bootstrap | undefined;
  /** Whether losses are weighted by the batch's `weights`. Default false. */
  readonly weighted?: boolean;
  /** Whether targets respect the batch's action masks. Default false. */
  readonly actionMasks?: boolean;
  /** Default Adam with a learning rate of 1e-4. */
  readonly createOptimizer?: CreateOptimizer;
  /** Largest L2 norm of the gradient; 0, the default, for no clipping. */
  readonly clipNorm?: number;
  /** Observations of one acting pass. Default 1. */
  readonly environments?: number;
  /** Default `LiveTarget`. */
  readonly createTarget?: CreateTarget;
  /** Draws the initial weights, which both networks start with; its children draw noise and quantile fractions. */
  readonly random: Generator;
  readonly createRunner: CreateRunner;
}

const defaultOptimizer: CreateOptimizer = (size, memory) => new Adam(size, { learningRate: 1e-4, memory });

/** Holds DQN's online and target network and moves the first towards its targets, batch by batch. */
export class DqnLearner implements Restorable {
  readonly network: QNetwork;
  readonly target: TargetNetwork;
  /** Loss of the last update's batch, before the update. */
  loss = Number.NaN;
  /** Errors of the last update's batch before the update, at least 0: what priorities are made of. Overwritten by the next. */
  errors: Float32Array;
  /** Mean of Q(s, a) over the last update's batch, before the update. */
  meanQ = Number.NaN;
  readonly #step: GradientStep;
  readonly #policy: QValues;
  readonly #noise: NoiseSource;
  readonly #taus: NoiseSource;
  readonly #noiseFeeds: Readonly<Record<string, TypedArray>>;

  private constructor(
    { network, batchSize }: DqnLearnerOptions,
    parts: {
      readonly target: TargetNetwork;
      readonly step: GradientStep;
      readonly policy: QValues;
      readonly noise: NoiseSource;
      readonly taus: NoiseSource;
      readonly noiseFeeds: Readonly<Record<string, TypedArray>>;
    },
  ) {
    this.network = network;
    this.target = parts.target;
    this.#step = parts.step;
    this.#policy = parts.policy;
    this.#noise = parts.noise;
    this.#taus = parts.taus;
    this.#noiseFeeds = parts.noiseFeeds;
    this.errors = new Float32Array(batchSize);
  }

  static async create(options: DqnLearnerOptions): Promise<DqnLearner> {
    const { network, batchSize, bootstrap, weighted, random, createRunner, environments = 1, clipNorm = 0 } = options;
    const {
      actionMasks = false,
      createOptimizer = defaultOptimizer,
      createTarget = (online) => new LiveTarget(online),
    } = options;
    const step = new GradientStep({ network, createOptimizer, clipNorm, random });
    const target = await createTarget(step.weights);
    const build = (rows: number) =>
      buildDqnUpdate(network, { batchSize: rows, bootstrap, weighted, actionMasks, target: target.gives });
    await step.compile(build, batchSize, createRunner);
    const [forLearning, forActing, forTaus] = random.spawn(3);
    const { noise: vectors = [] } = network;
    // Networks that the update does not run, or not on other observations, take no noise.
    const prefixes = NOISE_PREFIXES.filter((prefix) => vectors.some(({ name }) => step.takes(`${prefix}${name}`)));
    const noiseFeeds: Record<string, TypedArray> = {};
    const noise = new NoiseSource(vectors, prefixes, forLearning, noiseFeeds);
    const taus = new NoiseSource(tauArrays(network, batchSize), [''], forTaus, noiseFeeds, unitUniform);
    const policy = await QValues.create(network, step.weights, createRunner, { rows: environments, noise: forActing });
    return new DqnLearner(options, { target, step, policy, noise, taus, noiseFeeds });
  }

  /** The online network's weights. */
  get online(): Parameters {
    return this.#step.weights;
  }

  get optimizer(): Optimizer {
    return this.#step.optimizer;
  }

  /** Whether an update reads this array of a batch. */
  reads(name: keyof Batch): boolean {
    return this.#step.takes(name);
  }

  /**
   * Q values of one observation of every environment under the online network, with fresh noise where it is noisy.
   * @param observations [environments, ...observation]
   * @returns [environments, actions], overwritten by the next call.
   */
  qValues(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.of(observations);
  }

  /** What `qValues` says, for those who watch: draws nothing. @returns the caller's own. */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.#policy.peek(observations);
  }

  /**
   * One gradient step; sets `loss`, `meanQ` and `errors`.
   * @param batch always the same object, refilled.
   */
  async learn(batch: Batch): Promise<void> {
    await this.target.prepare(batch.indices);
    this.#noise.draw();
    this.#taus.draw();
    const feeds = [batch, this.target.feeds, this.#noiseFeeds];
    const { loss, meanQ, errors } = await this.#step.run(feeds, () => this.target.idle());
    this.loss = loss[0];
    this.meanQ = meanQ[0];
    this.errors = errors as Float32Array;
  }

  /** Moves the target network towards the online one; a rate of 1, the default, copies. */
  syncTarget(rate?: number): void {
    this.target.sync(this.online, rate);
  }

  saveState(): Snapshot {
    return {
      ...this.#step.saveState(),
      ...this.target.saveState(),
      learningRate: this.optimizer.learningRate,
      noise: [this.#noise.saveState(), this.#policy.saveState()],
      taus: this.#taus.saveState(),
    };
  }

  /** To be called after the replay is restored: a target network may ask which transitions there are. */
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.#step.restoreState(state);
    this.target.restoreState(state);
    this.optimizer.learningRate = saved.finite('learningRate', 0);
    if (!saved.has('noise')) return; // of version 0.1.0, which had no noise
    const [learning, acting] = saved.list('noise', 2);
    this.#noise.restoreState(learning);
    this.#policy.restoreState(acting);
    // Version 0.1.0 had no implicit quantiles.
    if (saved.has('taus')) this.#taus.restoreState(saved.part('taus'));
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.#policy.close();
    await this.target.close();
  }
}

/** The fractions that an update draws. */
function tauArrays({ values }: QNetwork, batchSize: number): NoiseSpec[] {
  const { taus } = values;
  if (taus === undefined) return [];
  return (['prediction', 'target'] as const).map((of) => ({ name: TAU_INPUTS[of], shape: [batchSize, taus[of]] }));
}
