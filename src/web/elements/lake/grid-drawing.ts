import { largest } from '../../../core/extremes.ts';
import type { StateGrid } from '../../../envs/state-grid.ts';
import { bestValue } from '../../../tabular/action-values.ts';
import { formatValue, isPlayable } from '../../../tabular/grid.ts';
import { cellColours, heatColour, inkOn, type Rgb } from '../../../tabular/heat-colours.ts';
import type { coloursOf } from '../shared/theme.ts';

export const views = ['values', 'q', 'visits'] as const;
export type View = (typeof views)[number];

/** What a picture of a grid shows. */
export interface GridPicture {
  readonly grid: StateGrid;
  readonly view: View;
  readonly arrows: boolean;
  /** [states]; undefined before anything is known. */
  readonly values?: Float64Array | undefined;
  /** [states, actions] */
  readonly actionValues?: Float64Array | undefined;
  /** [states] */
  readonly visits?: Float64Array | undefined;
  /** Ends of the heat's scale. */
  readonly range: readonly [low: number, high: number];
  /** The state that was worked on, framed. */
  readonly marked?: number | undefined;
  /** The state where somebody stands. */
  readonly walker?: number | undefined;
  readonly colours: ReturnType<typeof coloursOf>;
  readonly dark: boolean;
  readonly font: string;
}

/** Directions of the arrows that are moves, as [right, down]. */
const directions: Readonly<Record<string, readonly [number, number]>> = {
  '←': [-1, 0],
  '→': [1, 0],
  '↑': [0, -1],
  '↓': [0, 1],
};

/** Actions of the largest value in a state, all that tie. @returns none where all actions tie: nothing is known yet. */
export function tiedActions(q: Float64Array, nActions: number, state: number): number[] {
  const best = bestValue(q, nActions, state);
  const tolerance = 1e-9 * Math.max(1, Math.abs(best));
  const tied = Array.from({ length: nActions }, (_, action) => action).filter(
    (action) => q[state * nActions + action] >= best - tolerance,
  );
  return tied.length === nActions ? [] : tied;
}

/** A value in at most six characters, with a true minus. */
export const valueText = (value: number): string => formatValue(value).replace('-', '−');

/** A value in the room of a cell: three decimals, two, or none; empty where there is no room. */
export function cellText(value: number, size: number): string {
  if (size < 30) return '';
  if (size >= 58) return valueText(value);
  const text = Math.abs(value) < 9.95 ? value.toFixed(Math.abs(value) < 0.995 ? 2 : 1) : value.toFixed(0);
  const short = Number(text) === 0 ? '0' : text.replace(/^(-?)0\./, '$1.');
  return short.replace('-', '−');
}

/** A count in at most four letters: 950, 12k, 3.4M. */
export function countText(count: number): string {
  if (count < 1000) return String(Math.round(count));
  const [size, letter] = count < 1e6 ? [1e3, 'k'] : count < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  const value = count / size;
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}${letter}`;
}

const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** Colour of a value: on a dark page the scale runs from deep water to ice. */
function heat(value: number, [low, high]: readonly [number, number], dark: boolean): Rgb {
  return heatColour(dark ? low + high - value : value, low, high);
}

/** Draws a grid. @param size of a cell in units of the context. */
export function drawGrid(context: CanvasRenderingContext2D, size: number, picture: GridPicture): void {
  const { grid, colours } = picture;
  const mostVisits = largest(picture.visits ?? [1]);
  for (let cell = 0; cell < grid.states.length; cell++) {
    const [x, y] = [(cell % grid.cols) * size, Math.floor(cell / grid.cols) * size];
    context.save();
    context.translate(x, y);
    context.beginPath();
    context.roundRect(1, 1, size - 2, size - 2, Math.min(6, size / 8));
    context.clip();
    drawCell(context, size, picture, cell, mostVisits);
    context.restore();
  }
  drawWalls(context, size, grid, colours.ink);
  for (const [cell, state] of grid.states.entries()) {
    const [x, y] = [(cell % grid.cols) * size, Math.floor(cell / grid.cols) * size];
    if (state === picture.marked) frame(context, x, y, size, colours.mark);
    if (state === picture.walker) drawWalker(context, x + size * 0.8, y + size * 0.76, size, picture);
  }
}

function drawCell(
  context: CanvasRenderingContext2D,
  size: number,
  picture: GridPicture,
  cell: number,
  mostVisits: number,
): void {
  const { grid, dark, colours } = picture;
  const kind = grid.cellKinds[cell];
  const state = grid.states[cell];
  if (kind === 'hole') drawHole(context, size, dark);
  else if (kind === 'goal') drawGoal(context, size);
  else if (picture.view === 'q' && picture.actionValues !== undefined) drawTriangles(context, size, picture, state);
  else drawValue(context, size, picture, state, mostVisits);
  const label = kind === 'start' ? 'S' : (grid.labels?.[cell] ?? '');
  if (label !== '' && size < 60 && kind === 'start') {
    context.lineWidth = Math.max(2, size / 14);
    context.strokeStyle = colours.accent;
    context.strokeRect(1, 1, size - 2, size - 2);
  } else if (label !== '') badge(context, size, label, colours.surface, colours.ink, picture.font);
  if (kind === 'passenger' || kind === 'destination') {
    context.lineWidth = Math.max(3, size / 14);
    context.strokeStyle = kind === 'passenger' ? colours.accent : css(cellColours.goal);
    context.strokeRect(1, 1, size - 2, size - 2);
  }
}

function drawHole(context: CanvasRenderingContext2D, size: number, dark: boolean): void {
  context.fillStyle = dark ? '#2b3846' : '#dfe7ee';
  context.fillRect(0, 0, size, size);
  context.fillStyle = dark ? '#05080c' : css(cellColours.hole);
  context.beginPath();
  context.ellipse(size / 2, size / 2, size * 0.33, size * 0.27, 0, 0, 2 * Math.PI);
  context.fill();
}

function drawGoal(context: CanvasRenderingContext2D, size: number): void {
  context.fillStyle = css(cellColours.goal);
  context.fillRect(0, 0, size, size);
  context.fillStyle = css(inkOn(cellColours.goal));
  context.fillRect(size * 0.36, size * 0.2, Math.max(2, size * 0.045), size * 0.6);
  context.beginPath();
  context.moveTo(size * 0.4, size * 0.2);
  context.lineTo(size * 0.72, size * 0.33);
  context.lineTo(size * 0.4, size * 0.46);
  context.fill();
}

function drawValue(
  context: CanvasRenderingContext2D,
  size: number,
  picture: GridPicture,
  state: number,
  mostVisits: number,
): void {
  const { view, values, actionValues, visits, range, dark, grid, font } = picture;
  const nActions = grid.actionArrows.length;
  const counts = view === 'visits';
  const count = visits?.[state] ?? 0;
  const value = values?.[state] ?? 0;
  // Visits differ by orders of magnitude.
  const colour = counts
    ? heat(Math.log1p(count) / Math.log1p(Math.max(1, mostVisits)), [0, 1], dark)
    : heat(value, range, dark);
  context.fillStyle = css(colour);
  context.fillRect(0, 0, size, size);
  const ink = css(inkOn(colour));
  const tied = picture.arrows && actionValues !== undefined ? tiedActions(actionValues, nActions, state) : [];
  const text = counts ? countText(count) : cellText(value, size);
  const roomForText = size >= 30 && text !== '';
  if (roomForText) {
    context.fillStyle = ink;
    write(
      context,
      text,
      size / 2,
      size * (picture.arrows ? 0.36 : 0.5),
      Math.min(17, size * (size < 58 ? 0.3 : 0.22)),
      font,
    );
  }
  if (picture.arrows) drawArrows(context, size / 2, size * (roomForText ? 0.7 : 0.5), size * 0.2, tied, picture, ink);
}

function drawArrows(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  length: number,
  actions: readonly number[],
  { grid, font }: GridPicture,
  ink: string,
): void {
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1.5, length / 7);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (actions.length === 0) {
    context.beginPath();
    context.arc(x, y, Math.max(1.2, length / 9), 0, 2 * Math.PI);
    context.fill();
    return;
  }
  const letters = actions.some((action) => directions[grid.actionArrows[action]] === undefined);
  for (const action of actions) {
    const arrow = grid.actionArrows[action];
    const direction = directions[arrow];
    if (direction === undefined) {
      write(context, arrow, x, y, length * (actions.length === 1 ? 1.5 : 1), font, 700);
      continue;
    }
    const [dx, dy] = direction;
    // One arrow is centred; several start from the middle.
    const from = actions.length === 1 ? -0.85 : letters ? 0.7 : 0.25;
    const to = actions.length === 1 ? 0.85 : 1.2;
    const [ex, ey] = [x + dx * length * to, y + dy * length * to];
    const head = length * (actions.length === 1 ? 0.55 : 0.34);
    context.beginPath();
    context.moveTo(x + dx * length * from, y + dy * length * from);
    context.lineTo(ex, ey);
    context.moveTo(ex - (dx + dy) * head, ey - (dy + dx) * head);
    context.lineTo(ex, ey);
    context.lineTo(ex - (dx - dy) * head, ey - (dy - dx) * head);
    context.stroke();
  }
}

function drawTriangles(context: CanvasRenderingContext2D, size: number, picture: GridPicture, state: number): void {
  const { grid, actionValues: q, range, dark, colours, font } = picture;
  if (q === undefined) return;
  const nActions = grid.actionArrows.length;
  const tied = tiedActions(q, nActions, state);
  const half = size / 2;
  for (const [action, arrow] of grid.actionArrows.entries()) {
    const direction = directions[arrow];
    if (direction === undefined) continue;
    const [dx, dy] = direction;
    const value = q[state * nActions + action];
    const colour = heat(value, range, dark);
    context.beginPath();
    context.moveTo(half, half);
    context.lineTo(half + (dx - dy) * half, half + (dy - dx) * half);
    context.lineTo(half + (dx + dy) * half, half + (dy + dx) * half);
    context.closePath();
    context.fillStyle = css(colour);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = colours.surface;
    context.stroke();
    const best = picture.arrows && tied.includes(action);
    const ink = css(inkOn(colour));
    context.fillStyle = ink;
    const [cx, cy] = [half + dx * half * 0.62, half + dy * half * 0.68];
    if (size >= 84) write(context, cellText(value, 50), cx, cy, Math.min(13, size * 0.14), font, best ? 700 : 400);
    if (!best) continue;
    const [tx, ty] =
      size >= 84
        ? [half + dx * half * 0.93, half + dy * half * 0.93]
        : [half + dx * half * 0.75, half + dy * half * 0.75];
    const head = size >= 84 ? size * 0.055 : size * 0.1;
    context.beginPath();
    context.moveTo(tx + dx * head * 0.4, ty + dy * head * 0.4);
    context.lineTo(tx - dx * head * 0.6 - dy * head, ty - dy * head * 0.6 - dx * head);
    context.lineTo(tx - dx * head * 0.6 + dy * head, ty - dy * head * 0.6 + dx * head);
    context.fill();
  }
  // What is no move, such as picking up, has a place in the middle.
  const others = tied.filter((action) => directions[grid.actionArrows[action]] === undefined);
  if (others.length === 0) return;
  badge(
    context,
    size,
    others.map((action) => grid.actionArrows[action]).join(''),
    colours.ink,
    colours.surface,
    font,
    true,
  );
}

function badge(
  context: CanvasRenderingContext2D,
  size: number,
  text: string,
  ink: string,
  ground: string,
  font: string,
  middle = false,
): void {
  const radius = Math.max(5, size * 0.11);
  const at = middle ? size / 2 : radius + Math.max(2, size * 0.05);
  context.fillStyle = ground;
  context.beginPath();
  context.arc(at, at, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = ink;
  if (radius >= 5) write(context, text, at, at, radius * 1.3, font, 700);
}

function drawWalls(context: CanvasRenderingContext2D, size: number, grid: StateGrid, ink: string): void {
  context.fillStyle = ink;
  for (const [cell, wall] of (grid.wallOnRight ?? []).entries()) {
    if (!wall) continue;
    const [x, y] = [((cell % grid.cols) + 1) * size, Math.floor(cell / grid.cols) * size];
    context.fillRect(x - 2, y, 4, size);
  }
}

function frame(context: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  context.lineWidth = Math.max(3, size / 18);
  context.strokeStyle = colour;
  context.beginPath();
  const inset = context.lineWidth / 2;
  context.roundRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset, Math.min(6, size / 8));
  context.stroke();
}

function drawWalker(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  { colours }: GridPicture,
): void {
  const r = Math.max(4.5, size * 0.13);
  context.fillStyle = colours.mark;
  context.strokeStyle = '#ffffff';
  context.lineWidth = Math.max(1.5, size / 32);
  context.beginPath();
  // Head and shoulders.
  context.arc(x, y - r * 0.55, r * 0.6, 0, 2 * Math.PI);
  context.moveTo(x + r, y + r * 1.1);
  context.arc(x, y + r * 1.1, r, 0, Math.PI, true);
  context.closePath();
  context.stroke();
  context.fill();
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  font: string,
  weight = 400,
): void {
  context.font = `${weight} ${size}px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, x, y + size * 0.04);
}

/** A cell in words, for those who hear it. */
export function describeCell(
  { grid, values, actionValues, visits }: Pick<GridPicture, 'grid' | 'values' | 'actionValues' | 'visits'>,
  cell: number,
  actionNames: readonly string[],
): string {
  const place = `Row ${Math.floor(cell / grid.cols) + 1}, column ${(cell % grid.cols) + 1}`;
  const kind = grid.cellKinds[cell];
  const what = {
    floor: 'ice',
    start: 'start',
    hole: 'hole',
    goal: 'goal',
    passenger: 'passenger',
    destination: 'destination',
  }[kind];
  if (!isPlayable(kind) || values === undefined || actionValues === undefined) return `${place}, ${what}`;
  const state = grid.states[cell];
  const tied = tiedActions(actionValues, grid.actionArrows.length, state);
  const go = tied.length === 0 ? 'all actions equal' : tied.map((action) => actionNames[action]).join(' or ');
  const seen = visits === undefined ? '' : `, ${countText(visits[state])} times`;
  return `${place}, ${what}, value ${valueText(values[state])}, ${go}${seen}`;
}
