import { encode } from 'fast-png';
import type { Ale } from './ale.ts';

/** The screen as a PNG file, each pixel twice as wide as high: ALE's `saveScreenPNG`. */
export function screenPng(ale: Ale): Uint8Array {
  const { screenWidth, screenHeight: height } = ale;
  const narrow = ale.screenRgb();
  const data = new Uint8Array(2 * narrow.length);
  for (let pixel = 0; pixel < screenWidth * height; pixel++) {
    for (let k = 0; k < 6; k++) data[6 * pixel + k] = narrow[3 * pixel + (k % 3)];
  }
  return encode({ width: 2 * screenWidth, height, data, channels: 3 });
}
