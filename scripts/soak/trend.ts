/**
 * Whether something grows with time, judged from many processes that each did a piece of the work.
 *
 * Each process has a warm-up of its own (code is compiled, heaps take their size), and a level of its own. So the slope is that
 * within the pieces: least squares with one slope for all and a level for each piece, on medians of blocks. Neighbouring blocks are
 * alike (collections of garbage take minutes); the interval is widened by their autocorrelation as that of an AR(1) process,
 * sqrt((1 + rho) / (1 - rho)), with fewer degrees of freedom to match.
 */
import { studentT975 } from '../../src/stats/index.ts';

export interface Observation {
  readonly piece: number;
  /** Hours. */
  readonly time: number;
  readonly value: number;
}

export interface Trend {
  /** Growth in an hour. */
  readonly slope: number;
  /** Half the width of the slope's 95 % interval. */
  readonly halfWidth95: number;
  readonly blocks: number;
  readonly pieces: number;
}

/** Length of a block in hours: half a minute. */
const BLOCK = 30 / 3600;

/** @returns medians of blocks, in order; a block belongs to one piece. */
export function blocksOf(observations: readonly Observation[], length = BLOCK): Observation[] {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const key = `${observation.piece} ${Math.floor(observation.time / length)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [observation]);
    else group.push(observation);
  }
  return [...groups.values()].map((group) => ({
    piece: group[0].piece,
    time: mean(group.map(({ time }) => time)),
    value: median(group.map(({ value }) => value)),
  }));
}

/** @returns undefined where there is too little: fewer than five degrees of freedom. */
export function trendOf(observations: readonly Observation[]): Trend | undefined {
  const blocks = blocksOf(observations);
  const pieces = [...new Set(blocks.map(({ piece }) => piece))]
    .map((piece) => centred(blocks.filter((block) => block.piece === piece)))
    .filter(({ times }) => times.length > 1);
  const count = sum(pieces.map(({ times }) => times.length));
  const spread = sum(pieces.flatMap(({ times }) => times.map((time) => time ** 2)));
  if (count - pieces.length - 1 < 5) return undefined;
  const slope = sum(pieces.flatMap(({ times, values }) => times.map((time, i) => time * values[i]))) / spread;
  const residuals = pieces.map(({ times, values }) => values.map((value, i) => value - slope * times[i]));
  const squares = sum(residuals.flat().map((residual) => residual ** 2));
  const neighbours = sum(residuals.flatMap((of) => of.slice(1).map((residual, i) => residual * of[i])));
  const found = squares > 0 ? neighbours / squares : 0;
  // Short pieces make the autocorrelation look smaller than it is (Kendall 1954).
  const rho = Math.min(0.95, Math.max(0, found + (1 + 4 * found) / (count / pieces.length)));
  const inflation = (1 + rho) / (1 - rho);
  const degrees = Math.max(1, Math.floor(count / inflation) - pieces.length - 1);
  const error = Math.sqrt((squares / (count - pieces.length - 1) / spread) * inflation);
  return { slope, halfWidth95: studentT975(degrees) * error, blocks: count, pieces: pieces.length };
}

function centred(blocks: readonly Observation[]): { readonly times: number[]; readonly values: number[] } {
  const time = mean(blocks.map((block) => block.time));
  const value = mean(blocks.map((block) => block.value));
  return { times: blocks.map((block) => block.time - time), values: blocks.map((block) => block.value - value) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** @param values at least one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
