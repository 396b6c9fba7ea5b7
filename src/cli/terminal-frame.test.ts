import { describe, expect, it } from 'vitest';
import type { RgbFrame } from '../core/env.ts';
import { terminalFrame } from './terminal-frame.ts';

type Color = readonly [number, number, number];
const BROWN: Color = [144, 72, 17];
const WHITE: Color = [236, 236, 236];

function picture(width: number, height: number, color: (x: number, y: number) => Color): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(color(i % width, Math.floor(i / width)), 3 * i);
  return { width, height, data };
}

const ESCAPE = '\u001b';
const COLORS = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');
const visible = (line: string): string => line.replaceAll(COLORS, '');

describe('a picture in a terminal', () => {
  const pong = picture(160, 210, (x, y) => (x >= 100 && x < 102 && y >= 90 && y < 94 ? WHITE : BROWN));

  it.each([
    // 160 pixels twice as wide as high and 210 rows: 320 to 210.
    { columns: 80, rows: 22, width: 67, height: 22 },
    { columns: 200, rows: 58, width: 177, height: 58 },
    { columns: 40, rows: 58, width: 40, height: 13 },
    { columns: 1, rows: 1, width: 1, height: 1 },
  ])('of Pong fits $columns x $rows with its proportions', ({ columns, rows, width, height }) => {
    const lines = terminalFrame(pong, { columns, rows, pixelAspect: 2, colorDepth: 24 });
    expect(lines).toHaveLength(height);
    for (const line of lines) expect(visible(line)).toBe('▀'.repeat(width));
  });

  it('keeps the ball of 2 x 4 pixels in sight, brighter than halfway from the field', () => {
    const text = terminalFrame(pong, { columns: 80, rows: 22, pixelAspect: 2, colorDepth: 24 }).join('');
    const reds = [...text.matchAll(/[34]8;2;(\d+);/g)].map(([, red]) => Number(red));
    expect(Math.max(...reds)).toBeGreaterThan((BROWN[0] + WHITE[0]) / 2);
    expect(Math.min(...reds)).toBe(BROWN[0]);
  });

  it('has the upper pixel in the foreground and the lower in the background', () => {
    const two = picture(1, 2, (_, y) => (y === 0 ? [1, 2, 3] : [4, 5, 6]));
    expect(terminalFrame(two, { columns: 1, rows: 1, colorDepth: 24 })).toEqual([
      '\u001b[38;2;1;2;3m\u001b[48;2;4;5;6m▀\u001b[0m',
    ]);
  });

  it.each([
    // Levels of the cube are 0, 95, 135, 175, 215, 255; grays 8, 18, … 238.
    { color: [255, 0, 0], entry: 196 },
    { color: [0, 95, 135], entry: 24 },
    { color: [128, 128, 128], entry: 244 },
    { color: [0, 0, 0], entry: 16 },
    { color: [255, 255, 255], entry: 231 },
    { color: [236, 236, 236], entry: 255 },
  ] as const)('has colour $color as entry $entry of 256', ({ color, entry }) => {
    const one = picture(1, 2, () => color);
    expect(terminalFrame(one, { columns: 1, rows: 1, colorDepth: 8 })[0]).toContain(`38;5;${entry}m`);
  });

  it('is shades of difference where there are no colours', () => {
    const bar = picture(6, 2, (x) => (x === 4 ? [255, 255, 255] : [0, 0, 0]));
    expect(terminalFrame(bar, { columns: 6, rows: 1, colorDepth: 1 })).toEqual(['    @']);
  });
});
