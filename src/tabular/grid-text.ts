import type { CellKind } from '../envs/state-grid.ts';
import { checkGrid, formatValue, type GridDescription, isPlayable, valueRange } from './grid.ts';
import { cellColours, heatColour, inkOn, type Rgb } from './heat-colours.ts';

export interface TextOptions {
  /** Whether to colour with 24-bit ANSI escapes; plain text otherwise. Default false. */
  colour?: boolean;
  /** Ends of the colour scale; by default the grid's own smallest and largest value. */
  range?: readonly [low: number, high: number];
}

const RESET = '\u001b[0m';
const marks: Readonly<Partial<Record<CellKind, string>>> = { hole: 'H', goal: 'G' };

/** The value of each cell, one line for each row of the grid, in cells of 8 characters; holes are `H`, goals `G`. */
export function renderValueTable(grid: GridDescription, options: TextOptions = {}): string {
  return renderCells(grid, options, (cell) => formatValue(grid.values[cell]).padStart(6).padEnd(7), 8);
}

/** The action of each cell as an arrow, one line for each row of the grid, in cells of 4 characters; holes are `H`, goals `G`. */
export function renderPolicyArrows(grid: GridDescription, options: TextOptions = {}): string {
  return renderCells(
    grid,
    options,
    (cell) => ` ${grid.learned?.[cell] === false ? '·' : grid.actionArrows[grid.policy[cell]]} `,
    4,
  );
}

/** Puts blocks of lines next to each other, tops aligned.
 * @param gap spaces between two blocks. */
export function sideBySide(blocks: readonly string[], gap = 3): string {
  const columns = blocks.map((block) => block.split('\n'));
  const widths = columns.map((lines) => Math.max(...lines.map(visibleLength)));
  const height = Math.max(...columns.map((lines) => lines.length));
  const pad = (text: string, width: number): string => text + ' '.repeat(width - visibleLength(text));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((lines, i) => pad(lines[row] ?? '', widths[i] + (i < columns.length - 1 ? gap : 0)))
      .join('')
      .trimEnd(),
  ).join('\n');
}

/** Several policies under their titles, `perRow` next to each other; colours share one scale, so they compare. */
export function renderPolicies(grids: readonly GridDescription[], perRow: number, options: TextOptions = {}): string {
  const range = options.range ?? valueRange(grids);
  const blocks = grids.map((grid) => `${grid.title ?? ''}\n${renderPolicyArrows(grid, { ...options, range })}`);
  const rows: string[] = [];
  for (let i = 0; i < blocks.length; i += perRow) rows.push(sideBySide(blocks.slice(i, i + perRow)));
  return rows.join('\n\n');
}

function renderCells(
  grid: GridDescription,
  options: TextOptions,
  content: (cell: number) => string,
  narrowest: number,
): string {
  checkGrid(grid);
  const width = Math.max(narrowest, ...(grid.colLabels ?? []).map((label) => label.length + 1));
  const { colour = false, range: [low, high] = valueRange([grid]) } = options;
  const lines: string[] = [];
  const { rowLabels, colLabels } = grid;
  const margin = rowLabels === undefined ? 0 : Math.max(...rowLabels.map((label) => label.length)) + 1;
  for (let row = 0; row < grid.rows; row++) {
    let line = rowLabels === undefined ? '' : `${rowLabels[row].padStart(margin - 1)} `;
    for (let col = 0; col < grid.cols; col++) {
      const cell = row * grid.cols + col;
      const kind = grid.cellKinds[cell];
      const wall = grid.wallOnRight?.[cell] === true && col < grid.cols - 1;
      const text = centred(isPlayable(kind) ? content(cell) : (marks[kind] ?? ''), width - 1);
      line += colour
        ? paint(text + (wall ? '┃' : ' '), backgroundOf(grid, cell, low, high), emphasised(kind))
        : text + (wall ? '|' : ' ');
    }
    lines.push(colour ? line + RESET : line.trimEnd());
  }
  if (colLabels !== undefined) {
    const foot = colLabels.map((label) => `${centred(label, width - 1)} `).join('');
    lines.push((' '.repeat(margin) + foot).trimEnd());
  }
  return lines.join('\n');
}

function backgroundOf(grid: GridDescription, cell: number, low: number, high: number): Rgb {
  const kind = grid.cellKinds[cell];
  return kind === 'hole' || kind === 'goal' ? cellColours[kind] : heatColour(grid.values[cell], low, high);
}

const emphasised = (kind: CellKind): boolean => kind !== 'floor' && kind !== 'hole';

function paint(text: string, background: Rgb, bold: boolean): string {
  const ink = inkOn(background);
  return `${RESET}\u001b[${bold ? '1;' : ''}48;2;${background.join(';')};38;2;${ink.join(';')}m${text}`;
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return ' '.repeat(left) + text + ' '.repeat(width - left - text.length);
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that `paint` writes
  return text.replace(/\u001b\[[\d;]*m/g, '').length;
}
