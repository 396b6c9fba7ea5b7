import { join } from 'node:path';
import { readFileChecked, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf } from '../files/folder.ts';
import { STATUS_FILE } from './run-layout.ts';
import { isLocked } from './run-lock.ts';

/**
 * What the program that writes a run says of it in `status.json`. It is written when a training begins, every two seconds, at
 * each checkpoint and at its end; a kill leaves `running`, which the lock of a process that is gone gives away.
 */
export interface RunStatus {
  readonly state: 'running' | 'stopped' | 'solved' | 'ended' | 'failed';
  /** The last line for people: how it ended, or why it failed. */
  readonly message: string | null;
  /** Units of training done. */
  readonly step: number;
  /** Step of the newest checkpoint; null before the first. Versions before 0.2 did not say it. */
  readonly saved?: number | null | undefined;
  /** Units at which it ends at the latest. */
  readonly maxSteps: number;
  /** When this program began or resumed the run, ISO 8601. */
  readonly started: string;
  /** When this file was written. */
  readonly updated: string;
  readonly pid: number;
  /** What it has come to; undefined in versions before 0.2. */
  readonly progress?: RunProgress | undefined;
}

/** What a progress bar shows, for programs that look from outside. */
export interface RunProgress {
  /** What a unit of training is called, in the plural: `frames`. */
  readonly unit: string;
  /** Units a second over the last seconds; null while too little time has passed to tell. */
  readonly speed: number | null;
  /** Seconds to the expected end; null while nothing tells. */
  readonly secondsLeft: number | null;
  /** Whether no more is known of `secondsLeft` than that it takes no longer. */
  readonly atMost: boolean;
  /** The last mean reward that was logged, which the bound is for; null before the first. */
  readonly reward: number | null;
  /** Mean reward above which it ends; null where it does all its steps. */
  readonly bound: number | null;
  /** Units that such a training usually takes, by measurement; null where nobody has measured. */
  readonly usualSteps: number | null;
  /** The training's own words, such as `reward -19.50  eps 0.02`. */
  readonly note: string;
}

/** What a run is doing, as seen from outside: `killed` says running, but no program holds its lock. */
export type RunState = RunStatus['state'] | 'killed' | 'unknown';

/** @param durable whether it has to outlive a power loss.
 * @throws WriteError when the disk refuses. */
export function writeStatus(path: string, status: RunStatus, durable = true): void {
  writeFileAtomic(join(path, STATUS_FILE), `${JSON.stringify(status, null, 2)}\n`, undefined, durable);
}

const STATES: readonly string[] = ['running', 'stopped', 'solved', 'ended', 'failed'];

/** Undefined for a run of an earlier version, or where the file is damaged: nothing depends on it. */
export function readStatus(path: string): RunStatus | undefined {
  const file = join(path, STATUS_FILE);
  if (kindOf(file) === undefined) return undefined;
  try {
    const status = JSON.parse(readFileChecked(file).toString('utf8')) as RunStatus;
    return STATES.includes(status?.state) && Number.isFinite(status.step) ? status : undefined;
  } catch {
    return undefined;
  }
}

export function stateOf(path: string, status: RunStatus | undefined = readStatus(path)): RunState {
  if (isLocked(path)) return 'running';
  if (status === undefined) return 'unknown';
  return status.state === 'running' ? 'killed' : status.state;
}
