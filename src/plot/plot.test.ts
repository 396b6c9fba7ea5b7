import { describe, expect, it } from 'vitest';
import { curveColours, drawCurves } from './curve-picture.ts';
import { aggregate, smooth, valueAt } from './curves.ts';

const one = { x: [0, 10, 20], y: [0, 10, 40] };
const other = { x: [0, 10], y: [2, 12] };

describe('curves', () => {
  it('are smoothed by means over what came before', () => {
    expect(smooth({ x: [1, 2, 3, 4], y: [3, 5, 10, 0] }, 2).y).toEqual([3, 4, 7.5, 5]);
    expect(smooth(one, 1)).toEqual(one);
  });
  it.each([
    [-5, 0],
    [0, 0],
    [5, 5],
    [15, 25],
    [99, 40],
  ])('at %i are worth %i', (at, value) => {
    expect(valueAt(one, at)).toBe(value);
  });
  it('become a mean with a band; a run that ended keeps its last value', () => {
    const band = aggregate([one, other], 'std', 3);
    expect(band.x).toEqual([0, 10, 20]);
    expect(band.mean).toEqual([1, 11, 26]);
    // The standard deviation of 0 and 2 is the root of 2, of 40 and 12 is 28 / sqrt(2).
    expect(band.high[0] - 1).toBeCloseTo(Math.SQRT2, 12);
    expect(26 - band.low[2]).toBeCloseTo(28 / Math.SQRT2, 12);
    // Student's t for one degree of freedom: 12.7062.
    expect(aggregate([one, other], 'ci', 3).high[0] - 1).toBeCloseTo(12.7062, 3);
    const { low, high } = aggregate([one, other], 'range', 3);
    expect([low, high]).toEqual([
      [0, 10, 12],
      [2, 12, 40],
    ]);
    expect(aggregate([one], 'std')).toMatchObject({ x: one.x, mean: one.y, low: one.y });
  });
});

describe('the picture', () => {
  const options = { title: 'A < B & "C"', xLabel: 'steps', yLabel: 'reward', spread: 'std' as const };
  const curves = [
    { label: 'one', band: aggregate([one], 'std'), runs: 1, dots: other },
    { label: 'both', band: aggregate([one, other], 'std', 3), runs: 2 },
  ];
  it('has a line for each group, a band for several seeds, and dots', () => {
    const svg = drawCurves(curves, { ...options, levels: [{ value: 30, label: 'good' }] });
    expect(svg.match(/stroke-width="2\.4"/g)).toHaveLength(2);
    expect(svg.match(/fill-opacity="0\.16"/g)).toHaveLength(1);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain('A &lt; B &amp; &quot;C&quot;');
    expect(svg).toContain('both (2 seeds)');
    expect(svg).toContain('good</text>');
    expect(svg).not.toContain('NaN');
  });
  it('puts points where they belong', () => {
    const svg = drawCurves([curves[0]], { ...options, yRange: [0, 40] });
    const [, path] = /<path d="(M[^"]+)" fill="none"/.exec(svg) ?? [];
    const points = path
      .slice(1)
      .split('L')
      .map((point) => point.split(',').map(Number));
    // A straight axis: the second point is half way across and a quarter of the way up.
    const [[x0, y0], [x1, y1], [x2, y2]] = points;
    expect((x1 - x0) / (x2 - x0)).toBeCloseTo(0.5, 2);
    expect((y1 - y0) / (y2 - y0)).toBeCloseTo(0.25, 2);
  });
  it('has an axis of powers of ten when asked for', () => {
    const long = { label: 'long', band: aggregate([{ x: [10, 100, 1000], y: [0, 1, 2] }], 'std'), runs: 1 };
    const svg = drawCurves([long], { ...options, xScale: 'log' });
    const [, path] = /<path d="M([^"]+)" fill="none"/.exec(svg) ?? [];
    const [x0, x1, x2] = path.split('L').map((point) => Number(point.split(',')[0]));
    expect((x1 - x0) / (x2 - x0)).toBeCloseTo(0.5, 2);
    for (const tick of ['10', '100', '1000']) expect(svg).toContain(`>${tick}</text>`);
    expect(svg).not.toContain('>20</text>');
  });
  it('dashes the lines that come after the last colour', () => {
    const many = Array.from({ length: curveColours.length + 1 }, (_, i) => ({ ...curves[0], label: `${i}` }));
    expect(drawCurves(many, options).match(/stroke-dasharray="6 5"/g)).toHaveLength(2);
    expect(drawCurves(many.slice(1), options)).not.toContain('stroke-dasharray="6 5"');
  });
  it('is drawn where nothing changes', () => {
    const flat = { label: 'flat', band: aggregate([{ x: [5], y: [3] }], 'std'), runs: 1 };
    expect(drawCurves([flat], options)).not.toContain('NaN');
  });
});
