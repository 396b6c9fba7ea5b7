import { MismatchError, UnavailableError } from '../core/errors.ts';
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
  return batchDifferingSpaces(new Array<Space>(n).fill(space));
}

/**
 * The space of one member of each (Gymnasium's `batch_differing_spaces`): they may differ in their bounds.
 * @param spaces at least one.
 * @throws MismatchError when kinds, shapes, element types or keys differ, UnavailableError for a space of another kind.
 */
export function batchDifferingSpaces(spaces: readonly Space[]): Space {
  const [first] = spaces;
  const odd = spaces.find((space) => formOf(space) !== formOf(first));
  if (odd !== undefined) {
    throw new MismatchError(`${odd} cannot be batched with ${first}: only bounds may differ.`);
  }
  const n = spaces.length;
  const all = <S>(read: (space: S) => ArrayLike<number>): number[] =>
    spaces.flatMap((space) => Array.from(read(space as unknown as S)));
  switch (first.kind) {
    case 'box': {
      const { shape, dtype } = first as unknown as Box<BoxType>;
      const [low, high] = [all<Box<BoxType>>((box) => box.low), all<Box<BoxType>>((box) => box.high)];
      return new Box<BoxType>(low, high, [n, ...shape], dtype) as Space;
    }
    case 'discrete':
      return new MultiDiscrete(
        all<Discrete>((space) => [space.n]),
        { start: all<Discrete>((space) => [space.start]) },
      ) as Space;
    case 'multi-discrete': {
      const { shape } = first as unknown as MultiDiscrete;
      const low = all<MultiDiscrete>(({ start }) => start);
      const high = all<MultiDiscrete>(({ nvec, start }) => nvec.map((values, i) => start[i] + values - 1));
      return new Box<BoxType>(low, high, [n, ...shape], 'int32') as Space;
    }
    case 'multi-binary':
      return new Box<BoxType>(0, 1, [n, ...(first as unknown as MultiBinary).shape], 'int8') as Space;
    case 'tuple': {
      const parts = spaces.map((space) => (space as unknown as Tuple<readonly Space[]>).spaces);
      return new Tuple(parts[0].map((_, k) => batchDifferingSpaces(parts.map((part) => part[k])))) as Space;
    }
    case 'dict': {
      const parts = spaces as unknown as readonly Dict<Record<string, Space>>[];
      const batched = parts[0].keys.map(
        (key) => [key, batchDifferingSpaces(parts.map((part) => part.spaces[key]))] as const,
      );
      return new Dict(Object.fromEntries(batched)) as Space;
    }
    default:
      throw new UnavailableError(`A ${first.kind} space (${first})`, 'cannot be batched.');
  }
}

/** What spaces that lie in one batch have in common, their bounds apart. */
function formOf(space: Space): string {
  const { kind, shape, dtype } = space as Space & { dtype?: string };
  const { spaces, keys } = space as unknown as { spaces?: ArrayLike<Space>; keys?: readonly string[] };
  const parts = keys ?? (Array.isArray(spaces) ? spaces.length : undefined);
  return JSON.stringify([kind, shape, kind === 'box' ? dtype : undefined, parts]);
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
