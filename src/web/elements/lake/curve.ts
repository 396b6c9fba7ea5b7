/** A curve whose number of points stays between half of `MOST` and `MOST`, evenly spaced in work, however long it gets. */
const MOST = 256;

export class Curve {
  readonly work: number[] = [];
  /** Value of the start under the greedy policy; NaN where that policy's sum of rewards has no bound. */
  readonly score: number[] = [];
  /** Largest error of a value; NaN where V* is unknown. */
  readonly distance: number[] = [];
  /** Units between two points. */
  interval: number;
  /** When the next point is due. */
  due = 0;

  constructor(interval: number) {
    this.interval = interval;
  }

  add(work: number, score: number, distance: number): void {
    this.work.push(work);
    this.score.push(score);
    this.distance.push(distance);
    if (this.work.length >= MOST) {
      this.interval *= 2;
      for (const list of [this.work, this.score, this.distance]) {
        const half = list.filter((_, i) => i % 2 === 0);
        list.splice(0, list.length, ...half);
      }
    }
    this.due = this.work[this.work.length - 1] + this.interval;
  }
}
