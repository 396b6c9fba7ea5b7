import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';

const PROGRAM = new URL('./counting-run.ts', import.meta.url).pathname;
const KILLS = Number(process.env['BELLMAN_KILLS'] ?? 4);
/** More steps than any run that is to be killed gets to, however late the kill. */
const NEVER = 1e9;

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly end: Promise<Ending>;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

function start(mode: 'new' | 'resume', path: string, last: number): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, mode, path, String(last)]);
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
  const end = new Promise<Ending>((resolve) =>
    child.once('exit', (code, signal) => {
      isReady(undefined);
      resolve({ code, signal, output });
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
  const killed = join(root, 'killed');
  for (let i = 0; i < KILLS; i++) {
    const running = start(i === 0 ? 'new' : 'resume', killed, NEVER);
    await running.ready;
    // Spread over the first moments after the start, where opening, logging and saving follow each other closely.
    await new Promise((resolve) => setTimeout(resolve, (i * 37) % 150));
    running.child.kill('SIGKILL');
    expect(await running.end).toMatchObject({ code: null, signal: 'SIGKILL' });
  }
  const last = (listCheckpoints(killed)[0]?.step ?? 0) + 60;
  expect(await start('resume', killed, last).end).toMatchObject({ code: 0 });

  const whole = join(root, 'whole');
  expect(await start('new', whole, last).end).toMatchObject({ code: 0 });
  expect(result(killed)).toEqual(result(whole));
});

it('two programs cannot write one run', async () => {
  const path = join(root, 'shared');
  const first = start('new', path, NEVER);
  await first.ready;
  const second = await start('resume', path, NEVER).end;
  expect(second.code).not.toBe(0);
  expect(second.output).toContain(`is being written by another program (pid ${first.child.pid})`);
  first.child.kill('SIGKILL');
  await first.end;
});
