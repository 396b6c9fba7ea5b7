import type { QNetwork } from '../agents/dqn.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import { checkActionMasks, noActionMask } from '../core/action-mask.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CreateRunner } from '../graph/index.ts';
import type { DescribedNetwork } from '../nn/describe-network.ts';
import type { Parameters } from '../nn/parameters.ts';
import { exportQModel } from '../storage/q-model.ts';
import type { VectorEnv, VectorStep } from '../vector/vector-env.ts';
import { checkObservations, checkStepIsFinite, checkWeights } from './divergence.ts';
import type { Observation } from './preprocessing.ts';
import type { Progress } from './progress.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';

export interface NetworkTrainingOptions<C> {
  readonly config: C;
  /** Written into exported models. Default: none. */
  readonly envId?: string | undefined;
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** As many environments as the configuration says, in their wrappers, for the training alone; with 'same-step' autoreset and
   * fixed arrays. */
  readonly env: VectorEnv;
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

/** What trainings of networks have in common: progress, exported models, an end. A subclass has the algorithm's loop. */
export abstract class NetworkTraining<C extends NetworkTrainingConfig> implements Training {
  readonly #options: NetworkTrainingOptions<C>;
  /** The training's own: `change` writes to it, and schedule and progress read it. */
  protected readonly config: C;
  protected readonly env: VectorEnv<Observation>;
  protected readonly spec: NetworkSpec;
  /** `[environments, ...observation]`: what the environments show now. */
  protected readonly observations: Observation;
  /** [environments, actions] 1 for what they allow now; undefined without `actionMasks`. */
  protected readonly actionMasks: Uint8Array | undefined;
  protected readonly progress: Progress;

  /** Resets the environments.
   * @throws DivergenceError for observations that are not finite; MismatchError when action masks are asked for and none are given; ActionMaskError for one that forbids everything. */
  constructor(options: NetworkTrainingOptions<C>, spec: NetworkSpec, progress: Progress) {
    this.#options = options;
    this.config = options.config;
    // The check of the space has seen to the type.
    this.env = options.env as VectorEnv<Observation>;
    this.spec = spec;
    const { observations, actionMasks } = this.env.reset({ seed: options.seed });
    this.observations = observations;
    checkObservations(0, observations, this.env.numEnvs);
    if (this.config.actionMasks) {
      if (actionMasks === undefined) throw noActionMask();
      checkActionMasks(actionMasks, spec.actions);
      this.actionMasks = actionMasks;
    }
    this.progress = progress;
  }

  /** One step of every environment.
   * @throws DivergenceError for a reward or an observation that is not finite.
   * @throws ActionMaskError where masks are asked for, for one that forbids everything in a state whose value counts. */
  protected stepEnvironments(actions: Int32Array): VectorStep<Observation> {
    const step = this.env.step(actions);
    checkStepIsFinite(this.step + this.env.numEnvs, step);
    if (this.actionMasks !== undefined) {
      checkActionMasks(this.actionMasks, this.spec.actions);
      checkActionMasks(step.finalActionMasks as Uint8Array, this.spec.actions, step.truncations);
    }
    return step;
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

  presentValues(): Promise<Float32Array> {
    return this.learner.peek(this.observations);
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
    this.env.close();
  }
}

/** Rewards reduced to their sign, where a configuration clips them. */
export function clippedRewards(clip: boolean, rewards: Float64Array, signs: Float64Array): Float64Array {
  if (!clip) return rewards;
  for (let n = 0; n < rewards.length; n++) signs[n] = Math.sign(rewards[n]);
  return signs;
}
