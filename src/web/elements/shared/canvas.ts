import type { RgbFrame } from '../../../core/env.ts';

/**
 * Gives a canvas as many pixels as the screen has where it stands. Units of the context are CSS pixels.
 * @param width in CSS pixels. @param height in CSS pixels.
 * @returns its context, cleared.
 */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = Math.min(3, devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Shows an environment's picture, a canvas pixel for each of its own: CSS scales it (`image-rendering: pixelated`). */
export class PictureCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageData | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  }

  /** @param frame is read now. */
  show({ width, height, data }: RgbFrame): void {
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      this.#image = this.#context.createImageData(width, height);
      this.#image.data.fill(255);
    }
    const rgba = this.#image.data;
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
      rgba[to] = data[from];
      rgba[to + 1] = data[from + 1];
      rgba[to + 2] = data[from + 2];
    }
    this.#context.putImageData(this.#image, 0, 0);
  }
}
