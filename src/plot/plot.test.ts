import { describe, expect, it } from 'vitest';
import { curveColours, drawCurves } from './curve-picture.ts';
import { aggregate, finitePoints, smooth, typicalRange, valueAt, visibleIndices } from './curves.ts';

const one = { x: [0, 10, 20], y: [0, 10, 40] };
const other = { x: [0, 10], y: [2, 12] };

describe('curves', () => {
  it('are smoothed by means over what came before', () => {
    expect(smooth({ x: [1, 2, 3, 4], y: [3, 5, 10, 0] }, 2).y).toEqual([3, 4, 7.5, 5]);
    expect(smooth(one, 1)).toEqual(one);
  });
  it('are smoothed without rounding left behind, and NaN is left out', () => {
    const steep = { x: [0, 1, 2, 3], y: [1e17, 3, 4, 5] };
    expect(smooth(steep, 1)).toEqual(steep);
    expect(smooth(steep, 2).y.slice(2)).toEqual([3.5, 4.5]);
    expect(smooth({ x: [0, 1, 2, 3], y: [1, Number.NaN, 3, 5] }, 2)).toEqual({ x: [0, 2, 3], y: [1, 2, 4] });
  });
  it('are smoothed as by a loop over each window', () => {
    const y = Array.from({ length: 23 }, (_, i) => (i * i * 7) % 19);
    for (const window of [1, 2, 3, 5, 8, 22, 23, 40]) {
      const means = smooth({ x: y, y }, window).y;
      y.forEach((_, i) => {
        const seen = y.slice(Math.max(0, i - window + 1), i + 1);
        expect(means[i]).toBeCloseTo(seen.reduce((sum, value) => sum + value, 0) / seen.length, 12);
      });
    }
  });
  it('leave out what cannot be drawn', () => {
    const y = [1, Number.POSITIVE_INFINITY, 3, 1e305, 'NaN' as unknown as number, 6];
    expect(finitePoints({ x: [0, 1, 2, 3, 4, 5], y })).toEqual({ x: [0, 2, 5], y: [1, 3, 6] });
  });
  it('are framed without outliers', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    // A learner whose first tests cost a million, and which then goes from -100 to -13.
    const cliff = { x, y: x.map((i) => (i < 10 ? -1.4e6 : Math.min(-13, -100 + i))) };
    expect(typicalRange([cliff])[0]).toBeGreaterThan(-200);
    expect(typicalRange([cliff])[1]).toBe(-13);
    // Nothing is an outlier where learning itself is seen: games of Pong, a pole, a lake that is solved at once.
    for (const y of [
      x.map((i) => Math.min(20, i / 20 - 21)),
      x.map((i) => Math.min(500, 20 + i)),
      x.map((i) => (i < 30 ? 0 : 0.8)),
    ]) {
      expect(typicalRange([{ x, y }])).toEqual([y[0], y[999]]);
    }
    expect(typicalRange([{ x: [5], y: [3] }])).toEqual([3, 3]);
  });
  it('have fewer points and the same first, lowest, highest and last in each column of pixels', () => {
    const n = 2 ** 17;
    const x = Array.from({ length: n }, (_, i) => i);
    const y = x.map((i) => (i * 7919) % 1013);
    const kept = visibleIndices(
      { x, y },
      Array.from({ length: 129 }, (_, i) => i * 1024),
    );
    expect(kept.length).toBeLessThanOrEqual(512);
    for (let column = 0; column < 128; column++) {
      const [from, to] = [column * 1024, (column + 1) * 1024];
      const here = kept.filter((i) => i >= from && i < to);
      expect([here[0], here.at(-1)]).toEqual([from, to - 1]);
      const values = here.map((i) => y[i]);
      expect(Math.min(...values)).toBe(Math.min(...y.slice(from, to)));
      expect(Math.max(...values)).toBe(Math.max(...y.slice(from, to)));
    }
    expect(visibleIndices(one, [0, 10, 20])).toEqual([0, 1, 2]);
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
    // No run was above 40 or below 0, so no band is.
    expect(Math.max(...aggregate([one, other], 'ci', 3).high)).toBeLessThanOrEqual(40);
    expect(Math.min(...aggregate([one, other], 'ci', 3).low)).toBe(0);
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
  it('tells twenty lines apart, by colour and by dashes', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ ...curves[0], label: `${i}` }));
    const styles = [...drawCurves(many, options).matchAll(/stroke-width="2\.4" (stroke="[^>]*)\/>/g)];
    expect(new Set(styles.map(([, style]) => style)).size).toBe(20);
    expect(drawCurves(many.slice(0, curveColours.length), options)).not.toContain('stroke-dasharray');
  });
  it('ends a curve thin where most seeds have ended', () => {
    const runs = [one, other, other];
    const band = aggregate(runs, 'std', 5);
    expect(band.solidTo).toBe(10);
    const svg = drawCurves([{ label: 'three', band, runs: 3 }], options);
    const [solid, thin] = ['2\\.4', '1"'].map(
      (stroke) => new RegExp(`d="M([^"]*)" fill="none" stroke-width="${stroke}`).exec(svg)?.[1].split('L') ?? [],
    );
    expect([solid.length, thin.length]).toEqual([3, 3]);
    expect(thin[0]).toBe(solid[2]);
  });
  it('puts the names of levels next to the frame, apart from each other', () => {
    const levels = [
      { value: 30, label: 'good' },
      { value: 30.1, label: 'a little better' },
    ];
    const svg = drawCurves(curves, { ...options, levels });
    const [, edge] = /<path d="M76 \d+(?:\.\d+)?H(\d+(?:\.\d+)?)" stroke="#9aa7b7"/.exec(svg) ?? [];
    const places = levels.map(
      ({ label }) => new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${label}<`).exec(svg) ?? [],
    );
    for (const [, at] of places) expect(Number(at)).toBeGreaterThan(Number(edge));
    expect(Math.abs(Number(places[0][2]) - Number(places[1][2]))).toBeGreaterThanOrEqual(12);
  });
  it('leaves outliers outside its frame and says so; dots at its edge are whole', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    const wild = {
      label: 'wild',
      band: aggregate([{ x, y: x.map((i) => (i === 0 ? -1e9 : i % 10)) }], 'std'),
      runs: 1,
    };
    const svg = drawCurves([wild], options);
    expect(svg).toContain('outliers lie outside the frame');
    expect(svg).not.toContain('M</text>');
    expect(drawCurves(curves, options)).not.toContain('outside');
  });
  it('stays small with a million points', () => {
    const x = Array.from({ length: 1_000_000 }, (_, i) => i);
    const y = x.map((i) => (i * 31) % 97);
    const svg = drawCurves([{ label: 'long', band: aggregate([{ x, y }], 'std'), runs: 1, dots: { x, y } }], options);
    expect(svg.length).toBeLessThan(1_000_000);
    expect(svg).toContain('dots: one in 250');
  });
  it('is well-formed whatever its title', () => {
    const svg = drawCurves(curves, { ...options, title: 'a\u0000b\u001b[31m\ud800c\uffff' });
    expect(svg).toContain('a\ufffdb\ufffd[31m\ufffdc\ufffd');
  });
  it('is drawn where nothing changes', () => {
    const flat = { label: 'flat', band: aggregate([{ x: [5], y: [3] }], 'std'), runs: 1 };
    expect(drawCurves([flat], options)).not.toContain('NaN');
  });
});
