import gifenc from 'gifenc';
import type { RgbFrame } from '../src/core/env.ts';

/** An endless GIF with one palette; of each picture after the first it has what has changed. */
export function gifOf(pictures: readonly RgbFrame[], fps: number): Uint8Array {
  const { GIFEncoder, quantize, applyPalette } = gifenc;
  const rgbaOf = ({ width, height, data }: RgbFrame): Uint8Array =>
    Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : data[3 * (i >> 2) + (i % 4)]));
  const every = Math.ceil(pictures.length / 12);
  const samples = pictures.filter((_, i) => i % every === 0).map(rgbaOf);
  const palette = quantize(new Uint8Array(Buffer.concat(samples)), 63, { format: 'rgb565' });
  const unchanged = palette.length;
  const withNothing = [...palette, [0, 0, 0]];
  const gif = GIFEncoder();
  let before: Uint8Array | undefined;
  pictures.forEach((picture, i) => {
    const pixels = applyPalette(rgbaOf(picture), palette, 'rgb565');
    const shown = pixels.map((colour, at) => (colour === before?.[at] ? unchanged : colour));
    // In hundredths of a second, so that the whole has the right length.
    const delay = 10 * (Math.round((100 * (i + 1)) / fps) - Math.round((100 * i) / fps));
    const first = i === 0 ? { palette: withNothing } : {};
    const settings = { ...first, delay, transparent: i > 0, transparentIndex: unchanged, dispose: 1 };
    gif.writeFrame(shown, picture.width, picture.height, settings);
    before = pixels;
  });
  gif.finish();
  return gif.bytes();
}
