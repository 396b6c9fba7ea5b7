import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { advise } from '../../core/advise.ts';
import { BellmanError, FileFormatError, MismatchError, show } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { JsonlSink } from '../../log/jsonl.ts';
import { type LogSink, TeeSink } from '../../log/sink.ts';
import { eventsFileName, eventsFileStart, TensorBoardSink } from '../../log/tensorboard.ts';
import type { Json, JsonObject } from '../../runs/json.ts';
import { checkIdentity, identityOf } from '../../runs/run-identity.ts';
import type { Checkpoint, RunIdentity } from '../../storage/checkpoint-format.ts';
import { AppendFile, sumOfStart } from '../files/append-file.ts';
import { isTemporaryName, readFileChecked, toWriteError, writeFileAtomic } from '../files/atomic-file.ts';
import { checksum } from '../files/checksum.ts';
import { type Clock, systemClock } from '../files/clock.ts';
import { kindOf, listFolder, makeFolder, removePath, renamePath } from '../files/folder.ts';
import { buildRunFolder, type CreateRunOptions } from './build-run-folder.ts';
import { writeCheckpointFile } from './checkpoint-file.ts';
import { checkOwnFiles } from './own-files.ts';
import { checkpointPath, newestCheckpoint, removeOldCheckpoints, unusedName } from './run-checkpoints.ts';
import {
  BEST_INFO_FILE,
  BEST_MODEL_FILE,
  CHECKPOINTS_FOLDER,
  CONFIG_FILE,
  EVENTS_PREFIX,
  LINES_FILE,
  METRICS_FILE,
  MODELS_FOLDER,
  VIDEOS_FOLDER,
} from './run-layout.ts';
import { RunLock } from './run-lock.ts';
import { type RunStatus, readStatus, writeStatus } from './run-status.ts';

export type { JsonObject };

export interface OpenRunOptions {
  readonly version: string;
  readonly now?: Clock | undefined;
}

const OPEN_OPTIONS: OptionNames<OpenRunOptions> = { version: true, now: true };

/** A run whose lock is held, and of which nothing has been changed yet. */
export interface OpenedRun {
  readonly config: JsonObject;
  /** The newest checkpoint that is undamaged; undefined when the run was killed before its first: start it anew. */
  readonly checkpoint: Checkpoint | undefined;
  /** Where it lies; undefined without one. */
  readonly checkpointPath: string | undefined;
  /** What the user should know, a line each: a damaged checkpoint was passed over, a log was incomplete. */
  readonly notes: readonly string[];
  /**
   * Begins to write: clears away what a killed program left unfinished, sets damaged checkpoints aside and cuts the logs back
   * to the checkpoint.
   * @throws WriteError when the folder cannot be written; the run is given back.
   */
  begin(): RunDirectory;
  /** Gives the run back as it was, where it is not to be resumed after all. After `begin` it does nothing. */
  close(): void;
}

/** Logs are handed to the system at least this often, so that who watches waits no longer. */
const SHOW_EVERY_MS = 300;

/** A run that this process writes. Made by `createRun` and `openRun`. */
export class RunDirectory {
  readonly path: string;
  /** Writes `metrics.jsonl` and the events file. */
  readonly log: LogSink;
  readonly identity: RunIdentity;
  readonly #version: string;
  readonly #config: JsonObject;
  readonly #tensorBoard: TensorBoardSink;
  readonly #lock: RunLock;
  readonly #logFiles: readonly AppendFile[];
  readonly #lines: AppendFile;
  readonly #now: Clock;
  #flushed: number;
  #closed = false;

  /** For `createRun` and `openRun`, which hold the lock. */
  constructor(path: string, version: string, config: JsonObject, lock: RunLock, events: string, now: Clock) {
    this.path = path;
    this.identity = identityOf(config);
    this.#config = config;
    this.#version = version;
    this.#lock = lock;
    this.#now = now;
    this.#flushed = now();
    let metricsFile: AppendFile;
    let eventsFile: AppendFile;
    try {
      // Once another program has taken the run, nothing more goes into its logs.
      const guard = () => lock.check();
      metricsFile = new AppendFile(join(path, METRICS_FILE), now, undefined, undefined, guard);
      eventsFile = new AppendFile(join(path, events), now, undefined, undefined, guard);
      this.#lines = new AppendFile(join(path, LINES_FILE), now, undefined, undefined, guard);
    } catch (error) {
      lock.release();
      throw error;
    }
    this.#logFiles = [metricsFile, eventsFile, this.#lines];
    const continued = eventsFile.length > 0;
    this.#tensorBoard = new TensorBoardSink(eventsFile, now, continued);
    this.log = new TeeSink(new JsonlSink(metricsFile, now), this.#tensorBoard);
  }

  /** Tells TensorBoard what the run is made from, at its start: `config.json` says it to everyone else. */
  logHyperparameters(values: Readonly<Record<string, number | string | boolean>>): void {
    this.#tensorBoard.hyperparameters(values);
  }

  /** Adds a line for people to `log.txt`. */
  line(text: string): void {
    const time = new Date(this.#now()).toISOString();
    this.#lines.write(Buffer.from(`${time} ${text.replaceAll('\n', ' ')}\n`));
  }

  /** `videos/`, made when it is not there. */
  get videosPath(): string {
    const path = join(this.path, VIDEOS_FOLDER);
    makeFolder(path);
    return path;
  }

  /**
   * Saves a state from which the run can go on and drops all but the newest two checkpoints. While it runs the disk
   * holds three.
   * @param step units of training done; names the file.
   * @param kind what the snapshot is of, such as `dqn`; `openRun`'s caller compares it.
   * @returns the file's path.
   * @throws WriteError when the disk refuses; the earlier checkpoints stay.
   * @throws MismatchError when another program has taken the run.
   */
  saveCheckpoint(step: number, kind: string, snapshot: Snapshot): string {
    this.#lock.check();
    const logs: Record<string, number> = {};
    const logSums: Record<string, number> = {};
    for (const file of this.#logFiles) {
      file.sync(); // the log must not be shorter than a checkpoint says, even after a power loss
      logs[basename(file.path)] = file.length;
      logSums[basename(file.path)] = file.crc32;
    }
    const path = checkpointPath(this.path, step);
    makeFolder(dirname(path));
    writeCheckpointFile(path, snapshot, {
      ...{ kind, version: this.#version, step, logs, logSums },
      ...{ run: this.identity, config: this.#config },
    });
    removeOldCheckpoints(this.path);
    return path;
  }

  /**
   * Saves the best model so far. A kill leaves a pair of model and information that belong together: the information is written
   * first, and says of the model before what it was too.
   * @param model an ONNX file, or any text for agents without a network.
   * @param info written as `best.json`, with the model's file name, length and checksum added.
   * @param modelFile name of the model's file.
   * @throws WriteError when the disk refuses.
   */
  saveBest(model: Uint8Array | string, info: JsonObject, modelFile: string = BEST_MODEL_FILE): void {
    this.#lock.check();
    const bytes = typeof model === 'string' ? Buffer.from(model) : model;
    const entry = { file: modelFile, bytes: bytes.length, crc32: checksum(bytes, 0) };
    const before = this.#bestInfo();
    const both = { ...info, run: this.identity.id, model: entry, ...(before === undefined ? {} : { before }) };
    const writes = [
      () => writeFileAtomic(join(this.path, BEST_INFO_FILE), `${JSON.stringify(both, null, 2)}\n`),
      () => writeFileAtomic(join(this.path, modelFile), bytes),
    ];
    // The first model has none before it: without information there is none yet.
    for (const write of before === undefined ? writes.reverse() : writes) write();
  }

  /** What is known of the best model that is there; undefined without one. */
  #bestInfo(): JsonObject | undefined {
    try {
      const found = findBest(this.path);
      return found === undefined ? undefined : found.entry;
    } catch (error) {
      if (error instanceof FileFormatError) return undefined; // damaged, and about to be replaced
      throw error;
    }
  }

  /** Keeps a model in a file of its own, in `models/`.
   * @param name of the file, as `stepFileName` or `bestFileName` gives it; one of the same name is replaced. */
  keepModel(model: Uint8Array | string, name: string): void {
    this.#lock.check();
    const folder = join(this.path, MODELS_FOLDER);
    makeFolder(folder);
    const bytes = typeof model === 'string' ? Buffer.from(model) : model;
    writeFileAtomic(join(folder, name), bytes);
  }

  /** Says in `status.json` where the run stands, for programs that look from outside.
   * @param durable whether it has to outlive a power loss. */
  saveStatus(status: RunStatus, durable = true): void {
    this.#lock.check();
    writeStatus(this.path, status, durable);
  }

  /** Tells programs that cannot see this one that it lives, and shows those that watch what was logged. To be called often; it
   * does little. */
  refresh(): void {
    this.#lock.refresh();
    const now = this.#now();
    if (now - this.#flushed < SHOW_EVERY_MS) return;
    this.#flushed = now;
    for (const file of this.#logFiles) file.flush();
  }

  /** Flushes the logs and gives the run back. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.log.close();
      this.#lines.close();
    } finally {
      this.#lock.release();
    }
  }
}

/**
 * Makes a run's folder, complete or not at all.
 * @throws UnknownNameError for an option of another name.
 * @throws MismatchError when `path` is a file, or a folder with something in it.
 * @throws WriteError when it cannot be made.
 */
export function createRun(options: CreateRunOptions): RunDirectory {
  const now = options.now ?? systemClock;
  const { path, lock, events, config } = buildRunFolder(options, now);
  return new RunDirectory(path, options.version, config, lock, events, now);
}

/**
 * Opens a run to resume it: takes the lock and reads the newest undamaged checkpoint. Nothing else is changed before
 * `begin`, so a run that is refused stays as it was.
 * @throws UnknownNameError for an option of another name.
 * @throws FileFormatError when the folder is no run, or it has checkpoints and none is undamaged.
 * @throws MismatchError when another program writes the run, its checkpoint is of another run, or a link leads out of it.
 * @throws WriteError when the folder cannot be written.
 */
export function openRun(path: string, options: OpenRunOptions): OpenedRun {
  checkOptionNames(options, OPEN_OPTIONS);
  const now = options.now ?? systemClock;
  const config = readRunConfig(path);
  const identity = identityOf(config);
  checkOwnFiles(path);
  const lock = RunLock.acquire(path);
  let open = true;
  const close = () => {
    if (open) lock.release();
    open = false;
  };
  const orClose = <T>(part: () => T): T => {
    try {
      return part();
    } catch (error) {
      close();
      throw error instanceof BellmanError ? error : toWriteError(path, error);
    }
  };
  return orClose(() => {
    const edited: string[] = [];
    const newest = newestCheckpoint(path, (file, header) => {
      const note = checkIdentity(file, header, identity);
      if (note !== undefined) edited.push(note);
    });
    const { checkpoint } = newest;
    if (checkpoint === undefined) refuseLost(path);
    const logs = planLogs(path, checkpoint, now);
    const begin = () =>
      orClose(() => {
        if (!open) throw new Error('the run is closed');
        removeLeftovers(path);
        newest.settle();
        logs.cut();
        const run = new RunDirectory(path, options.version, config, lock, logs.events, now);
        open = false; // the lock is the run's from here on
        return run;
      });
    const notes = [...newest.notes, ...edited.slice(-1), ...logs.notes];
    return { config, checkpoint, checkpointPath: newest.path, notes, begin, close };
  });
}

/** @throws MismatchError for a run that had checkpoints: begun anew it would lose its logs and its best model. */
function refuseLost(path: string): void {
  const status = readStatus(path);
  if (status === undefined) return;
  // Versions before 0.2 did not say it; they had saved wherever they stood further than the start, unless they failed.
  const saved = status.saved === undefined ? (status.state === 'failed' ? null : status.step) : status.saved;
  if (typeof saved !== 'number' || saved === 0) return;
  throw new MismatchError(
    `${join(path, CHECKPOINTS_FOLDER)} has no checkpoint, but the run had one of step ${show(saved)}. Restore it from a copy, or train anew in another folder.`,
  );
}

/**
 * Reads a run's `config.json`, for programs that only look.
 * @throws FileFormatError when the folder is no run or the file is damaged.
 */
export function readRunConfig(path: string): JsonObject {
  const cure = `Give the folder of a run, as ${advise('train')} prints it.`;
  const file = join(path, CONFIG_FILE);
  if (kindOf(file) === undefined) throw new FileFormatError(path, `not a run, there is no ${CONFIG_FILE}`, cure);
  return parseJsonObject(file, cure);
}

/** A run's best model. */
export interface BestModel {
  /** Path of the model's file. */
  readonly model: string;
  /** What `saveBest` got. */
  readonly info: JsonObject;
}

/**
 * Finds a run's best model; undefined when there is none yet.
 * @throws FileFormatError when `best.json` or the model is damaged or missing.
 * @throws MismatchError when they are of another run.
 */
export function readBest(path: string): BestModel | undefined {
  const found = findBest(path);
  if (found === undefined) return undefined;
  const { model: _, run, ...info } = found.entry;
  const config = kindOf(join(path, CONFIG_FILE)) === undefined ? {} : readRunConfig(path);
  if (typeof run === 'string' && typeof config['id'] === 'string' && run !== config['id']) {
    throw new MismatchError(`${found.model} is of another run. To use it all the same, name the file.`);
  }
  return { model: found.model, info };
}

/** The best model and what `best.json` says of it, which may be of the model before where a kill came between the two. */
function findBest(path: string): { readonly model: string; readonly entry: JsonObject } | undefined {
  const file = join(path, BEST_INFO_FILE);
  if (kindOf(file) === undefined) return undefined;
  const { before, ...entry } = parseJsonObject(file, 'Train again or use a checkpoint.');
  let damaged: string | undefined;
  for (const candidate of [entry, before]) {
    if (!isObject(candidate) || !isObject(candidate['model'])) continue;
    const { file: name, crc32 } = candidate['model'];
    const model = join(path, typeof name === 'string' ? basename(name) : BEST_MODEL_FILE);
    if (kindOf(model) === undefined && candidate === entry && isObject(before)) continue;
    const bytes = readFileChecked(model, `${BEST_INFO_FILE} names it.`);
    if (checksum(bytes, 0) === crc32) return { model, entry: candidate };
    damaged ??= model;
  }
  if (damaged === undefined) {
    const cure = 'The next best model mends it; to use the one that is there, name its file.';
    throw new FileFormatError(file, 'names no model', cure);
  }
  const problem = `the file is damaged: its checksum is not the one in ${BEST_INFO_FILE}`;
  throw new FileFormatError(damaged, problem, 'To use it all the same, name the file.');
}

interface LogPlan {
  /** Name of the events file to continue. */
  readonly events: string;
  readonly notes: readonly string[];
  /** Cuts the logs; those that are not the run's are set aside whole. */
  cut(): void;
}

/** What becomes of the logs: they are cut to their lengths at the checkpoint; without one to their lengths at the start. */
function planLogs(path: string, checkpoint: Checkpoint | undefined, now: Clock): LogPlan {
  const isEvents = (name: string) => name.startsWith(EVENTS_PREFIX) && name === basename(name);
  const present = listFolder(path).filter(isEvents).sort();
  const { logs: recorded = {}, logSums: sums = {} } = checkpoint?.header ?? {};
  const events = Object.keys(recorded).find(isEvents) ?? present[0] ?? eventsFileName(now(), hostname());
  const lengths = {
    [METRICS_FILE]: recorded[METRICS_FILE] ?? 0,
    [events]: recorded[events] ?? eventsFileStart(0).length,
    [LINES_FILE]: recorded[LINES_FILE] ?? 0,
  };
  const notes: string[] = [];
  const aside: string[] = [];
  for (const [name, keep] of Object.entries(lengths)) {
    const file = join(path, name);
    const start = sumOfStart(file, keep);
    if (checkpoint !== undefined && (start?.bytes ?? 0) < keep) {
      notes.push(`${file} is shorter than at the checkpoint: its earlier part is lost.`);
    } else if (start !== undefined && sums[name] !== undefined && sums[name] !== start.crc32) {
      aside.push(file);
      notes.push(`${file} is not what the run has logged: it is set aside, and the log begins anew.`);
    }
  }
  const cut = () => {
    for (const file of aside) renamePath(file, unusedName(`${file}.other`));
    for (const [name, keep] of Object.entries(lengths)) new AppendFile(join(path, name), now, keep).close();
  };
  return { events, notes, cut };
}

/** Removes files that a killed program left under temporary names. */
function removeLeftovers(path: string): void {
  for (const folder of [path, ...[CHECKPOINTS_FOLDER, MODELS_FOLDER, VIDEOS_FOLDER].map((name) => join(path, name))]) {
    for (const name of listFolder(folder)) {
      if (isTemporaryName(name)) removePath(join(folder, name));
    }
  }
}

function parseJsonObject(path: string, cure: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(readFileChecked(path, cure).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FileFormatError(path, 'the file is damaged: it is no JSON', cure, { cause: error });
  }
  if (isObject(value)) return value;
  throw new FileFormatError(path, 'the file is damaged: it holds no JSON object', cure);
}
