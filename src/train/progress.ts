import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { VectorStep } from '../vector/vector-env.ts';
import { divergedAt } from './divergence.ts';
import type { Observation } from './preprocessing.ts';
import { learningScalars, reportEpisode } from './report-episode.ts';
import { ReturnWindow } from './return-window.ts';
import { SpeedMeter } from './speed-meter.ts';
import { endAtLimit, restoreEnd, saveEnd, type TrainingEnd, type TrainingObserver } from './training.ts';

export interface ProgressOptions {
  /** Environments that are stepped together; each step of all counts as so many. */
  readonly environments: number;
  readonly epsilonStart: number;
  readonly rewardBound: number | null;
  readonly rewardWindow: number;
  readonly maxSteps: number;
}

/**
 * Where the training of a network stands: its steps, games, updates since the last report, and its end. Scores are of whole
 * games, where the learner's episodes are parts of them (`WholeGame`).
 */
export class Progress implements Restorable {
  /** Environment steps so far. */
  step = 0;
  /** Of the last step. */
  epsilon: number;
  end: TrainingEnd | undefined;
  readonly #options: ProgressOptions;
  readonly #returns: ReturnWindow;
  /** [environments], of the games under way. */
  readonly #episodeReturns: Float64Array;
  readonly #episodeSteps: Int32Array;
  #bestMean: number | undefined;
  /** Sums over the updates since the last report. */
  #lossSum = 0;
  #meanQSum = 0;
  #updates = 0;
  readonly #speed: SpeedMeter;

  /** @param now milliseconds from any fixed moment; for the reported speed only. Default: the platform's clock. */
  constructor(options: ProgressOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#speed = new SpeedMeter(now);
    this.epsilon = options.epsilonStart;
    this.#returns = new ReturnWindow(options.rewardWindow);
    this.#episodeReturns = new Float64Array(options.environments);
    this.#episodeSteps = new Int32Array(options.environments);
  }

  /**
   * One step of every environment: counts it, reports the games that it ended, and sets `end` where the bound is reached
   * or the last step was the last allowed.
   * @param result with unclipped rewards.
   * @param actions [environments], those taken.
   */
  addStep(result: VectorStep<Observation>, actions: Int32Array, observer: TrainingObserver): void {
    const { rewards, terminations, truncations, wholeGames } = result;
    this.step += rewards.length;
    for (let n = 0; n < rewards.length; n++) {
      this.#episodeReturns[n] += rewards[n];
      this.#episodeSteps[n]++;
    }
    observer.step?.({ step: this.step, actions, epsilon: this.epsilon, result });
    this.#speed.count(this.step);
    let [ended, returns, lengths] = [0, 0, 0];
    for (let n = 0; n < rewards.length; n++) {
      if ((terminations[n] === 0 && truncations[n] === 0) || wholeGames?.over[n] === 0) continue;
      const told = wholeGames?.returns[n] ?? Number.NaN;
      const reward = Number.isNaN(told) ? this.#episodeReturns[n] : told;
      const steps = this.#episodeSteps[n];
      this.#returns.add(reward);
      observer.episode?.({ step: this.step, environment: n, reward, steps, episodes: this.#returns.count });
      ended++;
      returns += reward;
      lengths += steps;
      this.#episodeReturns[n] = this.#episodeSteps[n] = 0;
    }
    if (ended > 0) this.#report(returns / ended, lengths / ended, observer);
    const { maxSteps, rewardBound } = this.#options;
    if (this.step >= maxSteps) this.end ??= endAtLimit(this.step, rewardBound);
  }

  /** @throws DivergenceError when the loss is not finite: no later update would repair the weights. */
  addUpdate({ loss, meanQ }: { readonly loss: number; readonly meanQ: number }, observer: TrainingObserver): void {
    if (!Number.isFinite(loss)) throw divergedAt(this.step, `the loss of an update is ${loss}`);
    this.#lossSum += loss;
    this.#meanQSum += meanQ;
    this.#updates++;
    observer.update?.({ step: this.step, loss, meanQ });
  }

  /** One report for all games that a step ended: logs take one value a step. */
  #report(reward: number, episodeSteps: number, observer: TrainingObserver): void {
    const { step, epsilon } = this;
    const { rewardBound, rewardWindow } = this.#options;
    const mean = this.#returns.mean();
    const games = this.#returns.count;
    this.#bestMean = reportEpisode(observer, {
      ...{ step, games, mean, epsilon, reward, episodeSteps, bestMean: this.#bestMean },
      ...this.#learning(),
    });
    // A mean over fewer episodes than the window says too little: a lucky first game is no solution.
    if (rewardBound !== null && mean > rewardBound && games >= rewardWindow) {
      this.end ??= { solved: true, message: `Solved in ${step} frames!` };
    }
    this.#lossSum = this.#meanQSum = this.#updates = 0;
  }

  /** Logs what there is to log of a training that stops before its first game is over; nothing later. */
  reportUnfinished(observer: TrainingObserver): void {
    if (this.#returns.count > 0 || this.step === 0) return;
    observer.scalars?.(this.step, learningScalars({ epsilon: this.epsilon, ...this.#learning() }));
  }

  #learning(): { speed: number | undefined; updates: number; lossSum: number; meanQSum: number } {
    const speed = this.#speed.speed(this.step);
    return { speed, updates: this.#updates, lossSum: this.#lossSum, meanQSum: this.#meanQSum };
  }

  /** What a progress bar shows. */
  status(): string {
    const games = this.#returns.count;
    const mean = games === 0 ? '' : `reward ${this.#returns.mean().toFixed(2)}, `;
    return `${games} games, ${mean}eps ${this.epsilon.toFixed(2)}`;
  }

  saveState(): { readonly [key: string]: Snapshot } {
    return {
      step: this.step,
      epsilon: this.epsilon,
      bestMean: this.#bestMean ?? null,
      end: saveEnd(this.end),
      sums: [this.#lossSum, this.#meanQSum, this.#updates],
      episodeReturns: this.#episodeReturns.slice(),
      episodeSteps: this.#episodeSteps.slice(),
      returns: this.#returns.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    this.step = saved.whole('step');
    this.epsilon = saved.finite('epsilon', 0, 1);
    this.#bestMean = saved.optional('bestMean', saved.finite);
    this.end = restoreEnd(saved.part('end'));
    const sums = saved.list('sums', 3) as readonly number[];
    saved.require(sums.every((sum) => typeof sum === 'number') && sums[2] >= 0, 'sums', 'numbers');
    [this.#lossSum, this.#meanQSum, this.#updates] = sums;
    saved.into('episodeReturns', this.#episodeReturns);
    saved.into('episodeSteps', this.#episodeSteps, 0, 2 ** 31 - 1);
    this.#returns.restoreState(saved.part('returns'));
    this.#speed.restart(this.step);
  }
}
