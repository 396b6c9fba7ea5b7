import { argMax } from '../agents/arg-max.ts';
import type { DqnConfig } from '../agents/dqn-config.ts';
import { type CreateRunner, DqnLearner } from '../agents/dqn-learner.ts';
import { createQNetwork } from '../agents/q-network.ts';
import { expectedReuse } from '../agents/target-values.ts';
import type { Env } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import { interpolate, linearDecay } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type Batch, type ElementType, PrioritizedReplay, type UniformReplay } from '../replay/index.ts';
import { createReplay, priorityBeta } from './create-replay.ts';
import { networkSpec, type Observation, viewOf, wrapForDqn } from './dqn-env.ts';
import { exportQModel } from './q-model.ts';
import { reportEpisode } from './report-episode.ts';
import { ReturnWindow } from './return-window.ts';
import {
  type ExportedModel,
  endAtLimit,
  restoreEnd,
  saveEnd,
  type Training,
  type TrainingEnd,
  type TrainingObserver,
} from './training.ts';

export interface DqnTrainingOptions {
  readonly config: DqnConfig;
  /** Written into exported models. */
  readonly envId: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  /** Without wrappers; they are put on as the configuration says. */
  readonly env: Env<unknown, number>;
  readonly seed: number;
  readonly createRunner: CreateRunner;
  /** Milliseconds from any fixed moment; for the reported speed only. */
  readonly now: () => number;
  /** Bytes that the replay may take; by default without limit. */
  readonly memoryLimit?: number | undefined;
}

/** What a training is put together from. */
interface DqnParts {
  readonly env: Env<Observation, number>;
  readonly learner: DqnLearner;
  readonly replay: UniformReplay<ElementType> | PrioritizedReplay<ElementType>;
  /** Decides between exploring and acting greedily. */
  readonly behaviour: Generator;
  /** Draws batches. */
  readonly sampling: Generator;
}

/** Builds a DQN training at its first step.
 * @throws MismatchError when environment, wrappers and network do not fit, OptionError when the replay does not fit in memory. */
export async function createDqnTraining(options: DqnTrainingOptions): Promise<DqnTraining> {
  const { config, seed } = options;
  const env = wrapForDqn(options.env, config);
  const spec = networkSpec(env);
  const network = createQNetwork(config, spec);
  const replay = createReplay(config, spec, { memoryLimit: options.memoryLimit });
  const [initialisation, behaviour, sampling] = new Generator(seed).spawn(3);
  const keepFor = keepsTargetValues(config, spec.inputDType) ? replay : undefined;
  const learner = await DqnLearner.create(network, config, initialisation, options.createRunner, keepFor);
  if (keepFor !== undefined) replay.onReady = (slot) => learner.forgetTarget(slot);
  return new DqnTraining(options, { env, learner, replay, behaviour, sampling });
}

/** Keeping pays where passes are dear and most of them would be repeated: nearly every transition gets its value. */
function keepsTargetValues(config: DqnConfig, dtype: ElementType): boolean {
  const { targetUpdateInterval, trainInterval, gradientSteps, batchSize, bufferSize } = config;
  // Noise makes every pass another one, and distributions and soft policies need more than the values.
  if (config.noisy || config.values !== 'scalar' || config.munchausenAlpha > 0) return false;
  const draws = (targetUpdateInterval / trainInterval) * gradientSteps * batchSize;
  return dtype === 'uint8' && expectedReuse(draws, bufferSize) > 0.5;
}

/**
 * DQN's loop as in the texts (Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6). One unit is one
 * environment step and what belongs to it, in the texts' order: act, step, store, report at an episode's end, copy to
 * the target network, learn.
 */
export class DqnTraining implements Training {
  readonly learner: DqnLearner;
  readonly #options: DqnTrainingOptions;
  readonly #parts: DqnParts;
  readonly #batch: Batch<ElementType>;
  readonly #returns: ReturnWindow;
  /** What the agent sees now: a copy, since the environment overwrites its pictures. */
  readonly #observation: Observation;
  #step = 0;
  #epsilon: number;
  #episodeReturn = 0;
  #episodeSteps = 0;
  #bestMean: number | undefined;
  #end: TrainingEnd | undefined;
  /** Sums over the updates since the last report. */
  #lossSum = 0;
  #meanQSum = 0;
  #updates = 0;
  /** Of this process alone: speed is no part of a saved state. */
  #speedStep = 0;
  #speedTime: number;

  constructor(options: DqnTrainingOptions, parts: DqnParts) {
    const { config, seed } = options;
    this.#options = options;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#batch = parts.replay.createBatch(config.batchSize);
    this.#returns = new ReturnWindow(config.rewardWindow);
    this.#epsilon = config.epsilonStart;
    this.#speedTime = options.now();
    // Two seeds from one, so that random actions and the environment's own chances do not go together.
    const [forActions] = new Generator(seed).spawn(4).slice(3);
    parts.env.actionSpace.seed(forActions.integers(0, 2 ** 32));
    this.#observation = parts.env.reset({ seed }).observation.slice();
    parts.replay.startEpisode(this.#observation);
  }

  get step(): number {
    return this.#step;
  }
  get maxSteps(): number {
    return this.#options.config.maxSteps;
  }
  get end(): TrainingEnd | undefined {
    return this.#end;
  }
  status(): string {
    const games = this.#returns.count;
    const mean = games === 0 ? '' : `reward ${this.#returns.mean().toFixed(2)}, `;
    return `${games} games, ${mean}eps ${this.#epsilon.toFixed(2)}`;
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config } = this.#options;
    const { env, replay, behaviour, learner } = this.#parts;
    const step = ++this.#step;
    this.#epsilon = linearDecay(config.epsilonStart, config.epsilonFinal, config.epsilonDecaySteps, step);
    const action =
      behaviour.random() < this.#epsilon ? env.actionSpace.sample() : argMax(await learner.qValues(this.#observation));
    const { observation, reward, terminated, truncated } = env.step(action);
    const learned = config.clipReward ? Math.sign(reward) : reward;
    replay.add(action, learned, terminated, truncated, observation);
    this.#observation.set(observation);
    this.#episodeReturn += reward;
    this.#episodeSteps++;
    if (terminated || truncated) this.#endEpisode(observer);
    if (step >= config.maxSteps) this.#end ??= endAtLimit(step, config.rewardBound);
    if (this.#end !== undefined || replay.size < config.learningStarts) return;

    if (step % config.targetUpdateInterval === 0) learner.syncTarget();
    if (step % config.trainInterval !== 0) return;
    learner.optimizer.learningRate = interpolate(
      config.learningRate,
      config.learningRateFinal,
      config.learningRateDecaySteps,
      step,
    );
    for (let i = 0; i < config.gradientSteps; i++) await this.learnOnce();
  }

  /** One gradient step on a fresh batch. Part of `advance`; public so that it can be measured alone. */
  async learnOnce(): Promise<void> {
    const { replay, sampling, learner } = this.#parts;
    if (replay instanceof PrioritizedReplay) replay.beta = priorityBeta(this.#options.config, this.#step);
    replay.sample(sampling, this.#batch);
    await learner.learn(this.#batch);
    if (replay instanceof PrioritizedReplay) replay.updatePriorities(this.#batch.indices, learner.errors);
    this.#lossSum += learner.loss;
    this.#meanQSum += learner.meanQ;
    this.#updates++;
  }

  #endEpisode(observer: TrainingObserver): void {
    const { rewardBound, rewardWindow } = this.#options.config;
    const { env, replay } = this.#parts;
    const step = this.#step;
    const episodeReturn = this.#episodeReturn;
    this.#returns.add(episodeReturn);
    const mean = this.#returns.mean();
    const games = this.#returns.count;
    this.#bestMean = reportEpisode(observer, {
      step,
      games,
      mean,
      epsilon: this.#epsilon,
      speed: this.#takeSpeed(),
      reward: episodeReturn,
      episodeSteps: this.#episodeSteps,
      updates: this.#updates,
      lossSum: this.#lossSum,
      meanQSum: this.#meanQSum,
      bestMean: this.#bestMean,
    });
    // A mean over fewer episodes than the window says too little: a lucky first game is no solution.
    if (rewardBound !== null && mean > rewardBound && games >= rewardWindow) {
      this.#end = { solved: true, message: `Solved in ${step} frames!` };
    }
    this.#lossSum = this.#meanQSum = this.#updates = 0;
    this.#episodeReturn = this.#episodeSteps = 0;
    this.#observation.set(env.reset().observation);
    replay.startEpisode(this.#observation);
  }

  /** Steps a second since the last call. */
  #takeSpeed(): number {
    const time = this.#options.now();
    const speed = ((this.#step - this.#speedStep) / Math.max(time - this.#speedTime, 1e-6)) * 1000;
    this.#speedStep = this.#step;
    this.#speedTime = time;
    return speed;
  }

  exportModel(): ExportedModel {
    const { envId: env, envKwargs, config } = this.#options;
    const { learner } = this.#parts;
    const content = exportQModel(learner.network, learner.weights(), { env, envKwargs, view: viewOf(config) });
    return { fileName: 'best.onnx', content };
  }

  saveState(): Snapshot {
    const { env, learner, replay, behaviour, sampling } = this.#parts;
    return {
      step: this.#step,
      epsilon: this.#epsilon,
      episodeReturn: this.#episodeReturn,
      episodeSteps: this.#episodeSteps,
      bestMean: this.#bestMean ?? null,
      end: saveEnd(this.#end),
      sums: [this.#lossSum, this.#meanQSum, this.#updates],
      observation: this.#observation.slice(),
      returns: this.#returns.saveState(),
      env: env.saveState(),
      actionSpace: env.actionSpace.saveState(),
      behaviour: behaviour.saveState(),
      sampling: sampling.saveState(),
      learner: learner.saveState(),
      replay: replay.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as Readonly<Record<string, Snapshot>>;
    const { env, learner, replay, behaviour, sampling } = this.#parts;
    this.#step = saved['step'] as number;
    this.#epsilon = saved['epsilon'] as number;
    this.#episodeReturn = saved['episodeReturn'] as number;
    this.#episodeSteps = saved['episodeSteps'] as number;
    this.#bestMean = (saved['bestMean'] as number | null) ?? undefined;
    this.#end = restoreEnd(saved['end'] as Snapshot);
    [this.#lossSum, this.#meanQSum, this.#updates] = saved['sums'] as [number, number, number];
    this.#observation.set(saved['observation'] as Observation);
    this.#returns.restoreState(saved['returns']);
    env.restoreState(saved['env']);
    env.actionSpace.restoreState(saved['actionSpace']);
    behaviour.restoreState(saved['behaviour']);
    sampling.restoreState(saved['sampling']);
    learner.restoreState(saved['learner']);
    replay.restoreState(saved['replay']);
    this.#speedStep = this.#step;
    this.#speedTime = this.#options.now();
  }

  close(): void {
    void this.#parts.learner.close();
    this.#parts.env.close();
  }
}
