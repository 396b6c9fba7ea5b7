import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { FileFormatError } from '../../core/errors.ts';
import type { Checkpoint } from '../../storage/checkpoint-format.ts';
import { listFolder, removePath } from '../files/folder.ts';
import { isForeignFormat, readCheckpointFile } from './checkpoint-file.ts';
import { CHECKPOINTS_FOLDER } from './run-layout.ts';

/** The older one is for the case that the newer turns out damaged. */
const CHECKPOINTS_KEPT = 2;

export const checkpointPath = (run: string, step: number): string =>
  join(run, CHECKPOINTS_FOLDER, `checkpoint-${step}.bck`);

/** A run's checkpoints, newest first. */
export function listCheckpoints(run: string): { readonly path: string; readonly step: number }[] {
  const found: { path: string; step: number }[] = [];
  for (const name of listFolder(join(run, CHECKPOINTS_FOLDER))) {
    const match = /^checkpoint-(\d+)\.bck$/.exec(name);
    if (match !== null) found.push({ path: join(run, CHECKPOINTS_FOLDER, name), step: Number(match[1]) });
  }
  return found.sort((a, b) => b.step - a.step);
}

/** Removes all but the newest two. */
export function removeOldCheckpoints(run: string): void {
  for (const old of listCheckpoints(run).slice(CHECKPOINTS_KEPT)) removePath(old.path);
}

/**
 * Reads the newest undamaged checkpoint. Newer damaged ones are set aside, so that they do not count among those kept.
 * @param notes gets a line for each damaged one.
 * @returns undefined when the run has none at all.
 * @throws FileFormatError when it has some and none is undamaged, or the newest is of another version's format.
 */
export function newestCheckpoint(run: string, notes: string[]): Checkpoint | undefined {
  const damaged: { path: string; error: FileFormatError }[] = [];
  for (const { path } of listCheckpoints(run)) {
    try {
      const checkpoint = readCheckpointFile(path);
      for (const { path: bad, error } of damaged) {
        fs.renameSync(bad, `${bad}.damaged`);
        notes.push(`${error.message} Going on from ${basename(path)}.`);
      }
      return checkpoint;
    } catch (error) {
      if (!(error instanceof FileFormatError) || isForeignFormat(path)) throw error;
      damaged.push({ path, error });
    }
  }
  if (damaged.length === 0) return undefined;
  if (damaged.length === 1) throw damaged[0].error;
  throw new FileFormatError(
    join(run, CHECKPOINTS_FOLDER),
    `none of the ${damaged.length} checkpoints is undamaged`,
    'Restore one from a copy, or delete them all to start the run anew.',
    { cause: damaged[0].error },
  );
}
