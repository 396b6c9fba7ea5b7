import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { hex, horizontal, radial, vertical } from '../../draw/paint.ts';
import { stroke } from '../../draw/shapes.ts';

/** Gymnasium's picture size and scale: 4.4 m across. */
const SIZE = 500;
const CENTER = SIZE / 2;
const SCALE = SIZE / 4.4;

/** Draws the stand once, rod and torque on every call. */
export class PendulumDrawing {
  readonly #scene = new Canvas(SIZE, SIZE);
  readonly #canvas = new Canvas(SIZE, SIZE);

  constructor() {
    const scene = this.#scene;
    scene.fillRect(0, 0, SIZE, SIZE, vertical(0, SIZE, hex('#fbfcfe'), hex('#e4ebf3')));
    // The circle of the rod's end, with marks every 30 degrees; the one to reach is green.
    for (let i = 0; i < 72; i++) {
      const angle = (i / 72) * 2 * Math.PI;
      const [x, y] = [CENTER + SCALE * 1.22 * Math.sin(angle), CENTER - SCALE * 1.22 * Math.cos(angle)];
      if (i % 6 === 0) scene.circle(x, y, 3.4, i === 0 ? hex('#2f9e5b') : hex('#9fb0c2'));
      else scene.circle(x, y, 1.2, hex('#b8c5d2'));
    }
    scene.fillPolygon([CENTER, 92, CENTER - 7, 80, CENTER + 7, 80], hex('#2f9e5b'));
    // The stand.
    scene.ellipse(CENTER, 478, 92, 10, radial(CENTER, 478, 92, hex('#3b4a5c', 0.4), hex('#3b4a5c', 0)));
    const column = horizontal(CENTER - 8, CENTER + 8, hex('#b7c2ce'), hex('#8494a5'));
    scene.fillPolygon([CENTER - 6, CENTER, CENTER + 6, CENTER, CENTER + 9, 470, CENTER - 9, 470], column);
    scene.fillRoundRect(CENTER - 62, 464, 124, 13, 6, vertical(464, 477, hex('#93a2b3'), hex('#66778a')));
  }

  /** @param theta angle in radians, 0 upright, growing counter-clockwise.
   * @param torque -2 to 2, drawn as an arrow around the axle.
   * @returns a view of memory that the next call overwrites. */
  draw(theta: number, torque: number): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#scene);
    canvas.at(CENTER + 5, CENTER + 7, 1, -theta, () => {
      canvas.fillRoundRect(-11, -SCALE - 11, 22, SCALE + 22, 11, hex('#3b4a5c'), 0.16);
    });
    canvas.at(CENTER, CENTER, 1, -theta, () => {
      canvas.fillRoundRect(-12, -SCALE - 12, 24, SCALE + 24, 12, hex('#8f2c33'));
      const metal = horizontal(-11, 11, hex('#ee8a83'), hex('#d65a58'), hex('#b23d42'));
      canvas.fillRoundRect(-11, -SCALE - 11, 22, SCALE + 22, 11, metal);
      canvas.fillRoundRect(-6.5, -SCALE - 2, 3.6, SCALE - 18, 1.8, hex('#ffffff'), 0.35);
      canvas.circle(0, -SCALE, 6.4, radial(-1.5, -SCALE - 2, 8, hex('#ffe3dd'), hex('#d98d86')));
    });
    drawTorque(canvas, torque);
    canvas.circle(CENTER, CENTER, 8.4, hex('#1f2630'));
    canvas.circle(CENTER, CENTER, 6.6, radial(CENTER - 2, CENTER - 2.5, 9, hex('#aab6c4'), hex('#4d5a69')));
    canvas.circle(CENTER, CENTER, 2.2, hex('#1f2630'));
    return canvas;
  }
}

/** An arc around the axle with a head: the way it turns, and longer the stronger. */
function drawTorque(canvas: Canvas, torque: number): void {
  const share = Math.abs(torque) / 2;
  if (share < 0.01) return;
  const radius = 30 + 8 * share;
  const sense = torque > 0 ? -1 : 1;
  const sweep = (0.35 + 1.35 * share) * Math.PI * 0.9;
  const points: number[] = [];
  const at = (r: number, angle: number): [number, number] => [
    CENTER + r * Math.sin(angle),
    CENTER - r * Math.cos(angle),
  ];
  for (let i = 0; i <= 24; i++) points.push(...at(radius, sense * (sweep * (i / 24) - sweep / 2)));
  const tip = sense * (sweep / 2);
  const ahead = sense * (14 / radius);
  canvas.fill(stroke(points, 4.6), hex('#2463b4'), 0.9);
  canvas.fillPolygon(
    [...at(radius - 9, tip), ...at(radius + 9, tip), ...at(radius, tip + ahead)],
    hex('#2463b4'),
    0.95,
  );
}
