import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MismatchError } from '../../core/errors.ts';
import { isLocked, LOCK_FILE, type LockOwner, RunLock } from './run-lock.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

const writeLock = (owner: LockOwner): void => fs.writeFileSync(join(folder, LOCK_FILE), JSON.stringify(owner));

/** A process that lives until it is killed; resolves once it runs. */
async function sleeper(): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)']);
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid!,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

describe('RunLock', () => {
  it('is held by one at a time', () => {
    const lock = RunLock.acquire(folder);
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
    expect(isLocked(folder)).toBe(true);
    expect(() => RunLock.acquire(folder)).toThrow(MismatchError);
    expect(() => RunLock.acquire(folder)).toThrow(`pid ${process.pid}`);
    lock.check();
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(isLocked(folder)).toBe(false);
    RunLock.acquire(folder).release();
  });

  it('names the living process that holds it, and is taken over when that was killed', async () => {
    const holder = await sleeper();
    writeLock({ pid: holder.pid, started: '', host: hostname() });
    expect(() => RunLock.acquire(folder)).toThrow(`${folder} is being written by another program (pid ${holder.pid}).`);
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
    await holder.kill();
    expect(isLocked(folder)).toBe(false);
    RunLock.acquire(folder).check();
  });

  it.runIf(process.platform === 'linux')('is taken over when its process identifier was given to another', () => {
    writeLock({ pid: process.pid, started: 'another boot 12345', host: hostname() });
    RunLock.acquire(folder).check();
  });

  it.each([
    '',
    '{"pid":',
    '{"pid":"x"}',
    'null',
    '{"pid":-1,"started":"","host":"h"}',
  ])('is taken over from %j', (text) => {
    fs.writeFileSync(join(folder, LOCK_FILE), text);
    RunLock.acquire(folder).check();
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
  });

  it("respects another machine's, whose processes cannot be seen, and says what to do", () => {
    writeLock({ pid: 1, started: '', host: 'elsewhere' });
    expect(() => RunLock.acquire(folder)).toThrow(`(pid 1 on elsewhere). If that program is gone, delete`);
  });

  it('notices that it was taken away, and then leaves the other alone', () => {
    const lock = RunLock.acquire(folder);
    writeLock({ pid: process.pid, started: 'other', host: hostname() });
    expect(() => lock.check()).toThrow(MismatchError);
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
  });
});
