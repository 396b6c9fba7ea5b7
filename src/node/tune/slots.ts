/** Room for so many things at a time, given in the order in which it is asked for. */
export class Slots {
  readonly #count: () => number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];

  /** @param count what there is room for now; `refresh` where it may have grown. */
  constructor(count: () => number) {
    this.#count = count;
  }

  /** Those that ask and have none yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async acquire(): Promise<void> {
    if (this.#isFree) this.#taken++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    this.#taken--;
    this.refresh();
  }

  /** Gives what room there is to those that ask. */
  refresh(): void {
    while (this.#isFree) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#taken++;
      next();
    }
    if (this.#isFree) for (const tell of this.#idle.splice(0)) tell();
  }

  /** Resolves when there is room that nobody asks for. */
  async idle(): Promise<void> {
    while (!this.#isFree) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  get #isFree(): boolean {
    return this.#taken < this.#count();
  }
}
