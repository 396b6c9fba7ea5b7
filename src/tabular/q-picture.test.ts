import { describe, expect, it } from 'vitest';
import type { StateGrid } from '../envs/state-grid.ts';
import { blackjackGrids } from '../envs/toy-text/blackjack.grid.ts';
import { FrozenLakeEnv } from '../envs/toy-text/frozen-lake.ts';
import { taxiGrids } from '../envs/toy-text/taxi.grid.ts';
import { heatColour, inkOn, toHex } from './heat-colours.ts';
import { drawQTable } from './q-picture.ts';

const heading = { title: 'Q', subtitle: 'by hand' };

it('draws four triangles in each cell that is played, each with its value, the best in bold', () => {
  const [grid] = new FrozenLakeEnv().stateGrids();
  // Q(s, a) = s + a / 10: up (3) is the best everywhere.
  const q = Array.from({ length: 64 }, (_, i) => Math.floor(i / 4) + (i % 4) / 10);
  const svg = drawQTable(grid!, q, heading);
  // The 4x4 lake has 16 cells, four holes and a goal.
  expect(svg.match(/<polygon/g)).toHaveLength(4 * 11);
  expect(svg).toMatch(/font-weight="700"[^>]*>0\.300</);
  expect(svg).toMatch(/font-weight="400"[^>]*>0\.200</);
  // The triangle of "up" in the first cell: both upper corners and the middle.
  expect(svg).toContain('points="24,80 120,80 72,128"');
});

describe('a table of six states, one of them a hole, one a goal', () => {
  const grid: StateGrid = {
    ...{ rows: 2, cols: 3, nStates: 6, cellKinds: ['start', 'floor', 'hole', 'goal', 'floor', 'passenger'] },
    // Cells show the states backwards; the fourth action is no move.
    ...{ states: [5, 4, 3, 2, 1, 0], actionArrows: ['←', '↓', '→', 'P', '↑'] },
  };
  /** Values from -1 to 1 where one plays; what the picture does not show is far outside. */
  const q = new Float64Array(30).fill(-1000);
  const moves = [0, 1, 2, 4];
  [5, 4, 1, 0].forEach((state, i) => {
    moves.forEach((action, k) => {
      q[state * 5 + action] = -1 + (2 * (4 * i + k)) / 15;
    });
  });
  const svg = drawQTable(grid, q, { title: 'Six <rooms>', subtitle: 'by hand' });
  /** Elements in order, each with its attributes and text. */
  const elements = [...svg.matchAll(/<(polygon|rect|text)([^>]*?)\/?>([^<]*)/g)].map(
    ([, name, attributes, content]) => ({
      ...{ name, content },
      ...Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
    }),
  ) as (Readonly<Record<string, string>> & { readonly name: string })[];
  const of = (name: string) => elements.filter((element) => element.name === name);
  /** Upper left corners of the cells, row by row. */
  const corners = [80, 176].flatMap((y) => [24, 120, 216].map((x) => [x, y]));
  const played = [0, 1, 4, 5];

  it('has a page for it, at least as wide as its heading', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="348" height="296" ')).toBe(true);
    expect(svg.endsWith('\n</svg>\n')).toBe(true);
    const four: StateGrid = {
      ...grid,
      cols: 4,
      rows: 1,
      cellKinds: ['start', 'floor', 'floor', 'goal'],
      states: [0, 1, 2, 3],
    };
    expect(drawQTable(four, q, heading)).toContain(' width="432" height="200" ');
  });

  it('says what it is above', () => {
    const [title, subtitle] = of('text');
    expect(title).toMatchObject({ content: 'Six &lt;rooms&gt;', x: '24', y: '44', 'text-anchor': 'start' });
    expect(subtitle).toMatchObject({ content: 'by hand', x: '24', y: '68', 'text-anchor': 'start' });
  });

  it('has a triangle for each move, on its side of the cell', () => {
    const expected = played.flatMap((cell) => {
      const [x, y] = corners[cell];
      const [right, low, middle] = [x + 96, y + 96, `${x + 48},${y + 48}`];
      return [
        `${x},${y} ${x},${low} ${middle}`,
        `${right},${low} ${x},${low} ${middle}`,
        `${right},${y} ${right},${low} ${middle}`,
        `${x},${y} ${right},${y} ${middle}`,
      ];
    });
    // The two corners of a side in either order.
    const sorted = (points: string) => points.split(' ').toSorted().join(' ');
    expect(of('polygon').map(({ points }) => sorted(points))).toEqual(expected.map(sorted));
  });

  it('has colours from the least value that is shown to the largest', () => {
    const fills = of('polygon').map(({ fill }) => fill);
    expect([fills[0], fills[15]]).toEqual(['#eef5fa', '#08285a']);
    expect(new Set(fills).size).toBe(16);
    fills.forEach((fill, i) => {
      expect(fill).toBe(toHex(heatColour(-1 + (2 * i) / 15, -1, 1)));
    });
  });

  it('has each value in its triangle, in ink that one can read, the best of a cell in bold', () => {
    const texts = of('text').filter(({ content }) => /^-?\d/.test(content));
    expect(texts).toHaveLength(16);
    texts.forEach(({ content, x, y, fill, 'font-weight': weight }, i) => {
      const value = -1 + (2 * i) / 15;
      expect(content).toBe(value.toFixed(3));
      const [left, top] = corners[played[Math.floor(i / 4)]];
      // Which side of the cell's diagonals it stands on.
      const [dx, dy] = [Number(x) - left - 48, Number(y) - top - 48 - 4];
      const side = Math.abs(dx) > Math.abs(dy) ? (dx < 0 ? '←' : '→') : dy < 0 ? '↑' : '↓';
      expect(side).toBe(['←', '↓', '→', '↑'][i % 4]);
      expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeLessThan(40);
      expect(weight).toBe(i % 4 === 3 ? '700' : '400');
      expect(fill).toBe(toHex(inkOn(heatColour(value, -1, 1))));
    });
  });

  it('has a square for the hole and for the goal, with a letter in it', () => {
    const [hole, goal, ...more] = of('rect').filter(({ fill }) => ['#161b26', '#f4be42'].includes(fill!));
    expect(hole).toMatchObject({ x: '216', y: '80', width: '96', height: '96', fill: '#161b26' });
    expect(goal).toMatchObject({ x: '24', y: '176', width: '96', height: '96', fill: '#f4be42' });
    expect(more).toEqual([]);
    const letters = of('text').filter(({ content }) => /^[HG]$/.test(content));
    expect(letters.map(({ content, x, fill }) => [content, x, fill])).toEqual([
      ['H', '264', '#ffffff'],
      ['G', '72', '#102034'],
    ]);
    for (const [i, top] of [80, 176].entries()) expect(Math.abs(Number(letters[i].y) - top - 48)).toBeLessThan(15);
  });

  it('has all of several best moves in bold', () => {
    const bold = drawQTable(grid, new Float64Array(30).fill(1), heading).match(/font-weight="700"/g);
    expect(bold).toHaveLength(16);
  });
});

it('refuses a table of another size', () => {
  const [grid] = new FrozenLakeEnv().stateGrids();
  expect(() => drawQTable(grid!, [1, 2], heading)).toThrow('got 2 values');
});

it('draws actions that are no moves as bands with their letters, on all grids, and leaves blank what was never learned', () => {
  const grids = blackjackGrids();
  const { nStates, states } = grids[1]!;
  const q = new Array<number>(nStates * 2).fill(0);
  // A sum of 21 with a usable ace, against an ace.
  [q[2 * states[0]!], q[2 * states[0]! + 1]] = [0.9, -0.25];
  const svg = drawQTable(grids, q, heading);
  expect(svg.match(/>[SH] -?\d/g)).toHaveLength(2);
  expect(svg).toMatch(/font-weight="700"[^>]*>S 0\.900</);
  expect(svg).toMatch(/font-weight="400"[^>]*>H -0\.250</);
  expect(svg.match(/fill="#f4f6f9"/g)).toHaveLength(110 + 100 - 1);
  for (const { title } of grids) expect(svg).toContain(`>${title}<`);
});

it('marks a taxi that does best to pick up, its moves beside it', () => {
  const grids = taxiGrids();
  const { states, nStates } = grids[0]!;
  const q = new Array<number>(nStates * 6).fill(0);
  // In the upper left corner, where the passenger is: south 1, north 2, east 3, west 4, pick up 5.
  for (let action = 0; action < 6; action++) q[states[0]! * 6 + action] = (action + 1) % 6;
  const svg = drawQTable(grids, q, heading);
  expect(svg.match(/<polygon/g)).toHaveLength(4);
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toMatch(/<circle[^>]*>\n<text[^>]*>P</);
  // The best of the moves is not the best of all.
  expect(svg).toMatch(/font-weight="400"[^>]*>4\.000</);
});
