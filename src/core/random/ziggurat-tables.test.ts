import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exponentialTables, normalTables, type ZigguratTables } from './ziggurat-tables.ts';

const digest = (table: Float64Array): string => createHash('sha256').update(table).digest('hex').slice(0, 16);
const digests = ({ bounds, widths, densities }: ZigguratTables) => [bounds, widths, densities].map(digest);

// Printed by test/oracle/ziggurat_tables.py.
describe('the tables are NumPy’s to the bit', () => {
  it('of the normal distribution', () => {
    expect(digests(normalTables())).toEqual(['d3c6847aee4edccc', '33c6472209e1d09e', 'acd898d9d87e212f']);
  });
  it('of the exponential distribution', () => {
    expect(digests(exponentialTables())).toEqual(['3d3e4b1ae699759d', '12751415cc5c2d3a', '1f4b2a07fcf8396e']);
  });
});

it('their layers have one area each', () => {
  const { widths, densities } = normalTables();
  const area = (i: number) => widths[i] * 2 ** 52 * (densities[i - 1] - densities[i]);
  for (let i = 2; i < 256; i++) expect(area(i) / area(1)).toBeCloseTo(1, 12);
});
