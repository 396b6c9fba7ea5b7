import type { RgbFrame } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { fitInto, type PictureSize } from './fit.ts';
import { pixelScale, scaledLength, upscale } from './upscale.ts';

export interface VideoOptions {
  /** Pictures a second, from 1 to 240; fractions are kept to four decimals. */
  readonly fps: number;
  /** How many times as wide as high a pixel is shown; 2 for Atari games. Default 1. */
  readonly pixelAspect?: number | undefined;
  /** Size of the video in pixels, even numbers; pictures are fitted into it. By default a whole-number scale near 420 pixels
   * high, half of it for a GIF. */
  readonly size?: PictureSize | undefined;
  /** Heading of an HTML page. */
  readonly title?: string | undefined;
}

/** Takes the pictures of a video, all of one size, and gives the bytes of a file. */
export interface VideoEncoder {
  /** @param picture read during the call only. @throws OptionError when its size is not that of the first. */
  frame(picture: RgbFrame): void;
  /** Ends the video. @returns the file; empty videos are an OrderError. */
  finish(): Promise<Uint8Array>;
  /** Gives up and frees what is held. */
  abort(): void;
}

export const videoFormats = ['mp4', 'gif', 'html'] as const;
/** Endings of files with them, with their dots. */
export const videoEndings: readonly string[] = videoFormats.map((format) => `.${format}`);
export type VideoFormat = (typeof videoFormats)[number];

const OPTIONS: OptionNames<VideoOptions> = { fps: true, pixelAspect: true, size: true, title: true };

/** Makes an encoder; its code is loaded only now. @throws UnknownNameError for an option of another name, OptionError for a
 * value out of range. */
export async function createVideoEncoder(format: VideoFormat, options: VideoOptions): Promise<VideoEncoder> {
  checkOptionNames(options, OPTIONS);
  if (!(options.fps >= 1 && options.fps <= 240)) throw new OptionError('fps', options.fps, 'from 1 to 240');
  if (format === 'gif') return (await import('./gif.ts')).createGifEncoder(options);
  if (format === 'html') return (await import('./html.ts')).createHtmlEncoder(options);
  return (await import('./mp4.ts')).createMp4Encoder(options);
}

/** @throws OptionError unless two pictures have the same size. */
function checkSameSize(picture: RgbFrame, width: number, height: number): void {
  if (picture.width !== width || picture.height !== height) {
    throw new OptionError('picture', `${picture.width}x${picture.height}`, `${width}x${height}, the size of the first`);
  }
}

/** Turns the pictures of a video into RGBA of the video's size. */
export interface PictureScaler extends PictureSize {
  /** [height, width, 4]; the next picture overwrites it. */
  readonly rgba: Uint8Array;
  /** @throws OptionError when its size is not that of the first. */
  draw(picture: RgbFrame): void;
}

/** @param first picture, whose size all have. @param target height that the default scale comes near to. */
export function createScaler(
  { width: firstWidth, height: firstHeight }: RgbFrame,
  options: VideoOptions,
  target?: number,
): PictureScaler {
  const { pixelAspect = 1, size } = options;
  const scale = pixelScale(firstHeight, pixelAspect, target);
  const { width, height } = size ?? {
    width: scaledLength(firstWidth, scale.x),
    height: scaledLength(firstHeight, scale.y),
  };
  if (width % 2 !== 0 || height % 2 !== 0) {
    throw new OptionError('size', `${width}x${height}`, 'even numbers, as videos need them');
  }
  const rgba = new Uint8Array(width * height * 4);
  return {
    width,
    height,
    rgba,
    draw(picture) {
      checkSameSize(picture, firstWidth, firstHeight);
      if (size === undefined) upscale(picture, scale, rgba);
      else fitInto(picture, pixelAspect, size, rgba);
    },
  };
}
