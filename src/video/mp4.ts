import type { VideoEncoder, VideoOptions } from './encoder.ts';

/** H.264 in an MP4, which every browser plays: by the browser's own encoder in a page, by a program in WebAssembly elsewhere. */
export async function createMp4Encoder(options: VideoOptions): Promise<VideoEncoder> {
  if (typeof globalThis.VideoEncoder === 'function') {
    return (await import('./mp4-web-codecs.ts')).createWebCodecsEncoder(options);
  }
  return (await import('./mp4-h264-program.ts')).createH264ProgramEncoder(options);
}
