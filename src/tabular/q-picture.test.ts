import { expect, it } from 'vitest';
import { blackjackGrids } from '../envs/toy-text/blackjack.grid.ts';
import { FrozenLakeEnv } from '../envs/toy-text/frozen-lake.ts';
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

it('refuses a table of another size, and actions that are no moves', () => {
  const [grid] = new FrozenLakeEnv().stateGrids();
  expect(() => drawQTable(grid!, [1, 2], heading)).toThrow('got 2 values');
  const [cards] = blackjackGrids();
  const length = cards!.nStates * cards!.actionArrows.length;
  expect(() => drawQTable(cards!, new Array(length).fill(0), heading)).toThrow('No action is a move');
});
