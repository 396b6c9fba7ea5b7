/** Room for so many things at a time, given in the order in which it is asked for. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Those that ask and have none yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async acquire(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#free++;
    for (const tell of this.#idle.splice(0)) tell();
  }

  /** Resolves when there is room that nobody asks for. */
  async idle(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
