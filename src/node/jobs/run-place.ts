/**
 * A run with a file beside it that says what is known of it:
 *
 *     seedN/       the run
 *     seedN.json   the seconds that its trainings took, and its score once there is one
 *
 * What has to be done next follows from these alone, so the program that works on it may be killed at any moment.
 */
import { dirname, join } from 'node:path';
import { FileFormatError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { readFileChecked, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder } from '../files/folder.ts';
import { CONFIG_FILE, MODELS_FOLDER, stepFileName } from '../runs/run-layout.ts';
import { isLocked } from '../runs/run-lock.ts';
import { readStatus } from '../runs/run-status.ts';

export interface RunPlace {
  /** Folder of the run. */
  readonly run: string;
  /** What is known of it. */
  readonly file: string;
}

/** A process's part of a training. */
interface TrainingPart {
  /** When it began, as `status.json` says: tells parts apart. */
  readonly started: string;
  readonly seconds: number;
}

interface PlaceRecord {
  readonly parts: readonly TrainingPart[];
  /** What the run came to, in the form of those who score it. */
  readonly score?: Readonly<Record<string, unknown>> | undefined;
}

/** @param path of the run's folder. */
export const placeAt = (path: string): RunPlace => ({ run: path, file: `${path}.json` });

/** Notes how long the last process trained, before another one goes on: the run's own `status.json` knows its last one alone. */
export function notePart(place: RunPlace): void {
  const parts = partsWithPresent(place);
  if (parts.length > 0) writeRecord(place.file, { parts });
}

/** Seconds that the run was trained for, by all processes so far. */
export const secondsOf = (place: RunPlace): number =>
  partsWithPresent(place).reduce((sum, { seconds }) => sum + seconds, 0);

/** Notes what the run came to. */
export function noteScore(place: RunPlace, score: Readonly<Record<string, unknown>>): void {
  writeRecord(place.file, { parts: partsWithPresent(place), score });
}

function partsWithPresent({ run, file }: RunPlace): readonly TrainingPart[] {
  const { parts } = readRecord(file);
  const status = readStatus(run);
  if (status === undefined) return parts;
  const { started, updated } = status;
  const seconds = (Date.parse(updated) - Date.parse(started)) / 1000;
  return [...parts.filter((part) => part.started !== started), { started, seconds: Math.max(0, seconds) }];
}

/** What a run needs: to begin, to go on, to be scored; or it is held by a program, such as the children of one that was killed. */
export function nextOf({ run }: RunPlace): 'begin' | 'resume' | 'score' | 'wait' {
  if (isLocked(run)) return 'wait';
  if (kindOf(join(run, CONFIG_FILE)) === undefined) return 'begin';
  const state = readStatus(run)?.state;
  return (state === 'ended' || state === 'solved') && finalModel(run) !== undefined ? 'score' : 'resume';
}

/** The model that a run ended with; undefined while there is none. */
export function finalModel(run: string): string | undefined {
  const status = readStatus(run);
  const stem = stepFileName(status?.step ?? -1, '');
  const name = listFolder(join(run, MODELS_FOLDER)).find((file) => file.startsWith(`${stem}.`));
  return name === undefined ? undefined : join(run, MODELS_FOLDER, name);
}

/**
 * What is noted of a run.
 * @param isWhole whether its score is one, in the form of those who score it.
 * @throws FileFormatError for a damaged file.
 */
export function readRecord(
  file: string,
  isWhole: (score: Readonly<Record<string, unknown>>) => boolean = () => true,
): PlaceRecord {
  if (kindOf(file) === undefined) return { parts: [] };
  let content: unknown;
  try {
    content = JSON.parse(readFileChecked(file).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (isObject(content) && Array.isArray(content['parts'])) {
    const { score } = content;
    if (score === undefined || (isObject(score) && isWhole(score))) return content as unknown as PlaceRecord;
  }
  throw new FileFormatError(file, 'not what is noted beside a run', 'Delete it: the run is scored again.');
}

function writeRecord(file: string, record: PlaceRecord): void {
  makeFolder(dirname(file));
  writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`);
}
