import type { RgbFrame } from '../core/env.ts';
import { OrderError } from '../core/errors.ts';
import { createScaler, type PictureScaler, type VideoEncoder, type VideoOptions } from './encoder.ts';
import { setFrameRate } from './frame-times.ts';
import { addSyncSamples } from './sync-samples.ts';

/** Near the best that the codec gives: pixel art with hard edges shows every artefact, and is small all the same. */
const QUANTIZATION = 18;
/** A key frame every two seconds or so, for seeking. */
const GROUP_OF_PICTURES = 50;

type Codec = Pick<typeof import('h264-mp4-encoder'), 'createH264MP4Encoder'>;

let made = 0;

/** H.264 in an MP4, by minih264 compiled to WebAssembly: every browser plays it. */
export async function createMp4Encoder(options: VideoOptions): Promise<VideoEncoder> {
  const loaded = (await import('h264-mp4-encoder')) as Codec & { readonly default?: Codec };
  // Bundlers see named exports, Node one default object.
  const { createH264MP4Encoder } = loaded.default ?? loaded;
  const encoder = await createH264MP4Encoder();
  // All encoders share one virtual file system.
  encoder.outputFilename = `${made++}.mp4`;
  let scaler: PictureScaler | undefined;
  let frames = 0;
  let open = true;

  const start = (picture: RgbFrame): PictureScaler => {
    const made = createScaler(picture, options);
    encoder.width = made.width;
    encoder.height = made.height;
    // Whole numbers only; the true rate is written at the end.
    encoder.frameRate = Math.round(options.fps);
    encoder.quantizationParameter = QUANTIZATION;
    encoder.groupOfPictures = GROUP_OF_PICTURES;
    encoder.initialize();
    return made;
  };
  const free = () => {
    if (!open) return;
    open = false;
    if (scaler !== undefined) encoder.FS.unlink(encoder.outputFilename);
    encoder.delete();
  };
  return {
    frame(picture) {
      if (!open) throw new OrderError('The video is finished.');
      scaler ??= start(picture);
      scaler.draw(picture);
      encoder.addFrameRgba(scaler.rgba);
      frames++;
    },
    async finish() {
      if (!open || scaler === undefined) throw new OrderError('A video needs at least one picture.');
      encoder.finalize();
      const file = Uint8Array.from(encoder.FS.readFile(encoder.outputFilename, { encoding: 'binary' }) as Uint8Array);
      free();
      setFrameRate(file, options.fps);
      const keyFrames = Array.from(
        { length: Math.ceil(frames / GROUP_OF_PICTURES) },
        (_, i) => 1 + i * GROUP_OF_PICTURES,
      );
      return addSyncSamples(file, keyFrames);
    },
    abort: free,
  };
}
