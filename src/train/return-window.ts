import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';

/** Returns of the last episodes and their mean. */
export class ReturnWindow implements Restorable {
  readonly #values: Float64Array;
  #count = 0;

  /** @param size episodes that the mean is taken over. */
  constructor(size: number) {
    this.#values = new Float64Array(size);
  }
  /** Episodes so far, those outside the window included. */
  get count(): number {
    return this.#count;
  }
  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }
  /** Mean of the window; of all episodes while there are fewer; NaN before the first. */
  mean(): number {
    const filled = Math.min(this.#count, this.#values.length);
    let sum = 0;
    // Summed anew each time: a running sum would drift, and depend on where a run was resumed.
    for (let i = 0; i < filled; i++) sum += this.#values[i];
    return sum / filled;
  }
  saveState(): Snapshot {
    return { values: this.#values.slice(), count: this.#count };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'window of returns');
    saved.into('values', this.#values);
    this.#count = saved.whole('count');
  }
}
