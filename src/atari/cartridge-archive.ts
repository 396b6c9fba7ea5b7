import { type UnzipFileInfo, unzipSync } from 'fflate';
import { checkBytes } from '../core/check-bytes.ts';
import { FileFormatError } from '../core/errors.ts';
import { addCartridge, identifyCartridge } from './cartridges.ts';
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

/** What was found in a file: cartridges of known games, and what else could have been one. */
export interface FoundCartridges {
  /** One for each game, by ALE's name. */
  readonly cartridges: readonly { readonly game: string; readonly bytes: Uint8Array }[];
  /** Files that are none, with the reason, which names their checksum. */
  readonly refused: readonly string[];
}

/** How zip archives begin, empty ones too. */
const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes.length >= 22;

/**
 * The cartridges in a file: one as it is, or those of a zip archive, such as ale-py's wheel.
 * @param source how messages call the file.
 * @throws CartridgeError for a single file that is no known cartridge, FileFormatError for an archive that cannot be read.
 */
export function cartridgesIn(bytes: Uint8Array, source = 'The file'): FoundCartridges {
  checkBytes(bytes);
  if (!isArchive(bytes)) return { cartridges: [{ game: identifyCartridge(bytes, source).name, bytes }], refused: [] };
  const found = new Map<string, Uint8Array>();
  const refused: string[] = [];
  for (const entry of cartridgesInArchive(bytes, source)) {
    try {
      found.set(identifyCartridge(entry.bytes, entry.name).name, entry.bytes);
    } catch (error) {
      // Archives hold other versions too.
      if (!(error instanceof CartridgeError)) throw error;
      refused.push(error.message);
    }
  }
  return { cartridges: Array.from(found, ([game, content]) => ({ game, bytes: content })), refused };
}

/**
 * Hands over the cartridges in a file, in a browser say: a cartridge, or a zip archive of them, such as ale-py's wheel.
 * `addCartridge` for each.
 * @returns ALE's names of the games.
 * @throws FileFormatError for an archive that cannot be read, CartridgeError for a file without a known cartridge.
 */
export function addCartridges(file: Uint8Array): readonly string[] {
  const { cartridges, refused } = cartridgesIn(file);
  if (cartridges.length === 0) {
    throw new CartridgeError(
      `The archive has no cartridge of a known game, in ${refused.length} files that could be one.`,
    );
  }
  return cartridges.map(({ bytes }) => addCartridge(bytes));
}
