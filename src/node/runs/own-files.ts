import * as fs from 'node:fs';
import { join, relative, sep } from 'node:path';
import { MismatchError } from '../../core/errors.ts';
import { toReadError } from '../files/atomic-file.ts';
import { listFolder } from '../files/folder.ts';
import { CHECKPOINTS_FOLDER, MODELS_FOLDER, VIDEOS_FOLDER } from './run-layout.ts';

/**
 * Makes sure that what a run is about to write lies in its own folder: no link in it leads out, and nothing in it is a pipe or
 * a device, at which a program waits for ever. The folder itself may be reached by a link.
 * @throws MismatchError that names the first entry that is otherwise.
 */
export function checkOwnFiles(run: string): void {
  try {
    const root = fs.realpathSync(run);
    for (const folder of ['', CHECKPOINTS_FOLDER, MODELS_FOLDER, VIDEOS_FOLDER]) {
      for (const name of listFolder(join(run, folder))) checkEntry(join(run, folder, name), root);
    }
  } catch (error) {
    throw toReadError(run, error);
  }
}

function checkEntry(path: string, root: string): void {
  const entry = fs.lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined || entry.isFile() || entry.isDirectory()) return;
  if (!entry.isSymbolicLink()) throw new MismatchError(`${path} is a pipe or a device, and has no place in a run.`);
  if (leadsInto(path, root)) return;
  throw new MismatchError(
    `${path} is a link that leads out of the run's folder. Put a copy of what it names in its place.`,
  );
}

/** A link to nothing leads out: writing to it would make what it names. */
function leadsInto(link: string, root: string): boolean {
  let target: string;
  try {
    target = fs.realpathSync(link);
  } catch {
    return false;
  }
  const inside = relative(root, target);
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !/^([A-Za-z]:|[\\/])/.test(inside);
}
