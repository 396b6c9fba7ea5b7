import { BOX_HEAD, findBox, findPath } from './mp4-boxes.ts';

/**
 * The codec's files lack the table of key frames (`stss`, ISO/IEC 14496-12, 8.6.2): without it a player takes every frame
 * for a key frame and shows the wrong picture after a jump.
 */
const PATH = ['moov', 'trak', 'mdia', 'minf', 'stbl'] as const;

/**
 * Adds the table of key frames to an MP4 of one track.
 * @param keyFrames numbers of the key frames, counted from 1, rising.
 * @returns a new file. @throws Error when the file is not as the codec writes it.
 */
export function addSyncSamples(mp4: Uint8Array, keyFrames: readonly number[]): Uint8Array {
  const view = new DataView(mp4.buffer, mp4.byteOffset, mp4.byteLength);
  const parents = findPath(view, PATH);
  const table = parents[parents.length - 1];
  const to = table + view.getUint32(table);
  // Chunk offsets count from the file's start: what is inserted must come after the pictures.
  if (findBox(view, 0, mp4.length, 'mdat') > parents[0]) throw new Error('mp4: the index comes before the pictures');
  const box = new Uint8Array(BOX_HEAD + 8 + 4 * keyFrames.length);
  const entries = new DataView(box.buffer);
  entries.setUint32(0, box.length);
  writeName(box, 4, 'stss');
  entries.setUint32(12, keyFrames.length);
  keyFrames.forEach((frame, i) => void entries.setUint32(16 + 4 * i, frame));
  const out = new Uint8Array(mp4.length + box.length);
  out.set(mp4.subarray(0, to));
  out.set(box, to);
  out.set(mp4.subarray(to), to + box.length);
  const sizes = new DataView(out.buffer);
  for (const at of parents) sizes.setUint32(at, sizes.getUint32(at) + box.length);
  return out;
}

function writeName(out: Uint8Array, at: number, name: string): void {
  for (let i = 0; i < 4; i++) out[at + i] = name.charCodeAt(i);
}
