import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { type Color, hex, horizontal, radial, vertical } from '../../draw/paint.ts';
import { type Outline, smoothOutline } from '../../draw/shapes.ts';
import { drawElf, drawHat, type ElfView } from './elf.draw.ts';

/** Every tile is drawn in a square of 100 x 100 and scaled. */
const UNIT = 100;
const VIEWS: readonly ElfView[] = ['left', 'front', 'right', 'back'];

/** Draws a lake: the tiles once, the player on every call. Light comes from the upper left. */
export class FrozenLakeDrawing {
  readonly #desc: readonly string[];
  /** Pixels a tile; even, so that video encoders take the picture. */
  readonly #tile: number;
  readonly #lake: Canvas;
  readonly #canvas: Canvas;

  constructor(desc: readonly string[]) {
    this.#desc = desc;
    const rows = desc.length;
    const columns = desc[0].length;
    this.#tile = 2 * Math.min(48, Math.max(4, Math.floor(256 / Math.max(rows, columns))));
    this.#lake = new Canvas(columns * this.#tile, rows * this.#tile);
    this.#canvas = new Canvas(columns * this.#tile, rows * this.#tile);
    this.#lake.clear(hex('#f3fafe'));
    for (let state = 0; state < rows * columns; state++) this.#drawTile(state);
  }

  /** @param lastAction null before the first step.
   * @returns a view of memory that the next call overwrites. */
  draw(state: number, lastAction: number | null): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#lake);
    this.#onTile(canvas, state, () => {
      const tile = this.#letter(state);
      if (tile === 'H') {
        drawIce(canvas, state);
        drawBrokenHole(canvas, state);
        return;
      }
      // At the goal the present changes from the tile into the elf's hands.
      if (tile === 'G') drawIce(canvas, state);
      canvas.at(2.5, 5, 0.95, 0, () => drawElf(canvas, tile === 'G' ? 'front' : VIEWS[lastAction ?? 1]));
      if (tile === 'G') canvas.at(28, 47, 0.44, 0, () => drawPresent(canvas, false));
    });
    return canvas;
  }

  #letter(state: number): string {
    const columns = this.#desc[0].length;
    return this.#desc[Math.floor(state / columns)][state % columns];
  }

  #onTile(canvas: Canvas, state: number, draw: () => void): void {
    const columns = this.#desc[0].length;
    const x = (state % columns) * this.#tile;
    const y = Math.floor(state / columns) * this.#tile;
    canvas.at(x, y, this.#tile / UNIT, 0, draw);
  }

  #drawTile(state: number): void {
    const canvas = this.#lake;
    this.#onTile(canvas, state, () => {
      drawIce(canvas, state);
      const tile = this.#letter(state);
      if (tile === 'H') drawHole(canvas, state);
      if (tile === 'S') drawStool(canvas);
      if (tile === 'G') canvas.at(10, 12, 0.8, 0, () => drawPresent(canvas, true));
    });
  }
}

/** A number from 0 to 1 that belongs to a tile: the same picture every time, but no two tiles alike. */
function grain(state: number, k: number): number {
  let x = Math.imul(state * 131 + k * 17 + 7, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return ((x ^ (x >>> 13)) >>> 8) / 0x1000000;
}

function drawIce(canvas: Canvas, state: number): void {
  const tint = grain(state, 1) * 0.5;
  const top: Color = [222 - 8 * tint, 243 - 6 * tint, 253, 1];
  const bottom: Color = [178 - 14 * tint, 217 - 10 * tint, 240 - 4 * tint, 1];
  canvas.fillRoundRect(2, 2, 96, 97, 11, hex('#8fc0de'));
  canvas.fillRoundRect(2, 2, 96, 94.5, 11, vertical(0, 96, top, bottom));
  canvas.fillRoundRect(4, 3.2, 92, 6, 3, hex('#ffffff'), 0.6);
  canvas.fillRoundRect(4.5, 3.4, 91, 91, 9, radial(25, 15, 110, hex('#ffffff', 0.35), hex('#ffffff', 0)));
  // Skate marks and glints.
  const x = 14 + grain(state, 2) * 30;
  const y = 50 + grain(state, 3) * 26;
  const length = 16 + grain(state, 4) * 16;
  canvas.line([x, y, x + length, y - length * 0.7], 2.6, hex('#ffffff'), 0.55);
  canvas.line([x + 13, y + 4, x + 13 + length * 0.5, y + 4 - length * 0.35], 1.8, hex('#ffffff'), 0.5);
  if (grain(state, 5) > 0.5) {
    const cx = 58 + grain(state, 6) * 22;
    const cy = 20 + grain(state, 7) * 20;
    canvas.line([cx, cy, cx + 9, cy + 5, cx + 12, cy + 13, cx + 20, cy + 16], 1, hex('#86b8d6'), 0.55);
    canvas.line([cx + 9, cy + 5, cx + 17, cy + 3], 1, hex('#86b8d6'), 0.45);
  }
}

/** An uneven ring around the middle of a tile. */
function ring(state: number, radius: number, wobble: number, points = 11): Outline {
  const out: number[] = [];
  for (let i = 0; i < points; i++) {
    const angle = (i / points) * 2 * Math.PI;
    const r = radius * (1 + wobble * (grain(state, 20 + i) - 0.5));
    out.push(50 + r * Math.cos(angle), 51 + 0.92 * r * Math.sin(angle));
  }
  return out;
}

/** Open water: a rim of thin ice, the wall of the ice sheet, deep water with a glint. */
function drawHole(canvas: Canvas, state: number): void {
  canvas.fillPolygon(smoothOutline(ring(state, 42, 0.16)), hex('#ffffff'), 0.75);
  canvas.fillPolygon(smoothOutline(ring(state, 38.5, 0.16)), vertical(14, 90, hex('#5b9cc4'), hex('#a9d6ee')));
  canvas.at(0, 4.5, 1, 0, () => {
    const water = radial(52, 58, 40, hex('#0e4d78'), hex('#0b3f66'), hex('#072c4b'));
    canvas.fillPolygon(smoothOutline(ring(state, 34, 0.16)), water);
  });
  canvas.line([35, 62, 42, 65, 50, 66, 58, 65], 2, hex('#7cc3e8'), 0.45);
  canvas.line([46, 72, 53, 73, 60, 71.6], 1.6, hex('#7cc3e8'), 0.3);
  canvas.line([60, 47, 66, 48.4], 1.6, hex('#7cc3e8'), 0.3);
}

/** The hole after the player fell in: jagged, with cracks in the ice around, floes, and the hat on the water. */
function drawBrokenHole(canvas: Canvas, state: number): void {
  // Cracks run outwards from every second corner of the hole, each with one kink and a short branch.
  for (let i = 0; i < 9; i++) {
    const angle = (i / 9) * 2 * Math.PI + 0.12 * (grain(state, 40 + i) - 0.5);
    const reach = 44 + 3 * grain(state, 50 + i);
    const kink = angle + 0.09 * (i % 2 === 0 ? 1 : -1);
    const at = (r: number, turn: number): [number, number] => [50 + r * Math.cos(turn), 51 + 0.95 * r * Math.sin(turn)];
    const main = [...at(36, angle), ...at(40.5, kink), ...at(reach, angle)];
    const branch = [...at(40.5, kink), ...at(44, 2 * kink - angle)];
    canvas.line(main, 1.5, hex('#3f7fa8'), 0.8);
    canvas.line(branch, 1.1, hex('#3f7fa8'), 0.7);
  }
  const jagged: number[] = [];
  for (let i = 0; i < 18; i++) {
    const angle = (i / 18) * 2 * Math.PI;
    const r = (i % 2 === 0 ? 41 : 34) + 4 * (grain(state, 70 + i) - 0.5);
    jagged.push(50 + r * Math.cos(angle), 51 + 0.95 * r * Math.sin(angle));
  }
  canvas.fillPolygon(jagged, hex('#ffffff'));
  canvas.at(50, 51, 0.94, 0, () =>
    canvas.at(-50, -51, 1, 0, () => canvas.fillPolygon(jagged, vertical(14, 90, hex('#4f91ba'), hex('#9fd0ea')))),
  );
  canvas.at(50, 54.5, 0.84, 0, () =>
    canvas.at(-50, -51, 1, 0, () =>
      canvas.fillPolygon(jagged, radial(50, 52, 42, hex('#12587f'), hex('#0b3f66'), hex('#072c4b'))),
    ),
  );
  for (const [cx, cy, turn] of [
    [28, 68, 0.4],
    [72, 42, 1.7],
    [68, 75, 2.6],
  ] as const) {
    canvas.at(cx, cy, 1, turn, () => {
      canvas.fillPolygon([-8, -3, 1, -7, 8, -1, 3, 6, -6, 4], hex('#7fb6d6'));
      canvas.at(0, -1.6, 1, 0, () => canvas.fillPolygon([-8, -3, 1, -7, 8, -1, 3, 6, -6, 4], hex('#e9f7ff')));
    });
  }
  // Ripples around the hat.
  for (const [r, alpha] of [
    [25, 0.25],
    [19, 0.4],
  ] as const) {
    canvas.fill(
      [ringBand(50, 60, r, r * 0.42, 1), ringBand(50, 60, r - 1.7, r * 0.42 - 1.3, -1)],
      hex('#9fdcff'),
      alpha,
    );
  }
  canvas.at(17, 34, 0.66, 0, () => drawHat(canvas, 50));
  for (const [x, y, r] of [
    [67, 58, 2.4],
    [72, 63, 1.6],
    [63, 64, 1.4],
  ] as const) {
    canvas.circle(x, y, r, hex('#cdefff'), 0.85);
  }
}

/** An ellipse of either turning sense, so that two of them make a band. */
function ringBand(cx: number, cy: number, rx: number, ry: number, sense: 1 | -1): Outline {
  const out: number[] = [];
  for (let i = 0; i < 40; i++) {
    const angle = (sense * i * 2 * Math.PI) / 40;
    out.push(cx + rx * Math.cos(angle), cy + ry * Math.sin(angle));
  }
  return out;
}

/** A wooden stool: where the walk begins. */
function drawStool(canvas: Canvas): void {
  canvas.ellipse(51, 82, 32, 9, radial(51, 82, 32, hex('#1d4f70', 0.35), hex('#1d4f70', 0)));
  const leg = horizontal(0, 7, hex('#a86a36'), hex('#6f4220'));
  canvas.at(44, 52, 1, 0, () => canvas.fillPolygon([2, 0, 9, 0, 7.5, 20, 2.5, 20], hex('#5d361a')));
  canvas.at(27, 50, 1, 0.13, () => canvas.fillRoundRect(0, 0, 7.5, 34, 3, leg));
  canvas.at(66, 51, 1, -0.13, () => canvas.fillRoundRect(0, 0, 7.5, 34, 3, leg));
  canvas.at(47, 54, 1, 0, () => canvas.fillRoundRect(0, 0, 7.5, 32, 3, leg));
  canvas.line([30, 70, 70, 70], 3, hex('#7d4c26'));
  canvas.ellipse(50, 53.5, 29, 12, hex('#75451f'));
  canvas.ellipse(50, 49.5, 29, 12, vertical(38, 61, hex('#dca469'), hex('#b97b41')));
  canvas.ellipse(50, 48.8, 22, 8.4, hex('#e9b97f'), 0.55);
  canvas.ellipse(50, 48.6, 12, 4.4, hex('#c98f53'), 0.6);
  canvas.ellipse(50, 48.4, 8, 2.8, hex('#e3b075'), 0.9);
}

/** A present with a bow; with its shadow unless somebody holds it. */
function drawPresent(canvas: Canvas, shadow: boolean): void {
  if (shadow) canvas.ellipse(52, 92, 44, 10, radial(52, 92, 44, hex('#1d4f70', 0.42), hex('#1d4f70', 0)));
  canvas.fillRoundRect(18, 42, 64, 50, 4, horizontal(18, 82, hex('#f0555c'), hex('#c62a3a')));
  canvas.fillRect(18, 52, 64, 4, hex('#8e1a2a'), 0.35);
  canvas.fillRect(43, 42, 14, 50, horizontal(43, 57, hex('#ffe28a'), hex('#f3b72f')));
  canvas.fillRoundRect(13, 32, 74, 20, 4, horizontal(13, 87, hex('#ff6d70'), hex('#d8333f')));
  canvas.fillRoundRect(13, 32, 74, 5, 2.5, hex('#ffffff'), 0.28);
  canvas.fillRect(42, 32, 16, 20, horizontal(42, 58, hex('#ffe9a3'), hex('#f6c043')));
  // Bow: two loops, two tails, a knot.
  const ribbon = vertical(6, 34, hex('#fff0b8'), hex('#f0b02a'));
  canvas.fillPolygon([46, 31, 30, 42, 36, 43, 40, 47, 52, 33], hex('#e5a623'));
  canvas.fillPolygon([54, 31, 70, 42, 64, 43, 60, 47, 48, 33], hex('#e5a623'));
  canvas.fillPolygon(smoothOutline([50, 30, 36, 12, 22, 10, 20, 24, 34, 32]), ribbon);
  canvas.fillPolygon(smoothOutline([50, 30, 64, 12, 78, 10, 80, 24, 66, 32]), ribbon);
  canvas.fillPolygon(smoothOutline([45, 28, 36, 19, 28, 17, 28, 23, 36, 28]), hex('#c98a14'), 0.75);
  canvas.fillPolygon(smoothOutline([55, 28, 64, 19, 72, 17, 72, 23, 64, 28]), hex('#c98a14'), 0.75);
  canvas.fillRoundRect(43.5, 22, 13, 12.5, 5, vertical(22, 34, hex('#fff2c4'), hex('#f3b72f')));
}
