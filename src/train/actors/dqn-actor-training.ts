import type { DqnConfig } from '../../agents/dqn-config.ts';
import { loadQNetwork } from '../../agents/load-q-network.ts';
import { MismatchError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import { epsilonAt } from '../../core/schedules.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Batch } from '../../replay/batch.ts';
import { StoredReplay } from '../../replay/stored-replay.ts';
import { createDqnParts, dqnGenerators } from '../create-dqn-training.ts';
import { asTerminal, type DqnParts, learnFromReplay } from '../dqn-training.ts';
import { clippedRewards } from '../network-training.ts';
import type { TrainingObserver } from '../training.ts';
import { Actor } from './actor.ts';
import type { CreateActorOptions, DqnActorTrainingOptions } from './actor-options.ts';
import { ActorTraining, stackOf } from './actor-training.ts';
import type { ActorSettings } from './chunk.ts';

/** What plays the chunks of a DQN training: the same, wherever it is made. */
export async function createDqnActor(given: CreateActorOptions<DqnConfig>): Promise<Actor> {
  const options = (await import('./check-actor-options.ts')).checkDqnActorOptions(given);
  const { config, spec, settings, seed } = options;
  const { environments, gamma, nStep, clipReward, truncatedAsTerminal } = config;
  return Actor.create({
    ...options,
    environments,
    exploration: config,
    stack: stackOf(config.preprocessing),
    network: await loadQNetwork(config, spec),
    generators: (actor) => {
      const { initialisation, coins, dice } = dqnGenerators(seed);
      const [, acting] = initialisation.spawn(3);
      // The first actor draws what a training without actors draws.
      const own = (random: typeof coins) => (actor === 0 ? random : random.spawn(settings.actors)[actor]);
      return { coins: own(coins), dice: own(dice), noise: own(acting) };
    },
    nextValues: false,
    priorities: hasErrors(config) ? { gamma, nStep, clipReward, truncatedAsTerminal } : null,
  });
}

/** Whether actors say errors: those of distributions are of another scale than the learner's. Without them new transitions have
 * the largest priority so far. */
const hasErrors = ({ replay, values }: DqnConfig): boolean => replay.kind === 'prioritized' && values.kind === 'scalar';

/** Builds the training at its first step.
 * @throws UnknownNameError for an option of another name; OptionError for a setting that is unknown, missing or out of range; MismatchError or OptionError when configuration,
 *   environment and settings do not fit. */
export async function createDqnActorTraining(given: DqnActorTrainingOptions): Promise<DqnActorTraining> {
  const options = (await import('./check-actor-options.ts')).checkDqnActorTrainingOptions(given);
  const parts = await createDqnParts(options, options.spec);
  if (!(parts.replay instanceof StoredReplay)) throw new MismatchError('Actors need a replay of this package.');
  return new DqnActorTraining(options, parts, parts.replay);
}

/**
 * Distributed prioritized experience replay (Horgan et al. 2018, Algorithms 1 and 2), in rounds. Actors play with weights of a
 * known age and say the first priorities of their transitions; the learner stores what they played and learns from the replay.
 * One unit is a round: its steps are stored one after the other, each followed by the target syncs and updates that fall due, as
 * `DqnTraining` does them.
 */
export class DqnActorTraining extends ActorTraining<DqnConfig> {
  readonly learner: DqnParts['learner'];
  readonly changeable = [
    ...['learningRate', 'learningRateFinal', 'learningRateDecaySteps', 'targetUpdateRate', 'rewardBound', 'maxSteps'],
  ];
  readonly #parts: DqnParts;
  readonly #replay: StoredReplay<'uint8' | 'float32'>;
  readonly #settings: ActorSettings;
  readonly #batch: Batch;
  readonly #signs: Float64Array;

  constructor(options: DqnActorTrainingOptions, parts: DqnParts, replay: StoredReplay<'uint8' | 'float32'>) {
    super(options, parts.progress);
    const { batchSize, environments } = options.config;
    this.#parts = parts;
    this.#replay = replay;
    this.#settings = options.settings;
    this.learner = parts.learner;
    this.#batch = replay.createBatch(batchSize, { nextObservations: parts.learner.reads('nextObservations') });
    this.#signs = new Float64Array(environments);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, progress, playback, rounds } = this;
    const { learner, schedule } = this.#parts;
    const replay = this.#replay;
    await this.takeRound();
    if (rounds.round === 1) replay.startEpisodes(playback.observations);
    for (let t = 0; t < this.#settings.steps; t++) {
      const before = progress.step;
      progress.epsilon = epsilonAt(config, before + 1);
      const step = playback.next();
      const rewards = clippedRewards(config.clipReward, step.rewards, this.#signs);
      const complete = replay.store.streams.map(({ readyEnd }) => readyEnd);
      replay.addStep(playback.actions, rewards, config.truncatedAsTerminal ? asTerminal(step) : step);
      if (hasErrors(config)) this.#setPriorities(complete);
      progress.addStep(step, playback.actions, observer);
      if (progress.end !== undefined || replay.size < config.learningStarts) continue;

      if (schedule.syncs(before, progress.step)) learner.syncTarget(config.targetUpdateRate);
      for (let n = schedule.updates(before, progress.step); n > 0; n--) {
        await learnFromReplay(this.#parts, config, this.#batch, observer);
      }
    }
  }

  /** Gives the transitions that became complete the priorities that their actors say.
   * @param from the first of each environment. */
  #setPriorities(from: readonly number[]): void {
    const { store } = this.#replay;
    const slots: number[] = [];
    const errors: number[] = [];
    for (const [n, { readyEnd, oldest }] of store.streams.entries()) {
      let number = from[n];
      for (const error of this.playback.errors(n, readyEnd - number)) {
        // Those that a small replay has dropped already are passed over.
        if (number >= oldest) {
          slots.push(store.slotOf(n, number));
          errors.push(error);
        }
        number++;
      }
    }
    this.#replay.updatePriorities(Int32Array.from(slots), errors);
  }

  /** How far the replay is filled, in transitions. */
  get stored(): { readonly size: number; readonly capacity: number } {
    const { size, capacity } = this.#replay;
    return { size, capacity };
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, replay, sampling } = this.#parts;
    return {
      ...this.saveRounds(),
      sampling: sampling.saveState(),
      learner: learner.saveState(),
      replay: replay.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    const { learner, replay, sampling } = this.#parts;
    this.restoreRounds(state);
    sampling.restoreState(saved.part('sampling'));
    replay.restoreState(saved.part('replay'));
    // After the replay: a target network may ask which transitions there are.
    learner.restoreState(saved.part('learner'));
  }
}
