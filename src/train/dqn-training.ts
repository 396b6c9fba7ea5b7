import type { Bootstrap } from '../agents/bootstrap.ts';
import type { QNetwork } from '../agents/dqn.ts';
import type { DqnConfig } from '../agents/dqn-config.ts';
import type { DqnLearner } from '../agents/dqn-learner.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { drawExploration, fillGreedy } from '../core/epsilon-greedy.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { epsilonAt, type LearningRateSchedule, learningRateAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CreateBackgroundRunner } from '../graph/index.ts';
import type { Batch, Replay } from '../replay/index.ts';
import type { VectorStep } from '../vector/vector-env.ts';
import { type LearnerTrainingOptions, SCHEDULED } from './learner-training.ts';
import { clippedRewards, NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
import type { Observation } from './preprocessing.ts';
import type { Progress } from './progress.ts';
import type { TrainingObserver } from './training.ts';
import type { UpdateSchedule } from './update-schedule.ts';

/** What the parts of a DQN training are made from. */
export interface DqnPartsOptions extends LearnerTrainingOptions<DqnConfig> {
  /** For work in a background thread; without it everything takes turns. */
  readonly createBackgroundRunner?: CreateBackgroundRunner | undefined;
  /** Instead of the configuration's network, values and loss. */
  readonly network?: QNetwork | undefined;
  /** Instead of the configuration's double Q-learning or Munchausen term. */
  readonly bootstrap?: Bootstrap | undefined;
  /** Instead of the configuration's, with a stream for each environment. */
  readonly replay?: Replay | undefined;
}

export interface DqnTrainingOptions extends DqnPartsOptions, NetworkTrainingOptions<DqnConfig> {}

/** What a training is put together from. */
export interface DqnParts {
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
  readonly learner: DqnLearner;
  readonly replay: Replay;
  readonly schedule: UpdateSchedule;
  readonly progress: Progress;
  /** Decides between exploring and acting greedily. */
  readonly coins: Generator;
  /** Draws random actions. */
  readonly dice: Generator;
  /** Draws batches. */
  readonly sampling: Generator;
}

/**
 * DQN's loop (Mnih et al. 2015, Algorithm 1), in the order of Lapan's program (Deep Reinforcement Learning Hands-On, 3rd
 * ed., chapter 6). One unit is one step of every environment and the target syncs and updates that fall due: several
 * environments act on the same weights, in one forward pass, and their updates follow (Daley & Amato 2021,
 * arXiv:2111.01264, "synchronized execution"). `examples/02-dqn.ts` is the same loop on one page.
 */
export class DqnTraining extends NetworkTraining<DqnConfig> {
  readonly learner: DqnLearner;
  readonly changeable = [...SCHEDULED, 'targetUpdateRate'];
  readonly #parts: DqnParts;
  readonly #batch: Batch;
  /** [environments] */
  readonly #actions: Int32Array;
  /** [environments] */
  readonly #signs: Float64Array;

  constructor(options: DqnTrainingOptions, parts: DqnParts) {
    super(options, parts.spec, parts.progress);
    const { config } = options;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#batch = parts.replay.createBatch(config.batchSize, {
      nextObservations: parts.learner.reads('nextObservations'),
    });
    this.#actions = new Int32Array(config.environments);
    this.#signs = new Float64Array(config.environments);
    parts.replay.startEpisodes(this.observations, this.actionMasks);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, spec, progress, actionMasks } = this;
    const { learner, replay, schedule, coins, dice } = this.#parts;
    const before = progress.step;
    progress.epsilon = epsilonAt(config, before + 1);
    const actions = this.#actions;
    if (drawExploration(progress.epsilon, coins, dice, spec.actions, actions, actionMasks)) {
      fillGreedy(await learner.qValues(this.observations), spec.actions, actions, actionMasks);
    }
    const step = this.stepEnvironments(actions);
    const ends = config.truncatedAsTerminal ? asTerminal(step) : step;
    replay.addStep(actions, clippedRewards(config.clipReward, step.rewards, this.#signs), ends);
    progress.addStep(step, actions, observer);
    if (progress.end !== undefined || replay.size < config.learningStarts) return;

    if (schedule.syncs(before, progress.step)) learner.syncTarget(config.targetUpdateRate);
    for (let n = schedule.updates(before, progress.step); n > 0; n--) await this.learnOnce(observer);
  }

  /** How far the replay is filled, in transitions. */
  get stored(): { readonly size: number; readonly capacity: number } {
    const { size, capacity } = this.#parts.replay;
    return { size, capacity };
  }

  /** One gradient step on a fresh batch. Part of `advance`; public so that it can be measured alone. */
  learnOnce(observer: TrainingObserver = {}): Promise<void> {
    return learnFromReplay(this.#parts, this.config, this.#batch, observer);
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, replay, coins, dice, sampling } = this.#parts;
    return {
      ...this.progress.saveState(),
      group: this.env.saveState(),
      exploring: dice.saveState(),
      behaviour: coins.saveState(),
      sampling: sampling.saveState(),
      learner: learner.saveState(),
      replay: replay.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const given = asOfSeveral(state);
    const saved = new SavedState(given, 'training');
    const { learner, replay, coins, dice, sampling } = this.#parts;
    this.progress.restoreState(given);
    this.env.restoreState(saved.part('group'));
    dice.restoreState(saved.part('exploring'));
    coins.restoreState(saved.part('behaviour'));
    sampling.restoreState(saved.part('sampling'));
    replay.restoreState(saved.part('replay'));
    // After the replay: a target network may ask which transitions there are.
    learner.restoreState(saved.part('learner'));
  }
}

/** One gradient step on a fresh batch of the replay. */
export async function learnFromReplay(
  { learner, replay, sampling, progress }: Pick<DqnParts, 'learner' | 'replay' | 'sampling' | 'progress'>,
  config: LearningRateSchedule,
  batch: Batch,
  observer: TrainingObserver,
): Promise<void> {
  learner.optimizer.learningRate = learningRateAt(config, progress.step);
  replay.sample(sampling, batch, progress.step);
  await learner.learn(batch);
  progress.addUpdate(learner, observer);
  replay.updatePriorities(batch.indices, learner.errors);
}

/** The step as a replay is told it where no value follows a truncation. */
export function asTerminal(step: VectorStep<Observation>): VectorStep<Observation> {
  const terminations = step.terminations.map((terminated, n) => terminated | step.truncations[n]);
  return { ...step, terminations };
}

/** The state of a training of version 0.1.0, which knew one environment, as it is saved now. */
function asOfSeveral(state: Snapshot): Snapshot {
  if (new SavedState(state, 'training').has('group')) return state;
  const saved = state as Readonly<Record<string, Snapshot>>;
  return {
    ...saved,
    episodeReturns: Float64Array.of(saved['episodeReturn'] as number),
    episodeSteps: Int32Array.of(saved['episodeSteps'] as number),
    group: { envs: [saved['env']], observations: saved['observation'] } as Snapshot,
    exploring: saved['actionSpace'],
  };
}
