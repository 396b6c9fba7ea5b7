import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MismatchError } from '../../core/errors.ts';
import { errorCode, temporaryPath, toWriteError } from '../files/atomic-file.ts';

/**
 * The lock of a run directory: a file that says which process writes there. A process identifier alone does not do, as
 * the system gives it out again; with the time at which the process started it names one process for ever. The lock of a
 * process that is gone (kill -9, power loss) is taken over.
 *
 * The file appears with its content, by a hard link, so nobody reads half of it. A stale file is first moved away, which
 * only one program can do; the mover checks that what it moved is what it had judged.
 */
export interface LockOwner {
  readonly pid: number;
  /** When the process started, in the system's own form; empty where the system does not tell. */
  readonly started: string;
  readonly host: string;
}

export const LOCK_FILE = '.lock';

export class RunLock {
  readonly path: string;
  readonly owner: LockOwner;
  #held = true;

  private constructor(path: string, owner: LockOwner) {
    this.path = path;
    this.owner = owner;
  }

  /**
   * Takes the lock of a run directory.
   * @throws MismatchError when another program, or another part of this one, holds it.
   * @throws WriteError when the folder cannot be written.
   */
  static acquire(folder: string): RunLock {
    const path = join(folder, LOCK_FILE);
    const owner = thisProcess();
    const temporary = temporaryPath(path);
    try {
      for (let attempt = 0; attempt < 10; attempt++) {
        // Written anew each time: a program that opens the run at this moment clears temporary files away.
        fs.writeFileSync(temporary, `${JSON.stringify(owner)}\n`);
        if (linkNew(temporary, path)) return new RunLock(path, owner);
        removeIfStale(folder, path, temporary);
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
    if (!this.#held || owner === undefined || !sameOwner(owner, this.owner)) {
      throw new MismatchError(`${this.path} is no longer held by this program; nothing more is written to the run.`);
    }
  }

  /** Gives the lock back; harmless when it is gone. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    const owner = readOwner(this.path);
    if (owner !== undefined && sameOwner(owner, this.owner)) fs.rmSync(this.path, { force: true });
  }
}

/** Whether a lock file in `folder` belongs to a process that may still be alive. */
export function isLocked(folder: string): boolean {
  const owner = readOwner(join(folder, LOCK_FILE));
  return owner !== undefined && mayBeAlive(owner);
}

/** Whether this machine has a process of that identifier at present. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
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

function removeIfStale(folder: string, path: string, temporary: string): void {
  const judged = readOwner(path);
  if (judged === undefined && !fs.existsSync(path)) return; // released in the meantime
  if (judged !== undefined && mayBeAlive(judged)) throw heldBy(folder, path, judged);
  const aside = `${temporary.slice(0, -'.tmp'.length)}.stale.tmp`;
  try {
    fs.renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return; // another program was quicker
    throw error;
  }
  const moved = readOwner(aside);
  if (moved !== undefined && (judged === undefined || !sameOwner(moved, judged))) {
    linkNew(aside, path); // a live program's lock, taken between our look and our move: put it back
    fs.rmSync(aside, { force: true });
    throw heldBy(folder, path, moved);
  }
  fs.rmSync(aside, { force: true });
}

function heldBy(folder: string, path: string, owner: LockOwner | undefined): MismatchError {
  if (owner === undefined) return new MismatchError(`${folder} is being opened by other programs. Try again.`);
  const where = owner.host === hostname() ? '' : ` on ${owner.host}`;
  const cure =
    where === ''
      ? 'Wait for it or end it.'
      : `If that program is gone, delete ${path}: from here it cannot be seen whether it lives.`;
  return new MismatchError(`${folder} is being written by another program (pid ${owner.pid}${where}). ${cure}`);
}

function readOwner(path: string): LockOwner | undefined {
  try {
    const { pid, started, host } = JSON.parse(fs.readFileSync(path, 'utf8')) as LockOwner;
    return Number.isInteger(pid) && pid > 0 && typeof started === 'string' && typeof host === 'string'
      ? { pid, started, host }
      : undefined;
  } catch {
    return undefined;
  }
}

function sameOwner(a: LockOwner, b: LockOwner): boolean {
  return a.pid === b.pid && a.started === b.started && a.host === b.host;
}

/** False only when the process is certainly gone; another machine's cannot be asked. */
function mayBeAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  if (!isRunning(owner.pid)) return false;
  const started = startTime(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

let own: LockOwner | undefined;
function thisProcess(): LockOwner {
  own ??= { pid: process.pid, started: startTime(process.pid), host: hostname() };
  return own;
}

function startTime(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // Field 22, in clock ticks since boot; the name in field 2 may hold spaces and parentheses.
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}
