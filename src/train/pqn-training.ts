import { PLAIN_DQN } from '../agents/dqn-config.ts';
import type { CreateRunner } from '../agents/dqn-learner.ts';
import { lambdaReturns } from '../agents/pqn.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import { type PqnBatch, PqnLearner } from '../agents/pqn-learner.ts';
import { createQNetwork } from '../agents/q-network.ts';
import { argMax } from '../core/arg-max.ts';
import { GOES_ON, TRUNCATED } from '../core/episode-end.ts';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { epsilonAt, learningRateAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { exportQModel } from '../storage/q-model.ts';
import { checkGroup, type EnvGroup } from './env-group.ts';
import { type Observation, viewOf } from './preprocessing.ts';
import { Progress } from './progress.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';

export interface PqnTrainingOptions {
  readonly config: PqnConfig;
  /** Written into exported models. */
  readonly envId: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  /** The environments, in their wrappers, for the training alone. */
  readonly group: EnvGroup;
  readonly seed: number;
  readonly createRunner: CreateRunner;
  /** Milliseconds from any fixed moment; for the reported speed only. */
  readonly now: () => number;
  /** Bytes that the rollout may take; by default without limit. */
  readonly memoryLimit?: number | undefined;
}

/** The steps of all environments between two rounds of learning, [steps, environments] each. */
interface Rollout {
  /** [steps, environments, ...observation] */
  readonly observations: Observation;
  readonly actions: Int32Array;
  readonly rewards: Float32Array;
  readonly ends: Uint8Array;
  readonly nextValues: Float32Array;
  readonly returns: Float32Array;
}

interface PqnParts {
  readonly learner: PqnLearner;
  readonly rollout: Rollout;
  readonly batch: PqnBatch;
  readonly actions: number;
  /** Explores. */
  readonly behaviour: Generator;
  /** Shuffles the rollout. */
  readonly shuffling: Generator;
}

/** Builds a PQN training at its first step.
 * @throws MismatchError when environment, wrappers and network do not fit, OptionError when a rollout does not fit in memory. */
export async function createPqnTraining(options: PqnTrainingOptions): Promise<PqnTraining> {
  const { config, seed, memoryLimit = Infinity } = options;
  const { environments, rolloutSteps, minibatches, network, hiddenSizes, layerNorm, standardizeInput } = config;
  checkGroup(options.group, environments);
  const { spec } = options.group;
  const length = spec.inputShape.reduce((product, n) => product * n, 1);
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
  const parts = {
    ...PLAIN_DQN,
    network,
    hiddenSizes,
    layerNorm,
    standardizeInput,
    dueling: false,
    loss: 'mse',
  } as const;
  const qNetwork = createQNetwork(parts, spec);
  const [initialisation, behaviour, shuffling] = new Generator(seed).spawn(3);
  const batchSize = count / minibatches;
  const sizes = { environments, batchSize };
  const learner = await PqnLearner.create(qNetwork, config, sizes, initialisation, options.createRunner);
  const observations = (rows: number) =>
    spec.inputDType === 'uint8' ? new Uint8Array(rows * length) : new Float32Array(rows * length);
  const rollout = {
    observations: observations(count),
    actions: new Int32Array(count),
    rewards: new Float32Array(count),
    ends: new Uint8Array(count),
    nextValues: new Float32Array(count),
    returns: new Float32Array(count),
  };
  const batch = {
    observations: observations(batchSize),
    actions: new Int32Array(batchSize),
    returns: new Float32Array(batchSize),
  };
  return new PqnTraining(options, { learner, rollout, batch, actions: spec.actions, behaviour, shuffling });
}

/**
 * PQN's loop (Gallici et al. 2025, Algorithm 1). One unit is one step of every environment, after `rolloutSteps` of them
 * with the round of learning that follows.
 */
export class PqnTraining implements Training {
  readonly learner: PqnLearner;
  readonly #options: PqnTrainingOptions;
  readonly #parts: PqnParts;
  readonly #progress: Progress;
  /** [environments, ...observation]: what the agents see now. */
  readonly #observations: Observation;
  /** The same shape, for values of last observations of episodes that were cut. */
  readonly #cut: Observation;
  readonly #choices: Int32Array;
  /** Steps of the rollout under way. */
  #filled = 0;

  constructor(options: PqnTrainingOptions, parts: PqnParts) {
    const { config, seed } = options;
    this.#options = options;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#progress = new Progress(config, options.now);
    const length = parts.rollout.observations.length / config.rolloutSteps;
    this.#observations = parts.rollout.observations.slice(0, length);
    this.#cut = this.#observations.slice();
    this.#choices = new Int32Array(config.environments);
    options.group.reset(seed);
    this.#observations.set(options.group.observations);
  }

  get step(): number {
    return this.#progress.step;
  }
  get maxSteps(): number {
    return this.#options.config.maxSteps;
  }
  get end(): TrainingEnd | undefined {
    return this.#progress.end;
  }
  status(): string {
    return this.#progress.status();
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, group } = this.#options;
    const { learner, rollout, behaviour, actions } = this.#parts;
    const { environments } = config;
    const at = this.#filled * environments;
    const epsilon = epsilonAt(config, this.step + 1);
    this.#progress.epsilon = epsilon;
    const q = await learner.qValues(this.#observations);
    // The values of what the last step led to are the values of now.
    if (this.#filled > 0) this.#noteValues(at - environments, q);
    rollout.observations.set(this.#observations, at * (this.#observations.length / environments));
    for (let n = 0; n < environments; n++) {
      const explores = behaviour.random() < epsilon;
      this.#choices[n] = explores ? behaviour.integers(actions) : argMax(q, n * actions, actions);
    }
    group.step(this.#choices);
    this.#observations.set(group.observations);
    rollout.actions.set(this.#choices, at);
    rollout.ends.set(group.ends, at);
    for (let n = 0; n < environments; n++) {
      const reward = group.rewards[n];
      rollout.rewards[at + n] = config.clipReward ? Math.sign(reward) : reward;
    }
    this.#progress.addStep(group.rewards);
    if (group.ends.includes(TRUNCATED)) await this.#noteCutValues(at);
    group.ends.forEach((end, n) => {
      if (end !== GOES_ON) this.#progress.endEpisode(n, observer);
    });
    this.#filled++;
    if (this.#filled < config.rolloutSteps) return this.#progress.endAtLimit();
    this.#noteValues(at, await learner.qValues(this.#observations));
    await this.#learn();
    this.#filled = 0;
    this.#progress.endAtLimit();
  }

  /** Sets the values that follow the steps at `at` from the Q values of what they led to; not of those that ended. */
  #noteValues(at: number, q: Float32Array): void {
    const { rollout, actions } = this.#parts;
    for (let n = 0; n < this.#choices.length; n++) {
      if (rollout.ends[at + n] === GOES_ON)
        rollout.nextValues[at + n] = q[n * actions + argMax(q, n * actions, actions)];
    }
  }

  /** The same for episodes that were cut: the state after the cut still has a value. */
  async #noteCutValues(at: number): Promise<void> {
    const { group } = this.#options;
    const { learner, rollout, actions } = this.#parts;
    this.#cut.set(group.finalObservations);
    const q = await learner.qValues(this.#cut);
    group.ends.forEach((end, n) => {
      if (end === TRUNCATED) rollout.nextValues[at + n] = q[n * actions + argMax(q, n * actions, actions)];
    });
  }

  async #learn(): Promise<void> {
    const { config } = this.#options;
    const { learner, rollout, batch, shuffling } = this.#parts;
    const { rolloutSteps: steps, environments, gamma, lambda } = config;
    lambdaReturns(
      rollout.rewards,
      rollout.ends,
      rollout.nextValues,
      { steps, environments, gamma, lambda },
      rollout.returns,
    );
    learner.optimizer.learningRate = learningRateAt(config, this.step);
    const size = batch.actions.length;
    const length = batch.observations.length / size;
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      const order = shuffling.permutation(steps * environments) as number[];
      for (let from = 0; from < order.length; from += size) {
        for (let row = 0; row < size; row++) {
          const at = order[from + row];
          batch.observations.set(rollout.observations.subarray(at * length, (at + 1) * length), row * length);
          batch.actions[row] = rollout.actions[at];
          batch.returns[row] = rollout.returns[at];
        }
        await learner.learn(batch);
        this.#progress.addUpdate(learner.loss, learner.meanQ);
      }
    }
  }

  exportModel(): ExportedModel {
    const { envId: env, envKwargs, config } = this.#options;
    const { learner } = this.#parts;
    const content = exportQModel(learner.network, learner.weights(), { env, envKwargs, view: viewOf(config) });
    return { fileName: 'best.onnx', content };
  }

  saveState(): Snapshot {
    const { group } = this.#options;
    const { learner, rollout, behaviour, shuffling } = this.#parts;
    const count = this.#filled * group.environments;
    return {
      ...this.#progress.saveState(),
      filled: this.#filled,
      rollout: {
        observations: rollout.observations.slice(0, this.#filled * this.#observations.length),
        actions: rollout.actions.slice(0, count),
        rewards: rollout.rewards.slice(0, count),
        ends: rollout.ends.slice(0, count),
        nextValues: rollout.nextValues.slice(0, count),
      },
      group: group.saveState(),
      behaviour: behaviour.saveState(),
      shuffling: shuffling.saveState(),
      learner: learner.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as Readonly<Record<string, Snapshot>>;
    const { group } = this.#options;
    const { learner, rollout, behaviour, shuffling } = this.#parts;
    this.#progress.restoreState(saved);
    this.#filled = saved['filled'] as number;
    const kept = saved['rollout'] as unknown as Omit<Rollout, 'returns'>;
    rollout.observations.set(kept.observations);
    rollout.actions.set(kept.actions);
    rollout.rewards.set(kept.rewards);
    rollout.ends.set(kept.ends);
    rollout.nextValues.set(kept.nextValues);
    group.restoreState(saved['group']);
    this.#observations.set(group.observations);
    behaviour.restoreState(saved['behaviour']);
    shuffling.restoreState(saved['shuffling']);
    learner.restoreState(saved['learner']);
  }

  close(): void {
    void this.#parts.learner.close();
    this.#options.group.close();
  }
}
