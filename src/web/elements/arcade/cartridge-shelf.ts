import { forgetCartridges, keepCartridge, keptCartridges } from './cartridge-store.ts';

/** The reader's cartridges, by ALE's name of the game, and how many of them this browser keeps for later visits. */
export class CartridgeShelf {
  readonly #cartridges = new Map<string, Uint8Array>();
  #kept = 0;

  /** In alphabetical order. */
  get games(): string[] {
    return [...this.#cartridges.keys()].sort();
  }
  /** How many this browser keeps. */
  get kept(): number {
    return this.#kept;
  }

  get(game: string): Uint8Array | undefined {
    return this.#cartridges.get(game);
  }
  values(): Iterable<Uint8Array> {
    return this.#cartridges.values();
  }

  add(game: string, bytes: Uint8Array): void {
    this.#cartridges.set(game, bytes);
  }

  /** Adds what this browser keeps. @returns the games. */
  async recall(): Promise<string[]> {
    const kept = await keptCartridges();
    for (const [game, bytes] of kept) this.#cartridges.set(game, bytes);
    this.#kept = kept.size;
    return [...kept.keys()];
  }

  /** Has this browser keep all that are here. @throws DOMException when it keeps nothing for this page. */
  async keep(): Promise<void> {
    for (const [game, bytes] of this.#cartridges) await keepCartridge(game, bytes);
    this.#kept = this.#cartridges.size;
  }

  /** Has this browser keep none any more. @throws DOMException as `keep`. */
  async forget(): Promise<void> {
    await forgetCartridges();
    this.#kept = 0;
  }
}
