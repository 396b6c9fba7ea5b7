import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { summarize } from '../stats/summary.ts';
import type { EpisodeRecord, EvaluateOptions } from './evaluate.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';
import { multiples } from './update-schedule.ts';

/** When a training is evaluated, and how. */
export interface EvaluationSettings {
  /** Units of the training between evaluations; there is one at its end too. */
  readonly every: number;
  /** Episodes of an evaluation. */
  readonly episodes: number;
  /** Probability of a random action. */
  readonly epsilon: number;
  /** Up to so many random no-ops at an episode's start; image environments only. */
  readonly noops: number;
}

/** Plays episodes with a model in an environment of its own. */
export type Evaluator = (model: ExportedModel, options: EvaluateOptions) => Promise<readonly EpisodeRecord[]>;

/**
 * A training that is evaluated from time to time: the model as it is then plays episodes that nothing is learned from, in an
 * environment of its own. The best model is the one with the best mean there, not the one with the best training returns,
 * which lag behind and contain exploration. The training itself goes on as it would have without: same bits.
 *
 * Each evaluation has its own seed, which follows from the run's and the number of units, so that a resumed run repeats none.
 */
export class EvaluatedTraining implements Training {
  readonly inner: Training;
  readonly #settings: EvaluationSettings;
  readonly #seed: number;
  readonly #evaluate: Evaluator;
  #observer: TrainingObserver = {};
  #passedOn: TrainingObserver = {};
  #bestMean: number | undefined;
  #lastMean: number | undefined;

  /** @param seed of the run. */
  constructor(inner: Training, settings: EvaluationSettings, seed: number, evaluate: Evaluator) {
    this.inner = inner;
    this.#settings = settings;
    this.#seed = seed;
    this.#evaluate = evaluate;
  }

  get step(): number {
    return this.inner.step;
  }
  get maxSteps(): number {
    return this.inner.maxSteps;
  }
  get end(): TrainingEnd | undefined {
    return this.inner.end;
  }
  get network(): Training['network'] {
    return this.inner.network;
  }
  get table(): Training['table'] {
    return this.inner.table;
  }
  status(): string {
    const status = this.inner.status();
    return this.#lastMean === undefined ? status : `${status}, eval ${this.#lastMean.toFixed(2)}`;
  }
  exportModel(): ExportedModel {
    return this.inner.exportModel();
  }
  async presentValues(): Promise<Float32Array | Float64Array | undefined> {
    return this.inner.presentValues?.();
  }
  get stored(): Training['stored'] {
    return this.inner.stored;
  }
  get changeable(): readonly string[] {
    return this.inner.changeable ?? [];
  }
  change(settings: Readonly<Record<string, unknown>>): void {
    this.inner.change?.(settings);
  }
  reopen(): void {
    this.inner.reopen?.();
  }
  reportUnfinished(observer: TrainingObserver): void {
    this.inner.reportUnfinished?.(observer);
  }

  get untouched(): boolean | undefined {
    return this.inner.untouched;
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { inner } = this;
    const { every } = this.#settings;
    const before = inner.step;
    if (this.#observer !== observer) [this.#observer, this.#passedOn] = [observer, withoutBest(observer)];
    await inner.advance(this.#passedOn);
    if (multiples(every, before, inner.step) > 0 || inner.end !== undefined) await this.#play(observer);
  }

  async #play(observer: TrainingObserver): Promise<void> {
    const { inner } = this;
    const { step } = inner;
    const { episodes, epsilon } = this.#settings;
    // One child of the seed for each evaluation; the training draws from other children.
    const [random] = new Generator(this.#seed).spawn(EVALUATION_CHILD + 1).slice(EVALUATION_CHILD);
    const seed = (random.integers(2 ** 31) + step) % 2 ** 31;
    const played = await this.#evaluate(inner.exportModel(), { episodes, epsilon, seed });
    const returns = played.map(({ totalReward }) => totalReward);
    const { mean, std } = summarize(returns);
    const meanSteps = summarize(played.map(({ steps }) => steps)).mean;
    const isBest = this.#bestMean === undefined || mean > this.#bestMean;
    this.#lastMean = mean;
    observer.scalars?.(step, { eval_reward: mean, eval_reward_std: std, eval_episode_steps: meanSteps });
    observer.line?.(
      `${step}: evaluation, mean reward ${mean.toFixed(3)} +- ${std.toFixed(3)} of ${episodes} episodes, eps ${epsilon}${isBest ? ', best' : ''}`,
    );
    observer.evaluation?.({ step, returns, meanSteps, isBest });
    if (!isBest) return;
    this.#bestMean = mean;
    observer.best?.(mean);
  }

  saveState(): Snapshot {
    return { training: this.inner.saveState(), bestMean: this.#bestMean ?? null, lastMean: this.#lastMean ?? null };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    this.inner.restoreState(saved.part('training'));
    this.#bestMean = saved.optional('bestMean', saved.finite);
    this.#lastMean = saved.optional('lastMean', saved.finite);
  }
  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Trainings draw from the first children of their seed; this one is far from them. */
const EVALUATION_CHILD = 100;

const PASSED_ON = ['scalars', 'line', 'step', 'episode', 'update'] as const;

/** An observer that is told all but the training's own idea of the best model. */
function withoutBest(observer: TrainingObserver): TrainingObserver {
  const passedOn: Record<string, unknown> = {};
  for (const name of PASSED_ON) passedOn[name] = observer[name]?.bind(observer);
  return passedOn as TrainingObserver;
}
