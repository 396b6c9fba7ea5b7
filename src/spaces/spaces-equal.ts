import type { Space } from '../core/space.ts';
import type { Box, BoxType } from './box.ts';
import type { Dict } from './dict.ts';
import type { Discrete } from './discrete.ts';
import type { MultiDiscrete } from './multi-discrete.ts';
import type { Tuple } from './tuple.ts';

/**
 * Whether two spaces are the same (Gymnasium's `==` of spaces): kind, shape, element type, sizes and first values are, and bounds are as close as
 * `np.allclose` has it. The order of a Dict's keys does not matter. Spaces of one's own are the same where their texts are.
 */
export function spacesEqual(a: Space, b: Space): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || String(a.shape) !== String(b.shape)) return false;
  switch (a.kind) {
    case 'box': {
      const [one, other] = [a, b] as unknown as readonly Box<BoxType>[];
      return one.dtype === other.dtype && allClose(one.low, other.low) && allClose(one.high, other.high);
    }
    case 'discrete': {
      const [one, other] = [a, b] as unknown as readonly Discrete[];
      return one.n === other.n && one.start === other.start;
    }
    case 'multi-discrete': {
      const [one, other] = [a, b] as unknown as readonly MultiDiscrete[];
      return one.nvec.every((n, i) => n === other.nvec[i] && one.start[i] === other.start[i]);
    }
    case 'multi-binary':
      return true;
    case 'tuple': {
      const [one, other] = [a, b] as unknown as readonly Tuple<readonly Space[]>[];
      return (
        one.spaces.length === other.spaces.length && one.spaces.every((part, i) => spacesEqual(part, other.spaces[i]))
      );
    }
    case 'dict': {
      const [one, other] = [a, b] as unknown as readonly Dict<Record<string, Space>>[];
      return (
        one.keys.length === other.keys.length &&
        one.keys.every((key) => Object.hasOwn(other.spaces, key) && spacesEqual(one.spaces[key], other.spaces[key]))
      );
    }
    default:
      return String(a) === String(b);
  }
}

/** NumPy's defaults: `rtol` 1e-5, `atol` 1e-8. */
function allClose(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) {
    // Infinite bounds are equal, or not close.
    if (a[i] !== b[i] && !(Math.abs(a[i] - b[i]) <= 1e-8 + 1e-5 * Math.abs(b[i]) && Number.isFinite(b[i])))
      return false;
  }
  return true;
}
