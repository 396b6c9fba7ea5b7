import { OptionError, UnavailableError } from '../core/errors.ts';
import { isIndex } from '../core/is-index.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from './box.ts';
import type { Dict } from './dict.ts';
import type { Discrete } from './discrete.ts';
import { joinNumbers } from './join-numbers.ts';
import type { MultiBinary } from './multi-binary.ts';
import type { MultiDiscrete } from './multi-discrete.ts';
import type { Tuple } from './tuple.ts';

type AnyBox = Box<BoxType>;

/**
 * The box of the flat form of a space's members (Gymnasium's `flatten_space`): arrays in one axis, discrete values as
 * one-hot vectors, the parts of `Tuple` and `Dict` one after the other. Where Gymnasium has int64, this has int32.
 * @throws UnavailableError for a space of another kind.
 */
export function flattenSpace(space: Space): AnyBox {
  switch (space.kind) {
    case 'box': {
      const box = space as unknown as AnyBox;
      return new Box<BoxType>(box.low, box.high, [box.size], box.dtype);
    }
    case 'discrete':
      return new Box<BoxType>(0, 1, [(space as unknown as Discrete).n], 'int32');
    case 'multi-binary':
      return new Box<BoxType>(0, 1, [(space as unknown as MultiBinary).size], 'int8');
    case 'multi-discrete': {
      const { nvec } = space as unknown as MultiDiscrete;
      return new Box<BoxType>(0, 1, [nvec.reduce((sum, n) => sum + n, 0)], 'int32');
    }
    case 'tuple':
    case 'dict': {
      const parts = partsOf(space).map(flattenSpace);
      const dtype = promote(parts.map((part) => part.dtype));
      const join = (bound: 'low' | 'high'): Float64Array => joinNumbers(parts.map((part) => part[bound]));
      return new Box<BoxType>(join('low'), join('high'), undefined, dtype);
    }
    default:
      throw new UnavailableError(`A ${space.kind} space (${space})`, 'cannot be flattened.');
  }
}

/** Writes the flat form of a member.
 * @param out at least as long as the flat form from `offset` on.
 * @returns the offset behind what was written.
 * @throws OptionError for a number that its discrete space does not have: it would mark another part, or nothing. */
export function flattenInto(space: Space, member: unknown, out: BoxArrays[BoxType], offset = 0): number {
  switch (space.kind) {
    case 'box':
    case 'multi-binary':
      out.set(member as BoxArrays[BoxType], offset);
      return offset + (member as BoxArrays[BoxType]).length;
    case 'discrete': {
      const { n, start } = space as unknown as Discrete;
      markOne(out, offset, n, member as number, start);
      return offset + n;
    }
    case 'multi-discrete': {
      const { nvec, start } = space as unknown as MultiDiscrete;
      let at = offset;
      for (let i = 0; i < nvec.length; i++) {
        markOne(out, at, nvec[i], (member as Int32Array)[i], start[i]);
        at += nvec[i];
      }
      return at;
    }
    case 'tuple': {
      let at = offset;
      for (const [i, part] of partsOf(space).entries()) at = flattenInto(part, (member as unknown[])[i], out, at);
      return at;
    }
    default: {
      let at = offset;
      const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
      for (const key of keys) at = flattenInto(spaces[key], (member as Record<string, unknown>)[key], out, at);
      return at;
    }
  }
}

/** A one-hot vector of length `n` at `offset`. */
function markOne(out: BoxArrays[BoxType], offset: number, n: number, value: number, start: number): void {
  const index = value - start;
  if (!isIndex(index, n)) {
    throw new OptionError(`a member of ${n} values`, value, `an integer from ${start} to ${start + n - 1}`);
  }
  out.fill(0, offset, offset + n);
  out[offset + index] = 1;
}

/** Parts of a tuple, or of a dictionary in the order of its keys. */
function partsOf(space: Space): readonly Space[] {
  if (space.kind === 'tuple') return (space as unknown as Tuple<readonly Space[]>).spaces;
  const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
  return keys.map((key) => spaces[key]);
}

const BITS: Readonly<Record<BoxType, number>> = {
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  uint32: 32,
  int32: 32,
  float32: 32,
  float64: 64,
};

/** NumPy's `result_type` of element types; where that is int64, float64. It is not that of pairs, one after the other: int8 and
 * uint16 are int32, which with float32 is float64, but all three fit into float32. */
export function promote(types: readonly BoxType[]): BoxType {
  if (types.some((type) => type.startsWith('float'))) {
    const single = types.every((type) => type === 'float32' || (type !== 'float64' && BITS[type] <= 16));
    return single ? 'float32' : 'float64';
  }
  const unsigned = types.filter((type) => type.startsWith('u'));
  const signed = types.filter((type) => !type.startsWith('u'));
  const most = (list: readonly BoxType[]): number => list.reduce((bits, type) => Math.max(bits, BITS[type]), 0);
  if (signed.length === 0) return `uint${most(unsigned)}` as BoxType;
  const needed = Math.max(most(signed), 2 * most(unsigned));
  return needed > 32 ? 'float64' : (`int${needed}` as BoxType);
}
