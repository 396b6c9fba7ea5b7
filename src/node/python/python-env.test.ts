import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Env } from '../../core/env.ts';
import { PythonError, UnavailableError, UnknownNameError } from '../../core/errors.ts';
import { firstDifference, recordTrajectory } from '../../core/trajectory.ts';
import { checkEnvironment } from '../../envs/check-environment.ts';
import { make } from '../../envs/registry.ts';
import { makeVec } from '../../vector/make-vec.ts';
import { importEnvironment } from '../runs/import-environment.ts';
import { PythonEnv, type PythonEnvOptions } from './python-env.ts';

const python = process.env['BELLMAN_PYTHON'] ?? fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An environment as users write them: its faults are chosen by an argument. */
const odd = join(folder, 'odd.py');
writeFileSync(
  odd,
  `
import os, sys, time
import numpy as np
import gymnasium
from gymnasium import spaces

class Odd(gymnasium.Env):
    """An odd little world."""
    metadata = {"render_modes": ["rgb_array", "human"], "render_fps": 12}

    def __init__(self, render_mode=None, fault=None):
        print("printed by the constructor")
        self.render_mode, self.fault = render_mode, fault
        self.observation_space = spaces.Dict({
            "whole": spaces.Box(0, 4, (2,), np.int64),
            "wide": spaces.Box(-2**40, 2**40, (1,), np.int64),
            "flag": spaces.Box(0, 1, (2, 2), bool),
            "half": spaces.Box(-np.inf, 1, (1,), np.float16),
            "text": spaces.Text(5),
            "bits": spaces.MultiBinary([2, 2]),
            "pair": spaces.Tuple((spaces.Discrete(3, start=-1), spaces.Box(-np.inf, np.inf, (2, 2), np.float64))),
        })
        self.action_space = spaces.Dict({
            "go": spaces.Discrete(3, start=5),
            "push": spaces.Box(-1, 1, (2, 2), np.float32),
            "many": spaces.MultiDiscrete([[2, 3]]),
        })

    def observation(self):
        return {
            "whole": np.array([1, 4]), "wide": np.array([-2**39 - 1]), "flag": np.array([[True, False], [False, True]]),
            "half": np.array([0.1], np.float16), "text": "äb", "bits": np.array([[1, 0], [0, 1]], np.int8),
            "pair": (np.int64(-1), np.array([[1.5, np.inf], [np.nan, -0.0]])),
        }

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation(), {
            "options": options, "array": np.arange(3), "none": None, "large": 2**60, "small": -7, "half": np.float32(0.5),
            "nested": {"list": [1, "y", (2.5,)], "yes": True}, "inf": -np.inf, "object": sys, "text": np.str_("t"),
            "mask": np.array([1, 0, 1], np.int8), "square": np.array([[1.5, 2], [3, 4]]),
        }

    def step(self, action):
        if self.fault == "raise":
            return {}["nothing"]
        if self.fault == "exit":
            os._exit(7)
        if self.fault == "hang":
            time.sleep(1000)
        if self.fault == "shape":
            return {**self.observation(), "whole": np.zeros(5, np.int64)}, 0, False, False, {}
        if self.fault == "print":
            os.write(1, b"\\x00\\xff" * 100)
        go, push, many = action["go"], action["push"], action["many"]
        return self.observation(), float(push.sum()) + int(go), False, True, {
            "types": [type(go).__name__, str(push.dtype), push.shape, str(many.dtype), many.shape], "many": many,
        }

    def render(self):
        return np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)

class Lines(gymnasium.Env):
    """Draws text, and pictures of shares as MinAtar does."""
    metadata = {"render_modes": ["ansi", "rgb_array"]}
    observation_space, action_space = spaces.Discrete(2), spaces.Discrete(2)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode

    def reset(self, *, seed=None, options=None):
        return 1, {}

    def render(self):
        return "a\\nb" if self.render_mode == "ansi" else np.full((2, 3, 3), 0.5)
`,
);

const made: PythonEnv[] = [];
afterEach(() => {
  for (const env of made.splice(0)) env.close();
  delete process.env['BELLMAN_PYTHON_TIMEOUT'];
  process.env['BELLMAN_PYTHON'] = python;
});
process.env['BELLMAN_PYTHON'] = python;

function open(id: string, options?: PythonEnvOptions): PythonEnv {
  const env = new PythonEnv(id, options);
  made.push(env);
  return env;
}
const openOdd = (fault?: string) => open(`${odd}:Odd`, { kwargs: fault === undefined ? {} : { fault } });
const action = { go: 6, push: Float32Array.of(0.5, 0, 0, 0.25), many: Int32Array.of(1, 2) };

function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('environments that are here too', () => {
  it.each([
    ['CartPole-v1', {}],
    ['Acrobot-v1', {}],
    ['MountainCarContinuous-v0', {}],
    ['Pendulum-v1', { g: 9.81 }],
    ['FrozenLake-v1', { is_slippery: false }],
    ['Taxi-v4', {}],
    ['Blackjack-v1', { natural: true }],
    ['CliffWalking-v1', {}],
  ])('%s %j plays the same to the bit', (id, kwargs) => {
    const camel = Object.entries(kwargs).map(([key, value]) => [key.replace('is_s', 'isS'), value]);
    const own = make(id, Object.fromEntries(camel)) as Env;
    const theirs = open(id, { kwargs });
    expect(String(theirs.observationSpace)).toBe(String(own.observationSpace));
    expect(String(theirs.actionSpace)).toBe(String(own.actionSpace));
    expect(theirs.spec).toMatchObject({
      rewardThreshold: own.spec?.rewardThreshold,
      maxEpisodeSteps: own.spec?.maxEpisodeSteps,
      options: kwargs,
    });
    theirs.actionSpace.seed(5);
    const actions = Array.from({ length: 400 }, () => theirs.actionSpace.sample());
    expect(firstDifference(recordTrajectory(own, 3, actions), recordTrajectory(theirs, 3, actions))).toBeUndefined();
  });

  it('end by the time limit that is asked for', () => {
    const env = open('MountainCar-v0', { kwargs: { max_episode_steps: 3 } });
    env.reset({ seed: 0 });
    expect([1, 1, 1].map((a) => env.step(a).truncated)).toEqual([false, false, true]);
    expect(() => env.step(1)).toThrow('The episode is over');
  });

  it('take wrappers by name, with arguments', () => {
    const wrappers = ['FlattenObservation', { name: 'gymnasium.wrappers:RescaleObservation', min_obs: 0, max_obs: 1 }];
    const env = open('MountainCar-v0', { wrappers: ['FlattenObservation', { ...(wrappers[1] as { name: string }) }] });
    expect(String(env.observationSpace)).toBe('Box(0.0, 1.0, (2,), float32)');
    expect(thrown(() => open('MountainCar-v0', { wrappers: ['FlatenObservation'] })).message).toMatch(
      /gymnasium\.wrappers has no wrapper FlatenObservation; did you mean FlattenObservation\?/,
    );
  });

  it('draw pictures and text', () => {
    const pole = open('FrozenLake-v1', { renderMode: 'ansi' });
    expect(thrown(() => pole.render()).message).toMatch('Call reset() before render()');
    pole.reset({ seed: 1 });
    expect(pole.render()).toMatch('FFF');
    expect(open('FrozenLake-v1').render()).toBeUndefined();
    const shares = open(`${odd}:Lines`, { renderMode: 'rgb_array' });
    shares.reset();
    expect(shares.render()).toEqual({ width: 3, height: 2, data: new Uint8Array(18).fill(128) });
  });

  it('keep the promises of an environment', () => {
    const factory = (options: { renderMode: 'rgb_array' | 'ansi' | null }) => open('FrozenLake-v1', options);
    expect(checkEnvironment(factory as never, { steps: 60 })).toEqual([]);
  });
});

describe('spaces and values', () => {
  it('are those of Python, exactly', () => {
    const env = openOdd();
    const { observation, info } = env.reset({ seed: 1, options: { depth: 2, list: [1, 'x'] } });
    expect(env.observationSpace.contains(observation)).toBe(false); // "half" is above its bound's float16, NaN in "pair".
    expect(observation).toEqual({
      whole: Int32Array.of(1, 4),
      wide: Float64Array.of(-(2 ** 39) - 1),
      flag: Uint8Array.of(1, 0, 0, 1),
      half: Float32Array.of(0.0999755859375),
      text: 'äb',
      bits: Int8Array.of(1, 0, 0, 1),
      pair: [-1, Float64Array.of(1.5, Number.POSITIVE_INFINITY, Number.NaN, -0)],
    });
    expect(info).toEqual({
      options: { depth: 2, list: [1, 'x'] },
      array: Float64Array.of(0, 1, 2),
      none: null,
      large: 2n ** 60n,
      small: -7,
      half: 0.5,
      nested: { list: [1, 'y', [2.5]], yes: true },
      inf: Number.NEGATIVE_INFINITY,
      object: expect.stringMatching(/module 'sys'/),
      text: 't',
      mask: Int8Array.of(1, 0, 1),
      square: Float64Array.of(1.5, 2, 3, 4),
    });
    const bounds = (env.observationSpace as unknown as { spaces: Record<string, { low: ArrayLike<number> }> }).spaces;
    expect(Array.from(bounds['half']!.low)).toEqual([Number.NEGATIVE_INFINITY]);
    expect(Array.from(bounds['wide']!.low)).toEqual([-(2 ** 40)]);
    expect(env.metadata).toEqual({ renderModes: ['rgb_array'], renderFps: 12, savesEpisodes: false });
  });

  it('reach Python in the types of its action space', () => {
    const env = openOdd();
    env.reset();
    expect(env.step(action)).toMatchObject({
      reward: 6.75,
      truncated: true,
      info: { types: ['int64', 'float32', [2, 2], 'int64', [1, 2]], many: Float64Array.of(1, 2) },
    });
    env.reset();
    expect(() => env.step({ ...action, go: 8 })).toThrow('is not in Dict');
    env.actionSpace.seed(4);
    expect(env.step(env.actionSpace.sample()).truncated).toBe(true);
  });

  it('that are not here are sampled by Python', () => {
    const env = openOdd();
    const { text } = (
      env.observationSpace as unknown as { spaces: Record<string, { seed(n: number): void; sample(): unknown }> }
    ).spaces;
    text!.seed(3);
    const drawn = [text!.sample(), text!.sample()];
    text!.seed(3);
    expect([text!.sample(), text!.sample()]).toEqual(drawn);
    expect(drawn[0]).toMatch(/^[0-9A-Za-z]{1,5}$/);
  });
});

describe('what goes wrong', () => {
  it('is told with the place in Python where it raised', () => {
    const env = openOdd('raise');
    env.reset();
    expect(thrown(() => env.step(action))).toBeInstanceOf(PythonError);
    expect(thrown(() => env.step(action)).message).toMatch(/a step raised KeyError: 'nothing' \(odd\.py, line \d+\)\./);
    // The process lives on.
    expect(env.reset().info['small']).toBe(-7);
    const shape = openOdd('shape');
    shape.reset();
    expect(thrown(() => shape.step(action)).message).toMatch('an observation of shape (5,), its space says (2,)');
  });

  it('does not come from what the environment prints', () => {
    const env = openOdd('print');
    env.reset();
    expect(env.step(action).reward).toBe(6.75);
  });

  it.runIf(process.platform === 'linux')('says how a process ended', () => {
    const ended = openOdd('exit');
    ended.reset();
    expect(thrown(() => ended.step(action)).message).toMatch(
      /its Python process ended with exit code 7 during a step\.$/,
    );
    const killed = openOdd();
    process.kill(killed.pid, 'SIGKILL');
    expect(thrown(() => killed.reset()).message).toMatch(/its Python process was ended by signal 9 during reset\.$/);
    expect(thrown(() => killed.reset()).message).toMatch(/is closed\.$/);
  });

  it('ends a process that takes longer than it may', () => {
    process.env['BELLMAN_PYTHON_TIMEOUT'] = '1';
    // Starting may take longer than that on a busy machine.
    let env: PythonEnv | undefined;
    while (env === undefined) {
      try {
        env = openOdd('hang');
        env.reset();
      } catch (error) {
        if (!(error as Error).message.includes('took longer')) throw error;
        env = undefined;
        process.env['BELLMAN_PYTHON_TIMEOUT'] = String(2 * Number(process.env['BELLMAN_PYTHON_TIMEOUT']));
      }
    }
    expect(thrown(() => env.step(action)).message).toMatch(/took longer than \d+ s \(BELLMAN_PYTHON_TIMEOUT\)/);
  });

  it('names what is missing, and where', () => {
    expect(thrown(() => open('nosuchmodule:X-v0'))).toBeInstanceOf(UnavailableError);
    expect(thrown(() => open('nosuchmodule:X-v0')).message).toMatch(
      `python:nosuchmodule:X-v0: Python has no module nosuchmodule. The Python is ${python} (BELLMAN_PYTHON).`,
    );
    expect(thrown(() => open('./nosuch.py:X-v0')).message).toMatch('there is no file ./nosuch.py');
    const unknown = thrown(() => open('CartPole-v9'));
    expect(unknown).toBeInstanceOf(UnknownNameError);
    expect(unknown.message).toMatch(/Did you mean "python:CartPole-v1"\?.* doesn't exist/);
    expect(thrown(() => open('CartPole-v1', { kwargs: { speed: 3 } })).message).toMatch(
      /unexpected keyword argument 'speed'/,
    );
    process.env['BELLMAN_PYTHON'] = join(folder, 'none');
    expect(thrown(() => open('CartPole-v1')).message).toMatch(
      /^BELLMAN_PYTHON: got .*none", allowed is a Python program/,
    );
    process.env['BELLMAN_PYTHON_TIMEOUT'] = 'soon';
    process.env['BELLMAN_PYTHON'] = python;
    expect(thrown(() => open('CartPole-v1')).message).toMatch('BELLMAN_PYTHON_TIMEOUT: got "soon"');
  });

  it('without Gymnasium says how to install it', () => {
    // -I -S: without any installed package.
    const bare = join(folder, 'bare-python');
    writeFileSync(bare, `#!/bin/sh\nexec ${python} -I -S "$@"\n`, { mode: 0o755 });
    process.env['BELLMAN_PYTHON'] = bare;
    expect(thrown(() => open('CartPole-v1')).message).toMatch(`Install it there: ${bare} -m pip install gymnasium`);
  });

  it('with a program that is no Python ends with one line too', () => {
    process.env['BELLMAN_PYTHON'] = '/bin/true';
    expect(thrown(() => open('CartPole-v1'))).toBeInstanceOf(PythonError);
  });
});

describe('a saved state', () => {
  it('lets the interrupted episode be truncated, and the next begin from its own seed', () => {
    const first = open('CartPole-v1');
    first.reset({ seed: 9 });
    for (const a of [0, 1, 1]) first.step(a);
    const { observation } = first.step(0);
    const state = structuredClone(first.saveState());
    const starts = [0, 1].map(() => {
      const env = open('CartPole-v1');
      env.restoreState(state);
      expect(env.step(0)).toEqual({ observation, reward: 0, terminated: false, truncated: true, info: {} });
      expect(() => env.step(0)).toThrow('The episode is over');
      return env.reset().observation;
    });
    expect(starts[0]).toEqual(starts[1]);
    expect(starts[0]).not.toEqual(open('CartPole-v1').reset({ seed: 9 }).observation);
  });
});

describe('ids', () => {
  it('can be made once they are imported, and never mean an environment of ours', async () => {
    expect(() => make('python:CartPole-v1')).toThrow('call `await importEnvironment(id)`');
    await importEnvironment('python:CartPole-v1');
    const envs = makeVec('python:CartPole-v1', 2, { envOptions: { max_episode_steps: 4 } });
    expect(envs.spec).toMatchObject({ id: 'python:CartPole-v1', maxEpisodeSteps: 4 });
    const own = makeVec('CartPole-v1', 2, { envOptions: { maxEpisodeSteps: 4 } });
    expect(envs.reset({ seed: 1 }).observations).toEqual(own.reset({ seed: 1 }).observations);
    const actions = Int32Array.of(0, 1);
    for (let t = 0; t < 9; t++) {
      const [theirs, ours] = [envs.step(actions), own.step(actions)];
      expect(theirs.observations).toEqual(ours.observations);
      expect(theirs.truncations).toEqual(ours.truncations);
    }
    const pids = envs.envs.map((env) => (env.unwrapped as PythonEnv).pid);
    expect(new Set(pids).size).toBe(2);
    envs.close();
    await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  });
});

/** Whether a process is there and not waiting to be asked how it ended. */
function isRunning(pid: number): boolean {
  if (!existsSync('/proc/self/stat')) {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
