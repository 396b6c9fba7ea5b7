/**
 * The lock that Optuna takes for each addition to a journal: something of the name `FILE.lock`, which its default makes as a symbolic link
 * to the journal and its other kind as an empty file. Either way what is there keeps others out. One that stays for half a minute without
 * the journal growing is of a program that is gone, and is taken away, as Optuna takes it away.
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../files/atomic-file.ts';

const GRACE_MS = 30_000;
const LONGEST_PAUSE_MS = 200;

/** Takes the lock of a journal. @returns what gives it back. @param grace milliseconds after which a lock that nothing moves counts as left. */
export async function lockJournal(path: string, grace = GRACE_MS): Promise<() => void> {
  const lock = `${path}.lock`;
  let seen = '';
  let since = performance.now();
  for (let pause = 1; !take(path, lock); pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const now = stateOf(path, lock);
    if (now !== seen) {
      seen = now;
      since = performance.now();
    } else if (performance.now() - since > grace) {
      remove(lock);
      continue;
    }
    await sleep(pause);
  }
  return () => remove(lock);
}

function take(path: string, lock: string): boolean {
  try {
    // Optuna follows the link to see whether the journal still grows.
    fs.symlinkSync(resolve(path), lock);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    // No right to make links, as on Windows, or no links at all, as on exFAT.
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'UNKNOWN'].includes(code ?? '')) throw error;
  }
  try {
    fs.closeSync(fs.openSync(lock, 'wx'));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Tells this lock and this length of the journal from others. */
function stateOf(path: string, lock: string): string {
  const [link, file] = [fs.lstatSync(lock, { throwIfNoEntry: false }), fs.statSync(path, { throwIfNoEntry: false })];
  return `${link?.ino} ${link?.ctimeMs} ${file?.size} ${file?.mtimeMs}`;
}

/** By another name first, so that of several programs one alone removes it. */
function remove(lock: string): void {
  const aside = `${lock}${randomUUID()}.rename`;
  try {
    fs.renameSync(lock, aside);
    fs.unlinkSync(aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
