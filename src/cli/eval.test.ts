import { expect, it } from 'vitest';
import { scoreLines } from './eval.ts';

const score = { mean: 12_345.678, std: 1234.5, halfWidth95: 345.678 };
const [first, second] = ['Mean reward 12345.678, standard deviation 1234.500', '95 % interval 12000.000 to 12691.356'];

it.each([
  [Number.POSITIVE_INFINITY, [`${first}, ${second}`]],
  [79, [`${first},`, second]],
  [40, ['Mean reward 12345.678, standard', 'deviation 1234.500,', second]],
])('a score fits %f columns, its interval in one piece', (width, lines) => {
  expect(scoreLines('Mean reward', score, width)).toEqual(lines);
});

it('a score of one episode has no interval', () => {
  expect(scoreLines('Mean reward', { ...score, halfWidth95: undefined }, 79)).toEqual([first]);
});
