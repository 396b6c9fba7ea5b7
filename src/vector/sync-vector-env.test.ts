/** A vector of environments that tell what a list says, against what is worked out by hand. */
import { describe, expect, it } from 'vitest';
import { longBounds } from '../../test/support/long-bounds.ts';
import type { Env, Info, ResetOptions, StepResult } from '../core/env.ts';
import { ActionMaskError, MismatchError, OptionError, OrderError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { copyValue } from '../core/trajectory.ts';
import { Box, Discrete, MultiDiscrete } from '../spaces/index.ts';
import {
  makeVec,
  NormalizeVectorObservation,
  NormalizeVectorReward,
  SyncVectorEnv,
  type SyncVectorOptions,
} from './index.ts';

interface Script {
  /** Info of each reset, the last again and again. */
  readonly resets?: readonly Info[];
  readonly steps: readonly Partial<StepResult<unknown>>[];
}

/** Observes the number of its calls. Steps come round again. */
function scripted({ resets = [{}], steps }: Script, spaces: { observation?: unknown; action?: unknown } = {}) {
  const log: unknown[] = [];
  let calls = 0;
  let games = 0;
  let taken = 0;
  const env: Env & { readonly log: unknown[]; closed: boolean } = {
    observationSpace: (spaces.observation ?? new Discrete(100)) as Space,
    actionSpace: (spaces.action ?? new Discrete(2)) as Space,
    metadata: { renderModes: ['ansi'], renderFps: 7 },
    renderMode: 'ansi',
    spec: { id: 'Scripted-v0' } as Env['spec'],
    log,
    closed: false,
    get unwrapped() {
      return env;
    },
    reset: (options?: ResetOptions) => {
      log.push(options);
      return { observation: ++calls, info: resets[Math.min(games++, resets.length - 1)] };
    },
    step: (action: unknown) => {
      log.push(action);
      const rest = { observation: ++calls, reward: 0, terminated: false, truncated: false, info: {} };
      return { ...rest, ...steps[taken++ % steps.length] };
    },
    render: () => `${calls}`,
    close: () => {
      env.closed = true;
    },
    saveState: () => ({ calls, games, taken }),
    restoreState: (state) => {
      ({ calls, games, taken } = state as { calls: number; games: number; taken: number });
    },
  };
  return env;
}
const mask = (...action_mask: number[]): Info => ({ action_mask: Int8Array.from(action_mask) });
const over = (scripts: readonly Script[], options: SyncVectorOptions = {}) => {
  const envs = scripts.map((script) => scripted(script));
  const vector = new SyncVectorEnv(
    envs.map((env) => () => env),
    { autoresetMode: 'same-step', ...options },
  );
  return { vector, envs };
};
const NOTHING = Int32Array.of(0, 0);

describe('masks of actions', () => {
  const one: Script = {
    resets: [mask(1, 0), mask(0, 1)],
    steps: [{ info: mask(0, 0) }, { info: mask(1, 1), terminated: true }, {}],
  };
  const none: Script = { steps: [{}] };

  it('stand in rows; one that is not told allows everything, and the last is of the episode that ended', () => {
    const { vector } = over([one, none]);
    expect([...vector.reset().actionMasks!]).toEqual([1, 0, 1, 1]);
    expect([...vector.step(NOTHING).actionMasks!]).toEqual([0, 0, 1, 1]);
    const ended = vector.step(NOTHING);
    expect([...ended.actionMasks!]).toEqual([0, 1, 1, 1]);
    expect([...ended.finalActionMasks!].slice(0, 2)).toEqual([1, 1]);
    // Told before, not told now.
    expect([...vector.step(NOTHING).actionMasks!]).toEqual([1, 1, 1, 1]);
  });

  it('are there from the first on, and go on from a saved state', () => {
    const later: Script = { steps: [{}, { info: mask(0, 1) }, {}] };
    for (const autoresetMode of ['next-step', 'same-step', 'disabled'] as const) {
      const { vector } = over([none, later], { autoresetMode });
      expect(vector.reset().actionMasks).toBeUndefined();
      expect(vector.step(NOTHING).actionMasks).toBeUndefined();
      const before = vector.saveState() as { actionMasks: unknown };
      expect(before.actionMasks).toBeNull();
      const told = vector.step(NOTHING);
      expect([...told.actionMasks!]).toEqual([1, 1, 0, 1]);
      expect(told.finalActionMasks === undefined).toBe(autoresetMode !== 'same-step');
      const state = copyValue(vector.saveState()) as { actionMasks: Uint8Array };
      expect([...state.actionMasks]).toEqual([1, 1, 0, 1]);
      vector.step(NOTHING);
      expect([...vector.reset().actionMasks!]).toEqual([1, 1, 1, 1]);
      const { vector: other } = over([none, later], { autoresetMode });
      other.restoreState(state as never);
      expect(other.saveState()).toEqual(state);
      expect([...other.step(NOTHING).actionMasks!]).toEqual([1, 1, 1, 1]);
    }
  });

  it('of another length are refused, and none where actions are no numbers', () => {
    const { vector } = over([{ resets: [mask(1, 0, 1)], steps: [{}] }]);
    expect(() => vector.reset()).toThrow(ActionMaskError);
    const cells = scripted(one, { action: new MultiDiscrete([2, 2]) });
    const unnumbered = new SyncVectorEnv([() => cells]);
    expect(unnumbered.reset().actionMasks).toBeUndefined();
    unnumbered.step(Int32Array.of(1, 0));
    expect(cells.log.at(-1)).toEqual(Int32Array.of(1, 0));
    const many = scripted({ steps: [{}] }, { action: new Discrete(2 ** 16) });
    expect(new SyncVectorEnv([() => many]).reset().actionMasks).toBeUndefined();
  });
});

it('whole games are told with the ends of their parts, and alone where resets end them', () => {
  const game = (isOver: boolean, reward: number): Info => ({ whole_game: { over: isOver, reward } });
  const lives: Script = {
    resets: [{}, game(true, 9), {}],
    steps: [{}, { terminated: true, info: game(false, 2) }, { truncated: true, info: game(true, 5) }],
  };
  const { vector } = over([lives, { steps: [{}, { terminated: true }] }]);
  vector.reset();
  expect(vector.step(NOTHING).wholeGames).toBeUndefined();
  // The first ends a life, and its reset the game; the second is a game by itself.
  const first = vector.step(NOTHING).wholeGames!;
  expect([...first.over]).toEqual([1, 1]);
  expect([...first.returns]).toEqual([9, Number.NaN]);
  const second = vector.step(NOTHING).wholeGames!;
  expect([second.over[0], second.returns[0]]).toEqual([1, 5]);

  const { vector: alone } = over([{ steps: [{ terminated: true, info: game(false, 2) }] }]);
  alone.reset();
  const { wholeGames } = alone.step(Int32Array.of(0));
  expect([...wholeGames!.over, ...wholeGames!.returns]).toEqual([0, 2]);
});

it('an episode that is truncated ends as one that is terminated', () => {
  const { vector, envs } = over([{ steps: [{ truncated: true, reward: 3 }] }, { steps: [{}] }], {
    autoresetMode: 'next-step',
  });
  vector.reset({ seed: [4, undefined] });
  expect(copyValue(vector.step(NOTHING))).toMatchObject({
    truncations: Uint8Array.of(1, 0),
    terminations: Uint8Array.of(0, 0),
    rewards: Float64Array.of(3, 0),
  });
  // The next step begins, and pays nothing.
  expect(copyValue(vector.step(Int32Array.of(1, 1)))).toMatchObject({
    truncations: Uint8Array.of(0, 0),
    rewards: Float64Array.of(0, 0),
  });
  expect(envs[0].log).toEqual([{ seed: 4, options: undefined }, 0, undefined]);
  expect(envs[1].log).toEqual([{ seed: undefined, options: undefined }, 0, 1]);
  const { vector: stopped } = over([{ steps: [{}] }, { steps: [{ truncated: true }] }], { autoresetMode: 'disabled' });
  stopped.reset();
  stopped.step(NOTHING);
  expect(() => stopped.step(NOTHING)).toThrow('The episode of environment 1 is over: reset it with reset_mask.');
});

describe('a reset', () => {
  it.each<[unknown, unknown]>([
    [[1, 2, 3], undefined],
    [[1, 1.5], undefined],
    [[1, -1], undefined],
    [[1, '2'], undefined],
    [[1, null], undefined],
    [-1, undefined],
    [0.5, undefined],
    ['1', undefined],
    [undefined, [true]],
    [undefined, [false, false]],
    [undefined, [true, 2]],
    [undefined, 'ab'],
    [undefined, { length: 2, 0: true, 1: true }],
  ])('refuses the seeds %j with the mask %j', (seed, reset_mask) => {
    const { vector } = over([{ steps: [{}] }, { steps: [{}] }]);
    vector.reset();
    const options = reset_mask === undefined ? {} : { options: { reset_mask } };
    expect(() => vector.reset({ seed: seed as number, ...options })).toThrow(OptionError);
  });

  it('takes masks of booleans and of 0 and 1', () => {
    const { vector, envs } = over([{ steps: [{}] }, { steps: [{}] }]);
    const options = (reset_mask: unknown) => ({ options: { reset_mask, more: 3 } });
    expect(() => vector.reset(options([true, false]))).toThrow(OrderError);
    vector.reset(options(Uint8Array.of(1, 1)));
    vector.reset(options([0, 1]));
    expect(envs.map(({ log }) => log.length)).toEqual([1, 2]);
    expect(envs[1].log[1]).toEqual({ seed: undefined, options: { more: 3 } });
  });
});

describe('states of earlier versions', () => {
  const script: Script = { resets: [mask(1, 0)], steps: [{ info: mask(0, 1) }] };
  const bare: Script = { steps: [{}] };

  it('of a group of a training are of one that runs, without masks', () => {
    const { vector } = over([script, script]);
    vector.reset();
    const { envs, observations } = vector.saveState() as { envs: never; observations: never };
    const { vector: other } = over([script, script]);
    other.restoreState({ envs, observations });
    expect(other.saveState()).toMatchObject({ terminations: new Uint8Array(2), actionMasks: null, started: true });
    other.step(NOTHING);
  });

  it('of shares are joined; a share without masks allows everything', () => {
    const shareOf = (scripts: readonly Script[]) => {
      const { vector } = over(scripts);
      vector.reset({ seed: 1 });
      vector.step(new Int32Array(scripts.length));
      return copyValue(vector.saveState());
    };
    const shares = [shareOf([bare, bare]), shareOf([script])];
    const { vector } = over([bare, bare, script]);
    vector.restoreState({ shares, actionSpace: vector.actionSpace.saveState() } as never);
    const state = vector.saveState() as { actionMasks: Uint8Array; observations: Int32Array; envs: unknown[] };
    expect([...state.actionMasks]).toEqual([1, 1, 1, 1, 0, 1]);
    expect([...state.observations]).toEqual([2, 2, 2]);
    expect(state.envs).toHaveLength(3);
    expect(() => over([bare]).vector.restoreState({ shares, actionSpace: null } as never)).toThrow(MismatchError);
  });
});

describe('wrappers of vectors', () => {
  it('tell what is below them, and close it', () => {
    const env = scripted({ steps: [{ reward: 1 }] }, { observation: new Box(0, 1, [1]) });
    const below = new SyncVectorEnv([() => env], { copy: true });
    for (const wrapper of [new NormalizeVectorReward(below), new NormalizeVectorObservation(below)]) {
      const names = [
        'numEnvs',
        'autoresetMode',
        'copy',
        'metadata',
        'renderMode',
        'spec',
        'singleActionSpace',
        'actionSpace',
      ];
      for (const name of names as (keyof typeof below)[]) {
        expect(wrapper[name as keyof typeof wrapper], name).toBe(below[name]);
      }
      expect(wrapper.render()).toEqual(below.render());
    }
    const rewards = new NormalizeVectorReward(below);
    expect(rewards.singleObservationSpace).toBe(below.singleObservationSpace);
    expect(rewards.observationSpace).toBe(below.observationSpace);
    rewards.close();
    expect(env.closed).toBe(true);
  });

  it('divide each reward by the deviation of the discounted sums of all', () => {
    const rewards = [1, -4];
    const { vector } = over(
      rewards.map((reward) => ({ steps: [{ reward }, { reward: 2 }, { reward: 3, terminated: true }] })),
      { autoresetMode: 'next-step' },
    );
    const env = new NormalizeVectorReward(vector, { gamma: 0.5, epsilon: 0.01 });
    env.reset();
    const sums: number[] = [];
    const deviation = (): number => {
      const total = sums.length + 1e-4;
      const mean = sums.reduce((sum, x) => sum + x, 0) / total;
      return Math.sqrt((sums.reduce((sum, x) => sum + (x - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2)) / total + 0.01);
    };
    const expectRewards = (now: readonly number[], given: readonly number[]) => {
      sums.push(...now);
      const got = env.step(NOTHING).rewards;
      for (const [i, reward] of given.entries()) expect(got[i]).toBeCloseTo(reward / deviation(), 5);
    };
    expectRewards([1, -4], [1, -4]);
    expectRewards([0.5 + 2, -2 + 2], [2, 2]);
    // The reward that ends an episode stands alone, as in Gymnasium.
    expectRewards([3, 3], [3, 3]);
  });
});

it.each<[string, () => unknown, new (...args: never) => Error]>([
  ['no list', () => new SyncVectorEnv('x' as never), OptionError],
  ['an empty list', () => new SyncVectorEnv([]), OptionError],
  [
    'a list with more than functions',
    () => new SyncVectorEnv([() => scripted({ steps: [{}] }), 3 as never]),
    OptionError,
  ],
  ['no environments', () => makeVec('CartPole-v1', 0), OptionError],
  ['an environment for a source', () => makeVec(scripted({ steps: [{}] }) as never, 1), OptionError],
  ['a mode that is a number', () => makeVec('CartPole-v1', 1, { autoresetMode: 1 as never }), OptionError],
])('%s is refused', (_, build, error) => {
  expect(build).toThrow(error);
});

it('one environment is a vector too, in its wrappers, the first innermost', () => {
  const names: string[] = [];
  const wrap = (name: string) => (env: Env) => {
    names.push(name);
    return env;
  };
  const vector = makeVec(() => scripted({ steps: [{}] }), 1, { wrappers: [wrap('first'), wrap('second')] });
  expect(vector.numEnvs).toBe(1);
  expect(names).toEqual(['first', 'second']);
  expect(vector.render()).toEqual(['0']);
});

it('refuses an environment that observes within other bounds, though their texts are one', () => {
  const maker = (middle: number) => () => scripted({ steps: [{}] }, { observation: new Box(longBounds(middle), 1) });
  expect(() => new SyncVectorEnv([maker(0), maker(0.5)])).toThrow(MismatchError);
  expect(new SyncVectorEnv([maker(0), maker(0)]).numEnvs).toBe(2);
});
