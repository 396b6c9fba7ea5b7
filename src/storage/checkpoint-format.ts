import { checkBytes } from '../core/check-bytes.ts';
import { FileFormatError } from '../core/errors.ts';
import type { Snapshot, SnapshotArray } from '../core/snapshot.ts';
import { type Checksum, crc32 } from './crc32.ts';

/**
 * The checkpoint file: a JSON tree followed by its typed arrays, all little-endian.
 *
 *     0   8 bytes   magic: 89 'B' 'C' 'K' 0D 0A 1A 0A (as PNG's: a text-mode transfer breaks it visibly)
 *     8   u32       format version
 *     12  u32       length of the JSON
 *     16  f64       length of the whole file
 *     24  u32       CRC-32 of bytes 0..23 and the JSON, so that the tree is trusted before anything is allocated
 *     28  u32       0
 *     32            JSON: { header, tree, blobs: [[type, byte offset, elements], ...] }
 *     ...           the blobs, each from a multiple of 8, zero padding before each and after the last
 *     -8  u32       CRC-32 of everything before
 *     -4  u32       0
 *
 * In the tree a value that JSON lacks is an object with one key: `{"$a": i}` is blob i, `{"$n": "12"}` a bigint,
 * `{"$f": "NaN"}` one of NaN, Infinity, -Infinity and -0. Keys of the data that begin with `$` get another `$` in front.
 */
export const CHECKPOINT_FORMAT = 1;

const MAGIC = Uint8Array.of(0x89, 0x42, 0x43, 0x4b, 0x0d, 0x0a, 0x1a, 0x0a);
const PREAMBLE = 32;
const TRAILER = 8;
const CURE = 'Use another copy or an earlier checkpoint.';

/** What a checkpoint says of itself; any other JSON-like keys may be added. */
export interface CheckpointHeader {
  /** What the snapshot is of, such as `dqn`. */
  readonly kind: string;
  /** Version of this package that wrote it. */
  readonly version: string;
  /** Environment steps done. */
  readonly step: number;
  /** Byte lengths of the run's logs at the save, by file name. */
  readonly logs?: Readonly<Record<string, number>>;
  /** CRC-32 of so many bytes of each log; versions before 0.2 had none. */
  readonly logSums?: Readonly<Record<string, number>>;
  /** The run that it is of; versions before 0.2 had none. */
  readonly run?: RunIdentity;
  /** The run's `config.json`, so that the file by itself is enough to go on; versions before 0.2 had none. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What tells a run from all others. Fields that a version did not know are null. */
export interface RunIdentity {
  /** Drawn at random when the run began. */
  readonly id: string | null;
  readonly algorithm: string | null;
  readonly env: string | null;
  readonly seed: number | null;
  /** Hash of everything that decides what is learned. */
  readonly config: string;
}

export interface Checkpoint {
  readonly header: CheckpointHeader;
  readonly snapshot: Snapshot;
}

const ARRAY_TYPES = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigUint64Array,
  BigInt64Array,
} as const;
type ArrayType = keyof typeof ARRAY_TYPES;
type BlobEntry = readonly [type: ArrayType, offset: number, length: number];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * The file as a list of pieces to write one after another. Pieces are views of the snapshot's own arrays: they are valid
 * as long as it is left alone.
 * @throws Error for a value that is no `Snapshot` (a bug in a `saveState`), naming its place.
 */
export function encodeCheckpoint(
  snapshot: Snapshot,
  header: CheckpointHeader,
  checksum: Checksum = crc32,
): Uint8Array[] {
  const blobs: SnapshotArray[] = [];
  const tree = encodeTree(snapshot, blobs, '$');
  const lengths = blobs.map((blob) => [arrayType(blob), blob.length] as const);
  // Offsets count from the first blob, so that they do not depend on the length of the JSON that holds them.
  let size = 0;
  const entries: BlobEntry[] = lengths.map(([type, length], i) => {
    const offset = size;
    size += align(blobs[i].byteLength);
    return [type, offset, length];
  });
  const json = new TextEncoder().encode(JSON.stringify({ header, tree, blobs: entries }));

  const head = new Uint8Array(align(PREAMBLE + json.length));
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  view.setUint32(8, CHECKPOINT_FORMAT, true);
  view.setUint32(12, json.length, true);
  view.setFloat64(16, head.length + size + TRAILER, true);
  view.setUint32(24, checksum(json, checksum(head.subarray(0, 24), 0)), true);
  head.set(json, PREAMBLE);

  const pieces: Uint8Array[] = [head];
  for (const blob of blobs) {
    pieces.push(new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength));
    const padding = align(blob.byteLength) - blob.byteLength;
    if (padding > 0) pieces.push(new Uint8Array(padding));
  }
  const trailer = new Uint8Array(TRAILER);
  let crc = 0;
  for (const piece of pieces) crc = checksum(piece, crc);
  new DataView(trailer.buffer).setUint32(0, crc, true);
  pieces.push(trailer);
  return pieces;
}

/** Gives the next `length` bytes, fewer at the end of the file. The result belongs to the caller. */
export type ReadBytes = (length: number) => Uint8Array;

/**
 * Reads a checkpoint in order, one blob at a time, so that a file larger than the largest buffer can be read.
 * Nothing is allocated before the tree has proved undamaged; at most `size` bytes are asked for in all.
 * @param size length of the file in bytes.
 * @param path names the file in errors.
 * @throws FileFormatError when the file is of another kind, truncated or damaged.
 */
export function readCheckpoint(read: ReadBytes, size: number, path: string, checksum: Checksum = crc32): Checkpoint {
  const reader = new Reader(read, size, path, checksum);
  try {
    const { header, tree, blobs: entries } = readHead(reader);
    const blobs = entries.map(([type, offset, length]) => {
      const bytesPerElement = ARRAY_TYPES[type].BYTES_PER_ELEMENT;
      const byteLength = length * bytesPerElement;
      if (reader.headLength + offset !== reader.position || reader.position + align(byteLength) + TRAILER > size) {
        reader.fail('the file is damaged: an array lies outside it');
      }
      const bytes = reader.take(byteLength);
      reader.take(align(byteLength) - byteLength);
      // A view needs an aligned start; only a caller that reads from an odd offset of a larger buffer pays for a copy.
      const aligned = bytes.byteOffset % bytesPerElement === 0 ? bytes : bytes.slice();
      return new ARRAY_TYPES[type](aligned.buffer as ArrayBuffer, aligned.byteOffset, length);
    });
    const expected = reader.crc;
    const trailer = reader.take(TRAILER);
    const found = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
    if (reader.position !== size || found.getUint32(0, true) !== expected || found.getUint32(4, true) !== 0) {
      reader.fail('the file is damaged: its checksum is wrong');
    }
    return { header, snapshot: decodeTree(tree, blobs) };
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    return reader.fail('the file is damaged: its header cannot be read', CURE, error);
  }
}

/**
 * Reads what a checkpoint says of itself, without its arrays: the header is undamaged, the rest may not be.
 * @throws FileFormatError as `readCheckpoint`.
 */
export function readCheckpointHeader(
  read: ReadBytes,
  size: number,
  path: string,
  checksum: Checksum = crc32,
): CheckpointHeader {
  const reader = new Reader(read, size, path, checksum);
  try {
    return readHead(reader).header;
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    return reader.fail('the file is damaged: its header cannot be read', CURE, error);
  }
}

/** Takes a file's bytes in order and counts them. */
class Reader {
  crc = 0;
  position = 0;
  /** Where the first array begins, once the head is read. */
  headLength = 0;
  readonly size: number;
  readonly path: string;
  readonly checksum: Checksum;
  readonly #read: ReadBytes;

  constructor(read: ReadBytes, size: number, path: string, checksum: Checksum) {
    this.#read = read;
    this.size = size;
    this.path = path;
    this.checksum = checksum;
  }

  fail(problem: string, cure = CURE, cause?: unknown): never {
    throw new FileFormatError(this.path, problem, cure, { cause });
  }

  take(length: number): Uint8Array {
    const bytes = this.#read(length);
    if (bytes.length !== length)
      this.fail(`the file is truncated at ${this.position + bytes.length} of ${this.size} bytes`);
    this.position += length;
    this.crc = this.checksum(bytes, this.crc);
    return bytes;
  }
}

/** A checkpoint of a format that this version does not know: not damaged, but not readable here. */
export class OtherFormatError extends FileFormatError {
  override name = 'OtherFormatError';
  constructor(path: string, format: number) {
    const problem = `checkpoint format ${format}, this version reads ${CHECKPOINT_FORMAT}`;
    super(path, problem, 'Use the version that wrote it.');
  }
}

interface Head {
  readonly header: CheckpointHeader;
  readonly tree: Json;
  readonly blobs: readonly BlobEntry[];
}

function readHead(reader: Reader): Head {
  const { size, checksum } = reader;
  if (size === 0) reader.fail('the file is empty');
  const preamble = reader.take(Math.min(PREAMBLE, size));
  if (preamble.subarray(0, 8).some((byte, i) => byte !== MAGIC[i])) reader.fail('not a checkpoint');
  if (size < PREAMBLE) reader.fail(`the file is truncated at ${size} bytes`);
  const view = new DataView(preamble.buffer, preamble.byteOffset, PREAMBLE);
  const jsonLength = view.getUint32(12, true);
  const headLength = align(PREAMBLE + jsonLength);
  const format = view.getUint32(8, true);
  // One flipped bit is no other version: with ours in its place the checksum of the head is right.
  const isOurs = () => {
    if (headLength > size) return false;
    const rest = reader.take(headLength - PREAMBLE).subarray(0, jsonLength);
    const head = preamble.slice(0, 24);
    new DataView(head.buffer).setUint32(8, CHECKPOINT_FORMAT, true);
    return checksum(rest, checksum(head, 0)) === view.getUint32(24, true);
  };
  if (format !== CHECKPOINT_FORMAT) {
    if (isOurs()) reader.fail('the file is damaged: the number of its format is wrong');
    throw new OtherFormatError(reader.path, format);
  }
  const total = view.getFloat64(16, true);
  if (total > size) reader.fail(`the file is truncated: ${size} of ${total} bytes`);
  if (total !== size || headLength + TRAILER > size) reader.fail('the file is damaged: its length is not what it says');

  const json = reader.take(headLength - PREAMBLE).subarray(0, jsonLength);
  if (checksum(json, checksum(preamble.subarray(0, 24), 0)) !== view.getUint32(24, true)) {
    reader.fail('the file is damaged: the checksum of its header is wrong');
  }
  reader.headLength = headLength;
  const head = JSON.parse(new TextDecoder().decode(json)) as Head;
  checkHeader(head.header);
  return head;
}

/** A checkpoint that lies in memory. Arrays of the snapshot are views of `bytes` where the alignment allows. */
export function decodeCheckpoint(bytes: Uint8Array, path: string, checksum: Checksum = crc32): Checkpoint {
  checkBytes(bytes);
  let position = 0;
  const read = (length: number): Uint8Array => {
    const piece = bytes.subarray(position, position + length);
    position += piece.length;
    return piece;
  };
  return readCheckpoint(read, bytes.length, path, checksum);
}

function checkHeader({
  kind,
  version,
  step,
  logs = {},
  logSums = {},
  run = undefined,
  config = undefined,
}: CheckpointHeader): void {
  const good = typeof kind === 'string' && typeof version === 'string' && Number.isSafeInteger(step) && step >= 0;
  const numbers = [...Object.values(logs), ...Object.values(logSums)];
  if (!good || numbers.some((value) => !Number.isSafeInteger(value) || value < 0))
    throw new Error('the header lacks a key');
  if (config !== undefined && (typeof config !== 'object' || config === null || Array.isArray(config)))
    throw new Error('the configuration of the header is none');
  if (run !== undefined && (typeof run !== 'object' || run === null)) throw new Error('the run of the header is none');
}

function align(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function arrayType(array: SnapshotArray): ArrayType {
  // Not constructor.name: Node's Buffer is a Uint8Array with another name.
  return (array as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag] as ArrayType;
}

function encodeTree(value: Snapshot, blobs: SnapshotArray[], place: string): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $f: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value === 'bigint') return { $n: String(value) };
  if (ArrayBuffer.isView(value)) {
    if (!(arrayType(value as SnapshotArray) in ARRAY_TYPES)) throw new Error(`${place}: this array cannot be saved`);
    blobs.push(value as SnapshotArray);
    return { $a: blobs.length - 1 };
  }
  if (Array.isArray(value)) return value.map((item, i) => encodeTree(item, blobs, `${place}[${i}]`));
  if (typeof value !== 'object' || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    throw new Error(`${place}: ${typeof value === 'object' ? 'an instance of a class' : typeof value} cannot be saved`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.startsWith('$') ? `$${key}` : key,
      encodeTree(item, blobs, `${place}.${key}`),
    ]),
  );
}

function decodeTree(value: Json, blobs: readonly SnapshotArray[]): Snapshot {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => decodeTree(item, blobs));
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [key, item] = entries[0];
    if (key === '$f') return Number(item);
    if (key === '$n') return BigInt(item as string);
    if (key === '$a') {
      const blob = blobs[item as number];
      if (blob === undefined) throw new Error(`no array ${String(item)}`);
      return blob;
    }
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key.startsWith('$$') ? key.slice(1) : key, decodeTree(item, blobs)]),
  );
}
