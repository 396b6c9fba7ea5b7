import { describe, expect, it } from 'vitest';
import { Discrete } from './discrete.ts';
import { flattenInto, flattenSpace } from './flatten.ts';
import { MultiDiscrete } from './multi-discrete.ts';
import { Tuple } from './tuple.ts';

describe('flattenInto', () => {
  const pair = new Tuple([new Discrete(3, { start: -1 }), new MultiDiscrete([2, 3])]);

  it('marks each discrete part, as Gymnasium does', () => {
    const out = flattenSpace(pair).low.slice();
    expect(flattenInto(pair, [0, Int32Array.of(1, 2)], out)).toBe(8);
    expect([...out]).toEqual([0, 1, 0, 0, 1, 0, 0, 1]);
  });

  it.each([
    [[2, Int32Array.of(0, 0)], 'a member of 3 values: got 2, allowed is an integer from -1 to 1.'],
    [[-2, Int32Array.of(0, 0)], 'got -2'],
    [[0.5, Int32Array.of(0, 0)], 'got 0.5'],
    [[Number.NaN, Int32Array.of(0, 0)], 'got NaN'],
    [[0, Int32Array.of(0, 3)], 'a member of 3 values: got 3, allowed is an integer from 0 to 2.'],
    [[0, Int32Array.of(2, 0)], 'a member of 2 values: got 2'],
  ])('refuses %j, which would mark another part or none', (member, message) => {
    const out = flattenSpace(pair).low.slice();
    expect(() => flattenInto(pair, member, out)).toThrow(message);
  });
});
