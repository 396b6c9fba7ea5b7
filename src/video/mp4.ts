import type { RgbFrame } from '../core/env.ts';
import { OrderError } from '../core/errors.ts';
import { checkSameSize, type VideoEncoder, type VideoOptions } from './encoder.ts';
import { addSyncSamples } from './sync-samples.ts';
import { type PixelScale, pixelScale, scaledLength, upscale } from './upscale.ts';

/** Near the best that the codec gives: pixel art with hard edges shows every artefact, and is small all the same. */
const QUANTIZATION = 18;
/** A key frame every two seconds or so, for seeking. */
const GROUP_OF_PICTURES = 50;

type Codec = Pick<typeof import('h264-mp4-encoder'), 'createH264MP4Encoder'>;

let made = 0;

/** H.264 in an MP4, by minih264 compiled to WebAssembly: every browser plays it. */
export async function createMp4Encoder({ fps, pixelAspect = 1 }: VideoOptions): Promise<VideoEncoder> {
  const loaded = (await import('h264-mp4-encoder')) as Codec & { readonly default?: Codec };
  // Bundlers see named exports, Node one default object.
  const { createH264MP4Encoder } = loaded.default ?? loaded;
  const encoder = await createH264MP4Encoder();
  // All encoders share one virtual file system.
  encoder.outputFilename = `${made++}.mp4`;
  let scale: PixelScale | undefined;
  let size: readonly [number, number] = [0, 0];
  let rgba = new Uint8Array(0);
  let frames = 0;
  let open = true;

  const start = ({ width, height }: RgbFrame): PixelScale => {
    const chosen = pixelScale(height, pixelAspect);
    size = [width, height];
    encoder.width = scaledLength(width, chosen.x);
    encoder.height = scaledLength(height, chosen.y);
    encoder.frameRate = fps;
    encoder.quantizationParameter = QUANTIZATION;
    encoder.groupOfPictures = GROUP_OF_PICTURES;
    encoder.initialize();
    rgba = new Uint8Array(encoder.width * encoder.height * 4);
    return chosen;
  };
  const free = () => {
    if (!open) return;
    open = false;
    if (scale !== undefined) encoder.FS.unlink(encoder.outputFilename);
    encoder.delete();
  };
  return {
    frame(picture) {
      if (!open) throw new OrderError('The video is finished.');
      scale ??= start(picture);
      checkSameSize(picture, ...size);
      upscale(picture, scale, rgba);
      encoder.addFrameRgba(rgba);
      frames++;
    },
    async finish() {
      if (!open || scale === undefined) throw new OrderError('A video needs at least one picture.');
      encoder.finalize();
      const file = Uint8Array.from(encoder.FS.readFile(encoder.outputFilename, { encoding: 'binary' }) as Uint8Array);
      free();
      const keyFrames = Array.from(
        { length: Math.ceil(frames / GROUP_OF_PICTURES) },
        (_, i) => 1 + i * GROUP_OF_PICTURES,
      );
      return addSyncSamples(file, keyFrames);
    },
    abort: free,
  };
}
