/**
 * Takes a lock again and again, for tests that let several programs do so at once:
 *
 *     tsx contend-lock.ts FOLDER TIMES
 *
 * It goes on until it has held the lock TIMES times, however often others had it. While it holds the lock it makes a file that
 * only one program can make. Every seventh time it leaves the lock of a process that is gone, which the others find stale.
 * Prints how often it held the lock, and how often another was within too.
 */
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LOCK_FILE, RunLock } from '../../src/node/runs/run-lock.ts';

const [folder, times] = process.argv.slice(2);
const inside = join(folder, 'inside');
let overlaps = 0;
let taken = 0;
while (taken < Number(times)) {
  let lock: RunLock;
  try {
    lock = RunLock.acquire(folder);
  } catch {
    continue;
  }
  taken++;
  try {
    fs.closeSync(fs.openSync(inside, 'wx'));
  } catch {
    overlaps++;
  }
  lock.check();
  fs.rmSync(inside, { force: true });
  if (taken % 7 === 0) {
    // As if this program had been killed: no process has this number.
    const stale = { pid: 2 ** 22 + 1, started: '', host: hostname() };
    const file = join(folder, '.stale');
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(stale));
    fs.renameSync(`${file}.${process.pid}`, join(folder, LOCK_FILE));
  } else {
    lock.release();
  }
}
console.log(JSON.stringify({ overlaps, taken }));
