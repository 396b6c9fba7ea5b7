import type { RgbFrame } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { Coverage } from './coverage.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyph } from './font.ts';
import { type Color, colorAt, type Paint } from './paint.ts';
import { ellipse, type Outline, roundRect, stroke } from './shapes.ts';

/**
 * A picture in memory with filled, anti-aliased shapes: enough to draw an environment without a graphics library, with
 * the same bytes on every machine. Coordinates are pixels, (0, 0) is the upper left corner of the upper left pixel.
 *
 *     const canvas = new Canvas(210, 20);
 *     canvas.clear(hex('#ffffff'));
 *     canvas.circle(10 * place + 5, 10, 4, hex('#cc3333'));
 *
 * It is the `RgbFrame` that `render` returns.
 */
export class Canvas implements RgbFrame {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] row-major; owned by the canvas. */
  readonly data: Uint8Array;
  readonly #coverage: Coverage;
  /** x' = a x + c y + e, y' = b x + d y + f. */
  #matrix: readonly [a: number, b: number, c: number, d: number, e: number, f: number] = [1, 0, 0, 1, 0, 0];

  /** @throws OptionError unless both are positive integers. */
  constructor(width: number, height: number) {
    for (const [name, length] of Object.entries({ width, height })) {
      if (!Number.isSafeInteger(length) || length < 1) throw new OptionError(name, length, 'a positive integer');
    }
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    this.#coverage = new Coverage(width, height);
  }

  /** Overwrites every pixel; the opacity is ignored. */
  clear(color: Color): void {
    const { data } = this;
    for (let i = 0; i < data.length; i += 3) {
      data[i] = color[0];
      data[i + 1] = color[1];
      data[i + 2] = color[2];
    }
  }

  /** Overwrites every pixel with those of a picture.
   * @throws MismatchError for one of another size. */
  copyFrom(picture: RgbFrame): void {
    const { width, height } = picture;
    if (width !== this.width || height !== this.height) {
      throw new MismatchError(`picture: got ${width} x ${height}, allowed is ${this.width} x ${this.height}.`);
    }
    this.data.set(picture.data);
  }

  /** Runs `draw` with the origin moved to (x, y), turned by `angle` radians (clockwise on the screen) and scaled. */
  at(x: number, y: number, scale: number | readonly [number, number], angle: number, draw: () => void): void {
    const before = this.#matrix;
    const [a, b, c, d, e, f] = before;
    const [sx, sy] = typeof scale === 'number' ? [scale, scale] : scale;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    this.#matrix = [
      (a * cos + c * sin) * sx,
      (b * cos + d * sin) * sx,
      (c * cos - a * sin) * sy,
      (d * cos - b * sin) * sy,
      a * x + c * y + e,
      b * x + d * y + f,
    ];
    draw();
    this.#matrix = before;
  }

  /** Fills outlines that together make one shape: those of one turning sense are united, an opposite one cuts a hole. */
  fill(outlines: readonly Outline[], paint: Paint, opacity = 1): void {
    const [a, b, c, d, e, f] = this.#matrix;
    for (const points of outlines) {
      const n = points.length;
      let px = a * points[n - 2] + c * points[n - 1] + e;
      let py = b * points[n - 2] + d * points[n - 1] + f;
      for (let i = 0; i < n; i += 2) {
        const x = a * points[i] + c * points[i + 1] + e;
        const y = b * points[i] + d * points[i + 1] + f;
        this.#coverage.addEdge(px, py, x, y);
        px = x;
        py = y;
      }
    }
    if ('kind' in paint) {
      const det = a * d - b * c;
      const color = new Float64Array(4);
      this.#coverage.flush((x, y, coverage) => {
        const dx = x + 0.5 - e;
        const dy = y + 0.5 - f;
        colorAt(paint, (d * dx - c * dy) / det, (a * dy - b * dx) / det, color);
        this.blend(x, y, color[0], color[1], color[2], color[3] * coverage * opacity);
      });
    } else {
      const [red, green, blue, alpha] = paint;
      this.#coverage.flush((x, y, coverage) => this.blend(x, y, red, green, blue, alpha * coverage * opacity));
    }
  }

  /** Mixes a colour into one pixel, which must be inside. */
  blend(x: number, y: number, red: number, green: number, blue: number, alpha: number): void {
    const { data } = this;
    const i = (y * this.width + x) * 3;
    data[i] = data[i] + (red - data[i]) * alpha + 0.5;
    data[i + 1] = data[i + 1] + (green - data[i + 1]) * alpha + 0.5;
    data[i + 2] = data[i + 2] + (blue - data[i + 2]) * alpha + 0.5;
  }

  fillPolygon(points: Outline, paint: Paint, opacity = 1): void {
    this.fill([points], paint, opacity);
  }

  fillRect(x: number, y: number, width: number, height: number, paint: Paint, opacity = 1): void {
    this.fill([[x, y, x + width, y, x + width, y + height, x, y + height]], paint, opacity);
  }

  fillRoundRect(x: number, y: number, width: number, height: number, radius: number, paint: Paint, opacity = 1): void {
    this.fill([roundRect(x, y, width, height, radius)], paint, opacity);
  }

  circle(cx: number, cy: number, radius: number, paint: Paint, opacity = 1): void {
    this.fill([ellipse(cx, cy, radius, radius)], paint, opacity);
  }

  ellipse(cx: number, cy: number, rx: number, ry: number, paint: Paint, opacity = 1): void {
    this.fill([ellipse(cx, cy, rx, ry)], paint, opacity);
  }

  /** A line with round ends through two or more points. */
  line(points: Outline, width: number, paint: Paint, opacity = 1): void {
    this.fill(stroke(points, width), paint, opacity);
  }

  /** Writes capital letters, digits and punctuation (see `font.ts`) with the upper left corner at (x, y).
   * @param scale pixels a dot; a line is 7 dots high, a letter 5 dots wide and followed by a gap of one. */
  text(x: number, y: number, text: string, scale: number, paint: Paint, opacity = 1): void {
    const dots: Outline[] = [];
    let left = x;
    for (const character of text) {
      const rows = glyph(character);
      for (let row = 0; row < GLYPH_HEIGHT; row++) {
        for (let column = 0; column < GLYPH_WIDTH; column++) {
          if (((rows[row] >> (GLYPH_WIDTH - 1 - column)) & 1) === 0) continue;
          const x0 = left + column * scale;
          const y0 = y + row * scale;
          dots.push([x0, y0, x0 + scale, y0, x0 + scale, y0 + scale, x0, y0 + scale]);
        }
      }
      left += (GLYPH_WIDTH + 1) * scale;
    }
    this.fill(dots, paint, opacity);
  }
}

/** Width in pixels of a text that `Canvas.text` writes. */
export function textWidth(text: string, scale: number): number {
  return Math.max(0, [...text].length * (GLYPH_WIDTH + 1) - 1) * scale;
}
