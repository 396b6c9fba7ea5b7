import { basename, join } from 'node:path';
import { FileFormatError } from '../../core/errors.ts';
import { type Checkpoint, type CheckpointHeader, OtherFormatError } from '../../storage/checkpoint-format.ts';
import { kindOf, listFolder, removePath, renamePath } from '../files/folder.ts';
import { readCheckpointFile, readCheckpointFileHeader } from './checkpoint-file.ts';
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

/** The checkpoint to resume from, and what its folder needs before the run is written again. */
export interface NewestCheckpoint {
  /** Undefined when the run has none at all. */
  readonly checkpoint: Checkpoint | undefined;
  /** Where it lies; undefined without one. */
  readonly path: string | undefined;
  /** A line for each file that is not what its name says. */
  readonly notes: readonly string[];
  /** Sets damaged newer ones aside, so that they do not count among those kept, and gives each other one the name of its step. */
  settle(): void;
}

/**
 * Reads the newest undamaged checkpoint, by the step that each says itself to be of. Changes nothing.
 * @param check of the header before it is trusted; what it throws ends the search.
 * @throws FileFormatError when there are some and none is undamaged, or the newest is of another version's format.
 */
export function newestCheckpoint(
  run: string,
  check: (path: string, header: CheckpointHeader) => void,
): NewestCheckpoint {
  const damaged: { path: string; error: FileFormatError }[] = [];
  const notes: string[] = [];
  const renamed: { path: string; to: string }[] = [];
  const entries = listCheckpoints(run).map((entry) => ({ ...entry, header: headerOf(entry.path) }));
  for (const { path, step, header } of entries) {
    if (header === undefined || header.step === step) continue;
    renamed.push({ path, to: checkpointPath(run, header.step) });
    notes.push(`${path} is of step ${header.step}, and is named so now.`);
  }
  entries.sort((a, b) => (b.header?.step ?? b.step) - (a.header?.step ?? a.step));
  const settle = () => {
    for (const { path } of damaged) renamePath(path, unusedName(`${path}.damaged`));
    for (const { path, to } of renamed) {
      if (damaged.some((bad) => bad.path === path)) continue;
      renamePath(path, kindOf(to) === undefined ? to : unusedName(`${path}.other`));
    }
  };
  for (const { path, header } of entries) {
    try {
      if (header !== undefined) check(path, header);
      const checkpoint = readCheckpointFile(path);
      const passedOver = damaged.map(({ error }) => `${error.message} Resuming from ${basename(path)}.`);
      return { checkpoint, path, notes: [...notes, ...passedOver], settle };
    } catch (error) {
      if (!(error instanceof FileFormatError) || error instanceof OtherFormatError) throw error;
      damaged.push({ path, error });
    }
  }
  if (damaged.length === 0) return { checkpoint: undefined, path: undefined, notes: [], settle };
  if (damaged.length === 1) throw damaged[0].error;
  throw new FileFormatError(
    join(run, CHECKPOINTS_FOLDER),
    `none of the ${damaged.length} checkpoints is undamaged`,
    'Restore one from a copy, or train anew in another folder.',
    { cause: damaged[0].error },
  );
}

/** Undefined where it cannot be read: reading it whole says why. */
function headerOf(path: string): CheckpointHeader | undefined {
  try {
    return readCheckpointFileHeader(path);
  } catch (error) {
    if (error instanceof FileFormatError) return undefined;
    throw error;
  }
}

/** The name, or with a number behind it where that is taken: nothing is overwritten. */
export function unusedName(path: string): string {
  if (kindOf(path) === undefined) return path;
  for (let i = 2; ; i++) if (kindOf(`${path}.${i}`) === undefined) return `${path}.${i}`;
}
