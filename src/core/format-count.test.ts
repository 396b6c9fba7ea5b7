import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCount } from './format-count.ts';

it('is how English writes whole numbers', () => {
  expect([0, 7, 999, 1000, 2_500_000, -1234, 1e15].map(formatCount)).toEqual(
    ['0', '7', '999', '1,000', '2,500,000', '-1,234', '1,000,000,000,000,000'], //
  );
  fc.assert(fc.property(fc.maxSafeNat(), (count) => formatCount(count) === count.toLocaleString('en-US')));
});
