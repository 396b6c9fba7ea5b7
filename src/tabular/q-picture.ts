import { MismatchError, ShapeError } from '../core/errors.ts';
import { FAINT, INK, PAGE, round, svgPage, svgText as text } from '../draw/svg.ts';
import type { StateGrid } from '../envs/state-grid.ts';
import { formatValue, isPlayable } from './grid.ts';
import { cellColours, heatColour, inkOn, toHex } from './heat-colours.ts';

const SIZE = 96;
const MARGIN = 24;

/** Corners of a cell's triangle on each side, and where its value stands, in parts of the cell. */
const sides: Readonly<Record<string, readonly [corners: string, x: number, y: number]>> = {
  '↑': ['0,0 1,0', 0.5, 0.22],
  '→': ['1,0 1,1', 0.77, 0.54],
  '↓': ['1,1 0,1', 0.5, 0.88],
  '←': ['0,1 0,0', 0.23, 0.54],
};

/**
 * Draws a table of action values on a grid: four triangles a cell, each in the direction of its move, coloured by its value
 * and with it written in; the best one of a cell is bold. Actions that are no moves are left out.
 * @param q [nStates, nActions] row-major.
 * @returns an SVG document that needs nothing else.
 * @throws ShapeError when the table has another number of states, MismatchError where no action is a move.
 */
export function drawQTable(
  grid: StateGrid,
  q: ArrayLike<number>,
  { title, subtitle }: { readonly title: string; readonly subtitle: string },
): string {
  const { rows, cols, cellKinds, states, nStates, actionArrows } = grid;
  const nActions = actionArrows.length;
  if (q.length !== nStates * nActions) {
    throw new ShapeError(
      `A table of ${nStates} states and ${nActions} actions belongs on this grid, got ${q.length} values.`,
    );
  }
  const moves = actionArrows.flatMap((arrow, action) => (arrow in sides ? [{ action, side: sides[arrow]! }] : []));
  if (moves.length === 0)
    throw new MismatchError(`No action is a move: ${actionArrows.join(', ')}. Draw the values: --values.`);
  const cells = states.map((state, cell) => ({ state, cell })).filter(({ cell }) => isPlayable(cellKinds[cell]!));
  const shown = cells.flatMap(({ state }) => moves.map(({ action }) => q[state * nActions + action]!));
  const [low, high] = shown.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const top = MARGIN + 56;
  const width = Math.max(cols * SIZE, 300) + 2 * MARGIN;
  const parts = svgPage(width, top + rows * SIZE + MARGIN);
  parts.push(text(MARGIN, MARGIN + 20, title, 22, INK, 'start', 600));
  parts.push(text(MARGIN, top - 12, subtitle, 13, FAINT, 'start'));
  for (let cell = 0; cell < rows * cols; cell++) {
    const [x, y] = [MARGIN + (cell % cols) * SIZE, top + Math.floor(cell / cols) * SIZE];
    const kind = cellKinds[cell]!;
    if (kind === 'hole' || kind === 'goal') {
      const fill = toHex(cellColours[kind]);
      parts.push(
        `<rect x="${x}" y="${y}" width="${SIZE}" height="${SIZE}" fill="${fill}" stroke="${PAGE}" stroke-width="2"/>`,
      );
      const mark = kind === 'hole' ? 'H' : 'G';
      parts.push(text(x + SIZE / 2, y + SIZE * 0.58, mark, 24, toHex(inkOn(cellColours[kind])), 'middle', 600));
      continue;
    }
    const values = moves.map(({ action }) => q[states[cell]! * nActions + action]!);
    const best = Math.max(...values);
    moves.forEach(({ side: [corners, atX, atY] }, i) => {
      const colour = heatColour(values[i]!, low, high);
      const points = `${corners} 0.5,0.5`
        .split(' ')
        .map((corner) => corner.split(',').map(Number))
        .map(([px, py]) => `${round(x + px! * SIZE)},${round(y + py! * SIZE)}`)
        .join(' ');
      parts.push(`<polygon points="${points}" fill="${toHex(colour)}" stroke="${PAGE}" stroke-width="1"/>`);
      const weight = values[i] === best ? 700 : 400;
      parts.push(
        text(x + atX * SIZE, y + atY * SIZE, formatValue(values[i]!), 12, toHex(inkOn(colour)), 'middle', weight),
      );
    });
  }
  return `${[...parts, '</svg>'].join('\n')}\n`;
}
