import { realpathSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { CARTRIDGE_ENDINGS, cartridgesInArchive, LARGEST_CARTRIDGE } from '../../atari/cartridge-archive.ts';
import { identifyCartridge } from '../../atari/cartridges.ts';
import { CartridgeError } from '../../atari/console/index.ts';
import { FileFormatError, OptionError } from '../../core/errors.ts';
import { readFileChecked, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder } from '../files/folder.ts';
import { cartridgeFolder, cartridgePath } from './cartridge-folder.ts';

const ARCHIVES = ['.zip', '.whl'];
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
 * Copies the cartridges of known games into the user's folder. What else lies in a folder or archive is reported. Nothing is read
 * without a bound: cartridges up to 1 MiB, archives up to 512 MiB that unpack to at most 64 MiB; pipes and devices not at all.
 * @param paths folders (looked through with all below), cartridges (.bin, .a26, .rom), archives (.zip, a .whl of ale-py).
 * @throws CartridgeError for a cartridge named in `paths` that is none we know, FileFormatError for an archive that
 *   cannot be read or a path that does not exist, OptionError for another kind of file, WriteError when the disk refuses.
 */
export function importCartridges(paths: readonly string[]): ImportReport {
  const found = new Map<string, Uint8Array>();
  const refused: { source: string; reason: string }[] = [];
  for (const path of paths) {
    for (const { source, read } of readSources(path)) {
      try {
        const bytes = read();
        found.set(identifyCartridge(bytes, source).name, bytes);
      } catch (error) {
        const refusal = error instanceof CartridgeError || error instanceof FileFormatError;
        if (!refusal || source === path) throw error;
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
  /** @throws FileFormatError when it cannot be read. */
  readonly read: () => Uint8Array;
}

function* readSources(path: string): Iterable<Source> {
  if (kindOf(path) === 'folder') {
    yield* readFolder(path, DEPTH, new Set());
    return;
  }
  const ending = extname(path).toLowerCase();
  if (ARCHIVES.includes(ending)) yield* readArchive(path);
  else if (CARTRIDGE_ENDINGS.includes(ending) || kindOf(path) === undefined)
    yield { source: path, read: () => readSmall(path) };
  else
    throw new OptionError(
      'PATH',
      path,
      `a folder or a file that ends in ${[...CARTRIDGE_ENDINGS, ...ARCHIVES].join(', ')}`,
    );
}

/** @param seen folders by where they really are: links that lead back would multiply the way. */
function* readFolder(folder: string, depth: number, seen: Set<string>): Iterable<Source> {
  const place = realpathSync(folder);
  if (seen.has(place)) return;
  seen.add(place);
  for (const name of listFolder(folder).sort()) {
    const path = join(folder, name);
    const kind = kindOf(path);
    const ending = extname(name).toLowerCase();
    if (kind === 'folder' && depth > 0) yield* readFolder(path, depth - 1, seen);
    else if (kind === 'file' && CARTRIDGE_ENDINGS.includes(ending)) yield { source: path, read: () => readSmall(path) };
    else if (kind === 'file' && ARCHIVES.includes(ending)) yield* readArchiveInside(path);
  }
}

/** An archive in a folder: one that cannot be read is reported, as is any other file. */
function* readArchiveInside(path: string): Iterable<Source> {
  let entries: readonly Source[];
  try {
    entries = [...readArchive(path)];
  } catch (error) {
    const read = () => {
      throw error;
    };
    entries = [{ source: path, read }];
  }
  yield* entries;
}

function* readArchive(path: string): Iterable<Source> {
  const archive = readFileChecked(path, 'Check the path.', LARGEST_ARCHIVE);
  for (const { name, bytes } of cartridgesInArchive(archive, path)) {
    yield { source: `${basename(path)}/${name}`, read: () => bytes };
  }
}

const readSmall = (path: string): Uint8Array => readFileChecked(path, 'Check the path.', LARGEST_CARTRIDGE);
