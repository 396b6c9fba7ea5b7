import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { MismatchError, RunTakenError, show } from '../../core/errors.ts';
import { errorCode, temporaryPath, toWriteError } from '../files/atomic-file.ts';
import { systemClock } from '../files/clock.ts';

/**
 * The lock of a run directory: a file that says which process writes there. A process identifier alone does not do, as
 * the system gives it out again; with the time at which the process started it names one process for ever. The lock of a
 * process that is gone (kill -9, power loss) is taken over.
 *
 * The file appears with its content, by a hard link, so nobody reads half of it. A stale file is removed only by the program
 * that holds a second lock, taken for that moment, and that has judged it again: it removes what it judged and nothing else.
 *
 * Containers with one host name have processes that do not see each other. The lock of one is respected by the others as long
 * as its owner refreshes it.
 */
export interface LockOwner {
  readonly pid: number;
  /** When the process started, in the system's own form; empty where the system does not tell. */
  readonly started: string;
  readonly host: string;
  /** Which processes see each other, in the system's own form; empty or missing where the system does not tell. */
  readonly space?: string | undefined;
}

export const LOCK_FILE = '.lock';
/** The second lock. */
export const BREAK_FILE = '.lock.break';

/** An owner writes the time of its lock anew after so long, and counts as gone where it was not seen for so long. */
const REFRESH_MS = 30_000;
const LEASE_MS = 600_000;

export class RunLock {
  readonly path: string;
  readonly owner: LockOwner;
  #held = true;
  #refreshed = performance.now();

  private constructor(path: string, owner: LockOwner) {
    this.path = path;
    this.owner = owner;
  }

  /**
   * Takes the lock of a run directory.
   * @throws RunTakenError when another program, or another part of this one, holds it.
   * @throws WriteError when the folder cannot be written.
   */
  static acquire(folder: string): RunLock {
    const path = join(folder, LOCK_FILE);
    const owner = thisProcess();
    const temporary = temporaryPath(path);
    try {
      for (let attempt = 0; attempt < 20; attempt++) {
        // Written anew each time: a program that opens the run at this moment clears temporary files away.
        fs.writeFileSync(temporary, `${JSON.stringify(owner)}\n`);
        if (linkNew(temporary, path)) {
          removeDeadBreaker(join(folder, BREAK_FILE), temporary);
          return new RunLock(path, owner);
        }
        removeIfStale(folder, path, temporary);
        if (attempt > 0) pause(attempt);
      }
      throw heldBy(folder, path, undefined);
    } catch (error) {
      throw toWriteError(path, error);
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  }

  /** Says where the lock lies after its folder was renamed. */
  movedTo(folder: string): RunLock {
    this.#held = false;
    return new RunLock(join(folder, LOCK_FILE), this.owner);
  }

  /**
   * Makes sure that nobody took the lock away, before something is written.
   * @throws MismatchError when the lock is gone or another's.
   */
  check(): void {
    const owner = readOwner(this.path);
    if (!this.#held || !isOwner(owner) || !sameOwner(owner, this.owner)) {
      throw new MismatchError(`${this.path} is no longer held by this program; nothing more is written to the run.`);
    }
  }

  /** Says, at times, that its owner lives, to programs that cannot see it. To be called often. */
  refresh(): void {
    const now = performance.now();
    if (now - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = now;
    try {
      const time = systemClock() / 1000;
      fs.utimesSync(this.path, time, time);
    } catch {
      // Taken away: `check` says so before anything is written.
    }
  }

  /** Gives the lock back; harmless when it is gone. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    const owner = readOwner(this.path);
    if (isOwner(owner) && sameOwner(owner, this.owner)) fs.rmSync(this.path, { force: true });
  }
}

/** Whether a lock file in `folder` belongs to a process that may still be alive. */
export function isLocked(folder: string): boolean {
  const path = join(folder, LOCK_FILE);
  const owner = readOwner(path);
  return isOwner(owner) && mayBeAlive(owner, path);
}

/** The process that holds a folder's lock, where it lives, and this program could send it a signal: on this machine, in this
 * container, and surely the one that took the lock. */
export function reachableOwner(folder: string): LockOwner | undefined {
  const path = join(folder, LOCK_FILE);
  const owner = readOwner(path);
  if (!isOwner(owner) || owner.host !== hostname() || !sameSpace(owner) || !isRunning(owner.pid)) return undefined;
  const started = startTime(owner.pid);
  return started !== '' && started === owner.started ? owner : undefined;
}

/** Whether this machine has a process of that identifier at present. One that has ended, and whose parent has not asked how, is
 * none: in a container there may be nobody who ever asks. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !['Z', 'X'].includes(statOf(pid)[0]!);
  } catch (error) {
    return errorCode(error) !== 'ESRCH'; // EPERM: it lives and is another user's
  }
}

function linkNew(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' || (code === 'ENOENT' && !fs.existsSync(from))) return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(code ?? '')) throw error;
  }
  // A file system without hard links (exFAT): copy, which also refuses an existing file.
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose owner is gone.
 * @throws RunTakenError when the owner lives, MismatchError when a folder is in the lock's place.
 */
function removeIfStale(folder: string, path: string, temporary: string): void {
  if (refuseLiving(folder, path) === 'none') return; // released in the meantime
  const breaker = join(folder, BREAK_FILE);
  if (!linkNew(temporary, breaker)) {
    removeDeadBreaker(breaker, temporary);
    return;
  }
  try {
    // Judged again: since the first look another program may have removed it, and a third taken the lock.
    if (refuseLiving(folder, path) === 'none') return;
    fs.rmSync(path, { force: true });
  } finally {
    fs.rmSync(breaker, { force: true });
  }
}

/** What is at the lock's place, if nobody alive holds it. @throws MismatchError */
function refuseLiving(folder: string, path: string): 'none' | 'stale' {
  let owner = readOwner(path);
  if (owner === 'unreadable') {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new MismatchError(`${path} is a folder, and in the place of the run's lock. Remove it.`);
    }
    // Where there are no hard links it may be half written.
    pause(50);
    owner = readOwner(path);
  }
  if (owner === 'none') return 'none';
  if (owner !== 'unreadable' && mayBeAlive(owner, path)) throw heldBy(folder, path, owner);
  return 'stale';
}

/** Killed within the few microseconds in which it held the second lock. */
function removeDeadBreaker(breaker: string, temporary: string): void {
  const owner = readOwner(breaker);
  if (owner === 'none' || (owner !== 'unreadable' && mayBeAlive(owner, breaker))) return;
  const aside = `${temporary.slice(0, -'.tmp'.length)}.stale.tmp`;
  try {
    fs.renameSync(breaker, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return; // another program was quicker
    throw error;
  }
  fs.rmSync(aside, { force: true, recursive: true });
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function heldBy(folder: string, path: string, owner: LockOwner | undefined): RunTakenError {
  if (owner === undefined) return new RunTakenError(`${folder} is being opened by other programs. Try again.`);
  const where = owner.host !== hostname() ? ` on ${show(owner.host)}` : sameSpace(owner) ? '' : ' in another container';
  const cure =
    where === ''
      ? 'Wait for it or end it.'
      : `If that program is gone, delete ${path}: from here it cannot be seen whether it lives.`;
  return new RunTakenError(`${folder} is being written by another program (pid ${owner.pid}${where}). ${cure}`);
}

/** `none` without a file, `unreadable` for one that is no lock. */
function readOwner(path: string): LockOwner | 'none' | 'unreadable' {
  try {
    // Reading a pipe would wait for ever.
    if (!fs.statSync(path).isFile()) return 'unreadable';
    const { pid, started, host, space } = JSON.parse(fs.readFileSync(path, 'utf8')) as LockOwner;
    return Number.isInteger(pid) && pid > 0 && typeof started === 'string' && typeof host === 'string'
      ? { pid, started, host, space: typeof space === 'string' ? space : '' }
      : 'unreadable';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'none' : 'unreadable';
  }
}

const isOwner = (found: LockOwner | 'none' | 'unreadable'): found is LockOwner => typeof found === 'object';

function sameOwner(a: LockOwner, b: LockOwner): boolean {
  return a.pid === b.pid && a.started === b.started && a.host === b.host && (a.space ?? '') === (b.space ?? '');
}

/** Whether this process would see the owner if it lived on this host. */
function sameSpace({ space = '' }: LockOwner): boolean {
  const { space: ours = '' } = thisProcess();
  return space === '' || ours === '' || space === ours;
}

/** False only when the process is certainly gone; another machine's cannot be asked. */
function mayBeAlive(owner: LockOwner, path: string): boolean {
  if (owner.host !== hostname()) return true;
  if (!sameSpace(owner)) return systemClock() - (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < LEASE_MS;
  if (!isRunning(owner.pid)) return false;
  const started = startTime(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

let own: LockOwner | undefined;
function thisProcess(): LockOwner {
  own ??= { pid: process.pid, started: startTime(process.pid), host: hostname(), space: ownSpace() };
  return own;
}

/** What Linux says of a process from field 3 on, its state; the name in field 2 may hold spaces and parentheses. */
function statOf(pid: number): string[] {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Linux names the space of process identifiers that a container has for itself. */
function ownSpace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function startTime(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // Field 22, in clock ticks since boot.
      const ticks = statOf(pid)[19];
      return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}
