import type { PictureSize } from './fit.ts';

/**
 * RGBA to the planes that video codecs take: luma, then chroma of half the width and height (4:2:0), in the ranges and
 * weights of ITU-R BT.601 for eight bits (luma 16 to 235, chroma 16 to 240), as whole numbers of 1/256.
 * @param rgba [height, width, 4]; alpha is ignored.
 * @param size even numbers.
 * @param out [width * height * 3 / 2], overwritten: Y, then U, then V. A chroma is that of the mean of 2 x 2 pixels.
 */
export function rgbaToYuv420(rgba: Uint8Array, size: PictureSize, out: Uint8Array): void {
  const { width, height } = size;
  let u = width * height;
  let v = u + (width / 2) * (height / 2);
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let [red, green, blue] = [0, 0, 0];
      for (let pixel = 0; pixel < 4; pixel++) {
        const at = (y + (pixel >> 1)) * width + x + (pixel & 1);
        const r = rgba[4 * at];
        const g = rgba[4 * at + 1];
        const b = rgba[4 * at + 2];
        out[at] = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8);
        red += r;
        green += g;
        blue += b;
      }
      // Of sums of four pixels: a quarter of each weight.
      out[u++] = 128 + ((-38 * red - 74 * green + 112 * blue + 512) >> 10);
      out[v++] = 128 + ((112 * red - 94 * green - 18 * blue + 512) >> 10);
    }
  }
}
