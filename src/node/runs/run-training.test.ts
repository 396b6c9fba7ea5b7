/** What a process leaves of a run, and what resuming takes. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { WalkEnv } from '../../../test/support/walk-env.ts';
import type { StepResult } from '../../core/env.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { register } from '../../envs/registry.ts';
import { QLearningAgent } from '../../tabular/q-learning.ts';
import { listFolder } from '../files/folder.ts';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';
import { hyperparametersOf, resolveRun } from './resolve-run.ts';
import { checkpointPath, listCheckpoints } from './run-checkpoints.ts';
import { type RunTrainingOptions, runTraining, type TrainingOutcome } from './run-training.ts';

let reward: number | undefined;
class FickleWalk extends WalkEnv {
  override step(action: number): StepResult<Float32Array> {
    const result = super.step(action);
    return reward === undefined ? result : { ...result, reward };
  }
}
register('FickleWalk-v0', { create: () => new FickleWalk(), summary: 'a walk', options: {} });

class UnsavedWalk extends WalkEnv {
  override saveState(): Snapshot {
    return { when: new Map() as unknown as Snapshot };
  }
}
register('UnsavedWalk-v0', { create: () => new UnsavedWalk(), summary: 'a walk', options: {} });

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

it('that an error of its environment ends says from where it can go on', async () => {
  let steps = 0;
  class Tired extends FickleWalk {
    override step(action: number) {
      if (++steps === 300) throw new TypeError('legs of lead');
      return super.step(action);
    }
  }
  register('TiredWalk-v0', { create: () => new Tired(), summary: 'a walk', options: {} });
  const path = await begin('tired', 'dqn-cart-pole', 'TiredWalk-v0', small, 200);
  const lines: string[] = [];
  const output = { line: (text: string) => void lines.push(text), progress() {}, close() {} };
  const never = { checkpointEveryMs: 1e9, output };
  await expect(run({ resume: path }, 500, never)).rejects.toThrow('legs of lead');
  expect(lines.at(-1)).toMatch(/^The last checkpoint is of step 200: .*train --resume .* resumes there\.$/);
  steps = 299;
  const resolved = await resolveRun({
    recipe: 'dqn-cart-pole',
    env: 'TiredWalk-v0',
    seed: 1,
    device: 'cpu',
    threads: 1,
    set: small,
  });
  await expect(run({ run: resolved, path: join(root, 'tired-at-once') }, 500, never)).rejects.toThrow('legs of lead');
  expect(lines.at(-1)).toBe('The run has no checkpoint yet.');
  steps = Number.POSITIVE_INFINITY;
  reward = Number.NaN;
  await expect(run({ run: resolved, path: join(root, 'lost-at-once') }, 500, never)).rejects.toThrow('Diverged');
  reward = undefined;
  expect(lines.filter((line) => line === 'The run has no checkpoint yet.')).toHaveLength(2);
});

it('that stops within its first episode has one line in its logs', async () => {
  // CartPole falls after 8 steps at the earliest.
  const path = await begin('short', 'dqn-cart-pole', 'CartPole-v1', small, 5);
  const [row, ...others] = readFileSync(join(path, 'metrics.jsonl'), 'utf8').split('\n').filter(Boolean);
  expect(others).toEqual([]);
  expect(JSON.parse(row)).toMatchObject({ step: 5, epsilon: expect.any(Number) });
});

it('has that line no more when it goes on', async () => {
  const steps = (path: string) =>
    readFileSync(join(path, 'metrics.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).step as number);
  const broken = await begin('broken', 'dqn-cart-pole', 'CartPole-v1', small, 5);
  await run({ resume: broken }, 195);
  const straight = await begin('straight', 'dqn-cart-pole', 'CartPole-v1', small, 200);
  expect(steps(straight).length).toBeGreaterThan(3);
  expect(steps(broken)).toEqual(steps(straight));
});

it.each(['a run', 'a checkpoint'])('holds nothing of what it was resumed from, %s', async (from) => {
  const set = { rewardBound: null, maxIterations: 1_000_000 };
  const path = await begin(`held by ${from}`, 'q-learning', 'FrozenLake-v1', set, 100);
  const start =
    from === 'a run'
      ? { resume: path }
      : { resume: listCheckpoints(path)[0].path, path: join(root, 'of a checkpoint') };
  let saved: WeakRef<object> | undefined;
  const { restoreState } = QLearningAgent.prototype;
  QLearningAgent.prototype.restoreState = function (snapshot) {
    saved = new WeakRef((snapshot as { readonly q: Float64Array }).q);
    restoreState.call(this, snapshot);
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let held = true;
  const output = {
    line() {},
    progress() {
      collect();
      held = saved?.deref() !== undefined;
    },
    close() {},
  };
  try {
    await run(start, 20_000, { output });
  } finally {
    QLearningAgent.prototype.restoreState = restoreState;
  }
  expect(saved).toBeDefined();
  // A replay may fill the memory: two of them would not fit.
  expect(held).toBe(false);
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

it.each([
  ['dqn-cart-pole', { rewardBound: null, learningStarts: 64, bufferSize: 1000, 'network.hiddenSizes': [8] }],
  ['pqn-cart-pole', { rewardBound: null, environments: 2, rolloutSteps: 8, 'network.hiddenSizes': [8] }],
])('of an environment that cannot be saved fails at its first step: %s', async (recipe, set) => {
  await expect(begin(`unsaved-${recipe}`, recipe, 'UnsavedWalk-v0', set, 1_000_000)).rejects.toThrow(
    /^The training cannot be saved: .*when: an instance of a class cannot be saved\. Environments need saveState\(\)/,
  );
});

describe('a resume that is refused leaves every file as it was', () => {
  /** Every file of a run, by its path in it. */
  const contents = (path: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(path, name)).isFile())
        .sort()
        .map((name) => [name, readFileSync(join(path, name)).toString('base64')]),
    );
  const table = { testInterval: 1000, testEpisodes: 20, rewardBound: null };
  const refused = async (path: string, message: string) => {
    const before = contents(path);
    await expect(run({ resume: path })).rejects.toThrow(message);
    expect(contents(path)).toEqual(before);
  };
  /** Puts a checkpoint of `from` into `into`; without an identity it is as one of an earlier version. */
  const smuggle = (from: string, into: string, named = true) => {
    const [{ path, step }] = listCheckpoints(from);
    const { header, snapshot } = readCheckpointFile(path);
    const { run: _, ...anonymous } = header;
    const file = checkpointPath(into, step);
    writeCheckpointFile(file, snapshot, named ? header : anonymous);
    return file;
  };

  it('because of a checkpoint of another environment, algorithm or seed', async () => {
    const lake = await begin('a-lake', 'q-learning', 'FrozenLake-v1', table, 300);
    const taxi = await begin('a-taxi', 'q-learning', 'Taxi-v3', table, 500);
    const sarsa = await begin('a-sarsa', 'sarsa', 'FrozenLake-v1', table, 700);
    for (const other of [taxi, sarsa]) {
      const file = smuggle(other, lake);
      await refused(lake, `${file} is of another run, `);
      rmSync(file);
    }
    const file = smuggle(sarsa, lake, false);
    await refused(lake, `${file}: the checkpoint is of "sarsa", the run of q-learning.`);
    rmSync(file);
    const { lines } = await run({ resume: lake }, 10);
    expect(lines).toContain(`Resuming ${lake} from step 300.`);
  });

  it('because of an anonymous checkpoint that does not fit', async () => {
    const plain = await begin('plain', 'dqn-cart-pole', 'CartPole-v1', small, 100);
    const set = { ...small, 'replay.kind': 'prioritized' };
    const other = await begin('prioritized', 'dqn-cart-pole', 'CartPole-v1', set, 150);
    const file = smuggle(other, plain, false);
    await refused(plain, `${file} does not fit the run's configuration: `);
  });

  it.each([
    ['threads', 2000, 'threads: got 2000, allowed is a whole number from 1 to 256.'],
    ['threads', 0, 'threads: got 0, allowed is a whole number from 1 to 256.'],
    ['envKwargs', null, 'envKwargs: got null, allowed is an object.'],
    ['envKwargs', [1], 'envKwargs: got [1], allowed is an object.'],
    ['device', 7, 'device: got 7, allowed is a name.'],
    ['recipe', null, 'recipe: got null, allowed is a name.'],
    ['evaluation', 3, 'evaluation: got 3, allowed is an object or null.'],
  ])('because of a configuration with %s %j', async (key, value, message) => {
    const path = await begin(`odd-${key}-${JSON.stringify(value)}`, 'q-learning', 'FrozenLake-v1', table, 10);
    const file = join(path, 'config.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), [key]: value }));
    await refused(path, message);
  });
});

it("tells TensorBoard what it is made from once, also where it begins anew, each value as TensorBoard's table takes it", async () => {
  const path = join(root, 'hyper');
  const request = { recipe: 'q-learning-frozen-lake-dry', seed: 3, device: 'cpu', threads: 1, set: { alpha: null } };
  const resolved = await resolveRun({ ...request, envKwargs: { desc: ['SFG'] } });
  const values = hyperparametersOf(resolved);
  expect(values).toMatchObject({ recipe: request.recipe, algorithm: 'q-learning', env: 'FrozenLake-v1', seed: 3 });
  expect(values).toMatchObject({ alpha: 'none', gamma: 0.9, actionMasks: false, 'env.desc': '["SFG"]' });
  await run({ run: resolved, path }, 10);
  const told = () => {
    const name = listFolder(path).find((file) => file.startsWith('events'))!;
    return readFileSync(join(path, name), 'latin1').split('_hparams_/session_start_info').length - 1;
  };
  expect(told()).toBe(1);
  await run({ resume: path }, 10);
  expect(told()).toBe(1);
  rmSync(join(path, 'checkpoints'), { recursive: true });
  const status = JSON.parse(readFileSync(join(path, 'status.json'), 'utf8'));
  writeFileSync(join(path, 'status.json'), JSON.stringify({ ...status, saved: null }));
  await run({ resume: path }, 10);
  expect(told()).toBe(1);
});

it('says where it stands: speed, reward, bound, what it usually takes, and its lines', async () => {
  const path = join(root, 'told');
  const request = { recipe: 'q-learning-frozen-lake-dry', seed: 3, device: 'cpu', threads: 1, set: {} };
  const resolved = await resolveRun({ ...request, reward: 2 });
  const { outcome, lines } = await run({ run: resolved, path }, 12_000);
  const status = JSON.parse(readFileSync(join(path, 'status.json'), 'utf8'));
  const { unit, bound, usualSteps, reward, note } = status.progress;
  expect({ unit, bound, usualSteps, note }).toEqual({
    unit: 'iterations',
    bound: 2,
    usualSteps: null,
    note: outcome.training.status(),
  });
  const rows = readFileSync(join(path, 'metrics.jsonl'), 'utf8').trim().split('\n');
  expect(reward).toBe(JSON.parse(rows.at(-1)!).reward);
  const told = readFileSync(join(path, 'log.txt'), 'utf8').trim().split('\n');
  expect(lines).toEqual(told.map((line) => line.replace(/^\S+ /, '')));
});
