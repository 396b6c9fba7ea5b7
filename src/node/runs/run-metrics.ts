import { join } from 'node:path';
import { advise } from '../../core/advise.ts';
import { FileFormatError } from '../../core/errors.ts';
import { readFileChecked } from '../files/atomic-file.ts';
import { kindOf, listFolder } from '../files/folder.ts';
import { type JsonObject, readRunConfig } from './run-directory.ts';
import { CONFIG_FILE, METRICS_FILE } from './run-layout.ts';

/** What `reward_mean` was called in version 0.1.0. */
const OLD_MEAN = 'reward_100';

/** One line of `metrics.jsonl`. */
export interface MetricsRow {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly [name: string]: number;
}

export interface RecordedRun {
  readonly path: string;
  readonly config: JsonObject;
  readonly rows: readonly MetricsRow[];
}

/**
 * Reads what a run has logged. A run that goes on while it is read may end in half a line, which is left out.
 * @throws FileFormatError when the folder is no run.
 */
export function readRun(path: string): RecordedRun {
  const config = readRunConfig(path);
  const lines = readFileChecked(join(path, METRICS_FILE)).toString('utf8').split('\n').filter(Boolean);
  const rows = lines.flatMap((line, i) => {
    const wrong = (what: string, cause?: unknown) =>
      new FileFormatError(join(path, METRICS_FILE), `line ${i + 1} is no ${what}`, 'Remove the line or train again.', {
        cause,
      });
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch (cause) {
      if (i === lines.length - 1) return [];
      throw wrong('JSON', cause);
    }
    if (!isRow(parsed)) throw wrong('object with a step and a time');
    const { [OLD_MEAN]: mean, ...row } = parsed;
    return mean === undefined ? row : { ...row, reward_mean: mean };
  });
  return { path, config, rows };
}

function isRow(value: unknown): value is MetricsRow {
  if (typeof value !== 'object' || value === null) return false;
  const { step, time } = value as Readonly<Record<string, unknown>>;
  return typeof step === 'number' && typeof time === 'number';
}

/**
 * The runs that a folder is or holds: itself, or those directly in it (as `train --seeds --run` makes them).
 * @throws FileFormatError when there is none.
 */
export function runsIn(path: string): string[] {
  if (kindOf(join(path, CONFIG_FILE)) !== undefined) return [path];
  const inside = kindOf(path) === 'folder' ? listFolder(path) : [];
  const runs = inside.filter((name) => kindOf(join(path, name, CONFIG_FILE)) !== undefined);
  if (runs.length === 0) {
    throw new FileFormatError(path, 'neither a run nor a folder of runs', `Give folders that ${advise('train')} made.`);
  }
  return runs.sort(new Intl.Collator('en', { numeric: true }).compare).map((name) => join(path, name));
}
