import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { checkWholeNumbers } from './check-whole-numbers.ts';
import type { Direction, Pruner, Trial } from './trial.ts';

export interface SuccessiveHalvingOptions {
  /** Steps to the first rung, r in the paper; at least as many as there are between reports. */
  readonly minResource: number;
  /** One of so many trials goes on from a rung, eta in the paper; at least 2. Default 4. */
  readonly reductionFactor?: number | undefined;
  /** Rungs that are left out at the bottom, s in the paper. Default 0. */
  readonly minEarlyStoppingRate?: number | undefined;
}

const OPTIONS: OptionNames<SuccessiveHalvingOptions> = {
  minResource: true,
  reductionFactor: true,
  minEarlyStoppingRate: true,
};

/**
 * Asynchronous successive halving (ASHA; Li et al. 2020, "A system for massively parallel hyperparameter tuning", Algorithm 2), as one
 * decides who sees running trials: at r eta^(s + k) steps a trial is on rung k, and goes on if it is among the best of one in eta of
 * those that were ever there; the first eta - 1 go on if they are the best so far. It never waits for other trials. Decides as Optuna's
 * `SuccessiveHalvingPruner`. A report on a rung that is not a number ends the trial, and failed trials count for nothing.
 *
 * Who was on which rung is read off the reports, nothing else is remembered. A report that reaches several rungs at once says not which of
 * them a pruned trial failed at: it counts at the first of them. Reports at most r steps apart reach one at a time.
 */
export class SuccessiveHalvingPruner implements Pruner {
  readonly #minResource: number;
  readonly #reductionFactor: number;
  readonly #minEarlyStoppingRate: number;

  constructor(options: SuccessiveHalvingOptions) {
    checkOptionNames(options, OPTIONS);
    const { minResource, reductionFactor = 4, minEarlyStoppingRate = 0 } = options;
    checkWholeNumbers({ minResource, reductionFactor, minEarlyStoppingRate }, { minResource: 1, reductionFactor: 2 });
    this.#minResource = minResource;
    this.#reductionFactor = reductionFactor;
    this.#minEarlyStoppingRate = minEarlyStoppingRate;
  }

  prunes(trial: Trial, trials: readonly Trial[], direction: Direction): boolean {
    const steps = [...trial.reports.keys()];
    const [before, step] = [steps.at(-2) ?? -1, steps.at(-1) ?? -1];
    const value = trial.reports.get(step) ?? Number.NaN;
    const others = trials.filter(({ number, state }) => number !== trial.number && state !== 'failed');
    for (let rung = 0; this.#stepOf(rung) <= step; rung++) {
      if (this.#stepOf(rung) <= before) continue;
      if (Number.isNaN(value)) return true;
      const values = others.map((other) => this.#valueAt(other, rung)).filter((other) => other !== undefined);
      if (!this.#goesOn(value, [...values, value], direction)) return true;
    }
    return false;
  }

  /** Steps of a trial that is on a rung. */
  #stepOf(rung: number): number {
    return this.#minResource * this.#reductionFactor ** (this.#minEarlyStoppingRate + rung);
  }

  /** What a trial reported when it was on a rung; undefined where it never was. */
  #valueAt({ reports, state }: Trial, rung: number): number | undefined {
    const list = [...reports];
    const at = list.findIndex(([step]) => step >= this.#stepOf(rung));
    if (at < 0 || Number.isNaN(list[at][1])) return undefined;
    const firstOfIt = rung === 0 || (list[at - 1]?.[0] ?? -1) >= this.#stepOf(rung - 1);
    if (state === 'pruned' && at === list.length - 1 && !firstOfIt) return undefined;
    return list[at][1];
  }

  #goesOn(value: number, values: readonly number[], direction: Direction): boolean {
    const sign = direction === 'minimize' ? 1 : -1;
    const ranked = values.map((other) => sign * other).sort((a, b) => a - b);
    const promoted = Math.max(Math.floor(values.length / this.#reductionFactor), 1);
    return sign * value <= ranked[promoted - 1];
  }
}
