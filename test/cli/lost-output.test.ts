/** A training whose terminal hangs up, or whose output nobody takes, is saved or goes on, and never ends with exit code 0. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { isLocked } from '../../src/node/runs/run-lock.ts';
import { heardErrorCode } from '../../src/node/runs/told-error-code.ts';
import { bellman, bellmanArguments, type Outcome, temporaryFolder } from './run-bellman.ts';

const cwd = temporaryFolder();
const NEVER = ['--reward', '501', '--set', 'maxSteps=100000000'];

/** The program with standard output that nobody takes: a full disk, or a pipe whose reader leaves after a line, or before the first. */
function withoutReader(args: readonly string[], output: 'full' | 'left' | 'left at once'): Promise<Outcome> {
  return new Promise((resolve) => {
    const full = output === 'full' ? openSync('/dev/full', 'w') : undefined;
    const child = spawn(process.execPath, bellmanArguments(args), { cwd, stdio: ['ignore', full ?? 'pipe', 'pipe'] });
    if (full !== undefined) closeSync(full);
    if (output === 'left at once') child.stdout?.destroy();
    else child.stdout?.once('data', () => child.stdout?.destroy());
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout: '', stderr }));
  });
}

const status = (run: string) => JSON.parse(readFileSync(join(cwd, run, 'status.json'), 'utf8'));

describe('a training', () => {
  it.each<[NodeJS.Signals, number]>([
    ['SIGHUP', 129],
    ['SIGTERM', 143],
  ])('that gets %s, twice, saves and ends with %i', async (signal, code) => {
    const run = `run-${signal}`;
    let sent = false;
    const outcome = await bellman(['train', 'dqn-cart-pole', ...NEVER, '--run', run], {
      cwd,
      onStdout: (text, kill) => {
        if (sent || !text.includes('done 3 games')) return;
        sent = true;
        kill(signal);
        kill(signal);
      },
    });
    expect(outcome).toMatchObject({ code, signal: null, stderr: '' });
    const [{ step }] = listCheckpoints(join(cwd, run));
    expect(status(run)).toMatchObject({ state: 'stopped', step, saved: step });
  });

  it('whose reader leaves saves and ends with 141', async () => {
    const outcome = await withoutReader(['train', 'dqn-cart-pole', ...NEVER, '--run', 'left'], 'left');
    const [{ step }] = listCheckpoints(join(cwd, 'left'));
    expect(outcome.code).toBe(141);
    expect(outcome.stderr.trimEnd().split('\n')).toEqual([
      'bellman: standard output: its reader has left. The training is saved and ends.',
      expect.stringContaining(`bellman: Stopped at step ${step}. Resume with: `),
    ]);
    expect(isLocked(join(cwd, 'left'))).toBe(false);
  });

  it('of a study likewise', async () => {
    const study = ['tune', 'q-learning', '--env', 'FrozenLake-v1', '--space', 'gamma=0.9,0.99', '--study', 'left.log'];
    // Its trials take hours: who leaves after its first lines is missed at the next one.
    const outcome = await withoutReader([...study, '--steps', '100000000', '--seeds', '1'], 'left at once');
    expect(outcome).toMatchObject({
      code: 141,
      stderr: 'bellman: standard output: its reader has left. The study stops, and can be resumed.\n',
    });
  });

  it('whose output has no room goes on to its end, which is no success', async () => {
    const outcome = await withoutReader(
      ['train', 'dqn-cart-pole', ...NEVER, '--run', 'full', '--stop-after', '300'],
      'full',
    );
    expect(outcome.code).toBe(1);
    expect(outcome.stderr.trimEnd().split('\n')).toEqual([
      'bellman: standard output: no space left on the disk. The training continues.',
      expect.stringContaining('bellman: Stopped at step 300. Resume with: '),
    ]);
    expect(listCheckpoints(join(cwd, 'full')).map(({ step }) => step)).toEqual([300]);
  });
});

describe('a list', () => {
  it('whose reader has what it wanted ends quietly', async () => {
    expect(await withoutReader(['trace', 'CartPole-v1', '--steps', '100000'], 'left')).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('that cannot be written says so in one line', async () => {
    expect(await withoutReader(['envs'], 'full')).toMatchObject({
      code: 1,
      stderr: 'bellman: standard output cannot be written: no space left on the disk.\n',
    });
  });
});

it('tells the program that started it over a channel which error ended it', async () => {
  const args = bellmanArguments(['train', 'lake', '--run', '/dev/null/run']);
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const told: unknown[] = [];
  child.on('message', (message) => told.push(heardErrorCode(message)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, told]).toEqual([1, ['CANNOT_WRITE']]);
});

it('saves and ends where the program that started it is gone before it is up', async () => {
  const run = join(cwd, 'orphan');
  const args = bellmanArguments(['train', 'dqn-cart-pole', ...NEVER, '--run', run, '--quiet']);
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  child.disconnect();
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(143);
  expect(listCheckpoints(run)).toHaveLength(1);
});
