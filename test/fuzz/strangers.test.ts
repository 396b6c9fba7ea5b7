/** A short run of the fuzzers; `npm run fuzz` is the long one. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BellmanError } from '../../src/core/errors.ts';
import { cleanUp, fuzzedKinds } from './stranger-kinds.ts';
import { applyEdits, fuzz } from './strangers.ts';

afterAll(cleanUp);
const kinds = await fuzzedKinds();

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  it('are refused by one line, or good', async () => {
    const { accepted, refused } = await fuzz(kind, 60, 1);
    expect(accepted + refused).toBe(60);
    expect(refused).toBeGreaterThan(0);
  });
});

describe('the judge finds', () => {
  const judged = (attempt: (value: number) => unknown) =>
    fuzz({ name: 'made up', count: 1, inputs: fc.nat(), attempt }, 20, 1);
  it.each<[string, () => never]>([
    [
      'an error of no class of ours',
      () => {
        throw new TypeError('x is not a function');
      },
    ],
    [
      'a line that never ends',
      () => {
        throw new BellmanError('X', 'x'.repeat(5000));
      },
    ],
  ])('%s', async (_, attempt) => {
    await expect(judged(attempt)).rejects.toThrow('Property failed');
  });
  it('nothing in what is refused or accepted', async () => {
    expect(
      await judged(() => {
        throw new BellmanError('X', 'no');
      }),
    ).toMatchObject({ refused: 20, accepted: 0 });
    expect(await judged(() => 1)).toMatchObject({ refused: 0, accepted: 20 });
  });
});

it('edits change bytes as they say', () => {
  const edit = { at: 0.25, to: 0.75, bytes: Uint8Array.of(9) } as const;
  const of = (how: Parameters<typeof applyEdits>[1][number]['how']) => [
    ...applyEdits(Uint8Array.of(1, 2, 3, 4), [{ how, ...edit }]),
  ];
  expect({ flip: of('flip'), set: of('set'), cut: of('cut'), insert: of('insert'), swap: of('swap') }).toEqual({
    flip: [1, 0, 3, 4],
    set: [1, 9, 3, 4],
    cut: [1, 4],
    insert: [1, 9, 2, 3, 4],
    swap: [1, 4, 3, 2],
  });
});
