import { expect, it } from 'vitest';
import { createKernelRunner, evaluate, Graph, gradients, reduceSum } from '../index.ts';
import { erf } from './erf.ts';

/** Python's math.erf. */
const KNOWN = [
  [-6, -1],
  [-2.5, -0.999593047982555],
  [-1, -0.8427007929497149],
  [-0.1, -0.1124629160182849],
  [0, 0],
  [1e-3, 0.0011283787909692365],
  [0.3, 0.3286267594591274],
  [0.75, 0.7111556336535151],
  [1.5, 0.9661051464753108],
  [3, 0.9999779095030014],
  [40, 1],
] as const;
const x = KNOWN.map(([at]) => at);

function graphOf() {
  const graph = new Graph();
  const input = graph.input('x', 'float32', [x.length]);
  const y = erf(input);
  return { y, slope: gradients(reduceSum(y), [input])[0]! };
}

it('is within 1.5e-7 of the error function', () => {
  const [y] = evaluate([graphOf().y], { x }, 'float64');
  for (const [i, [at, value]] of KNOWN.entries()) expect(Math.abs(y[i] - value), `${at}`).toBeLessThan(1.5e-7);
});

it('has its slope, at 0 too', () => {
  const [slope] = evaluate([graphOf().slope], { x }, 'float64');
  for (const [i, at] of x.entries()) expect(slope[i]).toBeCloseTo((2 / Math.sqrt(Math.PI)) * Math.exp(-at * at), 6);
});

it('is as near in singles on the kernels', async () => {
  const { y } = await createKernelRunner({ y: graphOf().y }).run({ x: Float32Array.from(x) });
  for (const [i, [at, value]] of KNOWN.entries()) expect(Math.abs(y[i] - value), `${at}`).toBeLessThan(4e-7);
});
