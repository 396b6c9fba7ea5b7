import { extname } from 'node:path';
import type { RgbFrame } from '../../core/env.ts';
import { OptionError } from '../../core/errors.ts';
import {
  createVideoEncoder,
  type VideoFormat,
  type VideoOptions,
  videoEndings,
  videoFormats,
} from '../../video/index.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** A video on its way to a file, which appears when it is complete. */
export interface VideoFile {
  frame(picture: RgbFrame): void;
  /** @throws WriteError when the disk refuses. */
  close(): Promise<void>;
  /** Leaves no file. */
  abort(): void;
}

/** Opens a video; its format is the file name's ending. @throws OptionError for an ending that is no format. */
export async function openVideoFile(path: string, options: VideoOptions): Promise<VideoFile> {
  const format = extname(path).slice(1).toLowerCase();
  if (!videoFormats.includes(format as VideoFormat)) {
    throw new OptionError('video file', path, `a name that ends in ${videoEndings.join(', ')}`);
  }
  const encoder = await createVideoEncoder(format as VideoFormat, options);
  return {
    frame: (picture) => encoder.frame(picture),
    close: async () => writeFileAtomic(path, await encoder.finish()),
    abort: () => encoder.abort(),
  };
}
