import type { DqnConfig } from '../agents/dqn-config.ts';
import { loadQNetwork } from '../agents/load-q-network.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { RecurrentDqnLearner } from '../agents/recurrent-dqn-learner.ts';
import { endOf, RUNNING, TERMINATED } from '../core/episode-end.ts';
import { drawExploration, fillGreedy } from '../core/epsilon-greedy.ts';
import { MismatchError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { epsilonAt, learningRateAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type SequenceBatch, SequenceReplay } from '../replay/sequences.ts';
import { dqnGenerators } from './create-dqn-training.ts';
import { createBootstrap, createOptimizer } from './dqn-parts.ts';
import { SCHEDULED } from './learner-training.ts';
import { clippedRewards, NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
import { Progress } from './progress.ts';
import type { TrainingObserver } from './training.ts';
import { UpdateSchedule } from './update-schedule.ts';

interface RecurrentDqnParts {
  readonly learner: RecurrentDqnLearner;
  readonly replay: SequenceReplay;
  readonly batch: SequenceBatch;
  readonly schedule: UpdateSchedule;
  readonly generators: Readonly<Record<'coins' | 'dice' | 'sampling', Generator>>;
}

/**
 * Puts a DQN training with a recurrent network together, at its first step.
 * @throws UnknownNameError for an option of another name; OptionError for the first setting that is unknown, missing or out of
 *   range, or when the replay does not fit in memory; MismatchError when configuration, environment and network do not fit.
 */
export async function createRecurrentDqnTraining(
  given: NetworkTrainingOptions<DqnConfig>,
): Promise<RecurrentDqnTraining> {
  const { options, spec } = (await import('./check-options.ts')).checkDqnOptions(given);
  const { config, seed, createRunner, memoryLimit } = options;
  const { environments, batchSize, nStep, gamma, replay: sequences } = config;
  const network = await loadQNetwork(config, spec);
  const { stateSize } = network;
  if (stateSize === undefined || sequences.kind !== 'sequences') {
    throw new MismatchError(
      'DQN learns from sequences (replay.kind=sequences) with a recurrent network (network.lstm).',
    );
  }
  const { kind: _, ...lengths } = sequences;
  const replay = new SequenceReplay({
    ...{ ...lengths, capacity: config.bufferSize, environments, stateSize, nStep, gamma, memoryLimit },
    shape: spec.inputShape,
    elementType: spec.inputDType,
  });
  const { initialisation, ...generators } = dqnGenerators(seed);
  const learner = await RecurrentDqnLearner.create({
    network: { ...network, stateSize },
    lengths: { ...sequences, nStep },
    ...{ batchSize, environments, createRunner, clipNorm: config.gradientClipNorm, random: initialisation },
    bootstrap: createBootstrap(config),
    createOptimizer: createOptimizer(config),
  });
  const parts = { learner, replay, batch: replay.createBatch(batchSize), schedule: new UpdateSchedule(config) };
  return new RecurrentDqnTraining(options, { ...parts, generators }, spec);
}

/**
 * DQN's loop with a recurrent network: as `DqnTraining`, but the network sees every observation, those too that are
 * answered at random, and what is stored are sequences.
 */
export class RecurrentDqnTraining extends NetworkTraining<DqnConfig> {
  readonly learner: RecurrentDqnLearner;
  readonly changeable = [...SCHEDULED, 'targetUpdateRate'];
  readonly #parts: RecurrentDqnParts;
  /** [environments] */
  readonly #actions: Int32Array;
  readonly #signs: Float64Array;
  readonly #ends: Uint8Array;

  constructor(options: NetworkTrainingOptions<DqnConfig>, parts: RecurrentDqnParts, spec: NetworkSpec) {
    super(options, spec, new Progress(options.config, options.now));
    const { environments } = options.config;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#actions = new Int32Array(environments);
    this.#signs = new Float64Array(environments);
    this.#ends = new Uint8Array(environments);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, spec, progress, observations } = this;
    const { learner, replay, schedule, generators } = this.#parts;
    const before = progress.step;
    const actions = this.#actions;
    const ends = this.#ends;
    progress.epsilon = epsilonAt(config, before + 1);
    const q = await learner.acting.of(observations);
    drawExploration(progress.epsilon, generators.coins, generators.dice, spec.actions, actions);
    fillGreedy(q, spec.actions, actions);
    replay.addObservations(observations, learner.acting.state);
    const step = this.stepEnvironments(actions);
    for (let n = 0; n < ends.length; n++) {
      const end = endOf(step.terminations[n], step.truncations[n]);
      ends[n] = config.truncatedAsTerminal && end !== RUNNING ? TERMINATED : end;
    }
    replay.addStep(actions, clippedRewards(config.clipReward, step.rewards, this.#signs), ends);
    learner.acting.follow(ends);
    progress.addStep(step, actions, observer);
    if (progress.end !== undefined || replay.size < config.learningStarts) return;

    if (schedule.syncs(before, progress.step)) learner.syncTarget(config.targetUpdateRate);
    for (let n = schedule.updates(before, progress.step); n > 0; n--) await this.learnOnce(observer);
  }

  /** How far the replay is filled, in steps. */
  get stored(): { readonly size: number; readonly capacity: number } {
    const { size, capacity } = this.#parts.replay;
    return { size, capacity };
  }

  /** One gradient step on a fresh batch. Part of `advance`; public so that it can be measured alone. */
  async learnOnce(observer: TrainingObserver = {}): Promise<void> {
    const { learner, replay, batch, generators } = this.#parts;
    learner.optimizer.learningRate = learningRateAt(this.config, this.step);
    replay.sample(generators.sampling, batch);
    await learner.learn(batch);
    this.progress.addUpdate(learner, observer);
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, replay, generators } = this.#parts;
    return {
      ...this.progress.saveState(),
      group: this.env.saveState(),
      exploring: generators.dice.saveState(),
      behaviour: generators.coins.saveState(),
      sampling: generators.sampling.saveState(),
      learner: learner.saveState(),
      replay: replay.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    const { learner, replay, generators } = this.#parts;
    this.progress.restoreState(state);
    this.env.restoreState(saved.part('group'));
    generators.dice.restoreState(saved.part('exploring'));
    generators.coins.restoreState(saved.part('behaviour'));
    generators.sampling.restoreState(saved.part('sampling'));
    replay.restoreState(saved.part('replay'));
    learner.restoreState(saved.part('learner'));
  }
}
