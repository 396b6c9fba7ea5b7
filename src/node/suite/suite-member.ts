/**
 * One run of a suite, in its folder:
 *
 *     GAME/seedN/       the run
 *     GAME/seedN.json   the seconds that its trainings took, and its score once there is one
 *
 * What has to be done next follows from these alone, so a suite may be killed at any moment.
 */
import { join } from 'node:path';
import { FileFormatError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { readFileChecked, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder } from '../files/folder.ts';
import { CONFIG_FILE, MODELS_FOLDER, stepFileName } from '../runs/run-layout.ts';
import { isLocked } from '../runs/run-lock.ts';
import { readStatus } from '../runs/run-status.ts';
import { labelOf } from './suite-settings.ts';
import type { SuiteScore } from './suite-table.ts';

export interface SuiteMember {
  readonly env: string;
  readonly seed: number;
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

interface MemberRecord {
  readonly parts: readonly TrainingPart[];
  readonly score?: Omit<SuiteScore, 'env' | 'seed'> | undefined;
}

export function memberOf(folder: string, env: string, seed: number): SuiteMember {
  const path = join(folder, labelOf(env), `seed${seed}`);
  return { env, seed, run: path, file: `${path}.json` };
}

/** Its score; undefined while there is none. @throws FileFormatError for a damaged file. */
export function readScore({ env, seed, file }: SuiteMember): SuiteScore | undefined {
  const { score } = readRecord(file);
  return score === undefined ? undefined : { env, seed, ...score };
}

export function writeScore(member: SuiteMember, score: Omit<SuiteScore, 'env' | 'seed' | 'seconds'>): SuiteScore {
  const parts = partsWithPresent(member);
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
  const full = { ...score, seconds };
  writeRecord(member.file, { parts, score: full });
  return { env: member.env, seed: member.seed, ...full };
}

/** Notes how long the last process trained, before another one goes on: the run's own `status.json` knows its last one alone. */
export function notePart(member: SuiteMember): void {
  const parts = partsWithPresent(member);
  if (parts.length > 0) writeRecord(member.file, { parts });
}

function partsWithPresent({ run, file }: SuiteMember): readonly TrainingPart[] {
  const { parts } = readRecord(file);
  const status = readStatus(run);
  if (status === undefined) return parts;
  const { started, updated } = status;
  const seconds = (Date.parse(updated) - Date.parse(started)) / 1000;
  return [...parts.filter((part) => part.started !== started), { started, seconds: Math.max(0, seconds) }];
}

/** What a run needs: to begin, to go on, to be scored; or it is held by a program, such as the children of a suite that was killed. */
export function nextOf({ run }: SuiteMember): 'begin' | 'resume' | 'score' | 'wait' {
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

function readRecord(file: string): MemberRecord {
  if (kindOf(file) === undefined) return { parts: [] };
  let content: unknown;
  try {
    content = JSON.parse(readFileChecked(file).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const score = isObject(content) ? content['score'] : undefined;
  const whole =
    score === undefined || (isObject(score) && Array.isArray(score['returns']) && score['returns'].length > 0);
  if (isObject(content) && Array.isArray(content['parts']) && whole) return content as unknown as MemberRecord;
  throw new FileFormatError(file, 'not what a suite writes', 'Delete it: the run is scored again.');
}

function writeRecord(file: string, record: MemberRecord): void {
  makeFolder(join(file, '..'));
  writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`);
}
