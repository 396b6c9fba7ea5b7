import { MismatchError, show } from './errors.ts';
import type { Snapshot, SnapshotArray } from './snapshot.ts';

/**
 * Reads a saved object with its types and ranges. A state comes out of a file, whose checksum says that it is as it was written,
 * not who wrote it: what would break the part later is refused while it is restored. Keys that nobody asks for may be anything.
 * All methods throw MismatchError, in the words "The saved <what> has <key> <value>, allowed is <range>".
 */
export class SavedState {
  /** Of what, for messages. */
  readonly #what: string;
  readonly #values: Readonly<Record<string, Snapshot>>;

  constructor(state: Snapshot, what: string) {
    if (typeof state !== 'object' || state === null || Array.isArray(state) || ArrayBuffer.isView(state))
      throw new MismatchError(`The saved ${what} is ${show(state)}, allowed is an object.`);
    this.#what = what;
    this.#values = state as Readonly<Record<string, Snapshot>>;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** What the part that it belongs to reads itself. */
  part(key: string): Snapshot {
    return this.has(key) ? this.#values[key] : this.#refuse(key, undefined, 'a state');
  }

  /** @returns undefined for null. */
  optional<T>(key: string, read: (key: string) => T): T | undefined {
    return this.part(key) === null ? undefined : read.call(this, key);
  }

  /** An integer. @param to default the largest safe one. */
  whole(key: string, from = 0, to = Number.MAX_SAFE_INTEGER): number {
    const value = this.#values[key];
    if (Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to) return value as number;
    return this.#refuse(key, value, `an integer from ${from} ${to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${to}`}`);
  }

  /** A finite number. */
  finite(key: string, from = -Number.MAX_VALUE, to = Number.MAX_VALUE): number {
    const value = this.#values[key];
    if (typeof value === 'number' && value >= from && value <= to) return value;
    const above = to === Number.MAX_VALUE ? `${from} up` : `${from} to ${to}`;
    return this.#refuse(key, value, `a finite number${from === -Number.MAX_VALUE ? '' : ` from ${above}`}`);
  }

  flag(key: string): boolean {
    const value = this.#values[key];
    return typeof value === 'boolean' ? value : this.#refuse(key, value, 'true or false');
  }

  oneOf<T extends Snapshot>(key: string, known: readonly T[]): T {
    const value = this.#values[key] as T;
    return known.includes(value) ? value : this.#refuse(key, value, known.map((one) => show(one)).join(', '));
  }

  /** @param most characters. */
  text(key: string, most = 1000): string {
    const value = this.#values[key];
    if (typeof value === 'string' && value.length <= most) return value;
    return this.#refuse(key, value, `a text of at most ${most} characters`);
  }

  /** @param length default any. */
  list(key: string, length?: number): readonly Snapshot[] {
    const value = this.#values[key];
    if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
    return this.#refuse(key, value, `a list${length === undefined ? '' : ` of ${length}`}`);
  }

  /** A typed array of the kind of `like`. @param length default any. @returns the state's own. */
  array<A extends SnapshotArray>(key: string, like: A, length?: number): A {
    return readArray(this.#values[key], like, length, (allowed) => this.#refuse(key, this.#values[key], allowed));
  }

  /** Copies a typed array to one of the same kind and length.
   * @param from, to the range of its elements; default any, those included that are not finite. */
  into(key: string, out: SnapshotArray, from?: number, to?: number): void {
    const array = this.array(key, out, out.length);
    if (from !== undefined && to !== undefined) this.within(key, array as Int32Array, from, to);
    (out as Float64Array).set(array as Float64Array);
  }

  /** Checks that all elements of an array that was read are from `from` to `to`. */
  within(key: string, array: ArrayLike<number>, from: number, to: number): void {
    for (let i = 0; i < array.length; i++) {
      if (!(array[i] >= from && array[i] <= to))
        this.#refuse(`${key}[${i}]`, array[i], `a number from ${from} to ${to}`);
    }
  }

  /** For what no single value shows. */
  require(holds: boolean, key: string, allowed: string): void {
    if (!holds) this.#refuse(key, this.#values[key], allowed);
  }

  #refuse(key: string, value: unknown, allowed: string): never {
    const received = value === undefined ? `no ${key}` : `${key} ${show(value)}`;
    throw new MismatchError(`The saved ${this.#what} has ${received}, allowed is ${allowed}.`);
  }
}

/** Copies a state that is a typed array to one of the same kind and length. @throws MismatchError for another state. */
export function restoreArray(state: Snapshot, what: string, out: SnapshotArray): void {
  const array = readArray(state, out, out.length, (allowed) => {
    throw new MismatchError(`The saved ${what} is ${show(state)}, allowed is ${allowed}.`);
  });
  (out as Float64Array).set(array as Float64Array);
}

function readArray<A extends SnapshotArray>(
  value: Snapshot | undefined,
  like: A,
  length: number | undefined,
  refuse: (allowed: string) => never,
): A {
  const name = kindOf(like);
  const fits = ArrayBuffer.isView(value) && kindOf(value as SnapshotArray) === name;
  if (fits && (length === undefined || (value as A).length === length)) return value as A;
  return refuse(`${name}${length === undefined ? '' : `(${length})`}`);
}

/** Not its constructor: Node's Buffer is a Uint8Array too. */
const kindOf = (array: SnapshotArray): string =>
  (array as unknown as { readonly [Symbol.toStringTag]: string })[Symbol.toStringTag];
