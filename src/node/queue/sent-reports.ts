import type { TrainingReport } from '../jobs/training-job.ts';

const MOST = 1000;

/**
 * The reports that travel with a job's progress. Where there are too many, every second one of the older half is left out, but for
 * the last one up to each step at which trainings are compared: a pruner decides by it what it would decide with all of them.
 */
export class SentReports {
  readonly #compared: readonly number[];
  readonly #most: number;
  readonly #all: TrainingReport[] = [];

  /** @param compared steps, rising. @param most reports, about. */
  constructor(compared: readonly number[], most = MOST) {
    this.#compared = compared;
    this.#most = most;
  }

  /** A view, in the order of their steps. */
  get all(): readonly TrainingReport[] {
    return this.#all;
  }

  add(report: TrainingReport): void {
    this.#all.push(report);
    if (this.#all.length <= this.#most) return;
    const older = this.#all.splice(0, this.#most / 2);
    const isCompared = ({ step }: TrainingReport, i: number): boolean => {
      const next = (older[i + 1] ?? this.#all[0]).step;
      return this.#compared.some((at) => step <= at && at < next);
    };
    this.#all.unshift(...older.filter((one, i) => i % 2 === 0 || isCompared(one, i)));
  }
}
