import { UnavailableError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { Dict } from '../spaces/dict.ts';
import type { Discrete } from '../spaces/discrete.ts';
import type { MultiBinary } from '../spaces/multi-binary.ts';
import { MultiDiscrete } from '../spaces/multi-discrete.ts';
import { Tuple } from '../spaces/tuple.ts';

/** An array for the members of `n` copies of a space; for `Tuple` and `Dict` a list or object of such arrays. */
export type Batch = BoxArrays[BoxType] | readonly Batch[] | { readonly [key: string]: Batch };

/**
 * The space of `n` members side by side (Gymnasium's `batch_space`): a box gets a new first axis, a discrete space becomes
 * a `MultiDiscrete`. Where Gymnasium has int64, this has int32.
 * @throws UnavailableError for a space of another kind.
 */
export function batchSpace(space: Space, n: number): Space {
  const tiled = (values: ArrayLike<number>): number[] => Array.from({ length: n }, () => Array.from(values)).flat();
  switch (space.kind) {
    case 'box': {
      const { low, high, shape, dtype } = space as unknown as Box<BoxType>;
      return new Box<BoxType>(tiled(low), tiled(high), [n, ...shape], dtype) as Space;
    }
    case 'discrete': {
      const { n: values, start } = space as unknown as Discrete;
      return new MultiDiscrete(tiled([values]), { start: tiled([start]) }) as Space;
    }
    case 'multi-discrete': {
      const { nvec, start, shape } = space as unknown as MultiDiscrete;
      const high = nvec.map((values, i) => start[i] + values - 1);
      return new Box<BoxType>(tiled(start), tiled(high), [n, ...shape], 'int32') as Space;
    }
    case 'multi-binary':
      return new Box<BoxType>(0, 1, [n, ...(space as unknown as MultiBinary).shape], 'int8') as Space;
    case 'tuple':
      return new Tuple(
        (space as unknown as Tuple<readonly Space[]>).spaces.map((part) => batchSpace(part, n)),
      ) as Space;
    case 'dict': {
      const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
      return new Dict(Object.fromEntries(keys.map((key) => [key, batchSpace(spaces[key], n)]))) as Space;
    }
    default:
      throw new UnavailableError(`A ${space.kind} space (${space})`, 'cannot be batched.');
  }
}

/** Zeroed arrays for `n` members.
 * @param memory gives the memory of an array of so many bytes; default: new. */
export function createBatch(
  space: Space,
  n: number,
  memory = (bytes: number): ArrayBufferLike => new ArrayBuffer(bytes),
): Batch {
  const batch = (array: BoxArrays[BoxType]): Batch => {
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
      return (space as unknown as Tuple<readonly Space[]>).spaces.map((part) => createBatch(part, n, memory));
    case 'dict': {
      const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
      return Object.fromEntries(keys.map((key) => [key, createBatch(spaces[key], n, memory)]));
    }
    default:
      throw new UnavailableError(`A ${space.kind} space (${space})`, 'cannot be batched.');
  }
}

/** Writes a member into row `i` of its batch. */
export function writeRow(space: Space, batch: Batch, i: number, member: unknown): void {
  if (typeof member === 'number') {
    (batch as Int32Array)[i] = member;
  } else if (ArrayBuffer.isView(member)) {
    (batch as Float32Array).set(member as Float32Array, i * (member as Float32Array).length);
  } else if (space.kind === 'tuple') {
    for (const [k, part] of (space as unknown as Tuple<readonly Space[]>).spaces.entries()) {
      writeRow(part, (batch as readonly Batch[])[k], i, (member as unknown[])[k]);
    }
  } else {
    const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
    for (const key of keys) {
      writeRow(spaces[key], (batch as Record<string, Batch>)[key], i, (member as Record<string, unknown>)[key]);
    }
  }
}

/** The member in row `i` of a batch of actions: a number of a discrete space, else a view of the batch.
 * @throws RangeError never: the caller has checked the batch against `batchSpace`. */
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
  const size = (space.shape as readonly number[]).reduce((product, length) => product * length, 1);
  return (batch as Float32Array).subarray(i * size, (i + 1) * size);
}
