import { describe, expect, it } from 'vitest';
import { OptionError } from '../core/errors.ts';
import { Canvas, textWidth } from './canvas.ts';
import { hex, horizontal, mix, radial } from './paint.ts';
import { ellipse, roundRect, smoothOutline, stroke } from './shapes.ts';

const WHITE = hex('#ffffff');

/** Red channel by rows. */
function reds(canvas: Canvas): number[][] {
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (_, x) => canvas.data[(y * canvas.width + x) * 3]),
  );
}

/** Filled area in pixels of what was drawn in white on black. */
function area(canvas: Canvas): number {
  return (
    reds(canvas)
      .flat()
      .reduce((sum, red) => sum + red, 0) / 255
  );
}

describe('coverage', () => {
  it('fills whole pixels fully and no others', () => {
    const canvas = new Canvas(4, 3);
    canvas.fillRect(1, 1, 2, 1, WHITE);
    expect(reds(canvas)).toEqual([
      [0, 0, 0, 0],
      [0, 255, 255, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('gives a pixel the share that is covered', () => {
    const canvas = new Canvas(3, 2);
    canvas.fillRect(0.5, 0.25, 2, 1, WHITE);
    // Columns 1/2, 1, 1/2; rows 3/4 and 1/4.
    expect(reds(canvas)).toEqual([
      [96, 191, 96],
      [32, 64, 32],
    ]);
  });

  it('cuts pixels exactly along a slope', () => {
    const canvas = new Canvas(4, 1);
    // Below the line from (0, 1) to (4, 0): shares 1/8, 3/8, 5/8, 7/8.
    canvas.fillPolygon([0, 1, 4, 0, 4, 1], WHITE);
    expect(reds(canvas)).toEqual([[32, 96, 159, 223]]);
  });

  it.each([
    ['a triangle', [3.3, 2.1, 36.7, 9.4, 12.2, 37.9]],
    ['a kite', [20, 1.5, 33, 20.2, 20.4, 39, 4.7, 18.9]],
    ['a star-like outline', [20, 2, 24, 16, 38, 16, 27, 24, 31, 38, 20, 29, 9, 38, 13, 24, 2, 16, 16, 16]],
  ])('has the area of %s', (_, points) => {
    let twice = 0;
    for (let i = 0; i < points.length; i += 2) {
      const j = (i + 2) % points.length;
      twice += points[i] * points[j + 1] - points[j] * points[i + 1];
    }
    for (const outline of [points, flip(points)]) {
      const canvas = new Canvas(40, 40);
      canvas.fillPolygon(outline, WHITE);
      expect(Math.abs(area(canvas) - Math.abs(twice) / 2)).toBeLessThan(0.6);
    }
  });

  it('has the area of a circle', () => {
    const canvas = new Canvas(64, 64);
    canvas.circle(31.3, 32.2, 25, WHITE);
    expect(Math.abs(area(canvas) / (Math.PI * 625) - 1)).toBeLessThan(0.004);
  });

  it('clips at all sides', () => {
    const canvas = new Canvas(8, 6);
    canvas.fillRect(-100, -100, 300, 300, WHITE);
    expect(area(canvas)).toBe(48);
    const corner = new Canvas(8, 6);
    corner.fillPolygon([-10, -10, 4, -10, 4, 3, -10, 3], WHITE);
    expect(area(corner)).toBe(12);
    const beside = new Canvas(8, 6);
    beside.fillRect(9, 1, 4, 4, WHITE);
    beside.fillRect(-9, 1, 4, 4, WHITE);
    beside.fillRect(1, 7, 4, 4, WHITE);
    expect(area(beside)).toBe(0);
  });

  it('unites outlines of one sense and cuts holes with the other', () => {
    const canvas = new Canvas(10, 10);
    const outer = [0, 0, 10, 0, 10, 10, 0, 10];
    const inner = [2, 2, 8, 2, 8, 8, 2, 8];
    canvas.fill([outer, flip(inner)], WHITE);
    expect(area(canvas)).toBe(64);
    const union = new Canvas(10, 10);
    union.fill([outer, inner], WHITE);
    expect(area(union)).toBe(100);
  });

  it('leaves nothing behind for the next fill', () => {
    const canvas = new Canvas(20, 20);
    canvas.fillPolygon(smoothOutline([3, 3, 16, 5, 12, 17]), WHITE);
    canvas.clear(hex('#000000'));
    canvas.fillRect(5, 5, 2, 2, WHITE);
    expect(area(canvas)).toBe(4);
  });
});

describe('canvas', () => {
  it('blends by opacity', () => {
    const canvas = new Canvas(1, 1);
    canvas.clear(hex('#204060'));
    canvas.fillRect(0, 0, 1, 1, hex('#a0c0e0', 0.5), 0.5);
    expect([...canvas.data]).toEqual([0x40, 0x60, 0x80]);
  });

  it('moves, scales and turns', () => {
    const canvas = new Canvas(8, 8);
    // A bar of 3 x 1 from the origin to the right, turned to point down, twice as large, from (4, 1).
    canvas.at(4, 1, 2, Math.PI / 2, () => canvas.fillRect(0, 0, 3, 1, WHITE));
    const direct = new Canvas(8, 8);
    direct.fillRect(2, 1, 2, 6, WHITE);
    expect(reds(canvas)).toEqual(reds(direct));
  });

  it('composes transforms and puts the old one back', () => {
    const canvas = new Canvas(10, 10);
    canvas.at(2, 2, 2, 0, () => canvas.at(1, 1, [1, 2], 0, () => canvas.fillRect(0, 0, 1, 1, WHITE)));
    const direct = new Canvas(10, 10);
    direct.fillRect(4, 4, 2, 4, WHITE);
    expect(reds(canvas)).toEqual(reds(direct));
    canvas.clear(hex('#000000'));
    canvas.fillRect(0, 0, 1, 1, WHITE);
    expect(canvas.data[0]).toBe(255);
  });

  it('paints gradients in the coordinates of the shape', () => {
    const canvas = new Canvas(8, 2);
    canvas.at(0, 0, 2, 0, () => canvas.fillRect(0, 0, 4, 1, horizontal(0, 4, hex('#000000'), hex('#ffffff'))));
    // Pixel centres at 1/16, 3/16, ... of the way.
    expect(reds(canvas)[0]).toEqual([1, 3, 5, 7, 9, 11, 13, 15].map((i) => Math.floor((i / 16) * 255 + 0.5)));
    const round = new Canvas(9, 9);
    round.fillRect(0, 0, 9, 9, radial(4.5, 4.5, 4, hex('#ffffff'), hex('#000000')));
    expect([round.data[(4 * 9 + 4) * 3], round.data[(4 * 9 + 6) * 3], round.data[0]]).toEqual([255, 128, 0]);
  });

  it('copies another picture', () => {
    const from = new Canvas(3, 3);
    from.clear(hex('#123456'));
    const to = new Canvas(3, 3);
    to.copyFrom(from);
    expect(to.data).toEqual(from.data);
    from.clear(hex('#000000'));
    expect(to.data[0]).toBe(0x12);
  });

  it('writes letters dot by dot', () => {
    const canvas = new Canvas(11, 7);
    canvas.text(0, 0, 'Hi', 1, WHITE);
    const picture = reds(canvas).map((row) => row.map((red) => (red > 0 ? '#' : '.')).join(''));
    expect(picture).toEqual([
      '#...#..###.',
      '#...#...#..',
      '#...#...#..',
      '#####...#..',
      '#...#...#..',
      '#...#...#..',
      '#...#..###.',
    ]);
    expect(textWidth('Hi', 1)).toBe(11);
    expect(textWidth('', 3)).toBe(0);
  });
});

describe('shapes', () => {
  it('of a round rectangle stay inside it and touch its sides', () => {
    const points = roundRect(2, 3, 10, 6, 99);
    const xs = points.filter((_, i) => i % 2 === 0);
    const ys = points.filter((_, i) => i % 2 === 1);
    expect(
      [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)].map((v) => Math.round(v * 1e9) / 1e9),
    ).toEqual([2, 12, 3, 9]);
  });

  it('of a stroke have its area', () => {
    const canvas = new Canvas(60, 40);
    canvas.line([10, 10, 50, 10, 50, 30], 6, WHITE);
    // Two bars of 40 x 6 and 20 x 6, half a disc at either end; the corner is shared by a disc's quarter.
    const bars = 40 * 6 + 20 * 6 - 9;
    const round = Math.PI * 9 + (Math.PI * 9) / 4;
    expect(Math.abs(area(canvas) - bars - round)).toBeLessThan(1);
    expect(stroke([1, 1], 2)).toHaveLength(1);
  });

  it('of a smooth outline pass through its points', () => {
    const points = smoothOutline([0, 0, 10, 0, 5, 8], 4);
    expect([points.slice(0, 2), points.slice(8, 10), points.slice(16, 18)]).toEqual([
      [0, 0],
      [10, 0],
      [5, 8],
    ]);
  });

  it('of an ellipse lie on it', () => {
    const points = ellipse(5, 6, 4, 2);
    for (let i = 0; i < points.length; i += 2) {
      expect(((points[i] - 5) / 4) ** 2 + ((points[i + 1] - 6) / 2) ** 2).toBeCloseTo(1, 12);
    }
  });

  it('mix colours', () => {
    expect(mix([0, 100, 200, 1], [100, 0, 200, 0], 0.25)).toEqual([25, 75, 200, 0.75]);
  });
});

/** The outline in the other sense. */
function flip(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i], points[i + 1]);
  return out;
}

it.each<[string, () => unknown]>([
  ['a canvas of no width', () => new Canvas(0, 4)],
  ['a canvas of half a row', () => new Canvas(4, 1.5)],
  ['a canvas of text', () => new Canvas('4' as never, 4)],
  ['three digits', () => hex('#fff')],
  ['no number sign', () => hex('ffffff0')],
  ['another letter', () => hex('#00000g')],
  ['a name', () => hex('red')],
])('%s is refused', (_, call) => {
  expect(call).toThrow(OptionError);
});

it('copies pictures of its own size only', () => {
  const canvas = new Canvas(2, 1);
  canvas.copyFrom({ width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  expect([...canvas.data]).toEqual([1, 2, 3, 4, 5, 6]);
  for (const [width, height] of [
    [1, 1],
    [1, 2],
    [4, 1],
  ]) {
    const data = new Uint8Array(3 * width * height);
    expect(() => canvas.copyFrom({ width, height, data })).toThrow(`got ${width} x ${height}, allowed is 2 x 1`);
  }
  expect([...canvas.data]).toEqual([1, 2, 3, 4, 5, 6]);
});
