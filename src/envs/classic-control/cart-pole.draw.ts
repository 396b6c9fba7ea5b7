import type { RgbFrame } from '../../core/env.ts';
import { Canvas } from '../../draw/canvas.ts';
import { hex, horizontal, radial, vertical } from '../../draw/paint.ts';
import { pie } from '../../draw/shapes.ts';

/** Gymnasium's picture size. */
const WIDTH = 600;
const HEIGHT = 400;
/** Height of the cart's middle and of the axle above it. */
const CART_Y = 296;
const AXLE_Y = CART_Y - 10;
const RAIL_Y = 322;

/** Draws the cart and its pole: the scene once, the moving parts on every call. */
export class CartPoleDrawing {
  readonly #scene = new Canvas(WIDTH, HEIGHT);
  readonly #canvas = new Canvas(WIDTH, HEIGHT);
  /** Pixels a metre: the track fills the width, as in Gymnasium. */
  readonly #scale: number;
  readonly #angleLimit: number;
  /** Pixels. */
  readonly #poleLength: number;

  /** @param xLimit half of the track in metres, @param angleLimit in radians, drawn as a faint fan.
   * @param poleLength in metres. */
  constructor(xLimit: number, angleLimit: number, poleLength: number) {
    this.#scale = WIDTH / (2 * xLimit);
    this.#angleLimit = angleLimit;
    this.#poleLength = this.#scale * poleLength;
    const scene = this.#scene;
    scene.fillRect(0, 0, WIDTH, HEIGHT, vertical(0, HEIGHT, hex('#f9fbfd'), hex('#e6edf4')));
    scene.fillRect(0, RAIL_Y + 10, WIDTH, HEIGHT, vertical(RAIL_Y + 10, HEIGHT, hex('#d4dde7'), hex('#e9eff5')));
    // Marks every sixth of the way (0.4 m by default), a longer one in the middle.
    for (let i = -6; i <= 6; i++) {
      const x = WIDTH / 2 + (i / 6) * xLimit * this.#scale;
      const length = i === 0 ? 20 : i % 3 === 0 ? 14 : 9;
      scene.line([x, RAIL_Y + 20, x, RAIL_Y + 20 + length], i === 0 ? 3 : 2, hex('#9fb0c2'));
    }
    // The rail, with buffers where the track ends.
    scene.fillRect(0, RAIL_Y + 6, WIDTH, 5, hex('#8796a8'), 0.35);
    scene.fillRect(0, RAIL_Y, WIDTH, 7, vertical(RAIL_Y, RAIL_Y + 7, hex('#9aa8b8'), hex('#5f6e80')));
    scene.fillRect(0, RAIL_Y, WIDTH, 1.6, hex('#dfe7ee'));
    for (const x of [0, WIDTH - 9]) {
      scene.fillRoundRect(x, RAIL_Y - 26, 9, 34, 3, horizontal(x, x + 9, hex('#e8707a'), hex('#b93a49')));
    }
  }

  /** @param x cart position in metres, @param theta pole angle in radians, positive to the right.
   * @returns a view of memory that the next call overwrites. */
  draw(x: number, theta: number): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#scene);
    const cartX = WIDTH / 2 + x * this.#scale;
    canvas.at(cartX, 0, 1, 0, () => {
      const up = -Math.PI / 2;
      const fan = [0, AXLE_Y, ...pie(0, AXLE_Y, 150, 150, up - this.#angleLimit, up + this.#angleLimit)];
      canvas.fillPolygon(fan, radial(0, AXLE_Y, 150, hex('#6aa9e9', 0.2), hex('#6aa9e9', 0.03)));
      canvas.ellipse(0, RAIL_Y + 13, 42, 6, radial(0, RAIL_Y + 13, 42, hex('#3b4a5c', 0.4), hex('#3b4a5c', 0)));
      drawCart(canvas);
      drawPole(canvas, theta, this.#poleLength);
    });
    return canvas;
  }
}

function drawCart(canvas: Canvas): void {
  for (const side of [-1, 1]) {
    canvas.circle(side * 18, RAIL_Y - 8, 8.5, hex('#2a3340'));
    canvas.circle(side * 18, RAIL_Y - 8, 5.4, radial(side * 18 - 1.5, RAIL_Y - 10, 8, hex('#e3eaf1'), hex('#8292a4')));
    canvas.circle(side * 18, RAIL_Y - 8, 1.8, hex('#2a3340'));
  }
  const top = CART_Y - 15;
  canvas.fillRoundRect(-32, top, 64, 30, 7, hex('#27313f'));
  canvas.fillRoundRect(-32, top, 64, 28, 7, vertical(top, top + 28, hex('#5a6c85'), hex('#384558')));
  canvas.fillRoundRect(-29, top + 1.6, 58, 4, 2, hex('#ffffff'), 0.22);
  canvas.fillRoundRect(-24, top + 18, 48, 4, 2, hex('#8fd0ff'), 0.55);
}

function drawPole(canvas: Canvas, theta: number, length: number): void {
  canvas.at(0, AXLE_Y, 1, theta, () => {
    canvas.fillRoundRect(-6, -length + 6, 12, length + 1, 6, hex('#8f5f33'));
    const wood = horizontal(-5, 5, hex('#e9bf8c'), hex('#d29a5f'), hex('#b67c44'));
    canvas.fillRoundRect(-5, -length + 7, 10, length - 2, 5, wood);
    canvas.fillRoundRect(-3.2, -length + 11, 2, length - 22, 1, hex('#fff1dc'), 0.55);
    canvas.fillRoundRect(-6, -length + 6, 12, 15, 6, horizontal(-6, 6, hex('#f58a6b'), hex('#d5523c')));
  });
  canvas.circle(0, AXLE_Y, 9, hex('#2d3564'));
  canvas.circle(0, AXLE_Y, 7.6, radial(-2, AXLE_Y - 2.5, 10, hex('#c3c6f5'), hex('#8184cb'), hex('#5f62a8')));
  canvas.circle(0, AXLE_Y, 2.4, hex('#2d3564'));
}
