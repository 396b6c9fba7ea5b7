import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { BellmanError, FileFormatError, MismatchError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { JsonlSink } from '../log/jsonl.ts';
import { type LogSink, TeeSink } from '../log/sink.ts';
import { eventsFileName, eventsFileStart, TensorBoardSink } from '../log/tensorboard.ts';
import type { Checkpoint } from '../train/checkpoint-format.ts';
import { AppendFile, fileLength } from './append-file.ts';
import {
  errorCode,
  isTemporaryName,
  readFileChecked,
  syncFolder,
  toWriteError,
  writeFileAtomic,
} from './atomic-file.ts';
import { checksum, isForeignFormat, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';
import { type Clock, systemClock } from './clock.ts';
import { isLocked, isRunning, RunLock } from './run-lock.ts';

/**
 * A run is a folder that explains itself:
 *
 *     config.json                   what was asked for, resolved: recipe, environment, values with sources, seed, versions
 *     metrics.jsonl                 one JSON object a line
 *     events.out.tfevents.*         the same for TensorBoard
 *     checkpoints/checkpoint-N.bck  the newest two; N is the step
 *     best.onnx, best.json          the best model so far and what is known of it
 *     videos/
 *     .lock                         the process that writes here, while there is one
 *
 * A kill at any moment leaves something that `openRun` continues: every file but the logs appears complete or not at all,
 * and the logs are cut back to where they were at the checkpoint, so that a continued run's logs are those of a run that
 * never stopped (the times in them aside).
 */
export const CONFIG_FILE = 'config.json';
export const METRICS_FILE = 'metrics.jsonl';
export const BEST_MODEL_FILE = 'best.onnx';
export const BEST_INFO_FILE = 'best.json';
export const CHECKPOINTS_FOLDER = 'checkpoints';
export const VIDEOS_FOLDER = 'videos';

const CHECKPOINTS_KEPT = 2;
const EVENTS_PREFIX = 'events.out.tfevents.';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export interface CreateRunOptions {
  /** Written as `config.json`. */
  readonly config: JsonObject;
  /** Version of this package, noted in checkpoints. */
  readonly version: string;
  /** The run's folder: new or empty. Without it a numbered one is made in `root`. */
  readonly path?: string | undefined;
  /** Where numbered folders are made. */
  readonly root?: string | undefined;
  /** First part of a numbered folder's name, such as `dqn-pong-seed1`. */
  readonly name?: string | undefined;
  readonly now?: Clock | undefined;
}

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
    const folder = join(this.path, CHECKPOINTS_FOLDER);
    makeFolder(folder);
    const path = join(folder, checkpointName(step));
    writeCheckpointFile(path, snapshot, { kind, version: this.#version, step, logs });
    for (const old of listCheckpoints(this.path).slice(CHECKPOINTS_KEPT)) removeFile(old.path);
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
 * Makes a run's folder. It is built under a temporary name and renamed, so that it is there complete or not at all.
 * @throws MismatchError when `path` is a folder with something in it, or a file.
 * @throws WriteError when it cannot be made.
 */
export function createRun(options: CreateRunOptions): RunDirectory {
  const now = options.now ?? systemClock;
  const root = options.path === undefined ? (options.root ?? 'runs') : dirname(resolve(options.path));
  if (options.path !== undefined) refuseNonEmpty(options.path);
  makeFolder(root);
  removeStaleBuilds(root);
  const building = join(root, `.bellman-run.${process.pid}.tmp`);
  try {
    fs.rmSync(building, { recursive: true, force: true });
    fs.mkdirSync(building);
    const lock = RunLock.acquire(building);
    fs.mkdirSync(join(building, CHECKPOINTS_FOLDER));
    fs.mkdirSync(join(building, VIDEOS_FOLDER));
    writeFileAtomic(join(building, CONFIG_FILE), `${JSON.stringify(options.config, null, 2)}\n`);
    writeFileAtomic(join(building, METRICS_FILE), '');
    const events = eventsFileName(now(), hostname());
    writeFileAtomic(join(building, events), eventsFileStart(now()));
    const path = moveIntoPlace(building, root, options);
    syncFolder(root);
    return new RunDirectory(path, options.version, lock.movedTo(path), events, now);
  } catch (error) {
    fs.rmSync(building, { recursive: true, force: true });
    throw error instanceof BellmanError ? error : toWriteError(options.path ?? root, error);
  }
}

/**
 * Opens a run to go on with it: takes the lock, clears away what a killed program left unfinished, reads the newest
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
  const cure = 'Give the folder of a run, as `bellman train` prints it.';
  const file = join(path, CONFIG_FILE);
  if (fileLength(file) === undefined) throw new FileFormatError(path, `not a run, there is no ${CONFIG_FILE}`, cure);
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
  if (fileLength(file) === undefined) return undefined;
  const info = parseJsonObject(file, 'Train again or use a checkpoint.');
  const { model: entry, ...rest } = info;
  const { file: name, crc32 } = (entry ?? {}) as JsonObject;
  const model = join(path, typeof name === 'string' ? basename(name) : BEST_MODEL_FILE);
  const bytes = readFileChecked(model, `${BEST_INFO_FILE} names it.`);
  return { model, info: rest, matches: checksum(bytes, 0) === crc32 };
}

/** A run's checkpoints, newest first. */
export function listCheckpoints(path: string): { readonly path: string; readonly step: number }[] {
  const folder = join(path, CHECKPOINTS_FOLDER);
  const found: { path: string; step: number }[] = [];
  for (const name of listFolder(folder)) {
    const match = /^checkpoint-(\d+)\.bck$/.exec(name);
    if (match !== null) found.push({ path: join(folder, name), step: Number(match[1]) });
  }
  return found.sort((a, b) => b.step - a.step);
}

const checkpointName = (step: number): string => `checkpoint-${step}.bck`;

/** Reads the newest undamaged checkpoint, and sets damaged ones aside so that they are not counted among those kept. */
function newestCheckpoint(path: string, notes: string[]): Checkpoint | undefined {
  const damaged: FileFormatError[] = [];
  for (const candidate of listCheckpoints(path)) {
    try {
      const checkpoint = readCheckpointFile(candidate.path);
      for (const error of damaged) notes.push(`${error.message} Going on from ${basename(candidate.path)}.`);
      for (const newer of listCheckpoints(path).slice(0, damaged.length)) {
        fs.renameSync(newer.path, `${newer.path}.damaged`);
      }
      return checkpoint;
    } catch (error) {
      if (!(error instanceof FileFormatError) || isForeignFormat(candidate.path)) throw error;
      damaged.push(error);
    }
  }
  if (damaged.length === 0) return undefined;
  throw damaged.length === 1
    ? damaged[0]
    : new FileFormatError(
        join(path, CHECKPOINTS_FOLDER),
        `none of the ${damaged.length} checkpoints is undamaged`,
        'Restore one from a copy, or delete them all to start the run anew.',
        { cause: damaged[0] },
      );
}

/**
 * Cuts the logs to their lengths at the checkpoint; without one to their lengths at the start.
 * @returns the name of the events file to go on with.
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

function moveIntoPlace(building: string, root: string, options: CreateRunOptions): string {
  const prefix = `${options.name ?? 'run'}-`;
  for (;;) {
    const numbers = listFolder(root)
      .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map((name) => Number(name.slice(prefix.length)));
    const target = options.path ?? join(root, `${prefix}${Math.max(0, ...numbers) + 1}`);
    try {
      fs.renameSync(building, target);
      return target;
    } catch (error) {
      // Renaming onto an empty folder replaces it. Onto another it fails: a program that started at the same time made it.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
      if (options.path !== undefined) {
        refuseNonEmpty(options.path);
        // Windows does not rename onto a folder even when it is empty.
        fs.rmdirSync(options.path);
      } else if (fileLength(target) === undefined) throw error;
    }
  }
}

function refuseNonEmpty(path: string): void {
  const entry = fs.statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return;
  if (!entry.isDirectory()) throw new MismatchError(`${path} is a file. Name a new folder for the run.`);
  if (listFolder(path).length === 0) return;
  const cure = fs.existsSync(join(path, CONFIG_FILE))
    ? 'Go on with it by --resume, or name a new folder.'
    : 'Name a new folder.';
  throw new MismatchError(`${path} is not empty. ${cure}`);
}

/** Removes folders that a killed `createRun` left beside the runs. */
function removeStaleBuilds(root: string): void {
  for (const name of listFolder(root)) {
    const pid = /^\.bellman-run\.(\d+)\.tmp$/.exec(name)?.[1];
    const path = join(root, name);
    // The process is asked too, as its builder may be about to take the lock.
    if (pid === undefined || isRunning(Number(pid)) || isLocked(path)) continue;
    removeFile(path);
  }
}

/** Removes files that a killed program left under temporary names. */
function removeLeftovers(path: string): void {
  for (const folder of [path, join(path, CHECKPOINTS_FOLDER), join(path, VIDEOS_FOLDER)]) {
    for (const name of listFolder(folder)) {
      if (isTemporaryName(name)) removeFile(join(folder, name));
    }
  }
}

function listFolder(path: string): string[] {
  try {
    return fs.readdirSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return [];
    throw error;
  }
}

function removeFile(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw toWriteError(path, error);
  }
}

function makeFolder(path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw toWriteError(path, error);
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
