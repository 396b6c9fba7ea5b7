/** Work between two points grows in proportion: a curve over decades has as many points in each of them. */
const GROWTH = 1.04;

/** What a method came to over its work. */
export class Curve {
  readonly work: number[] = [];
  /** Value of the start under the greedy policy; NaN where that has no bound. */
  readonly score: number[] = [];
  /** Largest error of a value; NaN where V* is unknown. */
  readonly distance: number[] = [];
  /** When the next point is due, in units of work. */
  due = 0;
  readonly #interval: number;

  /** @param interval least work between two points. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  add(work: number, score: number, distance: number): void {
    this.work.push(work);
    this.score.push(score);
    this.distance.push(distance);
    this.due = Math.ceil(Math.max(work + this.#interval, work * GROWTH));
  }
}
