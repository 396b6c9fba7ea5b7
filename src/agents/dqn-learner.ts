import type { Generator } from '../core/random/index.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateBackgroundRunner, Graph, GraphRunner, Tensor, TypedArray } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { clipGradientNorm } from '../nn/clip-gradient.ts';
import { initializeAsPytorch } from '../nn/init.ts';
import { FloatMemory } from '../nn/kernels/float-memory.ts';
import type { Optimizer } from '../nn/optimizer.ts';
import { Parameters, parameterCount } from '../nn/parameters.ts';
import { NATURE_RMS_PROP, RmsProp } from '../nn/rms-prop.ts';
import { type Bootstrap, greedyBootstrap } from './bootstrap.ts';
import { doubleBootstrap } from './double.ts';
import { buildDqnUpdate, buildQValues, type DqnUpdate, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import type { DqnConfig } from './dqn-config.ts';
import { munchausenBootstrap } from './munchausen.ts';
import { NoiseSource } from './noise-source.ts';
import { createBesidePass, createOwnPass } from './target-pass.ts';
import { type StoredTransitions, TargetValues } from './target-values.ts';

/** Makes something runnable of a part of a graph; each platform and device has its own. */
export type CreateRunner = (
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  wishes?: RunnerWishes,
) => Promise<GraphRunner>;

export interface RunnerWishes {
  /** Arrays of the caller that outputs of these names are written to. */
  readonly outputArrays?: Readonly<Record<string, TypedArray>>;
  /** The work is too little to be shared among threads. */
  readonly small?: boolean;
  /**
   * Inputs, by name, that keep these elements (copied) as long as the runner lives: it takes no feeds for them, and may
   * lay them out once and for all.
   */
  readonly constants?: Readonly<Record<string, Float32Array>>;
  /**
   * The same graph can be had for fewer rows of the batch, so threads may share them: losses and gradients are means
   * over the rows.
   */
  readonly rows?: { readonly count: number; readonly build: (count: number) => DqnUpdate };
}

/** The part of a configuration that learning depends on. */
export type LearnerConfig = Pick<
  DqnConfig,
  | 'batchSize'
  | 'doubleQ'
  | 'munchausenAlpha'
  | 'munchausenTemperature'
  | 'munchausenClip'
  | 'replay'
  | 'optimizer'
  | 'learningRate'
  | 'optimizerEpsilon'
  | 'gradientClipNorm'
>;

/** What a configuration lets follow a step. */
export function createBootstrap(config: LearnerConfig): Bootstrap {
  const { munchausenAlpha: alpha, munchausenTemperature: temperature, munchausenClip: clip } = config;
  if (alpha > 0) return munchausenBootstrap({ alpha, temperature, clip });
  return config.doubleQ ? doubleBootstrap : greedyBootstrap;
}

export interface DqnLearnerOptions {
  /** Observations of one acting pass. Default 1. */
  readonly environments?: number;
  /**
   * The replay for whose transitions the target network's values are kept between copies (`TargetValues`); its `onReady`
   * has to call `forgetTarget` then. Without one they are computed every time.
   */
  readonly keepFor?: StoredTransitions | undefined;
  /** With `keepFor`, for a caller who foresees batches: values are computed in another thread while this one does something else. */
  readonly createBackgroundRunner?: CreateBackgroundRunner | undefined;
}

/** What can be known of a batch before the one before it is learned from. */
export interface NextBatch {
  /** [batch] slots of the replay that it will probably be of. */
  readonly slots: Int32Array;
  /** Acting passes until then. */
  readonly actings: number;
}

/** One batch; arrays are refilled for every update and must stay the same objects. */
export interface DqnBatch {
  /** [batch, ...observation] of bytes or float32. */
  readonly observations: Uint8Array | Float32Array;
  /** The same; read by a learner that `needsNextObservations` only. */
  readonly nextObservations: Uint8Array | Float32Array;
  /** [batch] */
  readonly actions: Int32Array;
  /** [batch] n-step returns without the bootstrap. */
  readonly rewards: Float32Array;
  /** [batch] gamma^n, or 0 where the episode terminated. */
  readonly discounts: Float32Array;
  /** [batch] slots in the replay. */
  readonly indices: Int32Array;
  /** [batch] of the losses; read by a learner for prioritized replay only. */
  readonly weights: Float32Array;
}

/** Rows of one pass through the target network when its values are kept. */
const TARGET_ROWS = 32;
/** How many rows a thread beside this one gets through while this one moves the weights, and while it acts once. */
const BESIDE_UPDATE = 8;
const BESIDE_ACTING = 5;

/** Holds the online and the target network and moves the first; knows nothing of environments or replay. */
export class DqnLearner implements Restorable {
  readonly network: QNetwork;
  readonly online: Parameters;
  readonly target: Parameters;
  readonly optimizer: Optimizer;
  /** Loss of the last update's batch, before the update. */
  loss = Number.NaN;
  /** Errors of the last update's batch before the update, at least 0: what priorities are made of. Overwritten by the next. */
  errors: Float32Array;
  /** Mean of Q(s, a) over the last update's batch, before the update. */
  meanQ = Number.NaN;
  readonly #config: LearnerConfig;
  readonly #gradient: Float32Array;
  readonly #feeds: Record<string, TypedArray> = {};
  readonly #actFeeds: Record<string, TypedArray> = {};
  /** Apart from each other, so that acting and learning may interleave in any order. */
  readonly #learnNoise: NoiseSource;
  readonly #actNoise: NoiseSource;
  readonly #observations: Uint8Array | Float32Array;
  #update!: GraphRunner;
  #act!: GraphRunner;
  #targetValues: TargetValues | undefined;

  private constructor(network: QNetwork, config: LearnerConfig, random: Generator, environments: number) {
    const size = parameterCount(network.parameters);
    this.network = network;
    this.#config = config;
    // Weights, gradient and moments lie in one memory, where the optimizer's kernel works on them in place.
    const memory = new FloatMemory([size, size, ...Adam.lengths(size)]);
    this.online = new Parameters(network.parameters, memory.allocate(size));
    this.#gradient = memory.allocate(size);
    this.target = new Parameters(network.parameters);
    const { learningRate, optimizerEpsilon: epsilon } = config;
    this.optimizer =
      config.optimizer === 'adam'
        ? new Adam(size, { learningRate, epsilon, memory })
        : new RmsProp(size, { ...NATURE_RMS_PROP, learningRate, epsilon, memory });
    for (const { name, data } of this.online) {
      this.#feeds[name] = data;
      this.#actFeeds[name] = data;
    }
    const length = network.inputShape.reduce((product, n) => product * n, environments);
    this.#observations = network.inputDType === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
    this.#actFeeds['observations'] = this.#observations;
    this.errors = new Float32Array(config.batchSize);
    const [forLearning, forActing] = random.spawn(2);
    const { noise = [] } = network;
    this.#learnNoise = new NoiseSource(noise, learningNoise(config), forLearning, this.#feeds);
    this.#actNoise = new NoiseSource(noise, [NOISE_PREFIXES[0]], forActing, this.#actFeeds);
  }

  /**
   * @param random draws the initial weights, which both networks start with; its children draw noise.
   */
  static async create(
    network: QNetwork,
    config: LearnerConfig,
    random: Generator,
    createRunner: CreateRunner,
    { environments = 1, keepFor, createBackgroundRunner }: DqnLearnerOptions = {},
  ): Promise<DqnLearner> {
    const learner = new DqnLearner(network, config, random, environments);
    initializeAsPytorch(learner.online, random);
    learner.syncTarget();
    if (keepFor !== undefined) {
      learner.#targetValues = await learner.#keepTargetValues(keepFor, createRunner, createBackgroundRunner);
      learner.#feeds['nextQ'] = learner.#targetValues.values;
    } else for (const { name, data } of learner.target) learner.#feeds[`target.${name}`] = data;
    const { batchSize } = config;
    const weighted = config.replay === 'prioritized';
    const bootstrap = createBootstrap(config);
    const build = (rows: number) =>
      buildDqnUpdate(network, { batchSize: rows, bootstrap, weighted, givenNextQ: keepFor !== undefined });
    const update = build(batchSize);
    const gradients = learner.online.views(learner.#gradient);
    const outputArrays = Object.fromEntries(
      network.parameters.map(({ name }, i) => [`gradient.${name}`, gradients[i]]),
    );
    learner.#update = await createRunner(update.graph, update.outputs, {
      outputArrays,
      rows: { count: batchSize, build },
    });
    const act = buildQValues(network, environments, { noisy: true });
    // One row reads all the weights for little work; threads would wait for each other.
    learner.#act = await createRunner(act.graph, act.outputs, { small: environments < 4 });
    return learner;
  }

  /** Where weights stand still ONNX Runtime's own convolutions are the quickest, on planes. */
  async #keepTargetValues(
    stored: StoredTransitions,
    createRunner: CreateRunner,
    createBackgroundRunner: CreateBackgroundRunner | undefined,
  ): Promise<TargetValues> {
    const weights = () => byName(this.target);
    const { graph, outputs } = buildQValues(this.network, TARGET_ROWS, { form: 'planes' });
    const own = await createOwnPass(() => createRunner(graph, outputs, { constants: weights() }));
    const runner = await createBackgroundRunner?.(graph, outputs, weights());
    const beside = runner && createBesidePass(runner, weights);
    return new TargetValues(stored, this.#config.batchSize, own, beside);
  }

  /**
   * Q values of one observation of every environment under the online network, with fresh noise where it is noisy.
   * @param observations [environments, ...observation]; copied.
   * @returns [environments, actions], overwritten by the next call.
   */
  async qValues(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    this.#observations.set(observations);
    this.#actNoise.draw();
    const { q } = await this.#act.run(this.#actFeeds);
    return q as Float32Array;
  }

  /** Whether batches need their next observations: without kept target values, or for double Q-learning. */
  get needsNextObservations(): boolean {
    return 'nextObservations' in this.#update.inputs;
  }

  /** Whether it has a use for what is known of the next batch. */
  get foresees(): boolean {
    return this.#targetValues?.foresees ?? false;
  }

  /**
   * One gradient step; sets `loss` and `meanQ`.
   * @param next the next batch, as far as it is known, if the target network stands still until then.
   */
  async learn(batch: DqnBatch, next?: NextBatch): Promise<void> {
    const feeds = this.#feeds;
    feeds['observations'] = batch.observations;
    if (this.#targetValues !== undefined) await this.#targetValues.fill(batch.indices);
    if (this.needsNextObservations) feeds['nextObservations'] = batch.nextObservations;
    feeds['actions'] = batch.actions;
    feeds['rewards'] = batch.rewards;
    feeds['discounts'] = batch.discounts;
    if (this.#config.replay === 'prioritized') feeds['weights'] = batch.weights;
    this.#learnNoise.draw();
    const { loss, meanQ, errors } = await this.#update.run(feeds);
    this.loss = loss[0];
    this.meanQ = meanQ[0];
    this.errors = errors as Float32Array;
    // What follows here, and the caller's next steps, are of one thread.
    if (next !== undefined) this.#targetValues?.foresee(next.slots, BESIDE_UPDATE + BESIDE_ACTING * next.actings);
    if (this.#config.gradientClipNorm > 0) clipGradientNorm(this.#gradient, this.#config.gradientClipNorm);
    this.optimizer.step(this.online.buffer, this.#gradient);
  }

  /** Copies the online network to the target network. */
  syncTarget(): void {
    this.target.copyFrom(this.online);
    this.#targetValues?.clear();
  }

  /** Another transition is in this slot of the replay now. */
  forgetTarget(slot: number): void {
    this.#targetValues?.forget(slot);
  }

  /** Weights by name, for export. Views, not copies. */
  weights(): Record<string, Float32Array> {
    return byName(this.online);
  }

  saveState(): Snapshot {
    return {
      online: this.online.saveState(),
      target: this.target.saveState(),
      optimizer: this.optimizer.saveState(),
      learningRate: this.optimizer.learningRate,
      targetValues: this.#targetValues?.saveState() ?? null,
      noise: [this.#learnNoise.saveState(), this.#actNoise.saveState()],
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as Readonly<Record<string, Snapshot>>;
    this.online.restoreState(saved['online']);
    this.target.restoreState(saved['target']);
    this.optimizer.restoreState(saved['optimizer']);
    this.optimizer.learningRate = saved['learningRate'] as number;
    this.#targetValues?.restoreState(saved['targetValues']);
    if (saved['noise'] === undefined) return; // of version 0.1.0, which had no noise
    const [learnNoise, actNoise] = saved['noise'] as readonly Snapshot[];
    this.#learnNoise.restoreState(learnNoise);
    this.#actNoise.restoreState(actNoise);
  }

  async close(): Promise<void> {
    await this.#update.release();
    await this.#act.release();
    await this.#targetValues?.close();
  }
}

/** Views, not copies. */
function byName(parameters: Parameters): Record<string, Float32Array> {
  return Object.fromEntries([...parameters].map(({ name, data }) => [name, data]));
}

/** The noise that an update takes: the online network's at the next observations only for its choice there. */
function learningNoise(config: LearnerConfig): readonly string[] {
  const [online, next, target] = NOISE_PREFIXES;
  return createBootstrap(config) === doubleBootstrap ? [online, next, target] : [online, target];
}
