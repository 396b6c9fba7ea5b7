import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { identifyCartridge } from '../../atari/cartridges.ts';
import { CartridgeError } from '../../atari/console/index.ts';
import { FileFormatError, OptionError } from '../../core/errors.ts';
import { readFileChecked, toReadError, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder } from '../files/folder.ts';
import { cartridgeFolder, cartridgePath } from './cartridge-folder.ts';

const CARTRIDGES = ['.bin', '.a26', '.rom'];
const ARCHIVES = ['.zip', '.whl'];
/** Far above any cartridge, far below what would hurt. */
const LARGEST_CARTRIDGE = 1 << 20;
const LARGEST_ARCHIVE = 1 << 29;
/** Folders within folders that are looked through. */
const DEPTH = 8;

export interface ImportReport {
  readonly folder: string;
  /** ALE's names of the games that were found, sorted; those that were there before too. */
  readonly games: readonly string[];
  /** Files that are no cartridge of a known game, with the reason. */
  readonly refused: readonly { readonly source: string; readonly reason: string }[];
}

/**
 * Copies the cartridges of known games into the user's folder. What else lies in a folder or archive is reported.
 * @param paths folders (looked through with all below), cartridges (.bin, .a26, .rom), archives (.zip, a .whl of ale-py).
 * @throws CartridgeError for a cartridge named in `paths` that is none we know, FileFormatError for an archive that
 *   cannot be read or a path that does not exist, OptionError for another kind of file, WriteError when the disk refuses.
 */
export function importCartridges(paths: readonly string[]): ImportReport {
  const found = new Map<string, Uint8Array>();
  const refused: { source: string; reason: string }[] = [];
  for (const path of paths) {
    for (const { source, bytes } of readSources(path)) {
      try {
        found.set(identifyCartridge(bytes, source).name, bytes);
      } catch (error) {
        if (!(error instanceof CartridgeError) || source === path) throw error;
        refused.push({ source, reason: error.message });
      }
    }
  }
  const folder = cartridgeFolder();
  if (found.size > 0) makeFolder(folder);
  for (const [game, bytes] of found) writeFileAtomic(cartridgePath(game), bytes);
  return { folder, games: [...found.keys()].sort(), refused };
}

interface Source {
  /** The path, or one inside an archive: `games.zip/pong.bin`. */
  readonly source: string;
  readonly bytes: Uint8Array;
}

function* readSources(path: string): Iterable<Source> {
  if (kindOf(path) === 'folder') {
    yield* readFolder(path, DEPTH);
    return;
  }
  const ending = extname(path).toLowerCase();
  if (ARCHIVES.includes(ending)) yield* readArchive(path);
  else if (CARTRIDGES.includes(ending) || kindOf(path) === undefined) yield { source: path, bytes: readSmall(path) };
  else
    throw new OptionError('PATH', path, `a folder or a file that ends in ${[...CARTRIDGES, ...ARCHIVES].join(', ')}`);
}

function* readFolder(folder: string, depth: number): Iterable<Source> {
  for (const name of listFolder(folder).sort()) {
    const path = join(folder, name);
    const kind = kindOf(path);
    const ending = extname(name).toLowerCase();
    if (kind === 'folder' && depth > 0) yield* readFolder(path, depth - 1);
    else if (kind === 'file' && CARTRIDGES.includes(ending)) yield { source: path, bytes: readSmall(path) };
    else if (kind === 'file' && ARCHIVES.includes(ending)) yield* readArchive(path);
  }
}

function* readArchive(path: string): Iterable<Source> {
  const bytes = readUpTo(path, LARGEST_ARCHIVE);
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, { filter: isCartridgeEntry });
  } catch (error) {
    throw new FileFormatError(path, 'not a readable zip archive', 'Download it again.', { cause: error });
  }
  for (const name of Object.keys(files).sort()) yield { source: `${basename(path)}/${name}`, bytes: files[name] };
}

function isCartridgeEntry({ name, originalSize }: UnzipFileInfo): boolean {
  const hidden = basename(name).startsWith('.');
  return !hidden && CARTRIDGES.includes(extname(name).toLowerCase()) && originalSize <= LARGEST_CARTRIDGE;
}

function readSmall(path: string): Uint8Array {
  return readUpTo(path, LARGEST_CARTRIDGE);
}

function readUpTo(path: string, limit: number): Uint8Array {
  let size = 0;
  try {
    size = statSync(path).size;
  } catch (error) {
    throw toReadError(path, error);
  }
  if (size > limit) throw new FileFormatError(path, `${size} bytes are too many`, `At most ${limit} are read.`);
  return readFileChecked(path);
}
