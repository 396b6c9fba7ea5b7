import type { QNetwork } from '../agents/dqn.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import type { DescribedNetwork } from '../nn/describe-network.ts';
import type { Parameters } from '../nn/parameters.ts';
import { exportQModel } from '../storage/q-model.ts';
import { checkWeights } from './divergence.ts';
import type { Observation } from './preprocessing.ts';
import type { Progress } from './progress.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';

export interface LearnerTrainingOptions<C> {
  readonly config: C;
  /** Written into exported models. Default: none. */
  readonly envId?: string | undefined;
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  readonly seed: number;
  readonly createRunner: CreateRunner;
  /** Milliseconds from any fixed moment; for the reported speed only. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
  /** Bytes that stored transitions may take. Default: no limit. */
  readonly memoryLimit?: number | undefined;
}

/** Settings that are read anew at every step or update, so that they may change. */
export const SCHEDULED = [
  'learningRate',
  'learningRateFinal',
  'learningRateDecaySteps',
  'epsilonStart',
  'epsilonFinal',
  'epsilonDecaySteps',
  'clipReward',
  'rewardBound',
  'maxSteps',
] as const;

/** What they read of their configurations. */
export interface NetworkTrainingConfig {
  readonly preprocessing: PreprocessingConfig;
  readonly actionMasks: boolean;
  readonly maxSteps: number;
}

/** What a training learns with. */
export interface Learner {
  readonly network: QNetwork;
  /** The network's weights. */
  readonly online: Parameters;
  /** Values of the actions for observations of all environments, [environments, actions], the caller's own; draws nothing. */
  peek(observations: Observation): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * What trainings of networks have in common, wherever their environments are played: progress, exported models, an end.
 */
export abstract class LearnerTraining<C extends NetworkTrainingConfig> implements Training {
  readonly #options: LearnerTrainingOptions<C>;
  /** The training's own: `change` writes to it, and schedule and progress read it. */
  protected readonly config: C;
  protected readonly progress: Progress;

  constructor(options: LearnerTrainingOptions<C>, progress: Progress) {
    this.#options = options;
    this.config = options.config;
    this.progress = progress;
  }

  get step(): number {
    return this.progress.step;
  }
  get maxSteps(): number {
    return this.config.maxSteps;
  }
  get end(): TrainingEnd | undefined {
    return this.progress.end;
  }
  get network(): DescribedNetwork {
    return this.learner.network;
  }
  status(): string {
    return this.progress.status();
  }

  abstract readonly changeable: readonly string[];
  change(settings: Readonly<Record<string, unknown>>): void {
    Object.assign(this.config, settings);
  }

  abstract advance(observer: TrainingObserver): Promise<void>;
  abstract saveState(): Snapshot;
  abstract restoreState(state: Snapshot): void;
  /** Holds the network that models are exported of. */
  abstract readonly learner: Learner;

  /** Weights by name that models are exported with. */
  protected exportedWeights(): Readonly<Record<string, Float32Array>> {
    return this.learner.online.byPrefix();
  }

  /** Logs what there is, of a training that stops before its first game is over. */
  reportUnfinished(observer: TrainingObserver): void {
    this.progress.reportUnfinished(observer);
  }

  reopen(): void {
    this.progress.end = undefined;
  }

  /** @throws DivergenceError when weights are not finite; so does `saveState`. */
  protected checkWeights(): void {
    checkWeights(this.step, this.learner.online);
  }

  exportModel(): ExportedModel {
    this.checkWeights();
    const { envId: env = '', envKwargs = {} } = this.#options;
    const { preprocessing: view, actionMasks } = this.config;
    const metadata = { env, envKwargs, view, actionMasks };
    return { fileName: 'best.onnx', content: exportQModel(this.learner.network, this.exportedWeights(), metadata) };
  }

  async close(): Promise<void> {
    await this.learner.close();
  }
}
