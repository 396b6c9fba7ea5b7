/** The last values of a series, oldest first. */
export class RecentValues {
  readonly #ring: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#ring.length;
  }

  push(value: number): void {
    this.#ring[this.#count++ % this.#ring.length] = value;
  }

  clear(): void {
    this.#count = 0;
  }

  /** A copy of those there are. */
  values(): Float64Array {
    const { length } = this.#ring;
    const present = Math.min(length, this.#count);
    return Float64Array.from({ length: present }, (_, i) => this.#ring[(this.#count - present + i) % length]);
  }
}
