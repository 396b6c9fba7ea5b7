import { renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MismatchError, RunTakenError, WriteError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { eventsFileName, eventsFileStart } from '../../log/tensorboard.ts';
import type { JsonObject } from '../../runs/json.ts';
import { newRunId } from '../../runs/run-identity.ts';
import { errorCode, isTemporaryName, syncFolder, toWriteError, writeFileAtomic } from '../files/atomic-file.ts';
import type { Clock } from '../files/clock.ts';
import { kindOf, listFolder, makeFolder, removePath } from '../files/folder.ts';
import {
  CHECKPOINTS_FOLDER,
  CONFIG_FILE,
  EVENTS_PREFIX,
  LINES_FILE,
  METRICS_FILE,
  VIDEOS_FOLDER,
} from './run-layout.ts';
import { BREAK_FILE, isLocked, isRunning, LOCK_FILE, RunLock } from './run-lock.ts';

export interface CreateRunOptions {
  /** Written as `config.json`, with the run's `id`. */
  readonly config: JsonObject;
  /** What no other run is called. Default: drawn at random. */
  readonly id?: string | undefined;
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

const OPTIONS: OptionNames<CreateRunOptions> = {
  ...{ config: true, id: true, version: true, path: true },
  ...{ root: true, name: true, now: true },
};

/** A new run's folder, with its lock held. */
export interface BuiltFolder {
  readonly path: string;
  readonly lock: RunLock;
  /** Name of its events file, which has the first record. */
  readonly events: string;
  /** With the run's id. */
  readonly config: JsonObject;
}

/**
 * Makes the folder of a run. A new one is built under a temporary name and renamed, so that it is there complete or not
 * at all; in an empty one that exists `config.json` comes last, and without it the folder counts as empty.
 * @throws UnknownNameError for an option of another name.
 * @throws MismatchError when `path` is a file, or a folder with something in it: RunTakenError when that is a run.
 * @throws WriteError when it cannot be made.
 */
export function buildRunFolder(options: CreateRunOptions, now: Clock): BuiltFolder {
  checkOptionNames(options, OPTIONS);
  const { path } = options;
  const config = { ...options.config, id: options.id ?? newRunId() };
  if (path !== undefined && kindOf(path) !== undefined) {
    refuseOccupied(path);
    return { path, config, ...fill(path, config, now) };
  }
  const root = path === undefined ? (options.root ?? 'runs') : dirname(resolve(path));
  makeFolder(root);
  removeStaleBuilds(root);
  const building = join(root, `.bellman-run.${process.pid}.tmp`);
  try {
    removePath(building);
    makeFolder(building);
    const { lock, events } = fill(building, config, now);
    const target = moveIntoPlace(building, root, options);
    syncFolder(root);
    return { path: target, config, lock: lock.movedTo(target), events };
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    // The temporary name means nothing to the user.
    throw toWriteError(path ?? root, error instanceof WriteError ? error.cause : error);
  }
}

/** Fills an empty folder; takes away what it made when something fails. */
function fill(folder: string, config: JsonObject, now: Clock): Pick<BuiltFolder, 'lock' | 'events'> {
  const lock = RunLock.acquire(folder);
  try {
    removeUnfinished(folder);
    makeFolder(join(folder, CHECKPOINTS_FOLDER));
    makeFolder(join(folder, VIDEOS_FOLDER));
    writeFileAtomic(join(folder, METRICS_FILE), '');
    const events = eventsFileName(now(), hostname());
    writeFileAtomic(join(folder, events), eventsFileStart(now()));
    writeFileAtomic(join(folder, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
    return { lock, events };
  } catch (error) {
    removeUnfinished(folder);
    lock.release();
    throw error;
  }
}

function moveIntoPlace(building: string, root: string, options: CreateRunOptions): string {
  const prefix = `${options.name ?? 'run'}-`;
  for (;;) {
    const numbers = listFolder(root)
      .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map((name) => Number(name.slice(prefix.length)));
    const target = options.path ?? join(root, `${prefix}${Math.max(0, ...numbers) + 1}`);
    try {
      renameSync(building, target);
      return target;
    } catch (error) {
      // A program that started at the same moment made a folder of that name.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '') || kindOf(target) !== 'folder')
        throw error;
      if (options.path !== undefined) refuseOccupied(options.path);
    }
  }
}

function refuseOccupied(path: string): void {
  if (kindOf(path) !== 'folder') throw new MismatchError(`${path} is a file. Name a new folder for the run.`);
  const names = listFolder(path);
  if (names.includes(CONFIG_FILE)) {
    throw new RunTakenError(`${path} is not empty. Resume it with --resume, or name a new folder.`);
  }
  if (names.some((name) => name !== LOCK_FILE && name !== BREAK_FILE && !isUnfinishedPart(path, name))) {
    throw new MismatchError(`${path} is not empty. Name a new folder.`);
  }
}

/** Whether an entry of a folder without `config.json` is what a killed `createRun` leaves. */
function isUnfinishedPart(path: string, name: string): boolean {
  if (name === CHECKPOINTS_FOLDER || name === VIDEOS_FOLDER) return listFolder(join(path, name)).length === 0;
  return name === METRICS_FILE || name === LINES_FILE || name.startsWith(EVENTS_PREFIX) || isTemporaryName(name);
}

function removeUnfinished(path: string): void {
  for (const name of listFolder(path)) if (isUnfinishedPart(path, name)) removePath(join(path, name));
}

/** Removes folders that a killed `createRun` left next to the runs. */
function removeStaleBuilds(root: string): void {
  for (const name of listFolder(root)) {
    const pid = /^\.bellman-run\.(\d+)\.tmp$/.exec(name)?.[1];
    const path = join(root, name);
    // The process is asked too, as its builder may be about to take the lock.
    if (pid === undefined || isRunning(Number(pid)) || isLocked(path)) continue;
    removePath(path);
  }
}
