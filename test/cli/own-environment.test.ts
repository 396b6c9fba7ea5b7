import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleUrl } from '../support/program.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

/** CartPole under another name, in a module of the user's. */
const MODULE = `
import { make, register } from '${moduleUrl('src/index.ts')}';
register('Pole-v7', { create: () => make('CartPole-v1').unwrapped, summary: 'a pole', options: {}, rewardThreshold: 30 });
`;

/** The same, whose steps leave a promise behind that fails, ever again. */
const STRAY = `
import { make, register } from '${moduleUrl('src/index.ts')}';
let steps = 0;
const create = () => {
  const env = make('CartPole-v1').unwrapped;
  const step = env.step.bind(env);
  env.step = (action) => {
    if (++steps >= 100) Promise.reject(new Error('out of\\norder'));
    return step(action);
  };
  return env;
};
register('Stray-v7', { create, summary: 'a pole', options: {}, rewardThreshold: 475 });
`;

/** A lake whose 50th step ends the process, or gives a state that it has not. */
const ODD = `
import { make, register } from '${moduleUrl('src/index.ts')}';
let steps = 0;
const create = ({ odd }) => {
  const env = make('FrozenLake-v1').unwrapped;
  const step = env.step.bind(env);
  env.step = (action) => {
    if (++steps === 50 && odd === 'exit') process.exit(0);
    const outcome = step(action);
    return steps === 50 && odd === 'state' ? { ...outcome, observation: 16 } : outcome;
  };
  return env;
};
register('Odd-v7', { create, summary: 'a lake', options: { odd: { type: 'string', description: 'what' } }, rewardThreshold: 0.7 });
`;

describe('environments of modules', () => {
  const cwd = temporaryFolder();
  process.env['XDG_DATA_HOME'] = temporaryFolder();
  mkdirSync(join(cwd, 'my envs'));
  writeFileSync(join(cwd, 'my envs', 'pole.mjs'), MODULE);
  writeFileSync(join(cwd, 'stray.mjs'), STRAY);
  writeFileSync(join(cwd, 'odd.mjs'), ODD);
  writeFileSync(join(cwd, 'broken.mjs'), 'throw new Error("out of order");');
  writeFileSync(join(cwd, 'lonely.mjs'), "import 'no-such-helper';");
  const id = './my envs/pole.mjs:Pole-v7';

  it('are what they are made of', async () => {
    const [own, original] = await Promise.all(
      [id, 'CartPole-v1'].map((env) => bellman(['trace', env, '--seed', '4', '--steps', '30'], { cwd })),
    );
    expect(own.stdout).toBe(original.stdout);
    expect(own.stdout.split('\n').length).toBeGreaterThan(30);
  });

  it('train in several threads, resume, and are played', async () => {
    const changes = ['learningStarts=100', 'environments=4', 'network.hiddenSizes=[16]'].flatMap((set) => [
      '--set',
      set,
    ]);
    const train = ['train', 'dqn-cart-pole', '--env', id, '--seed', '1', ...changes, '--run', 'run'];
    const first = await bellman([...train, '--stop-after', '400'], { cwd });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    // The bound is the environment's own.
    expect(first.stdout).toContain(`Solved above 30, the reward threshold of ${id}`);
    expect(await bellman(['train', '--resume', 'run', '--stop-after', '200'], { cwd })).toMatchObject({ code: 0 });
    const played = await bellman(['eval', 'run', '--episodes', '2', '--json'], { cwd });
    expect(JSON.parse(played.stdout)).toMatchObject({ env: id });

    const model = join('run', 'best.onnx');
    const copied = join(cwd, 'copied.onnx');
    copyFileSync(join(cwd, model), copied);
    const refused = await bellman(['eval', copied], { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`If you trust it: --allow-code or name its environment yourself: --env ${id}`);
    for (const args of [[model], [copied, '--env', id], [copied, '--allow-code']]) {
      expect(await bellman(['eval', ...args, '--episodes', '2'], { cwd }), args[0]).toMatchObject({ code: 0 });
    }
  });

  it.each([
    [
      'exit',
      /^bellman: Code that is not bellman's ended the process after step \d+: by process\.exit\(\), or with a promise that nothing settles\. The run has no checkpoint yet\.\n$/,
    ],
    [
      'state',
      /^bellman: The environment gave the observation 16, which its Discrete\(16\) does not have: allowed are 0 to 15\. Mend the environment\.\n$/,
    ],
  ])('that do not keep to the rules end a training with one line: %s', async (odd, line) => {
    const train = ['train', 'q-learning', '--env', './odd.mjs:Odd-v7', '--kwargs', JSON.stringify({ odd })];
    const { code, stderr } = await bellman([...train, '--run', odd], { cwd });
    expect(stderr).toMatch(line);
    expect(code).toBe(1);
    expect(JSON.parse(readFileSync(join(cwd, odd, 'status.json'), 'utf8'))).toMatchObject({ state: 'failed' });
    expect(existsSync(join(cwd, odd, '.lock'))).toBe(false);
  });

  it('that leave a failed promise behind end a training with one line, and the run is saved', async () => {
    const id = './stray.mjs:Stray-v7';
    const train = ['train', 'dqn-cart-pole', '--env', id, '--set', 'network.hiddenSizes=[16]', '--threads', '1'];
    const { code, stderr } = await bellman([...train, '--run', 'stray'], { cwd });
    const line =
      /^bellman: A timer, callback or promise of an imported module failed: out of \(file:.*\/stray\.mjs:\d+:\d+\)\. /;
    expect(stderr).toMatch(line);
    const step = Number(/ The run is saved at step (\d+)\.\n$/.exec(stderr)?.[1]);
    expect(step).toBeGreaterThanOrEqual(100);
    expect(readdirSync(join(cwd, 'stray', 'checkpoints'))).toContain(`checkpoint-${step}.bck`);
    expect(existsSync(join(cwd, 'stray', '.lock'))).toBe(false);
    expect(code).toBe(1);
    // Where nothing is to be saved there is one line too.
    const traced = await bellman(['trace', id, '--steps', '200', '--seed', '1'], { cwd });
    expect(traced).toMatchObject({ code: 1, stderr: 'bellman: out of\n' });
  });

  it.each([
    ['./nowhere.mjs:Pole-v7', "Cannot find module '"],
    // A name of ours does not excuse a module that is not there.
    ['./nowhere.mjs:CartPole-v1', "Cannot find module '"],
    ['./broken.mjs:Pole-v7', 'does not load: out of order.'],
    ['no-such-package:Pole-v7', "Cannot find module 'no-such-package'"],
    ['./my envs/pole.mjs:Pole-v8', 'registers no Pole-v8'],
    [
      './broken.mjs',
      'Unknown environment "./broken.mjs". After the file stands what it registers, as ./maze.mjs:Maze-v0.',
    ],
    [
      './lonely.mjs:Pole-v7',
      "Cannot find package 'no-such-helper'. The module imports it: npm install no-such-helper in",
    ],
  ])('refuses %s', async (env, words) => {
    const { code, stderr } = await bellman(['train', 'dqn-cart-pole', '--env', env, '--run', 'none'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
