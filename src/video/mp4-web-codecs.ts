import type { RgbFrame } from '../core/env.ts';
import { OrderError, UnavailableError } from '../core/errors.ts';
import { createScaler, type PictureScaler, type VideoEncoder, type VideoOptions } from './encoder.ts';
import { type CodedPicture, mp4File } from './mp4-file.ts';

/** The browser's own encoders (W3C WebCodecs). */
type BrowserEncoder = InstanceType<typeof globalThis.VideoEncoder>;

/** H.264 baseline, whose pictures come in the order they are shown in, for pictures of up to 720, 1080 and 2160 rows. */
const CODECS = ['avc1.42001f', 'avc1.420028', 'avc1.420033'] as const;
/** A key frame every two seconds or so, for seeking. */
const KEY_FRAME_INTERVAL = 50;
/** Pixel art with hard edges shows every artefact: more than films need. */
const BITS_PER_PIXEL = 0.3;
const LEAST_BITRATE = 1e6;

/** H.264 in an MP4 by the browser's encoder.
 * @throws UnavailableError where it has none for H.264. */
export async function createWebCodecsEncoder(options: VideoOptions): Promise<VideoEncoder> {
  await checkSupport();
  const pictures: CodedPicture[] = [];
  let decoder: Uint8Array | undefined;
  let failure: unknown;
  let scaler: PictureScaler | undefined;
  let encoder: BrowserEncoder | undefined;
  let frames = 0;
  let open = true;

  const start = (size: PictureScaler): BrowserEncoder => {
    const made = new globalThis.VideoEncoder({
      output(chunk, metadata) {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        pictures.push({ data, key: chunk.type === 'key' });
        const description = metadata?.decoderConfig?.description;
        if (description !== undefined) decoder ??= bytesOf(description);
      },
      error(error) {
        failure = error;
      },
    });
    made.configure(configuration(size.width, size.height, options.fps));
    return made;
  };
  const close = () => {
    open = false;
    if (encoder !== undefined && encoder.state !== 'closed') encoder.close();
  };
  const check = () => {
    if (failure === undefined) return;
    close();
    throw new UnavailableError(`This browser's encoder of H.264 failed: ${failure}.`, 'Make a GIF.');
  };
  return {
    frame(picture: RgbFrame) {
      if (!open) throw new OrderError('The video is finished.');
      check();
      scaler ??= createScaler(picture, options);
      scaler.draw(picture);
      encoder ??= start(scaler);
      const { width: codedWidth, height: codedHeight } = scaler;
      const timestamp = Math.round((frames * 1e6) / options.fps);
      // The browser's frame has memory of its own.
      const frame = new VideoFrame(scaler.rgba as Uint8Array<ArrayBuffer>, {
        format: 'RGBA',
        codedWidth,
        codedHeight,
        timestamp,
      });
      encoder.encode(frame, { keyFrame: frames % KEY_FRAME_INTERVAL === 0 });
      frame.close();
      frames++;
    },
    async finish() {
      if (!open || scaler === undefined || encoder === undefined)
        throw new OrderError('A video needs at least one picture.');
      open = false;
      await encoder.flush().catch((error: unknown) => {
        failure ??= error;
      });
      if (decoder === undefined) failure ??= 'it does not say how to decode its pictures';
      check();
      close();
      const { width, height } = scaler;
      return mp4File({ width, height, fps: options.fps, decoder: decoder as Uint8Array, pictures });
    },
    abort: close,
  };
}

function configuration(width: number, height: number, fps: number) {
  const codec = CODECS[height > 1088 || width > 1920 ? 2 : height > 720 || width > 1280 ? 1 : 0];
  const bitrate = Math.round(Math.max(LEAST_BITRATE, width * height * fps * BITS_PER_PIXEL));
  return { codec, width, height, framerate: fps, bitrate, latencyMode: 'quality', avc: { format: 'avc' } } as const;
}

async function checkSupport(): Promise<void> {
  const { supported } = await globalThis.VideoEncoder.isConfigSupported(configuration(320, 240, 30));
  if (!supported) throw new UnavailableError('This browser encodes no H.264.', 'Make a GIF.');
}

/** A copy. */
function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();
}
