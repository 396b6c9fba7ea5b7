import { describe, expect, it } from 'vitest';
import type { SearchSpace, Settings } from '../tune/search-space.ts';
import type { Trial } from '../tune/trial.ts';
import { axisOf, objectiveAxis } from './setting-axis.ts';
import { drawImportances, drawParallelCoordinates, drawSlices, drawStudyHistory } from './study-picture.ts';

const space: SearchSpace = {
  rate: { kind: 'float', low: 0.001, high: 0.1, log: true, step: null },
  kind: { kind: 'choice', choices: ['<mlp>', null] },
};
const trial = (number: number, state: Trial['state'], value: number | null, settings: Settings): Trial => ({
  ...{ number, state, value, settings },
  reports: new Map(),
});
const trials = [
  trial(0, 'complete', 10, { rate: 0.001, kind: '<mlp>' }),
  trial(1, 'complete', 30, { rate: 0.01, kind: null }),
  trial(2, 'pruned', null, { rate: 0.1, kind: null }),
  trial(3, 'failed', null, { rate: 0.1, kind: null }),
  trial(4, 'complete', 20, { rate: 0.1, kind: '<mlp>' }),
];
const options = { title: 'A & B', objective: 'score', direction: 'maximize' } as const;
const circles = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" fill="(#\w+)"/g)].map(([, x, y, fill]) => ({
    x: Number(x),
    y: Number(y),
    fill,
  }));
const ORANGE = '#d55e00';

describe('axes', () => {
  it.each([
    [{ kind: 'float', low: 0, high: 10, log: false, step: null }, 5, 150, ['0', '2', '4', '6', '8', '10']],
    [{ kind: 'float', low: 0.01, high: 1, log: true, step: null }, 0.1, 150, ['0.01', '0.1', '1']],
    // No two powers of ten.
    [{ kind: 'int', low: 20, high: 500, log: true, step: 1 }, 100, 150, ['20', '50', '100', '200', '500']],
    [{ kind: 'int', low: 1, high: 3, log: false, step: 1 }, 2, 150, ['1', '2', '3']],
    [{ kind: 'choice', choices: ['a', null, true] }, null, 150, ['a', 'null', 'true']],
  ] as const)('%j', (distribution, value, middle, ticks) => {
    const axis = axisOf(distribution, 100, 200);
    expect(axis.at(value)).toBeCloseTo(distribution.kind === 'int' && distribution.log ? 150 : middle, 6);
    expect(axis.ticks.map(({ text }) => text)).toEqual(ticks);
  });

  it('of an objective has room, and powers of ten where its values need them', () => {
    expect(objectiveAxis([10, 20], 0, 110).at(15)).toBeCloseTo(55, 9);
    const wide = objectiveAxis([1, 1000], 0, 100);
    expect(wide.at(Math.sqrt(1000))).toBeCloseTo(50, 9);
    expect(Number.isFinite(objectiveAxis([0, 0], 0, 1).at(0))).toBe(true);
  });
});

describe('pictures of a study', () => {
  it('history: each value at its trial, the best so far, marks for the others', () => {
    const svg = drawStudyHistory(trials, options);
    const dots = circles(svg);
    expect(dots.map(({ fill }) => fill === ORANGE)).toEqual([true, true, false]);
    const [first, second, last] = dots;
    expect((last.y - second.y) / (first.y - second.y)).toBeCloseTo(0.5, 2);
    expect((last.x - first.x) / (second.x - first.x)).toBeCloseTo(4, 1);
    // Up at the second trial, level from there to the end.
    const [, best] = /<path d="([^"]+)" fill="none" stroke="#d55e00"/.exec(svg)!;
    expect(best.startsWith(`M${first.x} ${first.y}H${second.x}V${second.y}`)).toBe(true);
    expect(best.endsWith(`H${last.x}V${second.y}`)).toBe(true);
    expect(svg.match(/v12"/g)).toHaveLength(1);
    expect(svg.match(/m0 -8/g)).toHaveLength(1);
    expect(svg).toContain('A &amp; B');
  });

  it('history of what is to be low: the lowest so far', () => {
    const dots = circles(drawStudyHistory(trials, { ...options, direction: 'minimize' }));
    expect(dots.map(({ fill }) => fill === ORANGE)).toEqual([true, false, false]);
  });

  it('parallel coordinates: a line for each complete trial, through its values, the best last and orange', () => {
    const svg = drawParallelCoordinates(space, trials, options);
    const lines = [...svg.matchAll(/<path d="M([^"]+)" fill="none" stroke="(#\w+)"/g)];
    expect(lines).toHaveLength(3);
    expect(lines.map(([, , colour]) => colour === ORANGE)).toEqual([false, false, true]);
    const points = lines[2][1].split('L').map((point) => point.split(' ').map(Number));
    // 0.01 is in the middle of 0.001 to 0.1.
    expect(points[1][1]).toBeCloseTo((120 + 460) / 2, 1);
    expect(svg).toContain('&lt;mlp&gt;');
  });

  it('slices: a dot in each panel for each complete trial', () => {
    const dots = circles(drawSlices(space, trials, options));
    expect(dots).toHaveLength(6);
    expect(dots.filter(({ fill }) => fill === ORANGE)).toHaveLength(2);
    expect(dots[2].x).toBeCloseTo((dots[0].x + dots[1].x) / 2, 1);
  });

  it('importances: bars as long as the shares, the longest first', () => {
    const svg = drawImportances({ rate: 0.2, kind: 0.6, odd: 0 }, options);
    const bars = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(([, wide]) => Number(wide));
    expect(bars[0] / bars[1]).toBeCloseTo(3, 2);
    expect(bars[2]).toBe(1);
    expect(svg.indexOf('>kind<')).toBeLessThan(svg.indexOf('>rate<'));
  });
});
