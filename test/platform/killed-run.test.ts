import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PROGRAM = new URL('./counting-run.ts', import.meta.url).pathname;
const KILLS = Number(process.env['BELLMAN_KILLS'] ?? 4);
const LAST = 60 + 60 * KILLS;

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly end: Promise<{ code: number | null; output: string }>;
}

function start(mode: 'new' | 'resume', path: string): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, mode, path, String(LAST)]);
  let output = '';
  let isReady: (value: unknown) => void = () => {};
  const ready = new Promise((resolve) => {
    isReady = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += String(data);
      if (output.includes('ready')) isReady(undefined);
    });
  }
  const end = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('exit', (code) => {
      isReady(undefined);
      resolve({ code, output });
    }),
  );
  return { child, ready, end };
}

/** What a run leaves, apart from the name of the host in file names. */
function result(path: string): Record<string, string> {
  const files = fs.readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    files
      .filter((name) => fs.statSync(join(path, name)).isFile())
      .map((name) => [name, fs.readFileSync(join(path, name)).toString('base64')]),
  );
}

it(`a run killed ${KILLS} times at any moment ends as one that never stopped, byte for byte`, {
  timeout: 600_000,
}, async () => {
  const whole = join(root, 'whole');
  expect(await start('new', whole).end).toMatchObject({ code: 0 });

  const killed = join(root, 'killed');
  let running = start('new', killed);
  let kills = 0;
  for (let i = 0; ; i++) {
    await running.ready;
    if (kills < KILLS) {
      // Spread over the first moments after the start, where opening, logging and saving follow each other closely.
      await new Promise((resolve) => setTimeout(resolve, (i * 37) % 150));
      if (running.child.exitCode === null && running.child.kill('SIGKILL')) kills++;
    }
    const { code, output } = await running.end;
    if (code === 0) break;
    expect(code, output).toBeNull();
    running = start('resume', killed);
  }
  expect(result(killed)).toEqual(result(whole));
  expect(kills).toBeGreaterThanOrEqual(Math.min(KILLS, 3));
});

it('two programs cannot write one run', async () => {
  const path = join(root, 'shared');
  const first = start('new', path);
  await first.ready;
  const second = await start('resume', path).end;
  expect(second.code).not.toBe(0);
  expect(second.output).toContain(`is being written by another program (pid ${first.child.pid})`);
  first.child.kill('SIGKILL');
  await first.end;
});
