import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { quantile } from '../stats/quantile.ts';
import { checkWholeNumbers } from './check-whole-numbers.ts';
import type { Direction, Pruner, Trial } from './trial.ts';

export interface MedianPrunerOptions {
  /** Complete trials before which none is pruned. Default 5. */
  readonly startupTrials?: number | undefined;
  /** Steps of a trial before which it is not pruned. Default 0. */
  readonly warmupSteps?: number | undefined;
  /** Steps between looks at a trial, from the warm-up on; a look waits for the next report. Default 1: at every report. */
  readonly interval?: number | undefined;
  /** Complete trials with a report at the very step that it takes to say a median. Default 1. */
  readonly leastTrials?: number | undefined;
}

const OPTIONS: OptionNames<MedianPrunerOptions> = {
  ...{ startupTrials: true, warmupSteps: true, interval: true, leastTrials: true },
};

/**
 * The median stopping rule (Golovin et al. 2017, "Google Vizier", section 3.2.2): a trial ends whose best report so far is worse than the
 * median of what complete trials reported at the same step. Decides as Optuna's `MedianPruner`. Reports that are not numbers count for
 * nothing; a trial that has no other is pruned.
 */
export class MedianPruner implements Pruner {
  readonly #options: Required<{ [K in keyof MedianPrunerOptions]: number }>;

  constructor(options: MedianPrunerOptions = {}) {
    checkOptionNames(options, OPTIONS);
    const { startupTrials = 5, warmupSteps = 0, interval = 1, leastTrials = 1 } = options;
    this.#options = { startupTrials, warmupSteps, interval, leastTrials };
    checkWholeNumbers(this.#options, { interval: 1, leastTrials: 1 });
  }

  prunes(trial: Trial, trials: readonly Trial[], direction: Direction): boolean {
    const { startupTrials, warmupSteps, interval, leastTrials } = this.#options;
    const complete = trials.filter(({ state }) => state === 'complete');
    if (complete.length < Math.max(startupTrials, 1)) return false;
    const steps = [...trial.reports.keys()];
    const step = steps.at(-1);
    if (step === undefined || step < warmupSteps) return false;
    const due = warmupSteps + Math.floor((step - warmupSteps) / interval) * interval;
    // An earlier report since then was looked at.
    if ((steps.at(-2) ?? -1) >= due) return false;
    const worse = direction === 'minimize' ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
    const own = [...trial.reports.values()].filter(isNumber);
    if (own.length === 0) return true;
    const best = own.reduce((a, b) => (worse(a, b) ? b : a));
    const reported = complete.flatMap(({ reports }) => reports.get(step) ?? []);
    const others = reported.filter(isNumber).sort((a, b) => a - b);
    if (reported.length < leastTrials || others.length === 0) return false;
    return worse(best, quantile(others, 0.5));
  }
}

const isNumber = (value: number): boolean => !Number.isNaN(value);
