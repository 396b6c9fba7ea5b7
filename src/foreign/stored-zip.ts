/**
 * Reads ZIP archives whose entries are stored as they are, which is how PyTorch and Stable-Baselines3 write them. Nothing is
 * inflated, so no archive is larger inside than outside. A reader of its own, since fflate compares neither checksums nor
 * where entries lie.
 */
import { crc32 } from '../storage/crc32.ts';

/** One entry of an archive. */
export interface ZipEntry {
  /** A view of the archive's bytes. @throws through `fail` when they are damaged. */
  bytes(): Uint8Array;
}

/** Ends reading with what is wrong. */
export type Fail = (problem: string) => never;

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
/** State dicts have an entry for each tensor. */
const MOST_ENTRIES = 65_536;

/** @returns the entries by name. @throws through `fail` for anything but a complete archive of stored entries. */
export function readStoredZip(archive: Uint8Array, fail: Fail): Map<string, ZipEntry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const { count, start, end } = findDirectory(view, fail);
  if (count > MOST_ENTRIES) fail(`an archive of ${count} parts, allowed are ${MOST_ENTRIES}`);
  const entries = new Map<string, ZipEntry>();
  const places: [from: number, to: number][] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) fail('a ZIP archive with a damaged directory');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > end) fail('a ZIP archive with a damaged directory');
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    if (entries.has(name)) fail(`a ZIP archive with two parts "${name}"`);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [checksum, packed, size, local] = [16, 20, 24, 42].map((offset) => view.getUint32(at + offset, true));
    if (flags & 1) fail(`"${name}" in it is encrypted`);
    if (local + 30 > start || view.getUint32(local, true) !== LOCAL) fail(`"${name}" in it is damaged`);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const to = from + packed;
    if (to > start) fail(`"${name}" in it is truncated`);
    places.push([local, to]);
    const bytes = () => {
      if (method !== 0 || packed !== size) {
        fail(`"${name}" in it is compressed, and PyTorch stores what it writes. Save the model again with torch.save`);
      }
      const content = archive.subarray(from, to);
      if (crc32(content, 0) !== checksum) fail(`"${name}" in it is damaged (wrong checksum)`);
      return content;
    };
    entries.set(name, { bytes });
    at = next;
  }
  places.sort(([a], [b]) => a - b);
  if (places.some(([from], i) => i > 0 && from < places[i - 1][1])) fail('a ZIP archive whose parts overlap');
  return entries;
}

function findDirectory(view: DataView, fail: Fail): { count: number; start: number; end: number } {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) !== END || at + END_LENGTH + view.getUint16(at + 20, true) !== view.byteLength)
      continue;
    const [count, size, start] = [view.getUint16(at + 10, true), ...[12, 16].map((o) => view.getUint32(at + o, true))];
    if (start !== 0xffffffff && count !== 0xffff) {
      return start + size <= at ? { count, start, end: start + size } : fail('a truncated ZIP archive');
    }
    return findDirectory64(view, at, fail);
  }
  return fail('a truncated ZIP archive');
}

/** The directory's place where the plain end of an archive has no room for it. */
function findDirectory64(view: DataView, end: number, fail: Fail): { count: number; start: number; end: number } {
  if (end < 20 || view.getUint32(end - 20, true) !== LOCATOR_64) return fail('a truncated ZIP archive');
  const at = Number(view.getBigUint64(end - 12, true));
  if (at + 56 > end || view.getUint32(at, true) !== END_64) return fail('a truncated ZIP archive');
  const [count, size, start] = [32, 40, 48].map((offset) => Number(view.getBigUint64(at + offset, true)));
  return start + size <= at ? { count, start, end: start + size } : fail('a truncated ZIP archive');
}
