import type { RgbFrame } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';

/** How many pixels of a video a pixel of the environment becomes. */
export interface PixelScale {
  readonly x: number;
  readonly y: number;
}

/**
 * The whole-number scale that makes a picture about `target` pixels high, with pixels `aspect` times as wide as high (the
 * Atari 2600's are twice as wide).
 */
export function pixelScale(height: number, aspect: number, target = 420): PixelScale {
  if (!(Number.isInteger(aspect) && aspect >= 1)) throw new OptionError('pixelAspect', aspect, 'a whole number from 1');
  const y = Math.max(1, Math.round(target / height));
  return { x: y * aspect, y };
}

/** Side of the result: scaled, and even, as H.264 wants it. */
export const scaledLength = (length: number, scale: number): number => (length * scale + 1) & ~1;

/**
 * Repeats pixels, without smoothing, into RGBA. A last row or column that evenness adds repeats the one next to it.
 * @param out [scaledLength(height), scaledLength(width), 4], overwritten.
 */
export function upscale({ width, height, data }: RgbFrame, scale: PixelScale, out: Uint8Array): void {
  const outWidth = scaledLength(width, scale.x);
  const outHeight = scaledLength(height, scale.y);
  // A pixel is one number, written at once; its bytes lie from the lowest up wherever JavaScript runs WebAssembly.
  const pixels = new Uint32Array(out.buffer, out.byteOffset, outWidth * outHeight);
  for (let y = 0; y < outHeight; y++) {
    const row = y * outWidth;
    // Rows of one source row are copies of the first of them.
    if (y % scale.y !== 0) {
      pixels.copyWithin(row, row - outWidth, row);
      continue;
    }
    const from = 3 * Math.min(Math.floor(y / scale.y), height - 1) * width;
    let at = row;
    for (let x = 0; x < width; x++) {
      const source = from + 3 * x;
      const pixel = data[source] | (data[source + 1] << 8) | (data[source + 2] << 16) | (255 << 24);
      for (let end = at + scale.x; at < end; at++) pixels[at] = pixel;
    }
    if (at < row + outWidth) pixels[at] = pixels[at - 1];
  }
}
