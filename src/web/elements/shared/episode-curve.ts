/** Returns of episodes as a curve of bounded length: each of its points is the mean of some episodes, of twice as many once it is full. */
export class EpisodeCurve {
  readonly #capacity: number;
  readonly #window: Float64Array;
  /** Mean return of each point's episodes. */
  #returns: number[] = [];
  /** Mean of the last `window` episodes at each point's end. */
  #means: number[] = [];
  #perPoint = 1;
  /** Of the point that is not complete: sum and number of returns. */
  #sum = 0;
  #open = 0;
  #count = 0;
  #windowSum = 0;

  /** @param window episodes in the running mean. @param capacity points, even. */
  constructor(window = 100, capacity = 400) {
    this.#window = new Float64Array(window);
    this.#capacity = capacity;
  }

  /** Episodes so far. */
  get count(): number {
    return this.#count;
  }
  /** Mean of the last `window` episodes, of all where there are fewer; NaN before the first. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#windowSum / Math.min(this.#count, this.#window.length);
  }
  get returns(): readonly number[] {
    return this.#returns;
  }
  get means(): readonly number[] {
    return this.#means;
  }
  /** Episodes in each point. */
  get perPoint(): number {
    return this.#perPoint;
  }

  push(value: number): void {
    const at = this.#count % this.#window.length;
    // A full window forgets its oldest.
    this.#windowSum += value - (this.#count >= this.#window.length ? this.#window[at] : 0);
    this.#window[at] = value;
    this.#count++;
    this.#sum += value;
    if (++this.#open < this.#perPoint) return;
    this.#returns.push(this.#sum / this.#open);
    this.#means.push(this.mean);
    this.#sum = this.#open = 0;
    if (this.#returns.length < this.#capacity) return;
    this.#returns = halved(this.#returns, (a, b) => (a + b) / 2);
    this.#means = halved(this.#means, (_, b) => b);
    this.#perPoint *= 2;
  }
}

function halved(values: readonly number[], join: (a: number, b: number) => number): number[] {
  return Array.from({ length: values.length / 2 }, (_, i) => join(values[2 * i], values[2 * i + 1]));
}
