import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { BellmanError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { printable } from '../../core/printable.ts';
import { parseMetricsLine } from '../../log/jsonl.ts';
import type { JsonObject } from '../../runs/json.ts';
import { groupOf } from '../../runs/run-identity.ts';
import type { BoardRun, RunsMessage } from '../../web/board/messages.ts';
import { codeOf } from '../runs/code-mark.ts';
import { findRuns, summarizeRun } from '../runs/list-runs.ts';
import { checkOwnFiles } from '../runs/own-files.ts';
import { readRunConfig } from '../runs/run-directory.ts';
import { BEST_INFO_FILE, CONFIG_FILE, METRICS_FILE, STATUS_FILE } from '../runs/run-layout.ts';
import { LOCK_FILE } from '../runs/run-lock.ts';
import { readStatus } from '../runs/run-status.ts';
import { isInside, readTail } from './run-files.ts';

/** A run that is watched. */
interface Watched {
  readonly path: string;
  run: BoardRun;
  /** Sizes and times of the files that a summary is made from. */
  signature: string;
  /** Milliseconds of the last summary. */
  read: number;
  config: { readonly signature: string; readonly facts: ConfigFacts } | undefined;
}

interface ConfigFacts {
  readonly group: string;
  readonly code: boolean;
  readonly maxSteps: number | null;
}

/** Runs that train are looked at in every call of `poll`, others and the folder itself after so long. */
const REST_MS = 2000;
/** A program that is gone leaves its files as they are: whether it lives is asked this often. */
const ALIVE_MS = 1000;
/** A configuration has kilobytes; what is larger is none. */
const MOST_BYTES = 1 << 20;

/**
 * The runs of a folder, found anew and looked at by the times and sizes of their files: it works on any file system, and reads
 * only what has changed. Nothing is ever written.
 */
export class RunWatcher {
  readonly folder: string;
  readonly #now: () => number;
  readonly #runs = new Map<string, Watched>();
  #scanned = Number.NEGATIVE_INFINITY;
  #rested = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds from any moment. */
  constructor(folder: string, now: () => number = () => performance.now()) {
    this.folder = folder;
    this.#now = now;
  }

  /** All runs, the one that changed last first. */
  get runs(): BoardRun[] {
    return [...this.#runs.values()].map(({ run }) => run).sort((a, b) => b.changed - a.changed);
  }

  /** The run of an id, as the list gave it; undefined for any other text. */
  find(id: string): { readonly path: string; readonly run: BoardRun } | undefined {
    return this.#runs.get(id);
  }

  /** Looks again, at everything if that is asked for. @returns what is new, other or gone since the last call. */
  poll(everything = false): RunsMessage {
    const now = this.#now();
    const gone: string[] = [];
    const changed: BoardRun[] = [];
    if (everything || now - this.#scanned >= REST_MS) {
      this.#scanned = now;
      const found = this.#scan();
      for (const id of this.#runs.keys()) {
        if (found.has(id)) continue;
        this.#runs.delete(id);
        gone.push(id);
      }
      for (const [id, path] of found) {
        if (this.#runs.has(id)) continue;
        const watched: Watched = { path, run: NOTHING, signature: '', read: 0, config: undefined };
        this.#runs.set(id, watched);
      }
    }
    const all = everything || now - this.#rested >= REST_MS;
    if (all) this.#rested = now;
    for (const [id, watched] of this.#runs) {
      const isNew = watched.run === NOTHING;
      const trains = watched.run.state === 'running';
      if (!all && !trains && !isNew) continue;
      const signature = signatureOf(watched.path);
      if (signature === watched.signature && !(trains && now - watched.read >= ALIVE_MS)) continue;
      watched.signature = signature;
      watched.read = now;
      const run = this.#summarize(id, watched);
      if (!isNew && JSON.stringify(run) === JSON.stringify(watched.run)) continue;
      watched.run = run;
      changed.push(run);
    }
    return { all: false, runs: changed, gone };
  }

  #scan(): Map<string, string> {
    const found = new Map<string, string>();
    let root: string;
    try {
      root = fs.realpathSync(this.folder);
    } catch {
      return found; // not there yet
    }
    let paths: string[];
    try {
      paths = findRuns(this.folder);
    } catch {
      return new Map([...this.#runs].map(([id, { path }]) => [id, path])); // a folder that may not be read at present
    }
    for (const path of paths) {
      if (!isInside(path, root)) continue; // a link that leads out
      const id = relative(this.folder, path).split(sep).join('/');
      found.set(id === '' ? basename(root) : id, path);
    }
    return found;
  }

  #summarize(id: string, watched: Watched): BoardRun {
    try {
      return this.#read(id, watched);
    } catch (error) {
      // Of a stranger's files anything may be amiss, and the other runs are shown all the same.
      const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
      return damaged(id, printable(line!));
    }
  }

  #read(id: string, watched: Watched): BoardRun {
    const { path } = watched;
    checkOwnFiles(path);
    for (const name of [CONFIG_FILE, STATUS_FILE, BEST_INFO_FILE]) checkSize(join(path, name));
    const { path: _, state, message, step, ...summary } = summarizeRun(path);
    if (state === 'damaged') return damaged(id, message ?? '', summary.changed);
    const status = readStatus(path);
    const facts = this.#configFacts(watched);
    const runs = state === 'running';
    const progress = isObject(status?.progress) ? status.progress : undefined;
    const metrics = join(path, METRICS_FILE);
    return {
      id,
      state,
      message,
      ...summary,
      group: facts.group,
      code: facts.code,
      step,
      maxSteps: numberOf(status?.maxSteps) ?? facts.maxSteps,
      unit: typeof progress?.unit === 'string' ? progress.unit : null,
      speed: runs ? numberOf(progress?.speed) : null,
      secondsLeft: runs ? numberOf(progress?.secondsLeft) : null,
      atMost: progress?.atMost === true,
      reward: numberOf(progress?.reward),
      bound: numberOf(progress?.bound),
      logged: sizeOf(metrics),
      metrics: namesIn(metrics),
    };
  }

  #configFacts(watched: Watched): ConfigFacts {
    const file = join(watched.path, CONFIG_FILE);
    const signature = statLine(file);
    if (watched.config?.signature === signature) return watched.config.facts;
    const config: JsonObject = readRunConfig(watched.path);
    const { maxSteps, maxIterations } = (isObject(config['config']) ? config['config'] : {}) as JsonObject;
    const facts = {
      group: shortHash(groupOf(config)),
      code: codeOf(config).length > 0,
      maxSteps: numberOf(maxSteps ?? maxIterations),
    };
    watched.config = { signature, facts };
    return facts;
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** What a run is taken to be until it says it. */
export const UNKNOWN_RUN = {
  recipe: null,
  algorithm: null,
  env: null,
  seed: null,
  score: null,
  step: null,
  maxSteps: null,
  unit: null,
  speed: null,
  secondsLeft: null,
  atMost: false,
  reward: null,
  bound: null,
  started: null,
  logged: 0,
  metrics: [],
  code: false,
} as const;

const NOTHING: BoardRun = { id: '', group: '', state: 'unknown', message: null, changed: 0, ...UNKNOWN_RUN };

const damaged = (id: string, message: string, changed = 0): BoardRun => ({
  ...UNKNOWN_RUN,
  ...{ id, group: id, state: 'damaged', message, changed },
});

/** @throws BellmanError for a file that is far larger than a run's. */
function checkSize(path: string): void {
  const size = sizeOf(path);
  if (size > MOST_BYTES) throw new BellmanError('BAD_FILE', `${path}: ${size} bytes are too many for such a file.`);
}

const sizeOf = (path: string): number => fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function statLine(path: string): string {
  const entry = fs.statSync(path, { throwIfNoEntry: false });
  return entry === undefined ? '-' : `${entry.mtimeMs} ${entry.size}`;
}

const signatureOf = (path: string): string =>
  [STATUS_FILE, METRICS_FILE, CONFIG_FILE, BEST_INFO_FILE, LOCK_FILE]
    .map((name) => statLine(join(path, name)))
    .join('|');

/** Names of what the last lines log. */
function namesIn(path: string): string[] {
  const names = new Set<string>();
  for (const line of readTail(path, 1 << 14).slice(-50)) {
    for (const name of Object.keys(parseMetricsLine(line)?.values ?? {})) names.add(name);
  }
  return [...names].slice(0, 64);
}
