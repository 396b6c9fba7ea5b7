import { OrderError } from '../core/errors.ts';
import { createScaler, type PictureScaler, type VideoEncoder, type VideoOptions } from './encoder.ts';

type Gifenc = Pick<typeof import('gifenc'), 'GIFEncoder' | 'quantize' | 'applyPalette'>;

/** A GIF is for a quick look: about half the size of a video. */
const TARGET_HEIGHT = 210;
/** A GIF counts time in hundredths of a second, and browsers slow anything faster than two of them: of more pictures a second
 * only every second, third … is shown. */
const FASTEST = 50;

/** An endless GIF with a palette for each picture. */
export async function createGifEncoder(options: VideoOptions): Promise<VideoEncoder> {
  const loaded = (await import('gifenc')) as Partial<Gifenc> & { readonly default: Gifenc };
  // Bundlers see named exports, Node one default object.
  const { GIFEncoder, quantize, applyPalette } = loaded.quantize === undefined ? loaded.default : (loaded as Gifenc);
  const gif = GIFEncoder();
  let scaler: PictureScaler | undefined;
  let frames = 0;
  let shown = 0;
  let open = true;
  const thinned = Math.ceil(options.fps / FASTEST);
  /** When a picture begins, in hundredths of a second: rounded there, the rate is right over all. */
  const begin = (picture: number): number => Math.round((100 * picture * thinned) / options.fps);

  return {
    frame(picture) {
      if (!open) throw new OrderError('The video is finished.');
      scaler ??= createScaler(picture, options, TARGET_HEIGHT);
      if (frames++ % thinned !== 0) return;
      scaler.draw(picture);
      const { rgba, width, height } = scaler;
      const delay = 10 * (begin(shown + 1) - begin(shown));
      shown++;
      const palette = quantize(rgba, 256, { format: 'rgb444' });
      const pixels = applyPalette(rgba, palette, 'rgb444');
      gif.writeFrame(pixels, width, height, { palette, delay });
    },
    async finish() {
      if (!open || scaler === undefined) throw new OrderError('A video needs at least one picture.');
      open = false;
      gif.finish();
      return gif.bytes();
    },
    abort() {
      open = false;
    },
  };
}
