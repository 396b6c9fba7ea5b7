/** Which spaces are the same: what `==` says of Gymnasium 1.4.0's. */
import { expect, it } from 'vitest';
import { longBounds } from '../../test/support/long-bounds.ts';
import type { Space } from '../core/space.ts';
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, spacesEqual, Tuple } from './index.ts';

const box = (
  low: number | number[],
  high: number | number[],
  shape?: number[],
  dtype: 'float32' | 'float64' = 'float32',
) => new Box(low, high, shape, dtype) as Space;
const discrete = (n: number, start = 0) => new Discrete(n, { start }) as Space;
const long = (middle: number) => box(longBounds(middle), 1);

it.each<[string, Space, Space, boolean]>([
  ['Box', box(0, 1, [2, 3]), box(0, 1, [2, 3]), true],
  ['another shape', box(0, 1, [2, 3]), box(0, 1, [3, 2]), false],
  ['another element type', box(0, 1, [2]), box(0, 1, [2], 'float64'), false],
  ['bounds that are close', box(0, 1, [2], 'float64'), box(1e-9, 1 + 9e-6, [2], 'float64'), true],
  ['bounds that are not', box(0, 1, [2], 'float64'), box(0, 1 + 2e-5, [2], 'float64'), false],
  ['bounds that are infinite', box(-Infinity, Infinity, [2]), box(-Infinity, Infinity, [2]), true],
  ['a bound that is infinite', box(0, 3e38, [2]), box(0, Infinity, [2]), false],
  ['one bound among thousands', long(0), long(0.5), false],
  ['Discrete', discrete(4), discrete(4), true],
  ['another number', discrete(4), discrete(5), false],
  ['another first member', discrete(4), discrete(4, 1), false],
  ['another kind', discrete(2), new MultiBinary([2]) as Space, false],
  ['MultiBinary', new MultiBinary([2, 3]) as Space, new MultiBinary([2, 3]) as Space, true],
  ['MultiBinary of another shape', new MultiBinary([2, 3]) as Space, new MultiBinary([6]) as Space, false],
  ['MultiDiscrete', new MultiDiscrete([2, 3]) as Space, new MultiDiscrete([2, 3]) as Space, true],
  ['MultiDiscrete of another number', new MultiDiscrete([2, 3]) as Space, new MultiDiscrete([2, 4]) as Space, false],
  [
    'of another start',
    new MultiDiscrete([2, 3]) as Space,
    new MultiDiscrete([2, 3], { start: [0, 1] }) as Space,
    false,
  ],
  ['Tuple', new Tuple([discrete(2), box(0, 1)]) as Space, new Tuple([discrete(2), box(0, 1)]) as Space, true],
  ['a longer Tuple', new Tuple([discrete(2)]) as Space, new Tuple([discrete(2), discrete(2)]) as Space, false],
  ['another part', new Tuple([discrete(2), box(0, 1)]) as Space, new Tuple([discrete(2), box(0, 2)]) as Space, false],
  [
    'a Dict in another order',
    new Dict({ a: discrete(2), b: box(0, 1) }) as Space,
    new Dict({ b: box(0, 1), a: discrete(2) }, { sortKeys: false }) as Space,
    true,
  ],
  ['other keys', new Dict({ a: discrete(2) }) as Space, new Dict({ toString: discrete(2) }) as Space, false],
  ['a part under a key', new Dict({ a: discrete(2) }) as Space, new Dict({ a: discrete(3) }) as Space, false],
])('%s', (_, a, b, same) => {
  expect(spacesEqual(a, b)).toBe(same);
  expect(spacesEqual(b, a)).toBe(same);
  expect(spacesEqual(a, a)).toBe(true);
});

it('sees what texts of spaces leave out', () => {
  expect(String(long(0))).toBe(String(long(0.5)));
  expect(spacesEqual(long(0), long(0.5))).toBe(false);
});

it('spaces of one’s own are the same where their texts are', () => {
  const own = (text: string) => ({ kind: 'colour', shape: undefined, toString: () => text }) as unknown as Space;
  expect(spacesEqual(own('red'), own('red'))).toBe(true);
  expect(spacesEqual(own('red'), own('blue'))).toBe(false);
});
