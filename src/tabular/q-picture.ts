import { ShapeError } from '../core/errors.ts';
import { FAINT, INK, PAGE, round, svgPage, svgText as text } from '../draw/svg.ts';
import type { StateGrid } from '../envs/state-grid.ts';
import { formatValue, isPlayable } from './grid.ts';
import { cellColours, heatColour, inkOn, type Rgb, toHex } from './heat-colours.ts';

const SIZE = 96;
const MARGIN = 24;
const GAP = 32;
const CAPTION = 26;
const LABELS = 26;
const BLANK: Rgb = [244, 246, 249];
const RINGS = { passenger: '#d94f70', destination: toHex(cellColours.goal) } as const;

/** Corners of a move's triangle, and where its value stands, in parts of the cell. */
const sides: Readonly<Record<string, readonly [corners: string, x: number, y: number]>> = {
  '↑': ['0,0 1,0', 0.5, 0.22],
  '→': ['1,0 1,1', 0.79, 0.54],
  '↓': ['1,1 0,1', 0.5, 0.88],
  '←': ['0,1 0,0', 0.21, 0.54],
};

export interface QPictureOptions {
  readonly title: string;
  readonly subtitle: string;
  /** Grids next to each other. Default 4. */
  readonly perRow?: number;
}

/** A grid's values, and the scale of their colours. */
interface Table {
  readonly grid: StateGrid;
  readonly q: ArrayLike<number>;
  readonly range: readonly [low: number, high: number];
}

/**
 * Draws a table of action values on its grids. A cell has a triangle for each move, in its direction, coloured by its value and
 * with it written in; the best one is bold. Where no action is a move (stick, hit) the actions are bands with their letters.
 * Of an action that is no move among moves (pick up) the letter stands in the middle where no move is as good. Cells with no value
 * but 0 are blank: nothing was learned there.
 * @param q [nStates, nActions] row-major.
 * @returns an SVG document that needs nothing else.
 * @throws ShapeError when the table has another number of states.
 */
export function drawQTable(
  grids: StateGrid | readonly StateGrid[],
  q: ArrayLike<number>,
  { title, subtitle, perRow = 4 }: QPictureOptions,
): string {
  const all: readonly StateGrid[] = 'cellKinds' in grids ? [grids] : grids;
  for (const { nStates, actionArrows } of all) {
    if (q.length === nStates * actionArrows.length) continue;
    throw new ShapeError(
      `A table of ${nStates} states and ${actionArrows.length} actions belongs on this grid, got ${q.length} values.`,
    );
  }
  const range = rangeOf(all, q);
  const columns = Math.min(perRow, all.length);
  const caption = all.some((grid) => grid.title !== undefined) ? CAPTION : 0;
  const left = all.some((grid) => grid.rowLabels !== undefined) ? LABELS : 0;
  const bottom = all.some((grid) => grid.colLabels !== undefined) ? LABELS : 0;
  const gridWidth = Math.max(...all.map(({ cols }) => cols)) * SIZE + left;
  const gridHeight = Math.max(...all.map(({ rows }) => rows)) * SIZE + caption + bottom;
  const top = MARGIN + 56;
  const gridRows = Math.ceil(all.length / columns);
  const width = Math.max(columns * (gridWidth + GAP) - GAP, 300) + 2 * MARGIN;
  const parts = svgPage(width, top + gridRows * (gridHeight + GAP) - GAP + MARGIN);
  parts.push(text(MARGIN, MARGIN + 20, title, 22, INK, 'start', 600));
  parts.push(text(MARGIN, top - 12, subtitle, 13, FAINT, 'start'));
  all.forEach((grid, i) => {
    const x = MARGIN + (i % columns) * (gridWidth + GAP) + left;
    const y = top + Math.floor(i / columns) * (gridHeight + GAP) + caption;
    if (grid.title !== undefined) parts.push(text(x, y - 10, grid.title, 14, INK, 'start', 600));
    parts.push(...drawGrid({ grid, q, range }, x, y));
  });
  return `${[...parts, '</svg>'].join('\n')}\n`;
}

/** Least and largest of the values that are written in. */
function rangeOf(grids: readonly StateGrid[], q: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const grid of grids) {
    grid.states.forEach((state, cell) => {
      if (!isPlayable(grid.cellKinds[cell]!)) return;
      // Where some actions are moves, others are not written in.
      const moves = grid.actionArrows.some((mark) => mark in sides);
      valuesOf(grid, q, state).forEach((value, action) => {
        if (moves && !(grid.actionArrows[action]! in sides)) return;
        low = Math.min(low, value);
        high = Math.max(high, value);
      });
    });
  }
  return [low, high];
}

const valuesOf = ({ actionArrows: { length } }: StateGrid, q: ArrayLike<number>, state: number): number[] =>
  Array.from({ length }, (_, action) => q[state * length + action]!);

function drawGrid(table: Table, left: number, top: number): string[] {
  const { rows, cols, cellKinds, wallOnRight, labels, rowLabels = [], colLabels = [] } = table.grid;
  const parts: string[] = [];
  for (let cell = 0; cell < rows * cols; cell++) {
    const [x, y] = [left + (cell % cols) * SIZE, top + Math.floor(cell / cols) * SIZE];
    const kind = cellKinds[cell]!;
    if (!isPlayable(kind)) {
      const fill = cellColours[kind as 'hole' | 'goal'];
      parts.push(
        tile(x, y, fill),
        text(x + SIZE / 2, y + SIZE * 0.58, kind === 'hole' ? 'H' : 'G', 24, toHex(inkOn(fill)), 'middle', 600),
      );
      continue;
    }
    parts.push(...drawCell(table, cell, x, y));
    const label = labels?.[cell] ?? '';
    if (label !== '') parts.push(text(x + 6, y + 15, label, 12, inkOnTop(table, cell), 'start', 700));
    const ring = kind === 'passenger' || kind === 'destination' ? RINGS[kind] : undefined;
    if (ring !== undefined) {
      const side = SIZE - 6;
      parts.push(
        `<rect x="${x + 3}" y="${y + 3}" width="${side}" height="${side}" rx="4" fill="none" stroke="${ring}" stroke-width="3"/>`,
      );
    }
  }
  // Above the cells on both of its sides.
  for (let cell = 0; cell < rows * cols; cell++) {
    if (wallOnRight?.[cell] !== true) continue;
    const [x, y] = [left + ((cell % cols) + 1) * SIZE, top + Math.floor(cell / cols) * SIZE];
    parts.push(`<path d="M${x} ${y}v${SIZE}" stroke="${INK}" stroke-width="5" stroke-linecap="round"/>`);
  }
  const labelsLeft = rowLabels.map((label, row) =>
    text(left - 8, top + (row + 0.5) * SIZE + 5, label, 13, FAINT, 'end'),
  );
  const labelsBelow = colLabels.map((label, col) =>
    text(left + (col + 0.5) * SIZE, top + rows * SIZE + 17, label, 13, FAINT),
  );
  return [...parts, ...labelsLeft, ...labelsBelow];
}

/** Of what stands in the upper corner of a cell, on the triangle of the move upwards. */
function inkOnTop({ grid, q, range: [low, high] }: Table, cell: number): string {
  const up = valuesOf(grid, q, grid.states[cell]!)[grid.actionArrows.indexOf('↑')];
  return up === undefined || up === 0 ? INK : toHex(inkOn(heatColour(up, low, high)));
}

const tile = (x: number, y: number, fill: Rgb, height = SIZE): string =>
  `<rect x="${x}" y="${round(y)}" width="${SIZE}" height="${round(height)}" fill="${toHex(fill)}" stroke="${PAGE}" stroke-width="2"/>`;

function drawCell({ grid, q, range: [low, high] }: Table, cell: number, x: number, y: number): string[] {
  const values = valuesOf(grid, q, grid.states[cell]!);
  if (values.every((value) => value === 0)) return [tile(x, y, BLANK)];
  const best = Math.max(...values);
  const weight = (value: number): number => (value === best ? 700 : 400);
  const marked = grid.actionArrows.map((mark, action) => ({ mark, value: values[action]! }));
  const moves = marked.filter(({ mark }) => mark in sides);
  if (moves.length === 0) {
    const height = SIZE / marked.length;
    return marked.flatMap(({ mark, value }, i) => {
      const fill = heatColour(value, low, high);
      const line = `${mark} ${formatValue(value)}`;
      const middle = y + (i + 0.5) * height;
      return [
        tile(x, y + i * height, fill, height),
        text(x + SIZE / 2, middle + 5, line, Math.min(14, height * 0.7), toHex(inkOn(fill)), 'middle', weight(value)),
      ];
    });
  }
  const parts = [tile(x, y, BLANK)];
  for (const { mark, value } of moves) {
    const [corners, atX, atY] = sides[mark]!;
    const colour = heatColour(value, low, high);
    const points = `${corners} 0.5,0.5`
      .split(' ')
      .map((corner) => corner.split(',').map(Number))
      .map(([px, py]) => `${round(x + px! * SIZE)},${round(y + py! * SIZE)}`)
      .join(' ');
    parts.push(`<polygon points="${points}" fill="${toHex(colour)}" stroke="${PAGE}" stroke-width="1"/>`);
    parts.push(
      text(x + atX * SIZE, y + atY * SIZE, formatValue(value), 12, toHex(inkOn(colour)), 'middle', weight(value)),
    );
  }
  const other = moves.some(({ value }) => value === best) ? undefined : marked.find(({ value }) => value === best);
  if (other !== undefined) {
    const middle = [x + SIZE / 2, y + SIZE / 2] as const;
    parts.push(
      `<circle cx="${middle[0]}" cy="${middle[1]}" r="10" fill="${PAGE}" stroke="${INK}" stroke-width="1.5"/>`,
    );
    parts.push(text(middle[0], middle[1] + 5, other.mark, 13, INK, 'middle', 700));
  }
  return parts;
}
