import type { NetworkSpec } from '../agents/network-spec.ts';
import { checkActionMasks, noActionMask } from '../core/action-mask.ts';
import type { VectorEnv, VectorStep } from '../vector/vector-env.ts';
import { checkObservations, checkStepIsFinite } from './divergence.ts';
import { LearnerTraining, type LearnerTrainingOptions, type NetworkTrainingConfig } from './learner-training.ts';
import type { Observation } from './preprocessing.ts';
import type { Progress } from './progress.ts';

export interface NetworkTrainingOptions<C> extends LearnerTrainingOptions<C> {
  /** As many environments as the configuration says, in their wrappers, for the training alone; with 'same-step' autoreset and
   * fixed arrays. */
  readonly env: VectorEnv;
}

/** A training of a network that steps its environments itself. A subclass has the algorithm's loop. */
export abstract class NetworkTraining<C extends NetworkTrainingConfig> extends LearnerTraining<C> {
  protected readonly env: VectorEnv<Observation>;
  protected readonly spec: NetworkSpec;
  /** `[environments, ...observation]`: what the environments show now. */
  protected readonly observations: Observation;
  /** [environments, actions] 1 for what they allow now; undefined without `actionMasks`. */
  protected readonly actionMasks: Uint8Array | undefined;

  /** Resets the environments.
   * @throws DivergenceError for observations that are not finite; MismatchError when action masks are asked for and none are given; ActionMaskError for one that forbids everything. */
  constructor(options: NetworkTrainingOptions<C>, spec: NetworkSpec, progress: Progress) {
    super(options, progress);
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

  presentValues(): Promise<Float32Array> {
    return this.learner.peek(this.observations);
  }

  override async close(): Promise<void> {
    await super.close();
    this.env.close();
  }
}

/** Rewards reduced to their sign, where a configuration clips them. */
export function clippedRewards(clip: boolean, rewards: Float64Array, signs: Float64Array): Float64Array {
  if (!clip) return rewards;
  for (let n = 0; n < rewards.length; n++) signs[n] = Math.sign(rewards[n]);
  return signs;
}
