import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { nameOption } from '../core/options.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import type { Discrete } from '../spaces/discrete.ts';
import { MultiDiscrete } from '../spaces/multi-discrete.ts';
import { TransformObservation } from './transform-observation.ts';

const TYPES = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const;

/**
 * Observations in another element type, in fresh arrays (Gymnasium's `DtypeObservation`). A discrete observation becomes
 * an array of one element; a `MultiDiscrete` has no other type than int32 here.
 */
export class DtypeObservation<D extends BoxType = 'float32', A = unknown> extends TransformObservation<
  BoxArrays[D],
  unknown,
  A
> {
  /** @throws MismatchError for a space of another kind, OptionError or UnknownNameError for a type that is none. */
  constructor(env: Env<unknown, A>, dtype: D) {
    const type = nameOption('dtype', dtype, TYPES, 'float32') as D;
    const space = convertedSpace(env.observationSpace, type);
    const blank = new Box<BoxType>(0, 1, [1], type).low;
    const make = blank.constructor as unknown as { from(values: ArrayLike<number>): BoxArrays[D] };
    const convert = (observation: unknown): BoxArrays[D] =>
      make.from(typeof observation === 'number' ? [observation] : (observation as Float32Array));
    super(env, convert, space as Space as Space<BoxArrays[D]>);
  }
}

function convertedSpace(space: Space, dtype: BoxType): Space {
  switch (space.kind) {
    case 'box': {
      const box = space as unknown as Box<BoxType>;
      return new Box(box.low, box.high, box.shape, dtype);
    }
    case 'discrete': {
      const { n, start } = space as unknown as Discrete;
      return new Box(start, start + n - 1, [], dtype);
    }
    case 'multi-binary':
      return new Box(0, 1, space.shape, dtype);
    case 'multi-discrete': {
      const { nvec, start, shape } = space as unknown as MultiDiscrete;
      if (dtype === 'int32') return new MultiDiscrete(nvec, { start, shape });
    }
  }
  throw new MismatchError(
    `DtypeObservation needs a Box, Discrete or MultiBinary of observations (MultiDiscrete for int32), got ${space}.`,
  );
}
