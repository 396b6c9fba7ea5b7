import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { hex, horizontal, mix, radial, vertical } from '../../draw/paint.ts';
import { drawElf, type ElfView } from './elf.draw.ts';

const ROWS = 4;
const COLUMNS = 12;
/** Gymnasium's picture size: 64 pixels a square. */
const CELL = 64;
const WIDTH = COLUMNS * CELL;
const HEIGHT = ROWS * CELL;
/** Where the meadow ends and the cliff begins, and the water under it. */
const EDGE = 3 * CELL;
const WATER = EDGE + 41;
const CLIFF_LEFT = CELL;
const CLIFF_RIGHT = WIDTH - CELL;
/** How the player looks after up, right, down, left. */
const VIEWS: readonly ElfView[] = ['back', 'right', 'front', 'left'];

/** Draws the field: meadow, cliff and sea once, the player on every call. */
export class CliffWalkingDrawing {
  readonly #field = new Canvas(WIDTH, HEIGHT);
  readonly #canvas = new Canvas(WIDTH, HEIGHT);

  constructor() {
    drawMeadow(this.#field);
    drawCliff(this.#field);
    this.#field.at(0, EDGE, CELL / 100, 0, () => drawSignpost(this.#field));
    this.#field.at(WIDTH - CELL, EDGE, CELL / 100, 0, () => drawFlag(this.#field));
  }

  /** @param lastAction null before the first step.
   * @returns a view of memory that the next call overwrites. */
  draw(state: number, lastAction: number | null): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#field);
    const x = (state % COLUMNS) * CELL;
    const y = Math.floor(state / COLUMNS) * CELL;
    const view = lastAction === null ? 'right' : VIEWS[lastAction];
    canvas.at(x + 3, y + 1, 0.9 * (CELL / 100), 0, () => drawElf(canvas, view));
    return canvas;
  }
}

/** A number from 0 to 1 for place k: the same picture every time, but nothing in rows. */
function grain(k: number): number {
  let x = Math.imul(k * 747 + 11, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return ((x ^ (x >>> 13)) >>> 8) / 0x1000000;
}

function drawMeadow(canvas: Canvas): void {
  canvas.clear(hex('#9ccb72'));
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const shade = (row + column) % 2 === 0 ? hex('#a6d37b') : hex('#9bca70');
      const tint = mix(shade, hex('#8bbd63'), 0.35 * grain(row * COLUMNS + column));
      canvas.fillRect(column * CELL, row * CELL, CELL, CELL, tint);
    }
  }
  // Tufts and flowers, away from the middle of a square, where the player stands.
  for (let k = 0; k < 110; k++) {
    const x = Math.floor(grain(3 * k) * WIDTH);
    const y = grain(3 * k + 1) * (HEIGHT - 8) + 4;
    const [dx, dy] = [((x / CELL) % 1) - 0.5, ((y / CELL) % 1) - 0.5];
    if (dx * dx + dy * dy < 0.12) continue;
    for (const side of [-3, 0, 3]) canvas.line([x, y, x + side, y - 6], 1.3, hex('#6ea24c'), 0.8);
    if (grain(3 * k + 2) > 0.72) {
      canvas.circle(x, y - 7, 2.3, [hex('#ffffff'), hex('#ffd95e'), hex('#f7a6c4')][k % 3]);
      canvas.circle(x, y - 7, 0.9, hex('#d98a1f'));
    }
  }
}

function drawCliff(canvas: Canvas): void {
  const width = CLIFF_RIGHT - CLIFF_LEFT;
  canvas.fillRect(CLIFF_LEFT, EDGE, width, CELL, vertical(EDGE, EDGE + 46, hex('#b08a62'), hex('#7d5b40')));
  // Strata and cracks in the rock.
  for (const [k, y] of [9, 18, 28].entries()) {
    const points: number[] = [];
    for (let x = CLIFF_LEFT; x <= CLIFF_RIGHT; x += 16) points.push(x, EDGE + y + 4 * grain(900 + 50 * k + x));
    canvas.line(points, 1.6, hex('#6b4b33'), 0.45);
  }
  for (let k = 0; k < 34; k++) {
    const x = CLIFF_LEFT + 8 + grain(200 + k) * (width - 16);
    const y = EDGE + 8 + grain(300 + k) * 16;
    canvas.line([x, y, x + 3 * (grain(400 + k) - 0.5), y + 9], 1.4, hex('#5d402b'), 0.6);
  }
  // The sea below, with foam where it meets the rock.
  canvas.fillRect(CLIFF_LEFT, WATER, width, HEIGHT - WATER, vertical(WATER, HEIGHT, hex('#4aa3c7'), hex('#1f5f8f')));
  for (let k = 0; k < 40; k++) {
    const x = CLIFF_LEFT + 6 + (k / 40) * (width - 10);
    canvas.ellipse(x + 4 * grain(500 + k), WATER + 1.5 * grain(540 + k), 7, 2.6, hex('#eef8fb'), 0.85);
  }
  for (let k = 0; k < 30; k++) {
    const x = CLIFF_LEFT + 12 + grain(600 + k) * (width - 36);
    const y = WATER + 7 + grain(640 + k) * 13;
    canvas.line([x, y, x + 5, y - 1.6, x + 10, y], 1.3, hex('#bfe3f0'), 0.6);
  }
  // Walls to the start and the goal, and the turf that hangs over the edge.
  for (const [x, from, to] of [
    [CLIFF_LEFT, '#5f4431', '#8d6a4a'],
    [CLIFF_RIGHT - 6, '#8d6a4a', '#5f4431'],
  ] as const) {
    canvas.fillRect(x, EDGE, 6, CELL, horizontal(x, x + 6, hex(from), hex(to)));
  }
  for (let x = CLIFF_LEFT; x < CLIFF_RIGHT; x += 11) {
    canvas.ellipse(x + 5.5, EDGE + 1, 7, 3.2 + 2.4 * grain(700 + x), hex('#7fb257'));
    canvas.ellipse(x + 5.5, EDGE - 0.5, 7, 2.6, hex('#a6d37b'));
  }
}

function drawSignpost(canvas: Canvas): void {
  canvas.ellipse(24, 88, 15, 4, radial(24, 88, 15, hex('#1d3b1a', 0.4), hex('#1d3b1a', 0)));
  canvas.fillRoundRect(21, 30, 6, 58, 2, horizontal(21, 27, hex('#9c6b3f'), hex('#6c4424')));
  canvas.fillPolygon([4, 22, 38, 22, 48, 31, 38, 40, 4, 40], hex('#6c4424'));
  canvas.fillPolygon([5, 23, 37, 23, 46, 31, 37, 39, 5, 39], vertical(23, 39, hex('#dcae74'), hex('#bd8850')));
  canvas.text(12, 25.5, 'S', 1.6, hex('#4a2d16'));
  canvas.line([24, 31, 36, 31, 32, 27.6], 1.8, hex('#4a2d16'));
  canvas.line([36, 31, 32, 34.4], 1.8, hex('#4a2d16'));
}

function drawFlag(canvas: Canvas): void {
  canvas.ellipse(72, 88, 18, 5, radial(72, 88, 18, hex('#1d3b1a', 0.45), hex('#1d3b1a', 0)));
  canvas.ellipse(72, 86, 9, 3.4, hex('#7b6a55'));
  canvas.fillRoundRect(70, 10, 4.4, 76, 2, horizontal(70, 74.4, hex('#f4f6f8'), hex('#9aa5b1')));
  canvas.fillPolygon([70, 12, 34, 20, 41, 28, 34, 36, 70, 40], vertical(12, 40, hex('#f0575d'), hex('#c12d3b')));
  canvas.fillPolygon([70, 12, 34, 20, 36, 22.4, 70, 19], hex('#ffffff'), 0.22);
  canvas.circle(72.2, 9, 4.2, radial(71, 8, 5, hex('#fff0b8'), hex('#f0b02a')));
}
