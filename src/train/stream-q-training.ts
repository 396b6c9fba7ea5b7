import { loadQNetwork } from '../agents/load-q-network.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import type { StreamQConfig } from '../agents/stream-q-config.ts';
import { StreamQLearner, type StreamQStep } from '../agents/stream-q-learner.ts';
import { argMax, argMaxAllowed } from '../core/arg-max.ts';
import { drawExploration, fillGreedy } from '../core/epsilon-greedy.ts';
import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { epsilonAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { leakyRelu } from '../graph/index.ts';
import { clippedRewards, NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
import type { Observation } from './preprocessing.ts';
import { Progress } from './progress.ts';
import type { TrainingObserver } from './training.ts';

export type StreamQTrainingOptions = NetworkTrainingOptions<StreamQConfig>;

/** What a training is made of; `createStreamQTraining` makes it. */
export interface StreamQParts {
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
  readonly learner: StreamQLearner;
  /** Explores. */
  readonly coins: Generator;
}

/** Builds a training of StreamQ(lambda) at its first step, with one environment.
 * @throws UnknownNameError for an option of another name; OptionError for the first setting that is unknown, missing or out of
 *   range; MismatchError when environment, wrappers and network do not fit. */
export async function createStreamQTraining(given: StreamQTrainingOptions): Promise<StreamQTraining> {
  const { options, spec } = (await import('./check-options.ts')).checkStreamQOptions(given);
  const { config, seed, createRunner } = options;
  const { inputDType } = spec;
  // The paper's layers: normalised without scale and shift, LeakyReLU.
  const network = await loadQNetwork(
    { network: config.network, values: { kind: 'scalar', loss: 'mse' } },
    config.standardizeObservations ? { ...spec, inputDType: 'float32' } : spec,
    { activation: leakyRelu, affineNorm: false },
  );
  const [random, coins] = new Generator(seed).spawn(2);
  const learner = await StreamQLearner.create({ ...config, network, inputDType, random: random!, createRunner });
  return new StreamQTraining(options, { spec, learner, coins: coins! });
}

/** The loop of StreamQ(lambda). One unit is one step and the update that follows. */
export class StreamQTraining extends NetworkTraining<StreamQConfig> {
  readonly learner: StreamQLearner;
  readonly changeable = [
    ...['learningRate', 'epsilonStart', 'epsilonFinal', 'epsilonDecaySteps', 'clipReward', 'rewardBound', 'maxSteps'],
  ];
  readonly #coins: Generator;
  /** The step under way; its observation is what the network sees now. */
  readonly #step: StreamQStep;
  readonly #signs = new Float64Array(1);

  constructor(options: StreamQTrainingOptions, { spec, learner, coins }: StreamQParts) {
    super(options, spec, new Progress({ ...options.config, environments: 1 }, options.now));
    const { standardizeObservations, actionMasks } = this.config;
    this.learner = learner;
    this.#coins = coins;
    const seen = () =>
      standardizeObservations ? new Float32Array(this.observations.length) : this.observations.slice();
    this.#step = {
      observations: seen(),
      actions: new Int32Array(1),
      rewards: new Float32Array(1),
      discounts: new Float32Array(1),
      nextObservations: seen(),
      nextActionMasks: actionMasks ? new Uint8Array(spec.actions) : undefined,
    };
    learner.see(this.observations, this.#step.observations);
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, spec, learner, actionMasks, progress } = this;
    const { observations: seen, nextObservations, nextActionMasks, actions, rewards, discounts } = this.#step;
    progress.epsilon = epsilonAt(config, progress.step + 1);
    const q = await learner.qValues(seen);
    const best =
      actionMasks === undefined ? argMax(q, 0, spec.actions) : argMaxAllowed(q, actionMasks, 0, spec.actions);
    drawExploration(progress.epsilon, this.#coins, this.#coins, spec.actions, actions, actionMasks);
    fillGreedy(q, spec.actions, actions, actionMasks);
    // One as good as the best is a best one too.
    const greedy = q[actions[0]!] === q[best];

    const step = this.stepEnvironments(actions);
    const over = step.terminations[0] === 1 || step.truncations[0] === 1;
    discounts[0] = step.terminations[0] === 1 ? 0 : config.gamma;
    rewards[0] = learner.scaled(clippedRewards(config.clipReward, step.rewards, this.#signs)[0]!);
    learner.see(over ? (step.finalObservations as Observation) : this.observations, nextObservations);
    if (nextActionMasks !== undefined) {
      nextActionMasks.set((over ? step.finalActionMasks : actionMasks) as Uint8Array);
    }
    await learner.learn(this.#step, greedy);
    if (over) {
      learner.endEpisode();
      learner.see(this.observations, seen);
    } else seen.set(nextObservations);
    progress.addStep(step, actions, observer);
    progress.addUpdate(learner, observer);
  }

  override change(settings: Readonly<Record<string, unknown>>): void {
    super.change(settings);
    this.learner.learningRate = this.config.learningRate;
  }

  protected override exportedWeights(): Readonly<Record<string, Float32Array>> {
    return this.learner.exportedWeights();
  }

  saveState(): Snapshot {
    this.checkWeights();
    return {
      ...this.progress.saveState(),
      env: this.env.saveState(),
      coins: this.#coins.saveState(),
      learner: this.learner.saveState(),
      seen: this.#step.observations.slice(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    this.progress.restoreState(state);
    this.env.restoreState(saved.part('env'));
    this.#coins.restoreState(saved.part('coins'));
    this.learner.restoreState(saved.part('learner'));
    saved.into('seen', this.#step.observations);
  }
}
