import { BOX_HEAD, findPath } from './mp4-boxes.ts';

/** Ticks a picture, so that rates have four decimals: the codec counts whole pictures a second. */
export const TICKS = 10_000;

/**
 * Writes the true rate of pictures into an MP4 of one track whose pictures all last equally long (ISO/IEC 14496-12: `mvhd`
 * 8.2.2, `tkhd` 8.3.2, `mdhd` 8.4.2, `stts` 8.6.1.2).
 * @param mp4 changed in place. @throws Error when the file is not as the codec writes it.
 */
export function setFrameRate(mp4: Uint8Array, fps: number): void {
  const view = new DataView(mp4.buffer, mp4.byteOffset, mp4.byteLength);
  const last = (...path: readonly string[]): number => findPath(view, ['moov', ...path]).at(-1)! + BOX_HEAD;
  const [movie, track] = [last('mvhd'), last('trak', 'tkhd')];
  const [media, times] = [last('trak', 'mdia', 'mdhd'), last('trak', 'mdia', 'minf', 'stbl', 'stts')];
  // Fields of version 0 boxes; the first word is version and flags. One run of pictures that last equally long.
  const oldForm = [movie, track, media].every((at) => view.getUint8(at) === 0);
  if (!oldForm || view.getUint32(times + 4) !== 1) throw new Error('mp4: times are not as the codec writes them');
  const duration = view.getUint32(times + 8) * TICKS;
  for (const at of [movie, media]) {
    view.setUint32(at + 12, Math.round(fps * TICKS));
    view.setUint32(at + 16, duration);
  }
  view.setUint32(track + 20, duration);
  view.setUint32(times + 12, TICKS);
}
