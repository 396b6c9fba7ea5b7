import { DivergenceError } from '../core/errors.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { VectorStep } from '../vector/vector-env.ts';
import type { Observation } from './preprocessing.ts';
import { reportEpisode } from './report-episode.ts';
import { ReturnWindow } from './return-window.ts';
import { endAtLimit, restoreEnd, saveEnd, type TrainingEnd, type TrainingObserver } from './training.ts';

export interface ProgressOptions {
  /** Environments that are stepped together; each step of all counts as so many. */
  readonly environments: number;
  readonly epsilonStart: number;
  readonly rewardBound: number | null;
  readonly rewardWindow: number;
  readonly maxSteps: number;
}

/** Where the training of a network stands: its steps, episodes, updates since the last report, and its end. */
export class Progress implements Restorable {
  /** Environment steps so far. */
  step = 0;
  /** Of the last step. */
  epsilon: number;
  end: TrainingEnd | undefined;
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #returns: ReturnWindow;
  /** [environments], of the episodes under way. */
  readonly #episodeReturns: Float64Array;
  readonly #episodeSteps: Int32Array;
  #bestMean: number | undefined;
  /** Sums over the updates since the last report. */
  #lossSum = 0;
  #meanQSum = 0;
  #updates = 0;
  /** Of this process alone: speed is no part of a saved state. */
  #speedStep = 0;
  #speedTime: number;

  /** @param now milliseconds from any fixed moment; for the reported speed only. Default: the platform's clock. */
  constructor(options: ProgressOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.epsilon = options.epsilonStart;
    this.#returns = new ReturnWindow(options.rewardWindow);
    this.#episodeReturns = new Float64Array(options.environments);
    this.#episodeSteps = new Int32Array(options.environments);
    this.#speedTime = now();
  }

  /**
   * One step of every environment: counts it, reports the episodes that it ended, and sets `end` where the bound is reached
   * or the last step was the last allowed.
   * @param result with unclipped rewards.
   * @param actions [environments], those taken.
   */
  addStep(result: VectorStep<Observation>, actions: Int32Array, observer: TrainingObserver): void {
    const { rewards, terminations, truncations } = result;
    this.step += rewards.length;
    for (let n = 0; n < rewards.length; n++) {
      this.#episodeReturns[n] += rewards[n];
      this.#episodeSteps[n]++;
    }
    observer.step?.({ step: this.step, actions, epsilon: this.epsilon, result });
    for (let n = 0; n < rewards.length; n++) {
      if (terminations[n] === 1 || truncations[n] === 1) this.#endEpisode(n, observer);
    }
    const { maxSteps, rewardBound } = this.#options;
    if (this.step >= maxSteps) this.end ??= endAtLimit(this.step, rewardBound);
  }

  /** @throws DivergenceError when the loss is not finite: no later update would mend the weights. */
  addUpdate({ loss, meanQ }: { readonly loss: number; readonly meanQ: number }, observer: TrainingObserver): void {
    if (!Number.isFinite(loss)) {
      throw new DivergenceError(
        `The loss of an update at step ${this.step} is ${loss}: the weights have diverged. A lower learningRate or a gradientClipNorm may help; the last checkpoint is from before.`,
      );
    }
    this.#lossSum += loss;
    this.#meanQSum += meanQ;
    this.#updates++;
    observer.update?.({ step: this.step, loss, meanQ });
  }

  #endEpisode(n: number, observer: TrainingObserver): void {
    const { step, epsilon } = this;
    const { rewardBound, rewardWindow } = this.#options;
    const reward = this.#episodeReturns[n];
    this.#returns.add(reward);
    const mean = this.#returns.mean();
    const games = this.#returns.count;
    observer.episode?.({ step, environment: n, reward, steps: this.#episodeSteps[n], episodes: games });
    this.#bestMean = reportEpisode(observer, {
      step,
      games,
      mean,
      epsilon,
      speed: this.#takeSpeed(),
      reward,
      episodeSteps: this.#episodeSteps[n],
      updates: this.#updates,
      lossSum: this.#lossSum,
      meanQSum: this.#meanQSum,
      bestMean: this.#bestMean,
    });
    // A mean over fewer episodes than the window says too little: a lucky first game is no solution.
    if (rewardBound !== null && mean > rewardBound && games >= rewardWindow) {
      this.end = { solved: true, message: `Solved in ${step} frames!` };
    }
    this.#lossSum = this.#meanQSum = this.#updates = 0;
    this.#episodeReturns[n] = this.#episodeSteps[n] = 0;
  }

  /** What a progress bar shows. */
  status(): string {
    const games = this.#returns.count;
    const mean = games === 0 ? '' : `reward ${this.#returns.mean().toFixed(2)}, `;
    return `${games} games, ${mean}eps ${this.epsilon.toFixed(2)}`;
  }

  /** Steps a second since the last call. */
  #takeSpeed(): number {
    const time = this.#now();
    const speed = ((this.step - this.#speedStep) / Math.max(time - this.#speedTime, 1e-6)) * 1000;
    this.#speedStep = this.step;
    this.#speedTime = time;
    return speed;
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
    const saved = state as Readonly<Record<string, Snapshot>>;
    this.step = saved['step'] as number;
    this.epsilon = saved['epsilon'] as number;
    this.#bestMean = (saved['bestMean'] as number | null) ?? undefined;
    this.end = restoreEnd(saved['end']);
    [this.#lossSum, this.#meanQSum, this.#updates] = saved['sums'] as [number, number, number];
    this.#episodeReturns.set(saved['episodeReturns'] as Float64Array);
    this.#episodeSteps.set(saved['episodeSteps'] as Int32Array);
    this.#returns.restoreState(saved['returns']);
    this.#speedStep = this.step;
    this.#speedTime = this.#now();
  }
}
