import { MismatchError, UnavailableError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxType } from './box.ts';
import { Dict } from './dict.ts';
import type { Discrete } from './discrete.ts';
import { joinNumbers } from './join-numbers.ts';
import type { MultiBinary } from './multi-binary.ts';
import { MultiDiscrete } from './multi-discrete.ts';
import { Tuple } from './tuple.ts';

/**
 * The space of `n` members in one batch (Gymnasium's `batch_space`): a box gets a new first axis, a discrete space becomes
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
  const all = <S>(read: (space: S) => ArrayLike<number>): Float64Array =>
    joinNumbers(spaces.map((space) => read(space as unknown as S)));
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
