import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import type { Box, BoxType } from '../spaces/box.ts';

/** The space as a box.
 * @throws MismatchError when it is another space; the message names the wrapper that asked. */
export function boxSpace(space: Space, wrapper: string, what: 'observations' | 'actions'): Box<BoxType> {
  if (space.kind !== 'box') throw new MismatchError(`${wrapper} needs ${what} from a Box, got ${space}.`);
  return space as unknown as Box<BoxType>;
}

export function observationBox(env: Pick<Env, 'observationSpace'>, wrapper: string): Box<BoxType> {
  return boxSpace(env.observationSpace, wrapper, 'observations');
}

export function actionBox(env: Pick<Env, 'actionSpace'>, wrapper: string): Box<BoxType> {
  return boxSpace(env.actionSpace, wrapper, 'actions');
}

/** Rounds to a box's element type while computing: to single precision for float32, not at all for others. */
export function roundingOf(dtype: BoxType): (x: number) => number {
  return dtype === 'float32' ? Math.fround : (x) => x;
}

/** NumPy's `linspace(low, high, count)` in a box's element type. */
export function evenlySpaced(low: number, high: number, count: number, dtype: BoxType): Float64Array {
  const round = roundingOf(dtype);
  const step = round(round(high - low) / (count - 1));
  const out = Float64Array.from({ length: count }, (_, i) => round(round(i * step) + low));
  out[count - 1] = high;
  return out;
}
