import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { ChildEnd } from '../runs/child-programs.ts';
import { LocalExecutor } from './local-executor.ts';
import type { TrainingJob, TrainingReport } from './training-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-executor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job = (id: string, seed = 3): TrainingJob => ({
  id,
  recipe: 'dqn',
  env: 'CartPole-v1',
  kwargs: {},
  set: { gamma: 0.9, 'network.kind': 'mlp' },
  seed,
  evaluation: { episodes: 2, epsilon: 0, seed: 1_000_003 },
});

const ended = (stdout: string, code = 0): ChildEnd => ({
  code,
  signal: null,
  problem: undefined,
  errorCode: undefined,
  stdout,
  stderr: '',
});
const killed: ChildEnd = {
  code: null,
  signal: 'SIGKILL',
  problem: 'killed by SIGKILL',
  errorCode: undefined,
  stdout: '',
  stderr: '',
};

const OPTIONS = { folder, slots: 1, device: 'cpu', threads: 1, checkpointEverySeconds: 5 };

/** Plays `bellman train` and `eval`: writes what a run has, without training. */
function program(trainings: readonly ('end' | 'solve' | 'kill' | 'refuse' | 'taken')[]) {
  const calls: string[][] = [];
  const left = [...trainings];
  const start = async (args: readonly string[]): Promise<ChildEnd> => {
    calls.push([...args]);
    if (args[0] === 'eval') return ended(JSON.stringify({ returns: [10, 30] }));
    const what = left.shift();
    if (what === 'refuse') return { ...ended('', 1), stderr: 'bellman: gamma: got 2.\n' };
    const unfinished = what === 'kill' || what === 'taken';
    const run = args[1] === '--resume' ? args[2] : args[args.indexOf('--run') + 1];
    mkdirSync(join(run, 'models'), { recursive: true });
    writeFileSync(join(run, 'config.json'), '{}');
    const row = (step: number, mean: number) => `${JSON.stringify({ step, time: 1, reward: 0, reward_mean: mean })}\n`;
    writeFileSync(join(run, 'metrics.jsonl'), row(10, 1) + row(20, 2) + (unfinished ? '' : row(30, 3)));
    const progress = { reward: 3, bound: what === 'solve' ? 2.5 : 195 };
    const times = { started: `2026-01-01T00:00:0${calls.length}Z`, updated: `2026-01-01T00:00:1${calls.length}Z` };
    const state = { kill: 'running', taken: 'stopped', end: 'ended', solve: 'solved' }[what!];
    const step = unfinished ? 20 : 30;
    writeFileSync(join(run, 'status.json'), JSON.stringify({ state, step, maxSteps: 30, ...times, progress }));
    if (what === 'kill') return killed;
    if (what === 'taken') return { ...ended('', 1), stderr: 'bellman: Not empty.\n', errorCode: 'RUN_TAKEN' };
    writeFileSync(join(run, 'models', 'step-000000030.onnx'), '');
    return ended(JSON.stringify({ run, step, solved: what === 'solve', score: 3, seconds: 1, message: 'done' }));
  };
  return { calls, executor: new LocalExecutor({ ...OPTIONS, start }) };
}

it('trains, plays and reports, once', async () => {
  const { calls, executor } = program(['end']);
  const reports: TrainingReport[] = [];
  const run = () => executor.run(job('whole/seed3'), (report) => reports.push(report), new AbortController().signal);
  const end = { kind: 'ended', step: 30, seconds: 10, solved: false, score: 20 };
  expect(await run()).toEqual(end);
  expect(reports.map(({ step, score }) => [step, score])).toEqual([
    [10, 1],
    [20, 2],
    [30, 3],
  ]);
  const [train, play] = calls;
  expect(train.slice(0, 10)).toEqual([
    ...['train', 'dqn', '--env', 'CartPole-v1', '--kwargs', '{}'],
    ...['--set', 'gamma=0.9', '--set', 'network.kind="mlp"'],
  ]);
  expect(train).toContain(join(folder, 'whole', 'seed3'));
  expect(play.slice(2)).toEqual(['--episodes', '2', '--epsilon', '0', '--seed', '1000003', '--json']);
  // Not again, and from its file alone.
  expect(await run()).toEqual(end);
  expect(calls).toHaveLength(2);
  writeFileSync(join(folder, 'whole', 'seed3.json'), '{');
  await expect(run()).rejects.toThrow(/seed3\.json: not what is noted beside a run\. Delete it/);
});

it('goes on with what was killed, and counts the seconds of all its processes', async () => {
  const { calls, executor } = program(['kill', 'solve']);
  const run = () => executor.run(job('broken/seed3'), () => {}, new AbortController().signal);
  expect(await run()).toEqual({ kind: 'failed', message: 'killed by SIGKILL', cause: 'crashed' });
  expect(await run()).toEqual({ kind: 'ended', step: 30, seconds: 20, solved: true, score: 20 });
  expect(calls.map((args) => args.slice(0, 2).join(' '))).toEqual([
    'train dqn',
    'train --resume',
    `eval ${join(folder, 'broken', 'seed3', 'models', 'step-000000030.onnx')}`,
  ]);
});

it('goes on with what a child of a killed program was quicker to begin', async () => {
  const { calls, executor } = program(['taken', 'taken', 'end']);
  const end = await executor.run(job('taken/seed3'), () => {}, new AbortController().signal);
  expect(end).toMatchObject({ kind: 'ended', step: 30 });
  expect(calls.slice(0, -1).map((args) => args.slice(0, 2).join(' '))).toEqual([
    'train dqn',
    'train --resume',
    'train --resume',
  ]);
  const ever = program(new Array(20).fill('taken'));
  expect(await ever.executor.run(job('ever/seed3'), () => {}, new AbortController().signal)).toEqual({
    kind: 'failed',
    message: 'Not empty.',
  });
  expect(ever.calls).toHaveLength(11);
});

it('reports each mean once though a resumed training cuts its log, which was read already, and writes it anew', async () => {
  const run = join(folder, 'cut', 'seed3');
  mkdirSync(join(run, 'models'), { recursive: true });
  writeFileSync(join(run, 'config.json'), '{}');
  const row = (step: number, time: number) => `${JSON.stringify({ step, time, reward: 0, reward_mean: step / 10 })}\n`;
  writeFileSync(join(run, 'metrics.jsonl'), row(10, 1) + row(20, 2) + row(30, 3));
  const status = {
    started: '2026-01-01T00:00:00Z',
    updated: '2026-01-01T00:00:10Z',
    progress: { reward: 3, bound: 195 },
  };
  writeFileSync(join(run, 'status.json'), JSON.stringify({ state: 'running', step: 30, maxSteps: 50, ...status }));
  const reports: TrainingReport[] = [];
  const start = async (args: readonly string[]): Promise<ChildEnd> => {
    if (args[0] === 'eval') return ended(JSON.stringify({ returns: [1] }));
    await vi.waitUntil(() => reports.length === 3, { timeout: 60_000 });
    // From the checkpoint at 10 on, with times of today.
    const again = [10, 20, 30, 40, 50].map((step) => row(step, step === 10 ? 1 : 123.456 + step));
    writeFileSync(join(run, 'metrics.jsonl'), again.join(''));
    writeFileSync(join(run, 'status.json'), JSON.stringify({ state: 'ended', step: 50, maxSteps: 50, ...status }));
    writeFileSync(join(run, 'models', 'step-000000050.onnx'), '');
    return ended(JSON.stringify({ run, step: 50, solved: false, score: 5, seconds: 1, message: 'done' }));
  };
  const executor = new LocalExecutor({ ...OPTIONS, start });
  const end = await executor.run(job('cut/seed3'), (report) => reports.push(report), new AbortController().signal);
  expect(end).toMatchObject({ kind: 'ended', step: 50 });
  expect(reports.map(({ step, score }) => [step, score])).toEqual(
    [10, 20, 30, 40, 50].map((step) => [step, step / 10]),
  );
});

it('scores by the training itself where nothing is played', async () => {
  const { calls, executor } = program(['end']);
  const own = { ...job('own/seed3'), evaluation: null };
  expect(await executor.run(own, () => {}, new AbortController().signal)).toMatchObject({ kind: 'ended', score: 3 });
  expect(calls).toHaveLength(1);
});

it('tells refused settings from crashes and full disks, begins nothing after a stop', async () => {
  const { calls, executor } = program(['refuse']);
  const refused = await executor.run(job('refused/seed3'), () => {}, new AbortController().signal);
  expect(refused).toEqual({ kind: 'failed', message: 'gamma: got 2.' });
  const full: ChildEnd = { ...ended('', 1), stderr: 'bellman: No room.\n', errorCode: 'CANNOT_WRITE' };
  const home = new LocalExecutor({ ...OPTIONS, start: async () => full });
  expect(await home.run(job('full/seed3'), () => {}, new AbortController().signal)).toEqual({
    kind: 'failed',
    message: 'No room.',
    cause: 'unwritable',
  });
  const stopped = await executor.run(job('stopped/seed3'), () => {}, AbortSignal.abort());
  expect(stopped).toEqual({ kind: 'stopped', step: 0 });
  await executor.close();
  expect(await executor.run(job('closed/seed3'), () => {}, new AbortController().signal)).toMatchObject({
    kind: 'stopped',
  });
  expect(calls).toHaveLength(1);
});

it('forgets checkpoints alone', async () => {
  const { executor } = program(['end']);
  const own = job('room/seed3');
  await executor.run(own, () => {}, new AbortController().signal);
  const run = join(folder, 'room', 'seed3');
  mkdirSync(join(run, 'checkpoints'));
  writeFileSync(join(run, 'checkpoints', 'checkpoint-30.bck'), 'large');
  executor.forget(own);
  expect(() => readFileSync(join(run, 'checkpoints', 'checkpoint-30.bck'))).toThrow(/ENOENT/);
  expect(readFileSync(join(run, 'config.json'), 'utf8')).toBe('{}');
});
