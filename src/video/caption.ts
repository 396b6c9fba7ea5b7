import type { RgbFrame } from '../core/env.ts';
import { Canvas, hex, textWidth } from '../draw/index.ts';
import { pixelScale } from './upscale.ts';

const BACKGROUND = hex('#14181f');
const INK = hex('#f2f4f7');
/** Height of a line's dots and the room around them. */
const LINE = 7;
const MARGIN = 8;

/** Puts a line of text below pictures of one size. */
export class Captioner {
  readonly #canvas: Canvas;
  readonly #scale: { readonly x: number; readonly y: number };
  readonly #pictureHeight: number;

  /** @param pixelAspect how many times as wide as high a pixel is shown; those of the result are square. */
  constructor({ width, height }: Pick<RgbFrame, 'width' | 'height'>, pixelAspect: number) {
    this.#scale = pixelScale(height, pixelAspect);
    this.#pictureHeight = height * this.#scale.y;
    this.#canvas = new Canvas(width * this.#scale.x, this.#pictureHeight + 2 * LINE + 2 * MARGIN);
  }

  /** @param text capital letters, digits and punctuation; of several sizes the largest that fits.
   * @returns memory of this object, overwritten by the next call. */
  draw(picture: RgbFrame, text: string): RgbFrame {
    const canvas = this.#canvas;
    canvas.clear(BACKGROUND);
    this.#enlarge(picture);
    const size = textWidth(text, 2) + 2 * MARGIN <= canvas.width ? 2 : 1;
    const top = this.#pictureHeight + MARGIN + LINE - (LINE * size) / 2;
    canvas.text(MARGIN, Math.floor(top), text, size, INK);
    return canvas;
  }

  #enlarge({ width, height, data }: RgbFrame): void {
    const { x: sx, y: sy } = this.#scale;
    const out = this.#canvas.data;
    const row = width * sx * 3;
    for (let y = 0; y < height * sy; y++) {
      if (y % sy !== 0) {
        out.copyWithin(y * row, (y - 1) * row, y * row);
        continue;
      }
      let from = 3 * width * (y / sy);
      for (let at = y * row; at < (y + 1) * row; from += 3) {
        for (let i = 0; i < sx; i++, at += 3) {
          out[at] = data[from];
          out[at + 1] = data[from + 1];
          out[at + 2] = data[from + 2];
        }
      }
    }
  }
}
