import { describe, expect, it } from 'vitest';
import { drawIntervals } from './interval-picture.ts';

const panels = [
  {
    title: 'median',
    bars: [
      { value: 1, interval: [0.5, 2] as const },
      { value: 3, interval: undefined },
    ],
  },
  {
    title: 'gap',
    bars: [
      { value: -1, interval: [-2, 0] as const },
      { value: 0, interval: [0, 0] as const },
    ],
  },
];
const svg = drawIntervals(panels, {
  title: 'A & B',
  subtitle: 'line: value',
  labels: ['one', '<two>'],
  xLabel: 'score',
});

/** Texts with their places. */
const texts = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, y, text]) => ({
  x: Number(x),
  y: Number(y),
  text,
}));
const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="16"/g)].map(
  ([, x, , width]) => [Number(x), Number(x) + Number(width)],
);
const marks = [...svg.matchAll(/<path d="M([\d.]+) [\d.]+v20"/g)].map(([, x]) => Number(x));

/** The place of a number, from the ticks of the panel that has it left of `end`. */
function placeOf(value: number, from: number, end: number): number {
  const ticks = texts.filter(({ x, text }) => x >= from && x <= end && /^-?[\d.]+$/.test(text));
  const [a, b] = [ticks[0], ticks[ticks.length - 1]];
  return a.x + ((b.x - a.x) * (value - Number(a.text))) / (Number(b.text) - Number(a.text));
}

describe('numbers with their intervals', () => {
  it('lie where the axis of their panel says', () => {
    const middle = (texts.find(({ text }) => text === 'median')!.x + texts.find(({ text }) => text === 'gap')!.x) / 2;
    expect(bars).toHaveLength(3);
    expect(marks).toHaveLength(4);
    const near = (found: number, value: number, from: number, end: number) =>
      expect(Math.abs(found - placeOf(value, from, end))).toBeLessThan(0.1);
    near(bars[0][0], 0.5, 0, middle);
    near(bars[0][1], 2, 0, middle);
    near(bars[1][0], -2, middle, 860);
    near(bars[1][1], 0, middle, 860);
    near(marks[0], 1, 0, middle);
    near(marks[1], 3, 0, middle);
    near(marks[2], -1, middle, 860);
    near(marks[3], 0, middle, 860);
  });

  it('have a row for each name, escaped, in the order of the labels', () => {
    const [one, two] = ['one', '&lt;two&gt;'].map((label) => texts.find(({ text }) => text === label)!);
    expect(one.y).toBeLessThan(two.y);
    expect(svg).toContain('A &amp; B');
  });

  it('of one value alone have an axis all the same', () => {
    const single = drawIntervals([{ title: 'x', bars: [{ value: 0, interval: undefined }] }], {
      title: '',
      labels: ['a'],
    });
    expect(single).not.toMatch(/NaN|Infinity/);
  });
});
