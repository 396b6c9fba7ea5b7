import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MismatchError } from '../../core/errors.ts';
import { BREAK_FILE, isLocked, LOCK_FILE, type LockOwner, RunLock } from './run-lock.ts';

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

/** Acquisitions of each program; more by `BELLMAN_CONTENTIONS=5000 npx vitest run src/node/runs/run-lock.test.ts`. */
const CONTENTIONS = Number(process.env['BELLMAN_CONTENTIONS'] ?? 60);

/** A program that takes the lock again and again, now and then leaves a dead one's behind, and counts who else is within. */
function contend(where: string, times: number): Promise<{ overlaps: number; taken: number }> {
  const program = fileURLToPath(new URL('../../../test/platform/contend-lock.ts', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, where, `${times}`]);
    children.push(child);
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
    });
    child.on('close', () => resolve(JSON.parse(text)));
  });
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
    expect(() => RunLock.acquire(folder)).toThrow(`(pid 1 on "elsewhere"). If that program is gone, delete`);
  });

  it.runIf(process.platform === 'linux')(
    "respects that of a container with this host's name as long as its owner refreshes it",
    () => {
      // A process of that number runs here too, and says nothing of the one there.
      writeLock({ pid: process.pid, started: '', host: hostname(), space: 'pid:[1]' });
      expect(() => RunLock.acquire(folder)).toThrow(
        `(pid ${process.pid} in another container). If that program is gone, delete ${join(folder, LOCK_FILE)}`,
      );
      const longAgo = Date.now() / 1000 - 601;
      fs.utimesSync(join(folder, LOCK_FILE), longAgo, longAgo);
      expect(isLocked(folder)).toBe(false);
      RunLock.acquire(folder).check();
    },
  );

  it('is refreshed by its owner, at times', () => {
    const lock = RunLock.acquire(folder);
    const file = join(folder, LOCK_FILE);
    fs.utimesSync(file, 1000, 1000);
    lock.refresh();
    expect(fs.statSync(file).mtimeMs).toBe(1e6);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 31_000);
    lock.refresh();
    vi.restoreAllMocks();
    expect(fs.statSync(file).mtimeMs).toBeGreaterThan(1e9);
    lock.release();
    lock.refresh();
  });

  it('is not taken from a folder of its name', () => {
    fs.mkdirSync(join(folder, LOCK_FILE));
    expect(() => RunLock.acquire(folder)).toThrow(`${join(folder, LOCK_FILE)} is a folder, and in the place of`);
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
  });

  it('is taken over also where a program was killed while it took it over', async () => {
    const killed = await sleeper();
    const owner = { pid: killed.pid, started: '', host: hostname() };
    await killed.kill();
    writeLock(owner);
    fs.writeFileSync(join(folder, BREAK_FILE), JSON.stringify(owner));
    const lock = RunLock.acquire(folder);
    lock.check();
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
    lock.release();
    // And where it had removed the stale one already.
    fs.writeFileSync(join(folder, BREAK_FILE), JSON.stringify(owner));
    RunLock.acquire(folder);
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over from a process that has ended and was never asked how',
    async () => {
      // The shell that would ask becomes another program, which does not.
      const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000']);
      children.push(parent);
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      const stat = (of: number) => fs.readFileSync(`/proc/${of}/stat`, 'utf8').split(' ');
      await vi.waitFor(() => expect(stat(parent.pid!)[1]).toBe('(sleep)'), 10_000);
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => expect(stat(pid)[2]).toBe('Z'), 10_000);
      writeLock({ pid, started: '', host: hostname() });
      RunLock.acquire(folder).check();
    },
  );

  it('is held by one of several programs at a time, whatever they do at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => contend(folder, CONTENTIONS)));
    for (const { overlaps, taken } of outcomes) {
      expect(overlaps).toBe(0);
      expect(taken).toBe(CONTENTIONS);
    }
  });

  it('notices that it was taken away, and then leaves the other alone', () => {
    const lock = RunLock.acquire(folder);
    writeLock({ pid: process.pid, started: 'other', host: hostname() });
    expect(() => lock.check()).toThrow(MismatchError);
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([LOCK_FILE]);
  });
});
