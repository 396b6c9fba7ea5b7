import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { describe } from '../tensor-spec.ts';
import { pad } from './pad-and-crop.ts';
import { reshape } from './reshape.ts';
import { sum } from './sum.ts';
import { withGradient } from './with-gradient.ts';

/**
 * Gathers rows by fixed numbers: x [B, R, C] → [B, rows.length, C], any row any number of times; -1 is a row of zeros.
 * Runs of neighbouring rows are copied as one.
 */
export function gatherRows(x: Tensor, rows: readonly number[]): Tensor {
  const [batch, count, channels] = x.shape;
  if (x.shape.length !== 3 || !rows.every((row) => Number.isInteger(row) && row >= -1 && row < count)) {
    throw new ShapeError(`gatherRows: row numbers do not fit ${describe(x)} ([B, rows, channels]).`);
  }
  const run = commonRun(rows, count);
  if (run > 1) {
    const starts = rows.filter((_, i) => i % run === 0).map((row) => (row === -1 ? -1 : row / run));
    const wide = gatherRows(reshape(x, [batch, count / run, run * channels]), starts);
    return reshape(wide, [batch, rows.length, channels]);
  }
  // The zeros are one more row at the end.
  const source = rows.includes(-1) ? pad(x, [0, 0, 0], [0, 1, 0]) : x;
  const indices = rows.map((row) => (row === -1 ? count : row));
  if (source === x && rows.length === count && rows.every((row, i) => row === i)) return x;
  const gathered = x.graph.add({
    op: 'Gather',
    inputs: [source, x.graph.constant(indices, [indices.length], 'int32')],
    attributes: { axis: 1 },
    dtype: x.dtype,
    shape: [batch, rows.length, channels],
    evaluate: ([a]) => {
      const out = new Float64Array(batch * rows.length * channels);
      const stored = a.shape[1];
      for (let b = 0, to = 0; b < batch; b++) {
        for (const index of indices) {
          const from = (b * stored + index) * channels;
          out.set(a.data.subarray(from, from + channels), to);
          to += channels;
        }
      }
      return out;
    },
  });
  // The row numbers are an input of `gathered`, so they need no part in the name.
  return withGradient(gathered, [x], (dy) => [scatterRows(dy, rows, count)], 'gatherRows');
}

/**
 * The gradient of `gatherRows`, itself made of gathered rows: each of `count` rows sums the places of y that it went to.
 * @param y [B, rows.length, C]
 * @returns [B, count, C]
 */
export function scatterRows(y: Tensor, rows: readonly number[], count: number): Tensor {
  const places: number[][] = Array.from({ length: count }, () => []);
  rows.forEach((row, place) => {
    if (row !== -1) places[row].push(place);
  });
  const most = Math.max(1, ...places.map((list) => list.length));
  const terms = Array.from({ length: most }, (_, k) => places.map((list) => list[k] ?? -1));
  return sum(terms.map((list) => gatherRows(y, list)));
}

/** Largest number of rows that are always taken together, in order, from a multiple of that number. */
function commonRun(rows: readonly number[], count: number): number {
  const together = (run: number) =>
    count % run === 0 &&
    rows.length % run === 0 &&
    rows.every((row, i) => {
      const start = rows[i - (i % run)];
      return start === -1 ? row === -1 : start % run === 0 && row === start + (i % run);
    });
  let best = 1;
  for (let run = 2; run <= 64 && run <= rows.length; run++) if (together(run)) best = run;
  return best;
}
