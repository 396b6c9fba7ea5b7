import type { RgbFrame } from '../core/env.ts';
import { OrderError, UnavailableError } from '../core/errors.ts';
import { createScaler, type PictureScaler, type VideoEncoder, type VideoOptions } from './encoder.ts';
import { setFrameRate } from './frame-times.ts';
import { addSyncSamples } from './sync-samples.ts';
import { rgbaToYuv420 } from './yuv.ts';

/** Near the best that the codec gives: pixel art with hard edges shows every artefact, and is small all the same. */
const QUANTIZATION = 18;
/** A key frame every two seconds or so, for seeking. */
const GROUP_OF_PICTURES = 50;

type Codec = Pick<typeof import('h264-mp4-encoder'), 'createH264MP4Encoder'>;

let made = 0;

/** Where there is no WebCodecs, as in Node: H.264 in an MP4, by minih264 compiled to WebAssembly.
 * @throws UnavailableError where it is not installed, as in a page. */
export async function createH264ProgramEncoder(options: VideoOptions): Promise<VideoEncoder> {
  const encoder = await withoutNewListeners(async () => (await load()).createH264MP4Encoder());
  // All encoders share one virtual file system.
  encoder.outputFilename = `${made++}.mp4`;
  let scaler: PictureScaler | undefined;
  /** Less to hand over than RGBA: the codec's loader copies it byte by byte. */
  let yuv = new Uint8Array(0);
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
    yuv = new Uint8Array((made.width * made.height * 3) / 2);
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
      rgbaToYuv420(scaler.rgba, scaler, yuv);
      encoder.addFrameYuv(yuv);
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

/** Loads the package by a name that no bundler follows: it is a program for Node, of a megabyte. */
async function load(): Promise<Codec> {
  const name: string = 'h264-mp4-encoder';
  try {
    const loaded = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as { readonly default?: Codec };
    return loaded.default ?? (loaded as Codec);
  } catch (cause) {
    const cure = 'Make a GIF, or an MP4 in a browser that has WebCodecs, on a page of https: or localhost.';
    throw new UnavailableError('Nothing here encodes H.264.', cure, { cause });
  }
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** What Node and its like have of events. */
interface Program {
  listeners(event: string): readonly unknown[];
  off(event: string, listener: unknown): void;
}

/** The codec's loader installs handlers that print its own source on any later error of the program; takes them away. */
async function withoutNewListeners<T>(work: () => Promise<T>): Promise<T> {
  const { process: program } = globalThis as { readonly process?: Partial<Program> };
  if (program?.listeners === undefined) return work();
  const { listeners, off } = program as Program;
  const before = EVENTS.map((event) => listeners.call(program, event));
  try {
    return await work();
  } finally {
    EVENTS.forEach((event, i) => {
      for (const listener of listeners.call(program, event)) {
        if (!before[i].includes(listener)) off.call(program, event, listener);
      }
    });
  }
}
