import type { RgbFrame } from '../core/env.ts';
import { OrderError } from '../core/errors.ts';
import { checkSameSize, type VideoEncoder, type VideoOptions } from './encoder.ts';
import { type PixelScale, pixelScale, scaledLength, upscale } from './upscale.ts';

type Gifenc = Pick<typeof import('gifenc'), 'GIFEncoder' | 'quantize' | 'applyPalette'>;

/** A GIF is for a quick look: about half the size of a video. */
const TARGET_HEIGHT = 210;
/** A GIF counts time in hundredths of a second, and browsers slow anything faster than two of them. */
const SHORTEST_DELAY_MS = 20;

/** An endless GIF with a palette for each picture. */
export async function createGifEncoder({ fps, pixelAspect = 1 }: VideoOptions): Promise<VideoEncoder> {
  const loaded = (await import('gifenc')) as Partial<Gifenc> & { readonly default: Gifenc };
  // Bundlers see named exports, Node one default object.
  const { GIFEncoder, quantize, applyPalette } = loaded.quantize === undefined ? loaded.default : (loaded as Gifenc);
  const gif = GIFEncoder();
  const delay = Math.max(SHORTEST_DELAY_MS, Math.round(100 / fps) * 10);
  let scale: PixelScale | undefined;
  let size: readonly [number, number] = [0, 0];
  let rgba = new Uint8Array(0);
  let open = true;

  const start = ({ width, height }: RgbFrame): PixelScale => {
    const chosen = pixelScale(height, pixelAspect, TARGET_HEIGHT);
    size = [width, height];
    rgba = new Uint8Array(scaledLength(width, chosen.x) * scaledLength(height, chosen.y) * 4);
    return chosen;
  };
  return {
    frame(picture) {
      if (!open) throw new OrderError('The video is finished.');
      scale ??= start(picture);
      checkSameSize(picture, ...size);
      upscale(picture, scale, rgba);
      const palette = quantize(rgba, 256, { format: 'rgb444' });
      const pixels = applyPalette(rgba, palette, 'rgb444');
      gif.writeFrame(pixels, scaledLength(size[0], scale.x), scaledLength(size[1], scale.y), { palette, delay });
    },
    async finish() {
      if (!open || scale === undefined) throw new OrderError('A video needs at least one picture.');
      open = false;
      gif.finish();
      return gif.bytes();
    },
    abort() {
      open = false;
    },
  };
}
