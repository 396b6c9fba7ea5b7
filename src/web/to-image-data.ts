import type { RgbFrame } from '../core/env.ts';

/**
 * A picture as a canvas takes it: `context.putImageData(toImageData(frame), 0, 0)`.
 * @param reuse an earlier result, which is filled again where it has the same size.
 */
export function toImageData({ width, height, data }: RgbFrame, reuse?: ImageData): ImageData {
  const fits = reuse !== undefined && reuse.width === width && reuse.height === height;
  const image = fits ? reuse : new ImageData(width, height);
  const rgba = new Uint32Array(image.data.buffer);
  // Little-endian, as every browser's machine is: red is the lowest byte.
  for (let i = 0, from = 0; i < rgba.length; i++, from += 3) {
    rgba[i] = 0xff000000 | (data[from + 2] << 16) | (data[from + 1] << 8) | data[from];
  }
  return image;
}
