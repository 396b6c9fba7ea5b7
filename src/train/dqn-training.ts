import type { DqnConfig } from '../agents/dqn-config.ts';
import { type CreateRunner, DqnLearner, type NextBatch } from '../agents/dqn-learner.ts';
import { createQNetwork } from '../agents/q-network.ts';
import { argMax } from '../core/arg-max.ts';
import { GOES_ON, TERMINATED } from '../core/episode-end.ts';
import { Generator } from '../core/random/index.ts';
import { epsilonAt, learningRateAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CreateBackgroundRunner } from '../graph/index.ts';
import { type Batch, type ElementType, PrioritizedReplay, UniformReplay } from '../replay/index.ts';
import { exportQModel } from '../storage/q-model.ts';
import { createReplay, priorityBeta } from './create-replay.ts';
import { checkGroup, type EnvGroup, type GroupArrays, groupRows } from './env-group.ts';
import { viewOf } from './preprocessing.ts';
import { Progress } from './progress.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';

export interface DqnTrainingOptions {
  readonly config: DqnConfig;
  /** Written into exported models. */
  readonly envId: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  /** As many environments as the configuration says, in their wrappers, for the training alone. */
  readonly group: EnvGroup;
  readonly seed: number;
  readonly createRunner: CreateRunner;
  /** For work beside the training's own; without it everything takes turns. */
  readonly createBackgroundRunner?: CreateBackgroundRunner | undefined;
  /** Milliseconds from any fixed moment; for the reported speed only. */
  readonly now: () => number;
  /** Bytes that the replay may take; by default without limit. */
  readonly memoryLimit?: number | undefined;
}

/** What a training is put together from. */
interface DqnParts {
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
  const { config, seed, memoryLimit } = options;
  const { environments } = config;
  checkGroup(options.group, environments);
  const { spec } = options.group;
  const network = createQNetwork(config, spec);
  const replay = createReplay(config, spec, { memoryLimit, streams: environments });
  const [initialisation, behaviour, sampling] = new Generator(seed).spawn(3);
  const keepFor = keepsTargetValues(config, spec.inputDType) ? replay : undefined;
  const learner = await DqnLearner.create(network, config, initialisation, options.createRunner, {
    environments,
    keepFor,
    createBackgroundRunner: replay instanceof UniformReplay ? options.createBackgroundRunner : undefined,
  });
  if (keepFor !== undefined) replay.onReady = (slot) => learner.forgetTarget(slot);
  return new DqnTraining(options, { learner, replay, behaviour, sampling });
}

/** Updates between two copies of the target network from which its values are kept. */
const UPDATES_WORTH_KEEPING = 100;

/**
 * A pass with weights that stand still takes two thirds of the same pass within an update, and in a small replay most passes
 * would repeat an earlier one. For that a model has to be made after each copy, at the price of 20 to 30 updates.
 */
function keepsTargetValues(config: DqnConfig, dtype: ElementType): boolean {
  const { targetUpdateInterval, trainInterval, gradientSteps } = config;
  // Noise makes every pass another one, and distributions and soft policies need more than the values.
  if (config.noisy || config.values !== 'scalar' || config.munchausenAlpha > 0) return false;
  return dtype === 'uint8' && (targetUpdateInterval / trainInterval) * gradientSteps >= UPDATES_WORTH_KEEPING;
}

/**
 * DQN's loop as in the texts (Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6). One unit is one step of
 * every environment and what belongs to it, in the texts' order: act, step, store, report at an episode's end, copy to
 * the target network, learn. Several environments act on the same weights, in one pass through the network, and the
 * updates and copies that their steps call for follow (Daley & Amato 2021, arXiv:2111.01264, "synchronized execution").
 */
export class DqnTraining implements Training {
  readonly learner: DqnLearner;
  readonly #options: DqnTrainingOptions;
  readonly #parts: DqnParts;
  readonly #progress: Progress;
  readonly #batch: Batch<ElementType>;
  /** What is known of the next batch; refilled. */
  readonly #next: { readonly slots: Int32Array; actings: number };
  /** Draws random actions. */
  readonly #exploring: Generator;
  /** [environments] */
  readonly #actions: Int32Array;
  /** What each environment says. Views. */
  readonly #rows: readonly GroupArrays[];

  constructor(options: DqnTrainingOptions, parts: DqnParts) {
    const { config, seed, group } = options;
    this.#options = options;
    this.#parts = parts;
    this.learner = parts.learner;
    this.#progress = new Progress(config, options.now);
    this.#batch = parts.replay.createBatch(config.batchSize, {
      nextObservations: parts.learner.needsNextObservations,
    });
    this.#next = { slots: new Int32Array(config.batchSize), actings: 0 };
    this.#actions = new Int32Array(config.environments);
    this.#rows = Array.from(this.#actions, (_, n) => groupRows(group, config.environments, n, n + 1));
    // Two seeds from one, so that random actions and the environment's own chances do not go together.
    const [forActions] = new Generator(seed).spawn(4).slice(3);
    this.#exploring = new Generator(forActions.integers(0, 2 ** 32));
    group.reset(seed);
    this.#rows.forEach(({ observations }, n) => void parts.replay.startEpisode(observations, n));
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
    const { replay, learner } = this.#parts;
    const progress = this.#progress;
    const before = progress.step;
    progress.epsilon = epsilonAt(config, before + 1);
    await this.#act();
    group.step(this.#actions);
    progress.addStep(group.rewards);
    for (let n = 0; n < this.#actions.length; n++) this.#store(n, observer);
    progress.endAtLimit();
    if (progress.end !== undefined || replay.size < config.learningStarts) return;

    if (multiplesReached(config.targetUpdateInterval, before, progress.step) > 0) learner.syncTarget();
    const updates = multiplesReached(config.trainInterval, before, progress.step) * config.gradientSteps;
    if (updates === 0) return;
    learner.optimizer.learningRate = learningRateAt(config, progress.step);
    for (let i = 1; i < updates; i++) await this.learnOnce();
    await this.learnOnce(this.#unitsToNextUpdate());
  }

  /** Chooses every environment's action: random with probability epsilon, else greedy. */
  async #act(): Promise<void> {
    const { group } = this.#options;
    const { behaviour, learner } = this.#parts;
    const { actions } = group.spec;
    const GREEDY = -1;
    for (let n = 0; n < this.#actions.length; n++) {
      this.#actions[n] = behaviour.random() < this.#progress.epsilon ? this.#exploring.integers(actions) : GREEDY;
    }
    if (!this.#actions.includes(GREEDY)) return;
    const q = await learner.qValues(group.observations);
    for (let n = 0; n < this.#actions.length; n++) {
      if (this.#actions[n] === GREEDY) this.#actions[n] = argMax(q, n * actions, actions);
    }
  }

  /** Stores environment n's last step, and ends its episode where it did. */
  #store(n: number, observer: TrainingObserver): void {
    const { config, group } = this.#options;
    const { replay } = this.#parts;
    const [reward, end] = [group.rewards[n], group.ends[n]];
    const learned = config.clipReward ? Math.sign(reward) : reward;
    const { observations, finalObservations } = this.#rows[n];
    if (end === GOES_ON) {
      replay.add(this.#actions[n], learned, false, false, observations, n);
      return;
    }
    const terminated = end === TERMINATED;
    replay.add(this.#actions[n], learned, terminated, !terminated, finalObservations, n);
    this.#progress.endEpisode(n, observer);
    replay.startEpisode(observations, n);
  }

  /** Calls of `advance` until one that learns, if the target network stands still until then; else -1. */
  #unitsToNextUpdate(): number {
    const { environments, trainInterval, targetUpdateInterval } = this.#options.config;
    const units = Math.ceil((trainInterval - (this.step % trainInterval)) / environments);
    return multiplesReached(targetUpdateInterval, this.step, this.step + units * environments) > 0 ? -1 : units;
  }

  /**
   * One gradient step on a fresh batch. Part of `advance`; public so that it can be measured alone.
   * @param units steps of every environment before the next one, for preparations; -1 makes none. Default 0.
   */
  async learnOnce(units = 0): Promise<void> {
    const { replay, sampling, learner } = this.#parts;
    if (replay instanceof PrioritizedReplay) replay.beta = priorityBeta(this.#options.config, this.step);
    replay.sample(sampling, this.#batch);
    await learner.learn(this.#batch, this.#foresee(units));
    if (replay instanceof PrioritizedReplay) replay.updatePriorities(this.#batch.indices, learner.errors);
    this.#progress.addUpdate(learner.loss, learner.meanQ);
  }

  /** The next batch after this many units. Priorities follow from the update before, so that theirs are not foreseen. */
  #foresee(units: number): NextBatch | undefined {
    const { replay, sampling, learner } = this.#parts;
    if (!learner.foresees || units < 0 || !(replay instanceof UniformReplay)) return undefined;
    replay.foresee(sampling, units, this.#next.slots);
    this.#next.actings = units;
    return this.#next;
  }

  exportModel(): ExportedModel {
    const { envId: env, envKwargs, config } = this.#options;
    const { learner } = this.#parts;
    const content = exportQModel(learner.network, learner.weights(), { env, envKwargs, view: viewOf(config) });
    return { fileName: 'best.onnx', content };
  }

  saveState(): Snapshot {
    const { learner, replay, behaviour, sampling } = this.#parts;
    return {
      ...this.#progress.saveState(),
      group: this.#options.group.saveState(),
      exploring: this.#exploring.saveState(),
      behaviour: behaviour.saveState(),
      sampling: sampling.saveState(),
      learner: learner.saveState(),
      replay: replay.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = asOfSeveral(state as Readonly<Record<string, Snapshot>>);
    const { learner, replay, behaviour, sampling } = this.#parts;
    this.#progress.restoreState(saved);
    this.#options.group.restoreState(saved['group']);
    this.#exploring.restoreState(saved['exploring']);
    behaviour.restoreState(saved['behaviour']);
    sampling.restoreState(saved['sampling']);
    replay.restoreState(saved['replay']);
    // After the replay: it asks which transitions there are.
    learner.restoreState(saved['learner']);
  }

  close(): void {
    void this.#parts.learner.close();
    this.#options.group.close();
  }
}

/** How many multiples of an interval lie above `before` and at most at `step`. */
function multiplesReached(interval: number, before: number, step: number): number {
  return Math.floor(step / interval) - Math.floor(before / interval);
}

/** The state of a training of version 0.1.0, which knew one environment, as it is saved now. */
function asOfSeveral(saved: Readonly<Record<string, Snapshot>>): Readonly<Record<string, Snapshot>> {
  if ('group' in saved) return saved;
  return {
    ...saved,
    episodeReturns: Float64Array.of(saved['episodeReturn'] as number),
    episodeSteps: Int32Array.of(saved['episodeSteps'] as number),
    group: { envs: [saved['env']], observations: saved['observation'] } as Snapshot,
    exploring: saved['actionSpace'],
  };
}
