import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { hex, horizontal, radial, vertical } from '../../draw/paint.ts';

/** Gymnasium's picture size; both links, stretched, and 0.2 m more fit above and below the middle. */
const SIZE = 500;
const CENTER = SIZE / 2;

/** Draws the line once, the two links on every call. */
export class AcrobotDrawing {
  readonly #scene = new Canvas(SIZE, SIZE);
  readonly #canvas = new Canvas(SIZE, SIZE);
  readonly #length1: number;
  readonly #length2: number;

  /** @param length1 @param length2 lengths of the links, m. */
  constructor(length1: number, length2: number) {
    const scale = SIZE / (2 * (length1 + length2 + 0.2));
    this.#length1 = length1 * scale;
    this.#length2 = length2 * scale;
    const scene = this.#scene;
    scene.fillRect(0, 0, SIZE, SIZE, vertical(0, SIZE, hex('#fbfcfe'), hex('#e4ebf3')));
    // The line is 1 m above the pivot whatever the lengths.
    const line = CENTER - scale;
    scene.fillRect(0, 0, SIZE, line, vertical(0, line, hex('#d9f2e0'), hex('#eefaf1')));
    for (let x = 4; x < SIZE; x += 20) scene.fillRoundRect(x, line - 1.5, 12, 3, 1.5, hex('#2f9e5b'));
    // The bracket that holds the pivot, and rings around it.
    for (const r of [this.#length1, this.#length1 + this.#length2]) {
      for (let i = 0; i < 120; i++) {
        const angle = (i / 120) * 2 * Math.PI;
        scene.circle(CENTER + r * Math.sin(angle), CENTER + r * Math.cos(angle), 0.9, hex('#b8c5d2'), 0.8);
      }
    }
    scene.fillRoundRect(
      CENTER - 17,
      CENTER - 17,
      34,
      34,
      9,
      horizontal(CENTER - 17, CENTER + 17, hex('#b7c2ce'), hex('#8494a5')),
    );
    scene.fillRoundRect(CENTER - 14, CENTER - 14, 28, 6, 3, hex('#ffffff'), 0.3);
  }

  /** @param theta1 angle of the upper link, 0 down, growing to the right; @param theta2 of the lower one against it.
   * @returns a view of memory that the next call overwrites. */
  draw(theta1: number, theta2: number): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#scene);
    const x = CENTER + this.#length1 * Math.sin(theta1);
    const y = CENTER + this.#length1 * Math.cos(theta1);
    for (const shadow of [true, false]) {
      const [dx, dy] = shadow ? [5, 7] : [0, 0];
      canvas.at(CENTER + dx, CENTER + dy, 1, -theta1, () => drawLink(canvas, this.#length1, shadow));
      canvas.at(x + dx, y + dy, 1, -theta1 - theta2, () => drawLink(canvas, this.#length2, shadow));
    }
    drawJoint(canvas, CENTER, CENTER, 10);
    drawJoint(canvas, x, y, 12);
    const [endX, endY] = [x + this.#length2 * Math.sin(theta1 + theta2), y + this.#length2 * Math.cos(theta1 + theta2)];
    canvas.circle(endX, endY, 5, radial(endX - 1.5, endY - 1.5, 7, hex('#ffffff'), hex('#9fd6e8')));
    return canvas;
  }
}

/** A link from (0, 0) down. */
function drawLink(canvas: Canvas, length: number, shadow: boolean): void {
  if (shadow) {
    canvas.fillRoundRect(-10, -10, 20, length + 20, 10, hex('#3b4a5c'), 0.16);
    return;
  }
  canvas.fillRoundRect(-11, -11, 22, length + 22, 11, hex('#14677d'));
  const metal = horizontal(-10, 10, hex('#7fdcea'), hex('#35b5cc'), hex('#1d8ca5'));
  canvas.fillRoundRect(-10, -10, 20, length + 20, 10, metal);
  canvas.fillRoundRect(-6, 14, 3.2, Math.max(0, length - 28), 1.6, hex('#ffffff'), 0.4);
}

function drawJoint(canvas: Canvas, x: number, y: number, radius: number): void {
  canvas.circle(x, y, radius + 1.4, hex('#7a5a08'));
  canvas.circle(x, y, radius, radial(x - 3, y - 4, radius * 1.5, hex('#fff0a8'), hex('#f2c230'), hex('#c9930f')));
  canvas.circle(x, y, radius * 0.3, hex('#5c4306'));
}
