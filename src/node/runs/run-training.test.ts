/** What a process leaves of a run, and what resuming takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { WalkEnv } from '../../../test/support/walk-env.ts';
import type { StepResult } from '../../core/env.ts';
import { register } from '../../envs/registry.ts';
import { listFolder } from '../files/folder.ts';
import { resolveRun } from './resolve-run.ts';
import { type RunTrainingOptions, runTraining, type TrainingOutcome } from './run-training.ts';

let reward: number | undefined;
class FickleWalk extends WalkEnv {
  override step(action: number): StepResult<Float32Array> {
    const result = super.step(action);
    return reward === undefined ? result : { ...result, reward };
  }
}
register('FickleWalk-v0', { create: () => new FickleWalk(), summary: 'a walk', options: {} });

const root = temporaryFolder();
const run = async (
  start: RunTrainingOptions['start'],
  stopAfter?: number,
  more: Partial<RunTrainingOptions> = {},
): Promise<{ outcome: TrainingOutcome; lines: string[] }> => {
  const lines: string[] = [];
  const output = { line: (text: string) => void lines.push(text), progress() {}, close() {} };
  const options = { start, version: '0', command: 'test', output, checkpointEveryMs: 0, stopAfter, ...more };
  try {
    const outcome = await runTraining(options);
    await outcome.training.close();
    return { outcome, lines };
  } finally {
    // A training lets go of the channel to the process that started it, which here is that of the tests.
    process.channel?.ref();
  }
};
const begin = async (name: string, recipe: string, env: string, set: Record<string, unknown>, stopAfter: number) => {
  const path = join(root, name);
  const resolved = await resolveRun({ recipe, env, seed: 1, device: 'cpu', threads: 1, set });
  await run({ run: resolved, path }, stopAfter);
  return path;
};
const small = { rewardBound: null, learningStarts: 64, bufferSize: 1000, 'network.hiddenSizes': [8] };

it('that diverges leaves the last checkpoint and the best model as they were', async () => {
  const path = await begin('fickle', 'dqn-cart-pole', 'FickleWalk-v0', small, 200);
  const files = [
    ...listFolder(join(path, 'checkpoints')).map((name) => join('checkpoints', name)),
    'best.onnx',
    'best.json',
  ];
  expect(files.length).toBeGreaterThan(2);
  const bytes = () => files.map((file) => readFileSync(join(path, file)).toString('base64'));
  const before = bytes();
  reward = Number.NaN;
  await expect(run({ resume: path }, 200)).rejects.toThrow('Diverged at step 201: environment 0 gave the reward NaN.');
  reward = undefined;
  expect(bytes()).toEqual(before);
  const { lines } = await run({ resume: path }, 10);
  expect(lines[0]).toBe(`Resuming ${path} from step 200.`);
});

it('that stops within its first episode has one line in its logs', async () => {
  // CartPole falls after 8 steps at the earliest.
  const path = await begin('short', 'dqn-cart-pole', 'CartPole-v1', small, 5);
  const [row, ...others] = readFileSync(join(path, 'metrics.jsonl'), 'utf8').split('\n').filter(Boolean);
  expect(others).toEqual([]);
  expect(JSON.parse(row)).toMatchObject({ step: 5, epsilon: expect.any(Number) });
});

it('is resumed with another bound, number of threads and device, for one process, which is said', async () => {
  const set = { testInterval: 1000, testEpisodes: 20, rewardBound: 0.05, maxIterations: 60_000 };
  const path = await begin('lake', 'q-learning', 'FrozenLake-v1', set, 60_000);
  const config = readFileSync(join(path, 'config.json'), 'utf8');
  const ended = await run({ resume: path });
  const { step } = ended.outcome.training;
  expect([ended.outcome.training.end?.solved, step < 60_000]).toEqual([true, true]);
  const { outcome, lines } = await run({ resume: path, reward: 0.5, threads: 3 });
  expect(outcome.training.step).toBeGreaterThan(step);
  expect(lines.slice(0, 3)).toEqual([
    `Resuming ${path} from step ${step}.`,
    'The bound is 0.5 instead of 0.05, until this process ends.',
    'Networks run on cpu with 3 threads instead of cpu with 1 thread: from here on they may round otherwise.',
  ]);
  expect(readFileSync(join(path, 'config.json'), 'utf8')).toBe(config);
});

it('keeps each new best by its score, and says the tests, where both are asked for', async () => {
  const path = join(root, 'best');
  const request = { recipe: 'value-iteration', seed: 1, device: 'cpu', threads: 1, set: {} };
  const { lines } = await run({ run: await resolveRun(request), path }, undefined, { keepBest: true, logEvery: 1 });
  const announced = lines.flatMap((line) => / -> (\d\.\d+)$/.exec(line)?.[1] ?? []);
  expect(announced.length).toBeGreaterThan(2);
  // The first test is the best so far, whatever it gives.
  const names = listFolder(join(path, 'models'));
  expect(names.filter((name) => name !== 'best_0.00.json')).toEqual(
    announced.map((score) => `best_${Number(score).toFixed(2)}.json`),
  );
  const [last, best] = [join(path, 'models', names.at(-1)!), join(path, 'best-table.json')];
  expect(readFileSync(last, 'utf8')).toBe(readFileSync(best, 'utf8'));
  const rows = readFileSync(join(path, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const tests = rows.map((row) => JSON.parse(row) as { step: number; reward: number });
  const said = lines.filter((line) => line.includes('test reward'));
  expect(said).toHaveLength(tests.length);
  tests.forEach(({ step, reward }, i) => {
    expect(said[i]).toContain(`${step}: test reward ${reward.toFixed(3)}, best reward `);
  });
});

it('logs the mean loss of every so many steps', async () => {
  const path = join(root, 'losses');
  const request = { recipe: 'dqn-cart-pole', seed: 1, device: 'cpu', threads: 1, set: small };
  const { lines } = await run({ run: await resolveRun(request), path }, 120, { logEvery: 10 });
  const rows = readFileSync(join(path, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const logged = rows
    .map((row) => JSON.parse(row) as { step: number; loss?: number; reward?: number })
    .filter(({ step, reward }) => step % 10 === 0 && reward === undefined);
  // Learning begins at step 64.
  expect(logged.map(({ step }) => step)).toEqual([70, 80, 90, 100, 110, 120]);
  for (const { step, loss } of logged)
    expect(lines.some((line) => line.startsWith(`${step}: loss ${loss!.toPrecision(4)}, mean Q`))).toBe(true);
});
