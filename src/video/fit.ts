import type { RgbFrame } from '../core/env.ts';

/** Width and height of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies in another of a wished size, as large as it fits with its proportions kept. */
interface Placement extends PictureSize {
  readonly left: number;
  readonly top: number;
}

/**
 * Puts a picture into one of a wished size: as large as it fits, in the middle, black at the sides. Each pixel is the mean of
 * what lies under it.
 * @param pixelAspect how many times as wide as high a pixel is shown.
 * @param out RGBA, [size.height, size.width, 4], overwritten.
 */
export function fitInto(picture: RgbFrame, pixelAspect: number, size: PictureSize, out: Uint8Array): void {
  const { left, top, width, height } = place(picture, pixelAspect, size);
  for (let i = 0; i < out.length; i += 4) {
    out[i] = out[i + 1] = out[i + 2] = 0;
    out[i + 3] = 255;
  }
  const across = shares(picture.width, width);
  const down = shares(picture.height, height);
  const { data } = picture;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (const [sy, wy] of down[y]) {
        for (const [sx, wx] of across[x]) {
          const i = 3 * (sy * picture.width + sx);
          const weight = wy * wx;
          red += weight * data[i];
          green += weight * data[i + 1];
          blue += weight * data[i + 2];
        }
      }
      const at = 4 * ((top + y) * size.width + left + x);
      out[at] = red + 0.5;
      out[at + 1] = green + 0.5;
      out[at + 2] = blue + 0.5;
    }
  }
}

function place({ width, height }: RgbFrame, pixelAspect: number, size: PictureSize): Placement {
  const scale = Math.min(size.width / (width * pixelAspect), size.height / height);
  const fitted = {
    width: Math.max(1, Math.min(size.width, Math.round(width * pixelAspect * scale))),
    height: Math.max(1, Math.min(size.height, Math.round(height * scale))),
  };
  return {
    ...fitted,
    left: Math.floor((size.width - fitted.width) / 2),
    top: Math.floor((size.height - fitted.height) / 2),
  };
}

/** For each of `to` cells the cells of `from` under it with their shares, which sum to 1. */
function shares(from: number, to: number): (readonly [cell: number, share: number])[][] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [i * scale, Math.min(from, (i + 1) * scale)];
    const cells: [number, number][] = [];
    for (let cell = Math.floor(begin); cell < end - 1e-9; cell++) {
      const share = (Math.min(end, cell + 1) - Math.max(begin, cell)) / (end - begin);
      if (share > 1e-6) cells.push([cell, share]);
    }
    return cells;
  });
}
