import { FAINT, INK, PAGE, round, svgPage, svgText as text } from '../draw/svg.ts';
import { checkGrid, formatValue, type GridDescription, valueRange } from './grid.ts';
import { cellColours, heatColour, inkOn, toHex } from './heat-colours.ts';

export interface PictureOptions {
  /** Heading; none by default. */
  title?: string;
  /** Line under the heading, such as the recipe and the seed. */
  subtitle?: string;
  /** Side of a cell in pixels. Default 84, or 40 for several grids. */
  cellSize?: number;
  /** Grids next to each other. Default 4. */
  perRow?: number;
}

const MARGIN = 24;
const GRID_GAP = 28;
const CAPTION = 26;
const LABELS = 26;

/**
 * Draws value tables as a picture: cells coloured by value, the greedy action as an arrow, the value beneath it, and the
 * colour scale that all grids share.
 * @returns an SVG document that needs nothing else.
 * @throws ShapeError, OptionError when a grid's arrays do not fit it.
 */
export function drawValueTable(
  grids: GridDescription | readonly GridDescription[],
  options: PictureOptions = {},
): string {
  const all: readonly GridDescription[] = 'cellKinds' in grids ? [grids] : grids;
  all.forEach(checkGrid);
  const { title, subtitle, cellSize = all.length > 1 ? 40 : 84, perRow = 4 } = options;
  const range = valueRange(all);
  const columns = Math.min(perRow, all.length);
  const caption = all.some((grid) => grid.title !== undefined) ? CAPTION : 0;
  const leftLabels = all.some((grid) => grid.rowLabels !== undefined) ? LABELS : 0;
  const bottomLabels = all.some((grid) => grid.colLabels !== undefined) ? LABELS : 0;
  const gridWidth = Math.max(...all.map((grid) => grid.cols)) * cellSize + leftLabels;
  const gridHeight = Math.max(...all.map((grid) => grid.rows)) * cellSize + caption + bottomLabels;
  const unknown = all.some(({ learned }) => learned?.includes(false));
  const below = [subtitle, unknown ? 'striped: nothing learned' : undefined]
    .filter((part) => part !== undefined)
    .join(' · ');
  const heading = (title === undefined ? 0 : 34) + (below === '' ? 0 : 22);
  const top = MARGIN + heading;
  const gridRows = Math.ceil(all.length / columns);
  const bodyWidth = columns * gridWidth + (columns - 1) * GRID_GAP;
  const bodyHeight = gridRows * gridHeight + (gridRows - 1) * GRID_GAP;
  const width = Math.max(bodyWidth, 300) + 2 * MARGIN;
  const height = top + bodyHeight + 58 + MARGIN;
  const parts = svgPage(width, height);
  if (title !== undefined) parts.push(text(MARGIN, MARGIN + 20, title, 22, INK, 'start', 600));
  if (below !== '') parts.push(text(MARGIN, top - 12, below, 13, FAINT, 'start'));
  all.forEach((grid, i) => {
    const x = MARGIN + (i % columns) * (gridWidth + GRID_GAP);
    const y = top + Math.floor(i / columns) * (gridHeight + GRID_GAP);
    if (grid.title !== undefined) parts.push(text(x + leftLabels, y + CAPTION - 10, grid.title, 14, INK, 'start', 600));
    const place = `translate(${x + leftLabels} ${y + caption})`;
    parts.push(`<g transform="${place}">`, ...drawGrid(grid, cellSize, range), ...drawLabels(grid, cellSize), '</g>');
  });
  parts.push(...drawScale(MARGIN, top + bodyHeight + 22, width - 2 * MARGIN, range), '</svg>');
  return `${parts.join('\n')}\n`;
}

/** Cells of at least this side have room for their value under the arrow. */
const ROOMY = 60;

function drawGrid(grid: GridDescription, size: number, range: readonly [number, number]): string[] {
  const cells = Array.from(grid.cellKinds, (_, cell) => cell);
  const walls = cells.filter((cell) => grid.wallOnRight?.[cell] === true);
  return [
    ...cells.flatMap((cell) => drawCell(grid, cell, size, range)),
    ...walls.map((cell) => drawWall(grid, cell, size)),
  ];
}

function drawLabels({ rows, rowLabels = [], colLabels = [] }: GridDescription, size: number): string[] {
  return [
    ...rowLabels.map((label, row) => text(-8, (row + 0.5) * size + 5, label, 13, FAINT, 'end')),
    ...colLabels.map((label, col) => text((col + 0.5) * size, rows * size + 17, label, 13, FAINT)),
  ];
}

function drawCell(grid: GridDescription, cell: number, size: number, [low, high]: readonly [number, number]): string[] {
  const x = (cell % grid.cols) * size;
  const y = Math.floor(cell / grid.cols) * size;
  const [middleX, middleY] = [x + size / 2, y + size / 2];
  const kind = grid.cellKinds[cell];
  const fill = kind === 'hole' || kind === 'goal' ? cellColours[kind] : heatColour(grid.values[cell], low, high);
  const ink = toHex(inkOn(fill));
  const tile = `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${toHex(fill)}" stroke="${PAGE}" stroke-width="2"/>`;
  if (kind === 'hole') return [tile, drawHole(middleX, middleY, size)];
  if (kind === 'goal') return [tile, drawFlag(middleX, middleY, size * 0.5, ink)];
  if (grid.learned?.[cell] === false) return [...drawUnknown(x, y, size)];
  const mark = grid.actionArrows[grid.policy[cell]];
  const label = kind === 'start' ? 'S' : (grid.labels?.[cell] ?? '');
  const parts = [tile];
  if (size >= ROOMY) {
    parts.push(drawMark(mark, middleX, y + size * 0.42, size * 0.2, ink));
    parts.push(text(middleX, y + size * 0.86, formatValue(grid.values[cell]), size * 0.17, ink));
    if (label !== '') parts.push(text(x + size * 0.1, y + size * 0.22, label, size * 0.14, ink, 'start', 600));
  } else {
    parts.push(drawMark(mark, middleX, middleY, size * 0.24, ink));
    if (label !== '') parts.push(text(x + size * 0.14, y + size * 0.32, label, size * 0.2, ink, 'start', 600));
  }
  if (kind === 'passenger') parts.push(drawRing(x, y, size, '#d94f70'));
  if (kind === 'destination') parts.push(drawRing(x, y, size, toHex(cellColours.goal)));
  return parts;
}

/** A cell that no step has told anything of: striped, without an arrow. */
function drawUnknown(x: number, y: number, size: number): string[] {
  const stripes = [0.25, 0.5, 0.75, 1].map((share) => {
    const d = round(size * share);
    return `M${x} ${y + d}L${x + d} ${y}M${x + size - d} ${y + size}L${x + size} ${y + size - d}`;
  });
  return [
    `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="#f4f6f9" stroke="${PAGE}" stroke-width="2"/>`,
    `<path d="${stripes.join('')}" stroke="#d5dce5" stroke-width="1"/>`,
  ];
}

function drawRing(x: number, y: number, size: number, colour: string): string {
  const side = size - 6;
  return `<rect x="${x + 3}" y="${y + 3}" width="${side}" height="${side}" rx="4" fill="none" stroke="${colour}" stroke-width="3"/>`;
}

function drawWall(grid: GridDescription, cell: number, size: number): string {
  const x = ((cell % grid.cols) + 1) * size;
  const y = Math.floor(cell / grid.cols) * size;
  return `<path d="M${x} ${y}v${size}" stroke="${INK}" stroke-width="5" stroke-linecap="round"/>`;
}

const quarterTurns: Readonly<Record<string, number>> = { '→': 0, '↓': 90, '←': 180, '↑': 270 };

/** An arrow of half-length r for a move, a letter for anything else. */
function drawMark(mark: string, x: number, y: number, r: number, ink: string): string {
  const turn = quarterTurns[mark];
  if (turn === undefined) return text(x, y + r * 0.7, mark, r * 1.9, ink, 'middle', 700);
  const head = round(r * 0.62);
  const path = `M${round(-r)} 0H${round(r)}M${round(r - head)} ${-head}L${round(r)} 0L${round(r - head)} ${head}`;
  return `<path d="${path}" transform="translate(${round(x)} ${round(y)}) rotate(${turn})" fill="none" stroke="${ink}" stroke-width="${round(r * 0.28)}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

function drawHole(x: number, y: number, size: number): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${round(size * 0.3)}" ry="${round(size * 0.22)}" fill="#05070b" stroke="#48607c" stroke-width="${round(size * 0.03)}"/>`;
}

function drawFlag(x: number, y: number, height: number, ink: string): string {
  const left = round(x - height * 0.3);
  const path = `M${left} ${round(y + height / 2)}V${round(y - height / 2)}l${round(height * 0.7)} ${round(height * 0.25)}l${round(-height * 0.7)} ${round(height * 0.25)}`;
  return `<path d="${path}" fill="${ink}" stroke="${ink}" stroke-width="${round(height * 0.08)}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

function drawScale(x: number, y: number, width: number, [low, high]: readonly [number, number]): string[] {
  const steps = 48;
  const step = width / steps;
  const bars = Array.from({ length: steps }, (_, i) => {
    const colour = toHex(heatColour(i / (steps - 1), 0, 1));
    return `<rect x="${round(x + i * step)}" y="${y}" width="${round(step + 0.6)}" height="10" fill="${colour}"/>`;
  });
  return [
    ...bars,
    text(x, y + 28, formatValue(low), 12, FAINT, 'start'),
    text(x + width / 2, y + 28, 'value of the state', 12, FAINT),
    text(x + width, y + 28, formatValue(high), 12, FAINT, 'end'),
  ];
}
