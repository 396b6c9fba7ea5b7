/** How often a trial is reported on, at equal parts of its training; the last one is its end. */
export const REPORTS = 16;

/** Steps at which the mean over the seeds of a trial is reported: sixteenths of a training. */
export const reportSteps = (steps: number): number[] => [
  ...new Set(Array.from({ length: REPORTS }, (_, i) => Math.ceil((steps * (i + 1)) / REPORTS))),
];

/**
 * What the trainings of a trial report, made into the means over its seeds at equal steps. They depend on what was trained alone, not on
 * when it was looked at, nor on which seed went first.
 */
export class TrialReports {
  readonly #grid: readonly number[];
  readonly #seeds: SeedReports[];
  #next: number;

  /** @param reported the last step that was reported before, by a program that was broken off; 0 for none. */
  constructor(steps: number, seeds: number, reported: number) {
    this.#grid = reportSteps(steps);
    this.#seeds = Array.from({ length: seeds }, () => new SeedReports(this.#grid.length));
    this.#next = this.#grid.findIndex((step) => step > reported);
    if (this.#next < 0) this.#next = this.#grid.length;
  }

  /** A seed's training begins to report, maybe from its beginning again. */
  restart(seed: number): void {
    this.#seeds[seed] = new SeedReports(this.#grid.length);
  }

  add(seed: number, step: number, score: number): void {
    this.#seeds[seed].add(this.#grid, step, score);
  }

  /** A seed's training has ended, and keeps what it came to. */
  end(seed: number, step: number): void {
    this.#seeds[seed].end(step);
  }

  /** The farthest step of a seed. */
  stepOf(seed: number): number {
    return this.#seeds[seed].step;
  }

  /** The means that are known by now and were not taken before, in the order of their steps. */
  take(): { readonly step: number; readonly mean: number }[] {
    const taken: { step: number; mean: number }[] = [];
    for (; this.#next < this.#grid.length; this.#next++) {
      const step = this.#grid[this.#next];
      if (!this.#seeds.every((seed) => seed.knows(step))) break;
      // Beyond the end of all there is nothing to report.
      if (this.#seeds.every((seed) => seed.endedBefore(step))) break;
      const scores = this.#seeds.map((seed) => seed.at(this.#next));
      // A seed has not finished an episode.
      if (scores.some((score) => score === undefined)) continue;
      taken.push({ step, mean: scores.reduce((sum: number, score) => sum + score!, 0) / scores.length });
    }
    return taken;
  }
}

class SeedReports {
  step = 0;
  #ended: number | undefined;
  /** The last score up to each step of the grid. */
  readonly #scores: (number | undefined)[];

  constructor(length: number) {
    this.#scores = new Array<number | undefined>(length).fill(undefined);
  }

  add(grid: readonly number[], step: number, score: number): void {
    if (this.#ended !== undefined) return;
    this.step = Math.max(this.step, step);
    for (let i = grid.length - 1; i >= 0 && grid[i] >= step; i--) this.#scores[i] = score;
  }

  end(step: number): void {
    this.step = Math.max(this.step, step);
    this.#ended = step;
  }

  /** Whether no more is to come of a step. */
  knows(step: number): boolean {
    return this.#ended !== undefined || this.step > step;
  }

  endedBefore(step: number): boolean {
    return this.#ended !== undefined && this.#ended < step;
  }

  at(i: number): number | undefined {
    return this.#scores[i];
  }
}
