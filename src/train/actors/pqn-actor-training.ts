import { loadQNetwork } from '../../agents/load-q-network.ts';
import type { PqnConfig } from '../../agents/pqn-config.ts';
import { endOf } from '../../core/episode-end.ts';
import { SavedState } from '../../core/saved-state.ts';
import { epsilonAt } from '../../core/schedules.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { clippedRewards } from '../network-training.ts';
import { createPqnParts, type PqnParts, pqnGenerators } from '../pqn-training.ts';
import { learnRollout } from '../rollout.ts';
import type { TrainingObserver } from '../training.ts';
import { Actor } from './actor.ts';
import type { CreateActorOptions, PqnActorTrainingOptions } from './actor-options.ts';
import { ActorTraining, stackOf } from './actor-training.ts';

/** What plays the chunks of a PQN training: the same, wherever it is made. */
export async function createPqnActor(given: CreateActorOptions<PqnConfig>): Promise<Actor> {
  const options = (await import('./check-actor-options.ts')).checkPqnActorOptions(given);
  const { config, spec, settings, seed } = options;
  const { environments, network } = config;
  return Actor.create({
    ...options,
    environments,
    exploration: config,
    stack: stackOf(config.preprocessing),
    network: await loadQNetwork({ network, values: { kind: 'scalar', loss: 'mse' } }, spec),
    generators: (actor) => {
      const { coins } = pqnGenerators(seed);
      // The first actor draws what a training without actors draws.
      const own = actor === 0 ? coins : coins.spawn(settings.actors)[actor];
      return { coins: own, dice: own, noise: own };
    },
    nextValues: true,
    priorities: null,
  });
}

/** Builds the training at its first step.
 * @throws UnknownNameError for an option of another name; OptionError for a setting that is unknown, missing or out of range; MismatchError or OptionError when configuration,
 *   environment and settings do not fit. */
export async function createPqnActorTraining(given: PqnActorTrainingOptions): Promise<PqnActorTraining> {
  const options = (await import('./check-actor-options.ts')).checkPqnActorTrainingOptions(given);
  return new PqnActorTraining(options, await createPqnParts(options, options.spec));
}

/**
 * PQN (Gallici et al. 2025, Algorithm 1) whose rollouts are played by actors: one unit is a rollout of all environments and the
 * learning that follows. The values that follow each step are those that the actors computed when they chose the next one.
 *
 * With a lag of 0 that is PQN itself. With a lag of 1 behaviour and values are one round of learning older than the network that
 * learns: Q(lambda) off the policy by that much and without correction, which Peng's Q(lambda) bears (Kozuno et al. 2021).
 */
export class PqnActorTraining extends ActorTraining<PqnConfig> {
  readonly learner: PqnParts['learner'];
  readonly changeable = [
    ...['learningRate', 'learningRateFinal', 'learningRateDecaySteps', 'gamma', 'lambda', 'epochs', 'rewardBound'],
    'maxSteps',
  ];
  readonly #parts: PqnParts;
  readonly #signs: Float64Array;

  constructor(options: PqnActorTrainingOptions, parts: PqnParts) {
    super(options, parts.progress);
    this.#parts = parts;
    this.learner = parts.learner;
    this.#signs = new Float64Array(options.config.environments);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, progress, playback } = this;
    const { rollout } = this.#parts;
    const { environments, rolloutSteps } = config;
    await this.takeRound();
    for (let t = 0; t < rolloutSteps; t++) {
      const at = t * environments;
      progress.epsilon = epsilonAt(config, progress.step + 1);
      rollout.observations.set(playback.observations, t * playback.observations.length);
      const step = playback.next();
      rollout.actions.set(playback.actions, at);
      rollout.rewards.set(clippedRewards(config.clipReward, step.rewards, this.#signs), at);
      for (let n = 0; n < environments; n++) {
        rollout.ends[at + n] = endOf(step.terminations[n], step.truncations[n]);
      }
      playback.nextValues(rollout.nextValues.subarray(at, at + environments));
      progress.addStep(step, playback.actions, observer);
    }
    if (progress.end === undefined) await learnRollout(this.#parts, config, observer);
  }

  protected override exportedWeights(): Readonly<Record<string, Float32Array>> {
    return this.learner.averageWeights();
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, shuffling } = this.#parts;
    return { ...this.saveRounds(), shuffling: shuffling.saveState(), learner: learner.saveState() };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    const { learner, shuffling } = this.#parts;
    this.restoreRounds(state);
    shuffling.restoreState(saved.part('shuffling'));
    learner.restoreState(saved.part('learner'));
  }
}
