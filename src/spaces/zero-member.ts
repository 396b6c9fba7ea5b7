import { UnavailableError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import type { Box, BoxType } from './box.ts';
import type { Dict } from './dict.ts';
import type { Discrete } from './discrete.ts';
import type { MultiBinary } from './multi-binary.ts';
import type { MultiDiscrete } from './multi-discrete.ts';
import type { Tuple } from './tuple.ts';

/** The member of a space that is nearest to zero, in fresh memory (Gymnasium's `create_zero_array`).
 * @throws UnavailableError for a space of another kind. */
export function zeroMember(space: Space): unknown {
  switch (space.kind) {
    case 'box': {
      const { low, high } = space as unknown as Box<BoxType>;
      return low.map((bound, i) => (bound > 0 ? bound : high[i] < 0 ? high[i] : 0));
    }
    case 'discrete':
      return (space as unknown as Discrete).start;
    case 'multi-discrete':
      return (space as unknown as MultiDiscrete).start.slice();
    case 'multi-binary':
      return new Int8Array((space as unknown as MultiBinary).size);
    case 'tuple':
      return (space as unknown as Tuple<readonly Space[]>).spaces.map(zeroMember);
    case 'dict': {
      const { keys, spaces } = space as unknown as Dict<Record<string, Space>>;
      return Object.fromEntries(keys.map((key) => [key, zeroMember(spaces[key])]));
    }
    default:
      throw new UnavailableError(`A ${space.kind} space (${space})`, 'has no known zero.');
  }
}
