import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BellmanError } from '../../core/errors.ts';
import { protocolOfRun } from '../../runs/protocol-kwargs.ts';
import { isTemporaryName, readFileChecked } from '../files/atomic-file.ts';
import { kindOf, listFolder } from '../files/folder.ts';
import { readRunConfig } from './run-directory.ts';
import { BEST_INFO_FILE, CHECKPOINTS_FOLDER, CONFIG_FILE, METRICS_FILE, STATUS_FILE } from './run-layout.ts';
import { type RunState, readStatus, stateOf } from './run-status.ts';

/** A run as a list shows it. */
export interface RunSummary {
  readonly path: string;
  readonly state: RunState | 'damaged';
  /** How it ended or why it failed; null while nothing is known. */
  readonly message: string | null;
  readonly recipe: string | null;
  readonly algorithm: string | null;
  readonly env: string | null;
  /** Of a run on an Atari game, where its settings are those of a protocol; else null. */
  readonly protocol: string | null;
  readonly seed: number | null;
  /** Of its best model; null before the first. */
  readonly score: number | null;
  /** Units of training done, as far as it has logged. */
  readonly step: number | null;
  /** When the program that last trained it began, and when the run last changed: milliseconds since 1970. */
  readonly started: number | null;
  readonly changed: number;
}

/** Folders below the given one that are looked into: runs of seeds lie one deeper than runs. */
const DEPTH = 3;

/** The folders of all runs that a folder is or holds, those that were named together next to each other. Never throws for a
 * folder that is no run: it holds none. */
export function findRuns(folder: string, depth: number = DEPTH): string[] {
  if (kindOf(join(folder, CONFIG_FILE)) === 'file') return [folder];
  if (depth === 0 || kindOf(folder) !== 'folder') return [];
  const names = listFolder(folder).filter((name) => !isTemporaryName(name) && !name.startsWith('.'));
  return names
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => findRuns(join(folder, name), depth - 1));
}

/** Summaries of all runs in a folder, the run that changed last first; seeds of one folder stay together, in their order. */
export function listRuns(folder: string): RunSummary[] {
  const groups = new Map<string, RunSummary[]>();
  for (const path of findRuns(folder)) {
    const group = path
      .slice(folder.length)
      .replace(/^[\\/]+/, '')
      .split(/[\\/]/)[0]!;
    groups.set(group, [...(groups.get(group) ?? []), summarizeRun(path)]);
  }
  const latest = (runs: readonly RunSummary[]): number =>
    runs.reduce((time, { changed }) => Math.max(time, changed), 0);
  return [...groups.values()].sort((a, b) => latest(b) - latest(a)).flat();
}

/** Reads what a list shows of a run. A run that cannot be read is `damaged`, with the reason as its message. */
export function summarizeRun(path: string): RunSummary {
  const changed = Math.max(
    ...[METRICS_FILE, STATUS_FILE, CONFIG_FILE, CHECKPOINTS_FOLDER].map((name) => modified(join(path, name))),
  );
  try {
    const { recipe, algorithm, env, seed, config } = readRunConfig(path);
    const status = readStatus(path);
    const state = stateOf(path, status);
    const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
    const started = Date.parse(status?.started ?? '');
    return {
      path,
      state,
      message: state === 'running' || state === 'killed' ? null : text(status?.message),
      recipe: text(recipe),
      algorithm: text(algorithm),
      env: text(env),
      protocol: protocolOfRun(config) ?? null,
      seed: number(seed),
      score: number(bestInfo(path)['score']),
      // The log is ahead of the status of a run that is training, and behind that of one that has ended.
      step: largest([lastStep(join(path, METRICS_FILE)), status?.step]),
      started: Number.isNaN(started) ? null : started,
      changed,
    };
  } catch (error) {
    if (!(error instanceof BellmanError)) throw error;
    const unknown = {
      recipe: null,
      algorithm: null,
      env: null,
      protocol: null,
      seed: null,
      score: null,
      step: null,
      started: null,
    };
    return { path, state: 'damaged', message: error.message, ...unknown, changed };
  }
}

function largest(steps: readonly (number | undefined)[]): number | null {
  const known = steps.filter((step) => step !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/** 0 for what is not there. */
const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function bestInfo(path: string): Readonly<Record<string, unknown>> {
  const file = join(path, BEST_INFO_FILE);
  if (kindOf(file) === undefined) return {};
  try {
    return (JSON.parse(readFileChecked(file).toString('utf8')) ?? {}) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Bytes at the end of a log that hold its last whole line. */
const TAIL = 1 << 14;

/** The step of a log's last whole line, without reading the whole log. */
function lastStep(path: string): number | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    for (const line of bytes.toString('utf8').split('\n').reverse()) {
      const step = stepOf(line);
      if (step !== undefined) return step;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

function stepOf(line: string): number | undefined {
  try {
    const { step } = JSON.parse(line) as { readonly step?: unknown };
    return typeof step === 'number' ? step : undefined;
  } catch {
    return undefined; // empty, or half a line
  }
}
