import { randomBytes } from 'node:crypto';

/** Milliseconds in which a browser has opened a page. */
const LIFE = 120_000;

/**
 * Keys that open the board once. The address that a browser is started with stands in its command line, where other users of the
 * machine can read it as long as the browser runs: so it has one of these, which the page trades for the token, and not the token.
 */
export class OneTimeKeys {
  readonly #ends = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds from any moment. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  make(): string {
    const key = randomBytes(24).toString('base64url');
    this.#ends.set(key, this.#now() + LIFE);
    return key;
  }

  /** Whether a key is good; from then on it is not. */
  take(key: string): boolean {
    const end = this.#ends.get(key);
    this.#ends.delete(key);
    return end !== undefined && this.#now() < end;
  }
}
