import type { Generator } from '../core/random/index.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { GraphRunner, TypedArray } from '../graph/index.ts';
import { clipGradientNorm } from '../nn/clip-gradient.ts';
import { initializeAsPytorch } from '../nn/init.ts';
import { FloatMemory } from '../nn/kernels/float-memory.ts';
import { Parameters, parameterCount } from '../nn/parameters.ts';
import { RAdam } from '../nn/radam.ts';
import { buildQValues, type QNetwork } from './dqn.ts';
import type { CreateRunner } from './dqn-learner.ts';
import { buildPqnUpdate } from './pqn.ts';
import type { PqnConfig } from './pqn-config.ts';

export type PqnLearnerConfig = Pick<
  PqnConfig,
  'learningRate' | 'optimizerEpsilon' | 'gradientClipNorm' | 'averageDecay'
>;

/** One minibatch; arrays are refilled for every update and must stay the same objects. */
export interface PqnBatch {
  /** [batch, ...observation] */
  readonly observations: Uint8Array | Float32Array;
  /** [batch] */
  readonly actions: Int32Array;
  /** [batch] */
  readonly returns: Float32Array;
}

/** Holds PQN's one network and moves it; knows nothing of environments. */
export class PqnLearner implements Restorable {
  readonly network: QNetwork;
  readonly online: Parameters;
  readonly optimizer: RAdam;
  /** Loss of the last minibatch, before the update. */
  loss = Number.NaN;
  /** Mean of Q(s, a) over the last minibatch, before the update. */
  meanQ = Number.NaN;
  readonly #clipNorm: number;
  readonly #averageDecay: number;
  /** Running mean of the weights, started at zero (Adam's way); `#averageWeight` is the share that it has of them. */
  readonly #average: Float32Array;
  #averageWeight = 0;
  readonly #gradient: Float32Array;
  readonly #feeds: Record<string, TypedArray> = {};
  readonly #actFeeds: Record<string, TypedArray> = {};
  #update!: GraphRunner;
  #act!: GraphRunner;

  private constructor(network: QNetwork, config: PqnLearnerConfig) {
    const size = parameterCount(network.parameters);
    this.network = network;
    this.#clipNorm = config.gradientClipNorm;
    this.#averageDecay = config.averageDecay;
    this.#average = new Float32Array(config.averageDecay > 0 ? size : 0);
    const memory = new FloatMemory([size, size, ...RAdam.lengths(size)]);
    this.online = new Parameters(network.parameters, memory.allocate(size));
    this.#gradient = memory.allocate(size);
    const { learningRate, optimizerEpsilon: epsilon } = config;
    this.optimizer = new RAdam(size, { learningRate, epsilon, memory });
    for (const { name, data } of this.online) {
      this.#feeds[name] = data;
      this.#actFeeds[name] = data;
    }
  }

  /**
   * @param environments observations of one acting pass.
   * @param batchSize of the minibatches.
   * @param random draws the initial weights.
   */
  static async create(
    network: QNetwork,
    config: PqnLearnerConfig,
    { environments, batchSize }: { readonly environments: number; readonly batchSize: number },
    random: Generator,
    createRunner: CreateRunner,
  ): Promise<PqnLearner> {
    const learner = new PqnLearner(network, config);
    initializeAsPytorch(learner.online, random);
    const build = (rows: number) => buildPqnUpdate(network, rows);
    const update = build(batchSize);
    const gradients = learner.online.views(learner.#gradient);
    const outputArrays = Object.fromEntries(
      network.parameters.map(({ name }, i) => [`gradient.${name}`, gradients[i]]),
    );
    learner.#update = await createRunner(update.graph, update.outputs, {
      outputArrays,
      rows: { count: batchSize, build },
    });
    const act = buildQValues(network, environments);
    learner.#act = await createRunner(act.graph, act.outputs, {
      small: environments < 4,
      rows: { count: environments, build: (rows) => buildQValues(network, rows) },
    });
    return learner;
  }

  /**
   * Q values of one observation of every environment.
   * @param observations [environments, ...observation], always the same object.
   * @returns [environments, actions], overwritten by the next call.
   */
  async qValues(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    this.#actFeeds['observations'] = observations;
    return (await this.#act.run(this.#actFeeds))['q'] as Float32Array;
  }

  /** One gradient step; sets `loss` and `meanQ`. */
  async learn({ observations, actions, returns }: PqnBatch): Promise<void> {
    Object.assign(this.#feeds, { observations, actions, returns });
    const { loss, meanQ } = await this.#update.run(this.#feeds);
    this.loss = loss[0];
    this.meanQ = meanQ[0];
    if (this.#clipNorm > 0) clipGradientNorm(this.#gradient, this.#clipNorm);
    this.optimizer.step(this.online.buffer, this.#gradient);
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
  weights(): Record<string, Float32Array> {
    const share = this.#averageWeight;
    const flat = share === 0 ? this.online.buffer.slice() : this.#average.map((sum) => sum / share);
    const views = this.online.views(flat);
    return Object.fromEntries([...this.online].map(({ name }, i) => [name, views[i]]));
  }

  saveState(): Snapshot {
    const average = { average: this.#average.slice(), averageWeight: this.#averageWeight };
    return { online: this.online.saveState(), optimizer: this.optimizer.saveState(), ...average };
  }

  restoreState(state: Snapshot): void {
    const saved = state as Readonly<Record<string, Snapshot>>;
    this.online.restoreState(saved['online']);
    this.optimizer.restoreState(saved['optimizer']);
    this.#average.set(saved['average'] as Float32Array);
    this.#averageWeight = saved['averageWeight'] as unknown as number;
  }

  async close(): Promise<void> {
    await this.#update.release();
    await this.#act.release();
  }
}
