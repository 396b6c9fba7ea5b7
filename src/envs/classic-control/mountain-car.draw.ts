import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { hex, horizontal, mix, radial, vertical } from '../../draw/paint.ts';

/** Gymnasium's picture size and scale: the valley from -1.2 to 0.6 fills the width. */
const WIDTH = 600;
const HEIGHT = 400;
const LEFT = -1.2;
const SCALE = WIDTH / 1.8;

/** Height of the road above the lower edge, in the units of positions. */
function height(x: number): number {
  return Math.sin(3 * x) * 0.45 + 0.55;
}

function toX(position: number): number {
  return (position - LEFT) * SCALE;
}

function toY(position: number): number {
  return HEIGHT - height(position) * SCALE;
}

/** Draws valley and flag once, the car on every call. */
export class MountainCarDrawing {
  readonly #valley = new Canvas(WIDTH, HEIGHT);
  readonly #canvas = new Canvas(WIDTH, HEIGHT);

  /** @param goal position of the flag. */
  constructor(goal: number) {
    drawSky(this.#valley);
    drawGround(this.#valley);
    this.#valley.at(toX(goal), toY(goal), 1, 0, () => drawFlag(this.#valley));
  }

  /** @param velocity decides which way the car looks.
   * @returns a view of memory that the next call overwrites. */
  draw(position: number, velocity: number): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#valley);
    // The slope in pixels: both axes have the same scale.
    const slope = Math.atan(-Math.cos(3 * position) * 3 * 0.45);
    canvas.at(toX(position), toY(position), 1, slope, () => {
      canvas.ellipse(0, 1, 27, 4, radial(0, 1, 27, hex('#17301a', 0.55), hex('#17301a', 0)));
      canvas.at(0, 0, [velocity < 0 ? -1 : 1, 1], 0, () => drawCar(canvas));
    });
    return canvas;
  }
}

function drawSky(canvas: Canvas): void {
  canvas.fillRect(0, 0, WIDTH, HEIGHT, vertical(0, 300, hex('#7cc0ee'), hex('#cfeaf9'), hex('#fdf3df')));
  canvas.circle(118, 74, 62, radial(118, 74, 62, hex('#fff4c7', 0.9), hex('#fff4c7', 0)));
  canvas.circle(118, 74, 24, radial(112, 68, 30, hex('#fffbe4'), hex('#ffdd75')));
  // Far ranges, paler with distance.
  for (const [base, rise, phase, colour] of [
    [250, 46, 0.4, '#b9d3e6'],
    [290, 60, 2.1, '#9cc2cf'],
    [330, 52, 4.2, '#84b3ad'],
  ] as const) {
    const points: number[] = [0, HEIGHT];
    for (let x = 0; x <= WIDTH; x += 6) {
      points.push(x, base - rise * (Math.sin(x / 61 + phase) * 0.6 + Math.sin(x / 23 + 2 * phase) * 0.28));
    }
    points.push(WIDTH, HEIGHT);
    canvas.fillPolygon(points, vertical(base - rise, base + 90, hex(colour), mix(hex(colour), hex('#ffffff'), 0.45)));
  }
  for (const [x, y, size] of [
    [330, 58, 1],
    [470, 40, 0.7],
    [230, 120, 0.6],
  ]) {
    canvas.at(x, y, size, 0, () => {
      for (const [dx, dy, r] of [
        [-30, 4, 16],
        [-10, -6, 21],
        [14, -2, 19],
        [34, 6, 13],
      ]) {
        canvas.ellipse(dx, dy, r, r * 0.72, hex('#ffffff'), 0.85);
      }
      canvas.fillRoundRect(-46, 4, 94, 13, 6.5, hex('#ffffff'), 0.85);
    });
  }
}

/** Outline of everything below the road, `down` pixels lower. */
function ground(down: number): number[] {
  const points = [-4, HEIGHT + 4];
  for (let x = -4; x <= WIDTH + 4; x += 4) points.push(x, toY(LEFT + x / SCALE) + down);
  points.push(WIDTH + 4, HEIGHT + 4);
  return points;
}

function drawGround(canvas: Canvas): void {
  canvas.fillPolygon(ground(0), vertical(60, HEIGHT, hex('#86b95b'), hex('#4f8a44')));
  canvas.fillPolygon(ground(26), vertical(90, HEIGHT, hex('#76ab50'), hex('#3f7a3d')));
  canvas.fillPolygon(ground(64), vertical(120, HEIGHT, hex('#69a04a'), hex('#356d38')));
  const road: number[] = [];
  for (let x = -4; x <= WIDTH + 4; x += 4) road.push(x, toY(LEFT + x / SCALE) + 4);
  canvas.line(road, 9, hex('#6b6f76'));
  canvas.line(
    road.map((value, i) => (i % 2 === 1 ? value - 3 : value)),
    2,
    hex('#8d929b'),
  );
  for (let i = 2; i + 5 < road.length; i += 12) canvas.line(road.slice(i, i + 6), 1.3, hex('#f2e9c6'), 0.8);
  // Firs on the slopes, their feet below the road.
  for (const [x, down, size] of [
    [28, 60, 0.8],
    [66, 82, 1.1],
    [120, 74, 0.9],
    [336, 62, 0.8],
    [388, 96, 1.1],
    [436, 84, 1],
    [486, 110, 1.25],
    [548, 128, 1.1],
    [574, 84, 0.8],
  ]) {
    canvas.at(x, toY(LEFT + x / SCALE) + down, size, 0, () => drawFir(canvas));
  }
}

function drawFir(canvas: Canvas): void {
  canvas.ellipse(2, 0, 13, 3, hex('#1f4726'), 0.35);
  canvas.fillRect(-1.8, -8, 3.6, 8, hex('#5b3d25'));
  for (const [y, half] of [
    [-6, 11],
    [-15, 9],
    [-24, 6.5],
  ]) {
    canvas.fillPolygon([-half, y, 0, y - 15, half, y], horizontal(-half, half, hex('#3f8a4a'), hex('#1f5a30')));
  }
}

function drawFlag(canvas: Canvas): void {
  canvas.ellipse(0, 1, 8, 2.6, hex('#2d5a2a'), 0.5);
  canvas.fillRoundRect(-1.6, -52, 3.2, 53, 1.6, horizontal(-1.6, 1.6, hex('#f4f6f8'), hex('#8e99a5')));
  canvas.fillPolygon([1.4, -51, 30, -44, 1.4, -35], vertical(-51, -35, hex('#ffd95e'), hex('#eda51c')));
  canvas.fillPolygon([1.4, -51, 30, -44, 1.4, -46.5], hex('#ffffff'), 0.3);
  canvas.circle(0, -53, 3, hex('#f0575d'));
}

/** A small car that looks to the right, its wheels on (0, 0). */
function drawCar(canvas: Canvas): void {
  canvas.fillPolygon([-21, -9, -20, -17, -13, -18, -8, -26, 8, -26, 14, -18, 22, -15.5, 23, -9], hex('#7c1f2a'));
  canvas.fillPolygon(
    [-20, -9.5, -19, -16.4, -12.5, -17.4, -7.5, -25, 7.5, -25, 13.4, -17.4, 21, -15, 22, -9.5],
    vertical(-25, -9, hex('#f26a6f'), hex('#d13a47')),
  );
  canvas.fillPolygon(
    [-10.4, -17.6, -6.4, -23.6, -0.8, -23.6, -0.8, -17.6],
    vertical(-24, -17, hex('#d7efff'), hex('#7fb4d8')),
  );
  canvas.fillPolygon(
    [0.8, -17.6, 0.8, -23.6, 6.8, -23.6, 11.4, -17.6],
    vertical(-24, -17, hex('#d7efff'), hex('#7fb4d8')),
  );
  canvas.fillRect(-18.6, -14.2, 40, 1.6, hex('#ffffff'), 0.35);
  canvas.ellipse(20.6, -12.8, 1.8, 2, hex('#fff3b0'));
  canvas.ellipse(-19, -13, 1.4, 2, hex('#ff9c8a'));
  for (const x of [-11.5, 12]) {
    canvas.circle(x, -7, 7, hex('#242a33'));
    canvas.circle(x, -7, 3.9, radial(x - 1, -8, 5, hex('#eef2f6'), hex('#8f9baa')));
    canvas.circle(x, -7, 1.3, hex('#242a33'));
  }
}
