import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { isLocked } from '../../src/node/runs/run-lock.ts';
import { bellmanHere } from './bellman-here.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

/** Every mistake gets one line on standard error, an exit code that is not 0, and leaves nothing behind. */
async function refused(args: readonly string[], cwd: string): Promise<string> {
  const { code, stderr, stdout } = await bellmanHere(args, { cwd });
  expect(code, stdout).toBeGreaterThan(0);
  expect(stderr.trimEnd().split('\n').length, stderr).toBe(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr.trimEnd();
}

it.each([
  [['envs', 'CartPole-v1'], 0],
  [['train', '--seed', '-1'], 1],
  [['trian'], 2],
])('%j says the same within these tests as in a process of its own', async (args, code) => {
  const outcome = await bellman(args);
  expect(outcome.code).toBe(code);
  expect(await bellmanHere(args)).toEqual(outcome);
});

describe('a mistake on the command line', () => {
  const folder = temporaryFolder();
  it.each([
    [['trian'], "unknown command 'trian' (Did you mean train?)"],
    [['train', '--sed', '1'], "unknown option '--sed' (Did you mean one of --seed, --set?)"],
    [['train', '-m', 'x.dat'], 'no option -m: to play a model: npx bellman play FILE.'],
    [['train', '--cuda'], 'no option --cuda: the device is --device cuda.'],
    [['train', 'dqn-pnog'], 'Unknown recipe "dqn-pnog". Did you mean "dqn-pong"?'],
    [
      ['train', './own.mjs'],
      'Unknown algorithm "./own.mjs". After the file stands what it registers, as ./my-dqn.mjs:my-dqn.',
    ],
    [
      ['train', 'value-iteration', '--env', 'FrozenLake-v2'],
      'Unknown environment "FrozenLake-v2". Did you mean "FrozenLake-v1"?',
    ],
    [['train', '--set', 'gama=0.9'], 'Unknown setting "gama". Did you mean "gamma"?'],
    [['train', 'dqn-pong', '--set', 'learningrate=1'], 'Unknown setting "learningrate". Did you mean "learningRate"?'],
    [['train', '--set', 'zzzzzzzzzzzzzzzz=1'], 'configuration: got "zzzzzzzzzzzzzzzz", allowed is one of'],
    [['train', 'cartpole-v1', '--env', 'Acrobot-v1'], 'Two environments: cartpole-v1 and --env Acrobot-v1. Name one.'],
    [['train', '--set', 'gamma=2'], 'gamma: got 2, allowed is at most 1.'],
    [['train', '--set', 'gamma'], '--set: got "gamma", allowed is key=value'],
    [['train', 'dqn-pong-fast', '--set', 'batchSize=5000'], 'batchSize: got 5000, allowed is at most learningStarts'],
    [
      ['train', 'q-learning', '--set', 'alpha=0'],
      'alpha: got 0, allowed is a number above 0, at most 1, or null to average.',
    ],
    [['train', '--seed', '-1'], '--seed: got "-1", allowed is a whole number, at least 0.'],
    [['train', '--seed', '1.5'], '--seed: got "1.5"'],
    [['train', '--device', 'tpu'], '--device: got "tpu", allowed is one of cpu, wasm, kernels, webgpu, cuda.'],
    [['train', 'dqn-pong-fast', '--set', 'bufferSize=100000000'], 'bufferSize: '],
    [
      ['train', 'value-iteration', '--env', 'CartPole-v1'],
      'A table needs finitely many observations; this environment has Box(',
    ],
    [
      ['train', 'dqn-pong', '--env', 'FrozenLake-v1'],
      'preprocessing needs an Atari environment (with getActionMeanings and lives), got FrozenLake-v1.',
    ],
    [
      ['train', 'dqn-cart-pole', '--env', 'Pendulum-v1'],
      'DQN needs actions that are Discrete(n); this environment has Box(-2.0, 2.0, (1,), float32).',
    ],
    [['train', 'dqn-cart-pole', '--env', 'bellman/Pong-v0'], 'Network mlp takes float32 vectors'],
    [['train', 'value-iteration', '--kwargs', '{'], '--kwargs: got "{", allowed is a JSON object'],
    [
      ['train', 'value-iteration', '--kwargs', '{"slippery":true}'],
      'Unknown option "slippery". Did you mean "is_slippery"?',
    ],
    [['train', 'value-iteration', '--kwargs', '{"success_rate":7}'], 'successRate: got 7'],
    [['train', 'value-iteration', '--kwargs', '{"desc":["FFF","FFG"]}'], 'desc'],
    [['train', 'value-iteration', '--kwargs', '{"desc":["SFF","FFF"]}'], 'desc'],
    [['train', '--resume', 'x', '--seed', '5'], '--resume goes with no --seed: a run keeps its own settings.'],
    [['train', '--resume', 'x', '--kwargs', '{}'], '--resume goes with no --kwargs: a run keeps its own settings.'],
    [
      ['train', '--resume', 'x', '--eval-every', '5'],
      '--resume goes with no --eval-every: a run keeps its own settings.',
    ],
    [['train', 'dqn-pong', '--resume', 'x'], '--resume goes with no recipe dqn-pong: a run keeps its own settings.'],
    [['train', '--resume', 'nowhere'], 'nowhere: not a run, there is no config.json.'],
    [['train', 'value-iteration', '--run', '/proc/nowhere/run'], 'Cannot write /proc/nowhere'],
    [['play', 'nowhere'], 'Unknown run or model "nowhere".'],
    [['eval', 'nowhere.onnx'], 'nowhere.onnx: no such run or model.'],
    [
      ['eval', 'pong', '--episodes', '2', '--games', '3'],
      '--games: got 3, allowed is an option in place of --episodes, which means the same.',
    ],
    [
      ['train', 'q-learning', '--actor-lag', '2'],
      '--actor-lag: got 2, allowed is an option of DQN and PQN; q-learning plays by itself.',
    ],
    [['trace', 'Taxi-v9'], 'Unknown environment "Taxi-v9".'],
    [['trace', 'Taxi-v4', '--steps', '0'], '--steps: got "0", allowed is a whole number, at least 1.'],
    [
      ['trace', 'Taxi-v4', '--seed', '9007199254740993'],
      '--seed: got "9007199254740993", allowed is a whole number from 0 to 9007199254740991.',
    ],
    // A signal is heard between two iterations, so none may take for ever.
    [
      ['train', 'q-learning', '--set', 'testEpisodes=1e9'],
      'testEpisodes: got 1000000000, allowed is an integer from 1 to 100000.',
    ],
    [
      ['train', 'value-iteration', '--set', 'stepsPerIteration=1e9'],
      'stepsPerIteration: got 1000000000, allowed is an integer from 1 to 1000000.',
    ],
    [
      ['tune', 'q-learning', '--space', 'alpha=0.1..1', '--out', '/proc/nowhere/best.json'],
      '--out: got "/proc/nowhere/best.json", allowed is a file, in a folder that is there.',
    ],
    [['tune', 'q-learning', '--space', 'alpha=0.1..1', '--out', '/'], '--out: got "/", allowed is a file'],
    [['trace', 'Taxi-v4', '--mode', '1'], '--mode: got 1, allowed is an option of --ale.'],
    [['trace', '--ale', 'pong', '--kwargs', '{}'], '--kwargs: got {}, allowed is an option of environments.'],
    [['bench', 'env', 'Nope-v1'], 'Unknown environment "Nope-v1"'],
    [['doctor', 'nope'], 'Unknown recipe "nope"'],
  ])('%j', async (args, message) => {
    expect(await refused(args, folder)).toContain(message);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a damaged or unfitting file', () => {
  const folder = temporaryFolder();
  const lake = join(folder, 'lake');
  const pole = join(folder, 'pole');
  beforeAll(async () => {
    const done = await bellmanHere(['train', 'value-iteration', '--seed', '1', '--run', lake, '--quiet']);
    expect(done.code).toBe(0);
    const stopped = await bellmanHere(['train', 'dqn-cart-pole', '--run', pole, '--quiet', '--stop-after', '1500']);
    expect(stopped.code).toBe(0);
  });

  it('a truncated model', async () => {
    const path = join(folder, 'short.onnx');
    copyFileSync(join(pole, 'best.onnx'), path);
    truncateSync(path, 5000);
    expect(await refused(['play', path], folder)).toContain(`${path}: `);
    writeFileSync(path, 'this is no model');
    expect(await refused(['eval', path], folder)).toContain(`${path}: not an ONNX model`);
  });

  it('a model for another environment', async () => {
    const network = await refused(['play', pole, '-e', 'bellman/Pong-v0'], folder);
    expect(network).toContain('is for float32[4] and 2 actions; bellman/Pong-v0 gives uint8[');
    const table = await refused(['play', lake, '-e', 'Taxi-v4'], folder);
    expect(table).toContain('is for 16 states and 4 actions; Taxi-v4 has Discrete(500) and Discrete(6).');
  });

  it("options of other programs' models for one of ours", async () => {
    const sees = 'says itself what it sees: --preprocessing and --scaled are for models of other programs.';
    for (const options of [['--scaled'], ['--preprocessing', 'sb3']]) {
      expect(await refused(['eval', lake, ...options], folder)).toContain(`best-table.json ${sees}`);
      expect(await refused(['play', pole, ...options], folder)).toContain(`best.onnx ${sees}`);
    }
  });

  it('a damaged table', async () => {
    const path = join(folder, 'table.json');
    writeFileSync(path, readFileSync(join(lake, 'best-table.json'), 'utf8').slice(0, 300));
    expect(await refused(['play', path], folder)).toContain('not valid JSON');
    writeFileSync(path, '{"format":"bellman-table","env":"FrozenLake-v1","nStates":16,"nActions":4,"q":[1]}');
    expect(await refused(['play', path], folder)).toContain('the table is incomplete');
  });

  it("a best.json that names no model: said, and no training's fault", async () => {
    const run = join(folder, 'unnamed');
    cpSync(pole, run, { recursive: true });
    writeFileSync(join(run, 'best.json'), '{}');
    const names =
      'best.json: names no model. The next best model mends it; to use the one that is there, name its file.';
    expect(await refused(['eval', run], folder)).toContain(names);
    // Without a new best it stays so.
    const resumed = await bellmanHere(['train', '--resume', run, '--quiet', '--stop-after', '1']);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain(names);
  });

  it('checkpoints that are all damaged', async () => {
    for (const { path } of listCheckpoints(pole)) truncateSync(path, 1000);
    const message = await refused(['train', '--resume', pole], folder);
    expect(message).toMatch(/checkpoint-\d+\.bck: |none of the \d+ checkpoints is undamaged/);
  });

  it('a run that is there already, and one that another program writes', async () => {
    expect(await refused(['train', 'value-iteration', '--run', lake], folder)).toContain(
      'is not empty. Resume it with --resume',
    );
    const other = join(folder, 'other');
    let stop = (_: NodeJS.Signals) => {};
    const first = bellman(['train', 'dqn-cart-pole', '--run', other, '--set', 'rewardBound=600'], {
      onStart: (kill) => {
        stop = kill;
      },
    });
    while (!(existsSync(other) && isLocked(other))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await refused(['train', '--resume', other], folder)).toMatch(
      /is being written by another program \(pid \d+\)/,
    );
    stop('SIGKILL');
    await first;
  });

  it('a video that cannot be written leaves none', async () => {
    const target = join(folder, 'missing', 'game.mp4');
    expect(await refused(['play', lake, '-r', target], folder)).toContain('Cannot write');
    mkdirSync(join(folder, 'missing'));
    expect(readdirSync(join(folder, 'missing'))).toEqual([]);
  });
});
