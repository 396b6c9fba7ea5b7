import { type UnzipFileInfo, unzipSync } from 'fflate';
import { FileFormatError } from '../core/errors.ts';
import { addCartridge } from './cartridges.ts';
import { CartridgeError } from './console/index.ts';

/** How files of cartridges end. */
export const CARTRIDGE_ENDINGS: readonly string[] = ['.bin', '.a26', '.rom'];
/** Far above any cartridge, far below what would hurt. */
export const LARGEST_CARTRIDGE: number = 1 << 20;
/** Of all cartridges in an archive together, packed and unpacked: their parts may overlap, so its own length bounds neither.
 * All that are known take 0.7 MB. */
const LARGEST_CONTENT = 1 << 26;

/**
 * What may be a cartridge in a zip archive, such as a wheel of ale-py; sorted by name.
 * @param path how messages call the archive.
 * @throws FileFormatError for bytes that are no readable archive, or one that unpacks to more than 64 MiB of cartridges.
 */
export function cartridgesInArchive(bytes: Uint8Array, path: string): { name: string; bytes: Uint8Array }[] {
  let content = 0;
  const filter = (entry: UnzipFileInfo): boolean => {
    if (!isCartridgeEntry(entry)) return false;
    content += entry.size + entry.originalSize;
    if (content <= LARGEST_CONTENT) return true;
    const allowed = `At most ${LARGEST_CONTENT} bytes of cartridges are read.`;
    throw new FileFormatError(path, 'it unpacks to too much', allowed);
  };
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    throw new FileFormatError(path, 'not a readable zip archive', 'Download it again.', { cause: error });
  }
  const names = Object.keys(files).sort();
  return names.map((name) => ({ name, bytes: files[name]! }));
}

function isCartridgeEntry({ name, originalSize }: UnzipFileInfo): boolean {
  const file = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const ending = file.slice(Math.max(0, file.lastIndexOf('.')));
  return !file.startsWith('.') && CARTRIDGE_ENDINGS.includes(ending) && originalSize <= LARGEST_CARTRIDGE;
}

/**
 * Hands over the cartridges of known games in a zip archive, such as ale-py's wheel, in a browser say: `addCartridge` for each.
 * @returns ALE's names of the games.
 * @throws FileFormatError for bytes that are no readable archive, CartridgeError for one without a known cartridge.
 */
export function addCartridges(archive: Uint8Array): readonly string[] {
  const games: string[] = [];
  const entries = cartridgesInArchive(archive, 'The archive');
  for (const { bytes } of entries) {
    try {
      games.push(addCartridge(bytes));
    } catch (error) {
      // Archives hold other versions too.
      if (!(error instanceof CartridgeError)) throw error;
    }
  }
  if (games.length > 0) return games;
  throw new CartridgeError(
    `The archive has no cartridge of a known game, in ${entries.length} files that could be one.`,
  );
}
