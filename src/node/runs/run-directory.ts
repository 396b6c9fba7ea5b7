import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { advise } from '../../core/advise.ts';
import { BellmanError, FileFormatError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { JsonlSink } from '../../log/jsonl.ts';
import { type LogSink, TeeSink } from '../../log/sink.ts';
import { eventsFileName, eventsFileStart, TensorBoardSink } from '../../log/tensorboard.ts';
import type { Checkpoint } from '../../storage/checkpoint-format.ts';
import { AppendFile } from '../files/append-file.ts';
import { isTemporaryName, readFileChecked, toWriteError, writeFileAtomic } from '../files/atomic-file.ts';
import { type Clock, systemClock } from '../files/clock.ts';
import { kindOf, listFolder, makeFolder, removePath } from '../files/folder.ts';
import type { Json, JsonObject } from '../files/json.ts';
import { buildRunFolder, type CreateRunOptions } from './build-run-folder.ts';
import { checksum, writeCheckpointFile } from './checkpoint-file.ts';
import { checkpointPath, newestCheckpoint, removeOldCheckpoints } from './run-checkpoints.ts';
import {
  BEST_INFO_FILE,
  BEST_MODEL_FILE,
  CHECKPOINTS_FOLDER,
  CONFIG_FILE,
  EVENTS_PREFIX,
  METRICS_FILE,
  MODELS_FOLDER,
  stepFileName,
  VIDEOS_FOLDER,
} from './run-layout.ts';
import { RunLock } from './run-lock.ts';
import { type RunStatus, writeStatus } from './run-status.ts';

export type { JsonObject };

export interface OpenRunOptions {
  readonly version: string;
  readonly now?: Clock | undefined;
}

export interface OpenedRun {
  readonly run: RunDirectory;
  readonly config: JsonObject;
  /** The newest checkpoint that is undamaged; undefined when the run was killed before its first: start it anew. */
  readonly checkpoint: Checkpoint | undefined;
  /** What the user should know, a line each: a damaged checkpoint was passed over, a log was incomplete. */
  readonly notes: readonly string[];
}

/** A run that this process writes. Made by `createRun` and `openRun`. */
export class RunDirectory {
  readonly path: string;
  /** Writes `metrics.jsonl` and the events file. */
  readonly log: LogSink;
  readonly #version: string;
  readonly #lock: RunLock;
  readonly #logFiles: readonly AppendFile[];
  #closed = false;

  /** For `createRun` and `openRun`, which hold the lock. */
  constructor(path: string, version: string, lock: RunLock, events: string, now: Clock) {
    this.path = path;
    this.#version = version;
    this.#lock = lock;
    let metricsFile: AppendFile;
    let eventsFile: AppendFile;
    try {
      metricsFile = new AppendFile(join(path, METRICS_FILE), now);
      eventsFile = new AppendFile(join(path, events), now);
    } catch (error) {
      lock.release();
      throw error;
    }
    this.#logFiles = [metricsFile, eventsFile];
    const continued = eventsFile.length > 0;
    this.log = new TeeSink(new JsonlSink(metricsFile, now), new TensorBoardSink(eventsFile, now, continued));
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
    for (const file of this.#logFiles) {
      file.sync(); // the log must not be shorter than a checkpoint says, even after a power loss
      logs[basename(file.path)] = file.length;
    }
    const path = checkpointPath(this.path, step);
    makeFolder(dirname(path));
    writeCheckpointFile(path, snapshot, { kind, version: this.#version, step, logs });
    removeOldCheckpoints(this.path);
    return path;
  }

  /**
   * Saves the best model so far.
   * @param model an ONNX file, or any text for agents without a network.
   * @param info written as `best.json`, with the model's file name, length and checksum added.
   * @param modelFile name of the model's file.
   * @throws WriteError when the disk refuses.
   */
  saveBest(model: Uint8Array | string, info: JsonObject, modelFile: string = BEST_MODEL_FILE): void {
    this.#lock.check();
    const bytes = typeof model === 'string' ? Buffer.from(model) : model;
    writeFileAtomic(join(this.path, modelFile), bytes);
    const entry = { file: modelFile, bytes: bytes.length, crc32: checksum(bytes, 0) };
    writeFileAtomic(join(this.path, BEST_INFO_FILE), `${JSON.stringify({ ...info, model: entry }, null, 2)}\n`);
  }

  /** Keeps the model as it is after `step` steps, in a file of its own. */
  saveSnapshot(model: Uint8Array | string, step: number, ending: string): void {
    this.#lock.check();
    const folder = join(this.path, MODELS_FOLDER);
    makeFolder(folder);
    const bytes = typeof model === 'string' ? Buffer.from(model) : model;
    writeFileAtomic(join(folder, stepFileName(step, ending)), bytes);
  }

  /** Says in `status.json` where the run stands, for programs that look from outside. */
  saveStatus(status: RunStatus): void {
    this.#lock.check();
    writeStatus(this.path, status);
  }

  /** Flushes the logs and gives the run back. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.log.close();
    } finally {
      this.#lock.release();
    }
  }
}

/**
 * Makes a run's folder, complete or not at all.
 * @throws MismatchError when `path` is a file, or a folder with something in it.
 * @throws WriteError when it cannot be made.
 */
export function createRun(options: CreateRunOptions): RunDirectory {
  const now = options.now ?? systemClock;
  const { path, lock, events } = buildRunFolder(options, now);
  return new RunDirectory(path, options.version, lock, events, now);
}

/**
 * Opens a run to resume it: takes the lock, clears away what a killed program left unfinished, reads the newest
 * undamaged checkpoint and cuts the logs back to it.
 * @throws FileFormatError when the folder is no run, or it has checkpoints and none is undamaged.
 * @throws MismatchError when another program writes the run.
 * @throws WriteError when the folder cannot be written.
 */
export function openRun(path: string, options: OpenRunOptions): OpenedRun {
  const now = options.now ?? systemClock;
  const config = readRunConfig(path);
  const lock = RunLock.acquire(path);
  try {
    removeLeftovers(path);
    const notes: string[] = [];
    const checkpoint = newestCheckpoint(path, notes);
    const events = truncateLogs(path, checkpoint, now, notes);
    return { run: new RunDirectory(path, options.version, lock, events, now), config, checkpoint, notes };
  } catch (error) {
    lock.release();
    throw error instanceof BellmanError ? error : toWriteError(path, error);
  }
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
  /** False when a kill fell between the writing of the model and of `info`, which then is of the model before. */
  readonly matches: boolean;
}

/**
 * Finds a run's best model; undefined when there is none yet.
 * @throws FileFormatError when `best.json` is damaged or the model is missing.
 */
export function readBest(path: string): BestModel | undefined {
  const file = join(path, BEST_INFO_FILE);
  if (kindOf(file) === undefined) return undefined;
  const info = parseJsonObject(file, 'Train again or use a checkpoint.');
  const { model: entry, ...rest } = info;
  const { file: name, crc32 } = (entry ?? {}) as JsonObject;
  const model = join(path, typeof name === 'string' ? basename(name) : BEST_MODEL_FILE);
  const bytes = readFileChecked(model, `${BEST_INFO_FILE} names it.`);
  return { model, info: rest, matches: checksum(bytes, 0) === crc32 };
}

/**
 * Cuts the logs to their lengths at the checkpoint; without one to their lengths at the start.
 * @returns the name of the events file to continue.
 */
function truncateLogs(path: string, checkpoint: Checkpoint | undefined, now: Clock, notes: string[]): string {
  const present = listFolder(path)
    .filter((name) => name.startsWith(EVENTS_PREFIX))
    .sort();
  const recorded = checkpoint?.header.logs ?? {};
  const events =
    Object.keys(recorded).find((name) => name.startsWith(EVENTS_PREFIX)) ??
    present[0] ??
    eventsFileName(now(), hostname());
  const lengths = {
    [METRICS_FILE]: recorded[METRICS_FILE] ?? 0,
    [events]: recorded[events] ?? eventsFileStart(0).length,
  };
  for (const [name, keep] of Object.entries(lengths)) {
    const file = new AppendFile(join(path, name), now, keep);
    if (file.length < keep) notes.push(`${file.path} is shorter than at the checkpoint: its earlier part is lost.`);
    file.close();
  }
  return events;
}

/** Removes files that a killed program left under temporary names. */
function removeLeftovers(path: string): void {
  for (const folder of [path, join(path, CHECKPOINTS_FOLDER), join(path, VIDEOS_FOLDER)]) {
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new FileFormatError(path, 'the file is damaged: it holds no JSON object', cure);
}
