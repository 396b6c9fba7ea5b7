/**
 * Values between Node and Python, each with a letter in front that says its type (`put` and `take` of
 * `environment_server.py`). Little-endian.
 */
import { OptionError } from '../../core/errors.ts';
import type { SnapshotArray } from '../../core/snapshot.ts';

const LETTER = {
  null: 0x4e,
  true: 0x54,
  false: 0x46,
  integer: 0x69,
  double: 0x64,
  text: 0x73,
  array: 0x61,
  list: 0x6c,
  map: 0x6d,
} as const;

const ARRAYS: Readonly<
  Record<string, { new (buffer: ArrayBuffer): SnapshotArray; readonly BYTES_PER_ELEMENT: number }>
> = {
  B: Uint8Array,
  b: Int8Array,
  H: Uint16Array,
  h: Int16Array,
  I: Uint32Array,
  i: Int32Array,
  Q: BigUint64Array,
  q: BigInt64Array,
  f: Float32Array,
  d: Float64Array,
};
const LETTER_OF = new Map(Object.entries(ARRAYS).map(([letter, type]) => [type as unknown, letter.charCodeAt(0)]));

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads one answer from its first byte to its last. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  /** @param bytes memory that the next answer overwrites; everything read is copied out. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  byte(): number {
    return this.#bytes[this.#at++];
  }

  uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  double(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  /** A 64-bit integer: a number where that is exact, else a bigint. */
  integer(): number | bigint {
    const low = this.uint32();
    const high = this.#view.getInt32(this.#at, true);
    this.#at += 4;
    const value = high * 0x1_0000_0000 + low;
    return Number.isSafeInteger(value) ? value : this.#view.getBigInt64(this.#at - 8, true);
  }

  /** Fresh memory with the next bytes. */
  take(length: number): ArrayBuffer {
    const from = this.#bytes.byteOffset + this.#at;
    this.#at += length;
    return this.#bytes.buffer.slice(from, from + length) as ArrayBuffer;
  }

  text(length: number): string {
    this.#at += length;
    return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at));
  }

  /** A value that says its type. Arrays of 64-bit integers become doubles where those hold them. */
  value(): unknown {
    const letter = this.byte();
    switch (letter) {
      case LETTER.null:
        return null;
      case LETTER.true:
        return true;
      case LETTER.false:
        return false;
      case LETTER.integer:
        return this.integer();
      case LETTER.double:
        return this.double();
      case LETTER.text:
        return this.text(this.uint32());
      case LETTER.array: {
        const type = ARRAYS[String.fromCharCode(this.byte())];
        const array = new type(this.take(this.uint32() * type.BYTES_PER_ELEMENT));
        return array instanceof BigInt64Array || array instanceof BigUint64Array ? asDoubles(array) : array;
      }
      case LETTER.list:
        return Array.from({ length: this.uint32() }, () => this.value());
      case LETTER.map: {
        const pairs: [string, unknown][] = [];
        for (let count = this.uint32(); count > 0; count--) pairs.push([this.value() as string, this.value()]);
        return Object.fromEntries(pairs);
      }
      default:
        throw new Error(`letter ${letter} in an answer`);
    }
  }
}

function asDoubles(array: BigInt64Array | BigUint64Array): Float64Array | BigInt64Array | BigUint64Array {
  const doubles = Float64Array.from(array as BigInt64Array, Number);
  return doubles.every((value) => Number.isSafeInteger(value)) ? doubles : array;
}

/** The bytes of a value: what an action space or the options of a reset may hold. @throws OptionError for others. */
export function valueBytes(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  append(parts, value);
  return Buffer.concat(parts);
}

function append(parts: Uint8Array[], value: unknown): void {
  if (value === null || value === undefined) parts.push(Uint8Array.of(LETTER.null));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? LETTER.true : LETTER.false));
  else if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const bytes = new DataView(new ArrayBuffer(9));
    bytes.setUint8(0, LETTER.integer);
    bytes.setBigInt64(1, BigInt(value as number | bigint), true);
    parts.push(new Uint8Array(bytes.buffer));
  } else if (typeof value === 'number') {
    const bytes = new DataView(new ArrayBuffer(9));
    bytes.setUint8(0, LETTER.double);
    bytes.setFloat64(1, value, true);
    parts.push(new Uint8Array(bytes.buffer));
  } else if (typeof value === 'string') {
    const text = encoder.encode(value);
    parts.push(head(LETTER.text, text.length), text);
  } else if (ArrayBuffer.isView(value)) {
    const letter = LETTER_OF.get(value.constructor);
    if (letter === undefined) throw new OptionError('value for Python', value, 'a typed array of numbers');
    const array = value as Uint8Array;
    parts.push(Uint8Array.of(LETTER.array), head(letter, array.length));
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  } else if (Array.isArray(value)) {
    parts.push(head(LETTER.list, value.length));
    for (const part of value) append(parts, part);
  } else if (typeof value === 'object') {
    const pairs = Object.entries(value);
    parts.push(head(LETTER.map, pairs.length));
    for (const [key, part] of pairs) {
      append(parts, key);
      append(parts, part);
    }
  } else {
    throw new OptionError('value for Python', value, 'plain data');
  }
}

function head(letter: number, count: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(5));
  bytes.setUint8(0, letter);
  bytes.setUint32(1, count, true);
  return new Uint8Array(bytes.buffer);
}
