import { OptionError, UnavailableError } from '../core/errors.ts';
import { restoreArray, SavedState } from '../core/saved-state.ts';
import { sizeOf } from '../core/shape.ts';
import type { Snapshot, SnapshotArray } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import type { Box, BoxArrays, BoxType } from './box.ts';
import type { Dict } from './dict.ts';
import type { MultiBinary } from './multi-binary.ts';
import type { MultiDiscrete } from './multi-discrete.ts';
import type { Tuple } from './tuple.ts';

/** The members of a space for `n` environments: one array, row-major; for `Tuple` and `Dict` a list or object of such
 * arrays. */
export type VectorBatch = BoxArrays[BoxType] | readonly VectorBatch[] | { readonly [key: string]: VectorBatch };

/** Gives zeroed memory of so many bytes. */
export type Allocate = (bytes: number) => ArrayBufferLike;

const newMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** Below this a loop copies a row faster than `set`. */
const SHORT = 32;

/** A zeroed batch of `n` members.
 * @param memory for each array. Default: new.
 * @throws UnavailableError for a space without a batch: text, a sequence, a graph, a choice of spaces. OptionError for an
 * `n` that is no integer from 0 up. */
export function createVectorBatch(space: Space, n: number, memory: Allocate = newMemory): VectorBatch {
  if (!Number.isSafeInteger(n) || n < 0) throw new OptionError('n', n, 'an integer from 0 up');
  const batch = (array: BoxArrays[BoxType]): VectorBatch => {
    const make = array.constructor as new (buffer: ArrayBufferLike) => BoxArrays[BoxType];
    return new make(memory(n * array.byteLength));
  };
  switch (space.kind) {
    case 'box':
      return batch((space as unknown as Box<BoxType>).low);
    case 'discrete':
      return batch(new Int32Array(1));
    case 'multi-discrete':
      return batch((space as unknown as MultiDiscrete).start);
    case 'multi-binary':
      return batch(new Int8Array((space as unknown as MultiBinary).size));
    case 'tuple':
      return (space as unknown as Tuple<readonly Space[]>).spaces.map((part) => createVectorBatch(part, n, memory));
    case 'dict': {
      const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
      return Object.fromEntries(keys.map((key) => [key, createVectorBatch(spaces[key], n, memory)]));
    }
    default:
      throw new UnavailableError(`A ${space.kind} space (${space})`, 'cannot be batched.');
  }
}

/** Writes a member into row `i` of its batch. */
export function writeRow(space: Space, batch: VectorBatch, i: number, member: unknown): void {
  if (typeof member === 'number') {
    (batch as Int32Array)[i] = member;
  } else if (ArrayBuffer.isView(member)) {
    const row = member as Float32Array;
    const { length } = row;
    const out = batch as Float32Array;
    if (length < SHORT) for (let k = 0, at = i * length; k < length; k++, at++) out[at] = row[k];
    else out.set(row, i * length);
  } else if (space.kind === 'tuple') {
    for (const [k, part] of (space as unknown as Tuple<readonly Space[]>).spaces.entries()) {
      writeRow(part, (batch as readonly VectorBatch[])[k], i, (member as unknown[])[k]);
    }
  } else {
    const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
    for (const key of keys) {
      writeRow(spaces[key], (batch as Record<string, VectorBatch>)[key], i, (member as Record<string, unknown>)[key]);
    }
  }
}

/** The member in row `i` of a batch that is a member of `batchSpace`: a number of a discrete space, else a view. */
export function readRow(space: Space, batch: unknown, i: number): unknown {
  if (space.kind === 'discrete') return (batch as Int32Array)[i];
  if (space.kind === 'tuple') {
    const { spaces } = space as unknown as Tuple<readonly Space[]>;
    return spaces.map((part, k) => readRow(part, (batch as unknown[])[k], i));
  }
  if (space.kind === 'dict') {
    const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
    return Object.fromEntries(
      keys.map((key) => [key, readRow(spaces[key], (batch as Record<string, unknown>)[key], i)]),
    );
  }
  const size = sizeOf(space.shape as readonly number[]);
  return (batch as Float32Array).subarray(i * size, (i + 1) * size);
}

/** Rows `from` to `to` of a batch of `n`. Views. */
export function rowsOf<B extends VectorBatch>(batch: B, n: number, from: number, to: number): B {
  if (ArrayBuffer.isView(batch)) {
    const array = batch as unknown as Float32Array;
    const size = array.length / n;
    return array.subarray(from * size, to * size) as unknown as B;
  }
  return mapParts(batch, (part) => rowsOf(part, n, from, to));
}

/** Moves each of `n` rows to the place of the one before; the first is gone, the last stands twice. */
export function shiftRows(batch: VectorBatch, n: number): void {
  if (ArrayBuffer.isView(batch)) (batch as Uint8Array).copyWithin(0, (batch as Uint8Array).length / n);
  else for (const part of Object.values(batch)) shiftRows(part, n);
}

/** Copies a batch into one of the same space and size. */
export function copyBatch(from: VectorBatch, to: VectorBatch): void {
  if (ArrayBuffer.isView(from)) {
    (to as Float32Array).set(from as Float32Array);
    return;
  }
  for (const [key, part] of Object.entries(from)) copyBatch(part, (to as Record<string, VectorBatch>)[key]);
}

/** Copies a saved batch to one of the same form. @throws MismatchError for another form. */
export function restoreBatch(state: Snapshot, to: VectorBatch): void {
  if (ArrayBuffer.isView(to)) {
    restoreArray(state, 'observations', to as SnapshotArray);
    return;
  }
  const saved = new SavedState(Array.isArray(state) ? { ...state } : state, 'observations');
  for (const [key, part] of Object.entries(to)) restoreBatch(saved.part(key), part);
}

/** Batches of some rows each as one batch of all rows, in new memory. */
export function joinBatches<B extends VectorBatch>(parts: readonly B[]): B {
  const [first] = parts;
  if (!ArrayBuffer.isView(first)) {
    return mapParts(first, (_, key) => joinBatches(parts.map((part) => (part as Record<string, VectorBatch>)[key])));
  }
  const arrays = parts as unknown as readonly Float32Array[];
  const make = first.constructor as new (length: number) => Float32Array;
  const joined = new make(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined as unknown as B;
}

function mapParts<B extends VectorBatch>(batch: B, change: (part: VectorBatch, key: string) => VectorBatch): B {
  if (Array.isArray(batch)) return batch.map((part: VectorBatch, k) => change(part, String(k))) as unknown as B;
  const parts = Object.entries(batch) as [string, VectorBatch][];
  return Object.fromEntries(parts.map(([key, part]) => [key, change(part, key)])) as unknown as B;
}
