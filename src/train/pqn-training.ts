import { loadQNetwork } from '../agents/load-q-network.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import { type PqnBatch, PqnLearner } from '../agents/pqn-learner.ts';
import { argMax, argMaxAllowed } from '../core/arg-max.ts';
import { endOf, RUNNING, TRUNCATED } from '../core/episode-end.ts';
import { drawExploration, fillGreedy } from '../core/epsilon-greedy.ts';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { epsilonAt } from '../core/schedules.ts';
import { sizeOf } from '../core/shape.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { RAdam } from '../nn/radam.ts';
import { type LearnerTrainingOptions, SCHEDULED } from './learner-training.ts';
import { clippedRewards, NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
import type { Observation } from './preprocessing.ts';
import { Progress } from './progress.ts';
import { createPqnBatch, createRollout, learnRollout, type Rollout } from './rollout.ts';
import type { TrainingObserver } from './training.ts';

export type PqnTrainingOptions = NetworkTrainingOptions<PqnConfig>;

/** What a PQN training is put together from. */
export interface PqnParts {
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
  readonly learner: PqnLearner;
  readonly rollout: Rollout;
  readonly batch: PqnBatch;
  readonly progress: Progress;
  /** Explores. */
  readonly coins: Generator;
  /** Shuffles the rollout. */
  readonly shuffling: Generator;
}

/** Builds a PQN training at its first step.
 * @throws UnknownNameError for an option of another name; OptionError for the first setting that is unknown, missing or out of
 *   range, or when a rollout does not fit in memory; MismatchError when environment, wrappers and network do not fit. */
export async function createPqnTraining(given: PqnTrainingOptions): Promise<PqnTraining> {
  const { options, spec } = (await import('./check-options.ts')).checkPqnOptions(given);
  return new PqnTraining(options, await createPqnParts(options, spec));
}

/** The generators of a PQN training. */
export function pqnGenerators(seed: number) {
  const [initialisation, coins, shuffling] = new Generator(seed).spawn(3);
  return { initialisation, coins, shuffling };
}

/** What a PQN training is put together from. @throws as `createPqnTraining`. */
export async function createPqnParts(options: LearnerTrainingOptions<PqnConfig>, spec: NetworkSpec): Promise<PqnParts> {
  const { config, seed, memoryLimit = Infinity } = options;
  const { environments, rolloutSteps, minibatches, network } = config;
  const length = sizeOf(spec.inputShape);
  const count = environments * rolloutSteps;
  const bytes = count * length * (spec.inputDType === 'uint8' ? 1 : 4);
  if (bytes > memoryLimit) {
    const most = Math.floor((memoryLimit / bytes) * rolloutSteps);
    throw new OptionError(
      'rolloutSteps',
      rolloutSteps,
      `at most ${most} with ${environments} environments in ${(memoryLimit / 1e9).toPrecision(3)} GB of memory`,
    );
  }
  const qNetwork = await loadQNetwork({ network, values: { kind: 'scalar', loss: 'mse' } }, spec);
  const { initialisation, coins, shuffling } = pqnGenerators(seed);
  const { stateSize } = qNetwork;
  // A recurrent network learns from whole sequences, one of each environment.
  const batchSize = (stateSize === undefined ? count : environments) / minibatches;
  const { learningRate, optimizerEpsilon: epsilon, gradientClipNorm: clipNorm, averageDecay } = config;
  const learner = await PqnLearner.create({
    network: qNetwork,
    batchSize,
    steps: rolloutSteps,
    environments,
    createOptimizer: (size, memory) => new RAdam(size, { learningRate, epsilon, memory }),
    clipNorm,
    averageDecay,
    random: initialisation,
    createRunner: options.createRunner,
  });
  const rollout = createRollout(spec, count, stateSize && stateSize * environments);
  const batch = createPqnBatch(spec, count / minibatches, stateSize && stateSize * batchSize);
  const progress = new Progress(config, options.now);
  return { spec, learner, rollout, batch, progress, coins, shuffling };
}

/**
 * PQN's loop (Gallici et al. 2025, Algorithm 1). One unit is one step of every environment, after `rolloutSteps` of them
 * with the round of learning that follows.
 */
export class PqnTraining extends NetworkTraining<PqnConfig> {
  readonly learner: PqnLearner;
  readonly changeable = [...SCHEDULED, 'gamma', 'lambda', 'epochs'];
  readonly #parts: PqnParts;
  /** `[environments, ...observation]`: where episodes were truncated, their last observation. */
  readonly #truncated: Observation;
  /** [environments] */
  readonly #actions: Int32Array;
  /** [environments] */
  readonly #signs: Float64Array;
  /** Steps of the rollout under way. */
  #filled = 0;

  constructor(options: PqnTrainingOptions, parts: PqnParts) {
    super(options, parts.spec, parts.progress);
    const { config } = options;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#truncated = this.observations.slice();
    this.#actions = new Int32Array(config.environments);
    this.#signs = new Float64Array(config.environments);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, spec, observations, actionMasks, progress } = this;
    const { learner, rollout, coins } = this.#parts;
    const actions = this.#actions;
    const at = this.#filled * config.environments;
    progress.epsilon = epsilonAt(config, progress.step + 1);
    const q = await learner.qValues(observations);
    // The values of what the last step led to are the values of now.
    if (this.#filled > 0) this.#bootstrap(at - config.environments, q, RUNNING, actionMasks);
    drawExploration(progress.epsilon, coins, coins, spec.actions, actions, actionMasks);
    fillGreedy(q, spec.actions, actions, actionMasks);
    if (this.#filled === 0 && learner.remembered !== undefined) rollout.state?.set(learner.remembered);
    rollout.observations.set(observations, this.#filled * observations.length);
    rollout.actions.set(actions, at);
    const step = this.stepEnvironments(actions);
    rollout.rewards.set(clippedRewards(config.clipReward, step.rewards, this.#signs), at);
    const ends = rollout.ends.subarray(at, at + config.environments);
    for (let n = 0; n < ends.length; n++) ends[n] = endOf(step.terminations[n], step.truncations[n]);
    if (ends.includes(TRUNCATED)) {
      // The state after a truncation still has a value.
      this.#truncated.set(step.finalObservations as Observation);
      const masks = actionMasks && step.finalActionMasks;
      this.#bootstrap(at, await learner.qValuesFollowing(this.#truncated), TRUNCATED, masks);
    }
    learner.follow(ends);
    progress.addStep(step, actions, observer);
    if (++this.#filled < config.rolloutSteps) return;
    this.#bootstrap(at, await learner.qValues(observations), RUNNING, actionMasks);
    await learnRollout(this.#parts, config, observer);
    this.#filled = 0;
  }

  /** Sets the values that follow the steps at `at` which ended so, from the Q values of what they led to. */
  #bootstrap(at: number, q: Float32Array, end: number, masks: Uint8Array | undefined): void {
    const { ends, nextValues } = this.#parts.rollout;
    const { actions } = this.spec;
    for (let n = 0; n < this.#actions.length; n++) {
      if (ends[at + n] !== end) continue;
      const from = n * actions;
      const best = masks === undefined ? argMax(q, from, actions) : argMaxAllowed(q, masks, from, actions);
      nextValues[at + n] = q[from + best];
    }
  }

  protected override exportedWeights(): Readonly<Record<string, Float32Array>> {
    return this.learner.averageWeights();
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, rollout, coins, shuffling } = this.#parts;
    const count = this.#filled * this.env.numEnvs;
    return {
      ...this.progress.saveState(),
      filled: this.#filled,
      rollout: {
        observations: rollout.observations.slice(0, this.#filled * this.observations.length),
        actions: rollout.actions.slice(0, count),
        rewards: rollout.rewards.slice(0, count),
        ends: rollout.ends.slice(0, count),
        nextValues: rollout.nextValues.slice(0, count),
        ...(rollout.state && { state: rollout.state.slice() }),
      },
      group: this.env.saveState(),
      behaviour: coins.saveState(),
      shuffling: shuffling.saveState(),
      learner: learner.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    const { learner, rollout, coins, shuffling } = this.#parts;
    this.progress.restoreState(state);
    this.#filled = saved.whole('filled', 0, this.config.rolloutSteps - 1);
    const stored = new SavedState(saved.part('rollout'), 'rollout');
    const count = this.#filled * this.env.numEnvs;
    stored.into('observations', rollout.observations.subarray(0, this.#filled * this.observations.length));
    stored.into('actions', rollout.actions.subarray(0, count), 0, this.spec.actions - 1);
    stored.into('rewards', rollout.rewards.subarray(0, count));
    stored.into('ends', rollout.ends.subarray(0, count), RUNNING, TRUNCATED);
    stored.into('nextValues', rollout.nextValues.subarray(0, count));
    if (rollout.state !== undefined) stored.into('state', rollout.state);
    this.env.restoreState(saved.part('group'));
    coins.restoreState(saved.part('behaviour'));
    shuffling.restoreState(saved.part('shuffling'));
    learner.restoreState(saved.part('learner'));
  }
}
