import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import type { Optimizer } from '../nn/optimizer.ts';
import type { Parameters } from '../nn/parameters.ts';
import type { SequenceBatch } from '../replay/sequences.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { QNetwork } from './dqn.ts';
import { type CreateOptimizer, GradientStep } from './gradient-step.ts';
import { buildSequenceUpdate, type SequenceLengths } from './recurrent-dqn.ts';
import { RecurrentQValues } from './recurrent-q-values.ts';
import { LiveTarget } from './target/live-target.ts';

export interface RecurrentDqnLearnerOptions {
  readonly network: QNetwork & { readonly stateSize: number };
  /** Sequences of an update. */
  readonly batchSize: number;
  readonly lengths: SequenceLengths;
  /** Default `greedyBootstrap`. */
  readonly bootstrap?: Bootstrap | undefined;
  readonly createOptimizer: CreateOptimizer;
  /** Largest L2 norm of the gradient; 0 for no clipping. */
  readonly clipNorm: number;
  /** Observations of one acting pass. */
  readonly environments: number;
  /** Draws the initial weights, which both networks start with. */
  readonly random: Generator;
  readonly createRunner: CreateRunner;
}

/** `DqnLearner` for a recurrent network: learns from sequences, and remembers what the environments have shown. */
export class RecurrentDqnLearner implements Restorable {
  readonly network: QNetwork;
  readonly acting: RecurrentQValues;
  /** Loss of the last update's batch, before the update. */
  loss = Number.NaN;
  /** Mean of Q(s, a) over the last update's batch, before the update. */
  meanQ = Number.NaN;
  readonly #step: GradientStep;
  readonly #target: LiveTarget;

  private constructor(network: QNetwork, acting: RecurrentQValues, step: GradientStep, target: LiveTarget) {
    this.network = network;
    this.acting = acting;
    this.#step = step;
    this.#target = target;
  }

  static async create(options: RecurrentDqnLearnerOptions): Promise<RecurrentDqnLearner> {
    const { network, batchSize, lengths, bootstrap, environments, createRunner } = options;
    const step = new GradientStep(options);
    const target = new LiveTarget(step.weights);
    await step.compile((rows) => buildSequenceUpdate(network, rows, lengths, bootstrap), batchSize, createRunner);
    const acting = await RecurrentQValues.create(network, step.weights, createRunner, { rows: environments });
    return new RecurrentDqnLearner(network, acting, step, target);
  }

  /** The online network's weights. */
  get online(): Parameters {
    return this.#step.weights;
  }

  get optimizer(): Optimizer {
    return this.#step.optimizer;
  }

  /** Values for those who watch. @returns the caller's own. */
  peek(observations: Uint8Array | Float32Array): Promise<Float32Array> {
    return this.acting.peek(observations);
  }

  /** One gradient step; sets `loss` and `meanQ`. @param batch always the same object, refilled. */
  async learn(batch: SequenceBatch): Promise<void> {
    const { loss, meanQ } = await this.#step.run([batch, this.#target.feeds]);
    this.loss = loss[0];
    this.meanQ = meanQ[0];
  }

  /** Moves the target network towards the online one; a rate of 1, the default, copies. */
  syncTarget(rate?: number): void {
    this.#target.sync(this.online, rate);
  }

  saveState(): Snapshot {
    const { learningRate } = this.optimizer;
    return {
      ...{ ...this.#step.saveState(), ...this.#target.saveState(), learningRate },
      acting: this.acting.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.#step.restoreState(state);
    this.#target.restoreState(state);
    this.optimizer.learningRate = saved.finite('learningRate', 0);
    this.acting.restoreState(saved.part('acting'));
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.acting.close();
  }
}
