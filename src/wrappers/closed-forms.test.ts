/** Wrappers over an environment that does what a list says and checks nothing, against values worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { Env, Info, ResetResult, StepResult } from '../core/env.ts';
import { BellmanError, MismatchError, OptionError, OrderError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { make } from '../envs/index.ts';
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple } from '../spaces/index.ts';
import { binCounts, cellCount } from './bins.ts';
import * as wrappers from './index.ts';
import { rescaleBox } from './rescale-box.ts';
import { RunningMeanStd } from './running-mean-std.ts';

type Told = Partial<StepResult<unknown>>;

/** @param steps what each step tells; the rest is 0, false and empty. */
function scripted(steps: readonly Told[], spaces: { observation?: unknown; action?: unknown } = {}) {
  const played: unknown[] = [];
  const env: Env<never, never> & { played: unknown[] } = {
    observationSpace: (spaces.observation ?? new Discrete(9)) as Space<never>,
    actionSpace: (spaces.action ?? new Discrete(9)) as Space<never>,
    metadata: { renderModes: ['ansi'], renderFps: 30 },
    renderMode: 'ansi',
    played,
    get unwrapped() {
      return env as never;
    },
    reset: (): ResetResult<never> => {
      played.length = 0;
      return { observation: 0 as never, info: {} };
    },
    step: (action: unknown): StepResult<never> => {
      const told = steps[played.length] ?? {};
      played.push(action);
      const info: Info = {};
      return { observation: 0, reward: 0, terminated: false, truncated: false, info, ...told } as StepResult<never>;
    },
    render: () => 'drawn',
    close: () => {},
    saveState: () => null,
    restoreState: () => {},
  };
  return env;
}
const step = (env: unknown, action: unknown = 0): StepResult<unknown> => (env as Env).step(action);
const rewardsOf = (env: Env<never, never>, count: number): number[] =>
  Array.from({ length: count }, () => step(env).reward);
const restored = <E extends object>(from: E, to: E): E => {
  (to as unknown as Env).restoreState((from as unknown as Env).saveState());
  return to;
};

describe('OrderEnforcing', () => {
  const build = (told: Told = {}) => new wrappers.OrderEnforcing<never, never>(scripted([{}, told]));
  it.each([{ terminated: true }, { truncated: true }])('stops a step after %o, and no picture', (told) => {
    const env = build(told);
    expect(() => step(env)).toThrow(OrderError);
    expect(() => env.render()).toThrow(OrderError);
    env.reset();
    step(env);
    expect(env.render()).toBe('drawn');
    step(env);
    expect(() => step(env)).toThrow(/over/);
    expect(env.render()).toBe('drawn');
    // So does one that was restored from it.
    expect(() => step(restored(env, build()))).toThrow(/over/);
    env.reset();
    expect(step(restored(env, build())).terminated).toBe(false);
    expect(() => env.restoreState({ own: 'asleep', env: null })).toThrow(MismatchError);
  });
});

describe('RepeatAction', () => {
  it('plays an action some times, or to the end, and sums', () => {
    const env = scripted([{ reward: 1 }, { reward: 2 }, { reward: 4 }, { reward: 8, truncated: true }, { reward: 99 }]);
    const three = new wrappers.RepeatAction(env, 3);
    expect(three.metadata).toEqual({ renderModes: ['ansi'], renderFps: 10 });
    expect(rewardsOf(three, 2)).toEqual([7, 8]);
    expect(env.played).toHaveLength(4);
    env.reset();
    expect(rewardsOf(new wrappers.RepeatAction(env, 1), 3)).toEqual([1, 2, 4]);
  });
});

describe('RunningMeanStd', () => {
  const samples = (n: number, round: (x: number) => number) =>
    Array.from({ length: n }, (_, i) => round(((i * 7919) % 1013) / 17));

  // Of gymnasium.wrappers.utils.RunningMeanStd(1e-4, (), dtype) in Gymnasium 1.4.0 with NumPy 2.4.6, after each update.
  it.each([
    [
      true,
      [
        30.038421630859375, 295.7219543457031, 30.01693344116211, 296.4136962890625, 29.92010498046875,
        298.3546447753906,
      ],
    ],
    [
      false,
      [
        30.038421359741903, 295.7219320170338, 30.01693298519207, 296.4136668975637, 29.920104200345897,
        298.35462141917253,
      ],
    ],
  ] as const)('is that of Gymnasium to the bit over 300, 9 and 1 samples, single precision %s', (single, expected) => {
    const statistics = new RunningMeanStd(1, single);
    const told = [300, 9, 1].flatMap((n) => {
      statistics.update(samples(n, single ? Math.fround : (x) => x));
      return [statistics.mean[0], statistics.variance[0]];
    });
    expect(told).toEqual(expected);
    expect(statistics.count).toBeCloseTo(310.0001, 10);
  });

  it.each([
    [true, [29.885478973388672, 29.927637100219727, 297.0404357910156, 295.9972839355469]],
    [false, [29.885480234251695, 29.927637082944507, 297.0404660081609, 295.9972836131621]],
  ] as const)('of rows of two too, single precision %s', (single, expected) => {
    const statistics = new RunningMeanStd(2, single);
    statistics.update(samples(600, single ? Math.fround : (x) => x));
    expect([...statistics.mean, ...statistics.variance]).toEqual(expected);
  });

  it('is the mean and variance of all rows, with a prior of weight 1e-4', () => {
    const rows = Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * (1 + (i % 3)));
    const statistics = new RunningMeanStd(3);
    for (const [from, to] of [
      [0, 3],
      [3, 30],
      [30, 60],
    ])
      statistics.update(rows.slice(from, to));
    for (let i = 0; i < 3; i++) {
      const column = rows.filter((_, k) => k % 3 === i);
      const total = 20 + 1e-4;
      const mean = column.reduce((sum, x) => sum + x, 0) / total;
      const squares = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2);
      expect(statistics.mean[i]).toBeCloseTo(mean, 12);
      expect(statistics.variance[i]).toBeCloseTo(squares / total, 12);
      const out = new Float32Array(6);
      statistics.standardize(rows.slice(0, 6), 0.5, out);
      const expected = (rows[3 + i] - mean) / Math.sqrt(squares / total + 0.5);
      expect(out[3 + i]).toBeCloseTo(expected, 6);
    }
  });
});

describe('NormalizeReward', () => {
  it('divides by the deviation of the discounted sum, which an end forgets', () => {
    const told = [{ reward: 1 }, { reward: 2 }, { reward: -3, terminated: true }, { reward: 5 }];
    const env = new wrappers.NormalizeReward(scripted(told), { gamma: 0.5, epsilon: 0.01 });
    // 1; 0.5 + 2; -3 alone; -1.5 + 5.
    const sums = [1, 2.5, -3, 3.5];
    const deviation = (n: number): number => {
      const total = n + 1e-4;
      const mean = sums.slice(0, n).reduce((sum, x) => sum + x, 0) / total;
      const squares = sums.slice(0, n).reduce((sum, x) => sum + (x - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2);
      return Math.sqrt(squares / total + 0.01);
    };
    for (const [i, { reward }] of told.entries()) expect(step(env).reward).toBeCloseTo(reward / deviation(i + 1), 10);
    env.updateRunningMean = false;
    const before = [env.statistics.mean[0], env.statistics.variance[0], env.statistics.count];
    env.reset();
    expect(step(env).reward).toBeCloseTo(1 / deviation(4), 10);
    expect([env.statistics.mean[0], env.statistics.variance[0], env.statistics.count]).toEqual(before);
  });
});

describe('ClipReward', () => {
  const rewards = [-5, -0.5, 0, 3];
  const clipped = (...bounds: [(number | null)?, (number | null)?]) =>
    rewardsOf(new wrappers.ClipReward(scripted(rewards.map((reward) => ({ reward }))), ...bounds), 4);
  it('is the sign, or between one bound or two', () => {
    expect(clipped()).toEqual([-1, -1, 0, 1]);
    expect(clipped(null, null)).toEqual([-1, -1, 0, 1]);
    expect(clipped(undefined, 1)).toEqual([-5, -0.5, 0, 1]);
    expect(clipped(-1, null)).toEqual([-1, -0.5, 0, 3]);
    expect(clipped(-1, 2)).toEqual([-1, -0.5, 0, 2]);
    expect(clipped(1, 1)).toEqual([1, 1, 1, 1]);
  });
});

describe('EpisodeStatistics', () => {
  it('holds the last returns and lengths, counts all, and goes on from a saved state', () => {
    const told = [{ reward: 1 }, { reward: 2, truncated: true }, { reward: 4, terminated: true }, { reward: 8 }];
    const build = () => new wrappers.EpisodeStatistics(scripted(told), { bufferLength: 2, statsKey: 'sum' });
    const env = build();
    for (let game = 0; game < 2; game++) {
      env.reset();
      step(env);
      expect(step(env).info).toEqual({ sum: { r: 3, l: 2 } });
    }
    env.reset();
    rewardsOf(env, 3);
    expect([env.returnQueue, env.lengthQueue, env.episodeCount]).toEqual([[3, 7], [2, 3], 3 + 1]);
    step(env);
    const other = restored(env, build());
    expect([other.returnQueue, other.lengthQueue, other.episodeCount]).toEqual([[3, 7], [2, 3], 4]);
    other.env.reset();
    step(other);
    // 7 and 8 of before, and the first two steps again.
    expect(step(other).info).toEqual({ sum: { r: 18, l: 6 } });
    const one = new wrappers.EpisodeStatistics(scripted(told), { bufferLength: 1 });
    rewardsOf(one, 3);
    expect(one.returnQueue).toEqual([7]);
  });
});

describe('StickyAction', () => {
  it.each([
    [0, 1, [1, 2, 3, 4, 5]],
    [1, 1, [1, 1, 1, 1, 1]],
    [1, [2, 2], [1, 1, 1, 1, 1]],
  ] as const)('with probability %d for %j plays %j', (probability, duration, expected) => {
    // Elsewhere than in Atari games the draws come from the environment's own generator.
    const inner = make('Taxi-v4') as Env;
    const played: unknown[] = [];
    const spy = new wrappers.TransformAction<never, number, number>(inner as Env<never, number>, (action) => {
      played.push(action);
      return action;
    });
    const env = new wrappers.StickyAction(spy, probability, duration as number);
    env.reset({ seed: 1 });
    for (const action of [1, 2, 3, 4, 5]) env.step(action);
    expect(played).toEqual(expected);
  });

  it('restores no action that there is not', () => {
    const build = () => new wrappers.StickyAction(make('FrozenLake-v1') as Env<number, number>, 1);
    const env = build();
    env.reset({ seed: 1 });
    const { own, env: below } = env.saveState() as { own: object; env: never };
    build().restoreState({ own: { ...own }, env: below });
    for (const last of [9, 'x', 1.5]) {
      expect(() => build().restoreState({ own: { ...own, last }, env: below })).toThrow(MismatchError);
    }
  });
});

describe('rescaleBox', () => {
  it.each([
    ['two finite bounds', [0, 4], [-1, 1], [0, 1, 4], [-1, -0.5, 1]],
    ['one point onto itself moved', [2, 4], [3, 5], [2, 3], [3, 4]],
    ['a lower bound alone', [1, Infinity], [4, Infinity], [1, 7], [4, 10]],
    ['an upper bound alone', [-Infinity, 3], [-Infinity, 5], [-9, 3], [-7, 5]],
    ['no bound', [-Infinity, Infinity], [-Infinity, Infinity], [-9, 3], [-9, 3]],
  ])('maps %s', (_, [low, high], [newLow, newHigh], from, to) => {
    const { space, forward, backward } = rescaleBox(new Box(low, high, [from.length]), newLow, newHigh);
    expect(space.low[0]).toBe(newLow);
    expect(space.high[0]).toBe(newHigh);
    const given = Float32Array.from(from);
    expect([...forward(given)]).toEqual(to);
    expect([...backward(Float32Array.from(to))]).toEqual(from);
    // Into fresh memory, and none more.
    expect([...given]).toEqual(from);
    expect(forward(given)).toHaveLength(from.length);
  });

  it('takes a bound for each element', () => {
    const { forward } = rescaleBox(new Box(0, 1, [2]), [0, -10], [2, 10]);
    expect([...forward(Float32Array.of(0.5, 0.75))]).toEqual([1, 5]);
  });

  it.each<[unknown, unknown, RegExp]>([
    [2, 1, /^min: got 2, allowed is a number not above max \(1\)\.$/],
    [[0, 0, 0], 1, /^min: got .*, allowed is a number, or 2 numbers\.$/],
    [0, [1, Number.NaN], /^max: .*a number, or 2 numbers/],
    [null, 1, /^min: got null, allowed is a number, or 2 numbers/],
    ['0', 1, /^min: got "0", allowed is a number, or 2 numbers/],
    [0, Infinity, /^max: got Infinity, allowed is 1 where/],
  ])('refuses from %j to %j', (low, high, message) => {
    expect(() => rescaleBox(new Box(0, 1, [2]), low as number, high as number)).toThrow(message);
  });
});

describe('bins', () => {
  it.each([
    1.5,
    0,
    -1,
    2 ** 24 + 1,
    '3',
    null,
    [3],
    [3, 0],
    [3, 2 ** 24 + 1],
    [3, 1.5],
  ])('refuses %j for two', (bins) => {
    expect(() => binCounts(bins, 2)).toThrow(OptionError);
  });
  it('are numbers from 1 to 2^24, of 2^31 cells at most', () => {
    expect([...binCounts(1, 2), ...binCounts([2 ** 24, 3], 2)]).toEqual([1, 1, 2 ** 24, 3]);
    expect(cellCount(0, Int32Array.of(2 ** 16, 2 ** 15))).toBe(2 ** 31);
    expect(() => cellCount(0, Int32Array.of(2 ** 16, 2 ** 15 + 1))).toThrow(OptionError);
  });
});

describe('DiscretizeAction', () => {
  const pendulum = () => make('Pendulum-v1') as Env as Env<never, never>;
  it('names, plays and finds the middles, and leaves the bounds as they are', () => {
    const told = scripted([], { action: new Box([-1, 0], [1, 4]) });
    const env = new wrappers.DiscretizeAction<never, Int32Array>(told, [2, 4], { multiDiscrete: true });
    env.reset();
    env.step(Int32Array.of(1, 3));
    env.step(Int32Array.of(0, 0));
    expect(told.played.map((action) => [...(action as Float32Array)])).toEqual([
      [0.5, 3.5],
      [-0.5, 0.5],
    ]);
    // Between two middles the first is as near.
    expect([...env.nearestCell(Float32Array.of(0, 3) as never)]).toEqual([0, 2]);
    expect(env.getActionMeanings()).toBeUndefined();
    const one = new wrappers.DiscretizeAction(pendulum(), 4);
    expect(one.getActionMeanings()).toEqual(['-1.5', '-0.5', '0.5', '1.5']);
    expect(new wrappers.DiscretizeAction(pendulum(), 3).getActionMeanings()).toEqual(['-1.33', '0', '1.33']);
  });
});

describe('DiscretizeObservation', () => {
  const at = (x: number, y: number) => ({ observation: Float32Array.of(x, y) });
  it('numbers the bins of each element, from the lower edge on, and says their corners', () => {
    const told = scripted([at(-1, 0), at(-0.5, 1), at(1, 4), at(9, -9), at(0.999, 3.999)], {
      observation: new Box([-1, 0], [1, 4]),
    });
    const env = new wrappers.DiscretizeObservation<never, Int32Array>(told, [4, 2], { multiDiscrete: true });
    const cells = Array.from({ length: 5 }, () => [...(step(env).observation as Int32Array)]);
    expect(cells).toEqual([
      [0, 0],
      [1, 0],
      [3, 1],
      [3, 0],
      [3, 1],
    ]);
    const { low, high } = env.cellBounds(Int32Array.of(1, 1));
    expect([...low, ...high]).toEqual([-0.5, 2, 0, 4]);
  });

  it.each([
    { low: [-1] },
    { low: [-1, Number.NaN] },
    { high: [1, Infinity] },
    { high: 'ab' },
    { low: { length: 2 } },
    { low: null },
  ])('refuses the bounds %j', (bounds) => {
    const env = scripted([], { observation: new Box([-1, 0], [1, 4]) });
    const build = () => new wrappers.DiscretizeObservation(env, 2, bounds as never);
    expect(build).toThrow(/^(low|high): got .*, allowed is 2 finite numbers, one for each element\.$/);
  });
});

describe('DtypeObservation', () => {
  const shown = (space: unknown, observation: unknown, dtype: 'float32' | 'int32' | 'float64') => {
    const env = new wrappers.DtypeObservation(scripted([{ observation }], { observation: space }), dtype);
    return [String(env.observationSpace), step(env).observation];
  };
  it('makes arrays of any numbers', () => {
    expect(shown(new Discrete(3, { start: 4 }), 5, 'float32')).toEqual([
      'Box(4.0, 6.0, (), float32)',
      Float32Array.of(5),
    ]);
    expect(shown(new MultiBinary(2), Int8Array.of(1, 0), 'float64')).toEqual([
      'Box(0.0, 1.0, (2,), float64)',
      Float64Array.of(1, 0),
    ]);
    expect(shown(new MultiDiscrete([2, 3], { start: [5, 1] }), Int32Array.of(6, 2), 'int32')).toEqual([
      'MultiDiscrete([2 3], start=[5 1])',
      Int32Array.of(6, 2),
    ]);
    expect(() => shown(new MultiDiscrete([2, 3]), 0, 'float32')).toThrow(MismatchError);
  });
});

describe('FilterObservation', () => {
  const dict = new Dict({ b: new Discrete(2), a: new Discrete(3), c: new Discrete(4) });
  const tuple = new Tuple([new Discrete(2), new Discrete(3)]);
  it('passes on the parts that are named', () => {
    const observation = { b: 1, a: 2, c: 3 };
    const named = new wrappers.FilterObservation(scripted([{ observation }], { observation: dict }), ['c', 'b']);
    expect(step(named).observation).toEqual({ c: 3, b: 1 });
    const numbered = new wrappers.FilterObservation(scripted([{ observation: [1, 2] }], { observation: tuple }), [1]);
    expect(step(numbered).observation).toEqual([2]);
    expect(String(numbered.observationSpace)).toBe('Tuple(Discrete(3))');
  });
  it.each([
    [dict, ['a', 0]],
    [dict, ['d']],
    [dict, ['a', 'd']],
    [tuple, ['0']],
    [tuple, [0, '1']],
    [tuple, [0, 2]],
    [tuple, 'x'],
  ])('of %s refuses %j', (observation, keys) => {
    expect(() => new wrappers.FilterObservation(scripted([], { observation }), keys as never)).toThrow(OptionError);
  });
});

describe('FrameStack', () => {
  it.each([
    new Discrete(3),
    new MultiBinary(4),
    new Box(-5, 5, [3], 'int8'),
    new Box(0, 1, [2], 'float64'),
    new Box(0, 1, []),
    new MultiDiscrete([2, 3]),
  ])('refuses %s', (observation) => {
    const build = () => new wrappers.FrameStack(scripted([], { observation }) as never);
    expect(build).toThrow(`FrameStack needs a Box of uint8 or float32, got ${observation}.`);
  });

  it('of one frame is the frame', () => {
    const observation = new Box(0, 255, [2], 'uint8');
    const told = scripted([{ observation: Uint8Array.of(7, 8) }], { observation });
    const env = new wrappers.FrameStack(told as never, 1);
    const { observation: seen } = step(env);
    expect(seen).toEqual(Uint8Array.of(7, 8));
    const before = env.saveState();
    (seen as Uint8Array).fill(0);
    expect((before as { own: Uint8Array }).own).toEqual(Uint8Array.of(7, 8));
    for (const count of [0, 1.5, -1, Number.NaN]) {
      expect(() => new wrappers.FrameStack(told as never, count)).toThrow(OptionError);
    }
  });
});

describe('DelayObservation', () => {
  it.each([
    [0, [0, 3, 5, 7]],
    [2, [0, 0, 0, 3]],
  ])('by %d', (delay, expected) => {
    const env = new wrappers.DelayObservation(scripted([3, 5, 7].map((observation) => ({ observation }))), delay);
    const first = env.reset().observation;
    expect([first, ...[1, 2, 3].map(() => step(env).observation)]).toEqual(expected);
    expect(() => env.restoreState({ own: [1, 2, 3], env: null })).toThrow(MismatchError);
  });
});

it.each<[string, (env: Env<never, never>) => unknown]>([
  ...[[], [1.5], [2], [1, 2, 3], [1, 1.5], 'ab', { length: 2 }, null].map(
    (duration): [string, (env: Env<never, never>) => unknown] => [
      `StickyAction for ${JSON.stringify(duration)}`,
      (env) => new wrappers.StickyAction(env, 0.5, duration as never),
    ],
  ),
  ['StickyAction with -0.1', (env) => new wrappers.StickyAction(env, -0.1)],
  ['ClipReward from a text', (env) => new wrappers.ClipReward(env, 'x' as never)],
  ['ClipReward to a text', (env) => new wrappers.ClipReward(env, null, '9' as never)],
  ['ClipReward to NaN', (env) => new wrappers.ClipReward(env, 0, Number.NaN)],
  ['NormalizeReward with null', (env) => new wrappers.NormalizeReward(env, null as never)],
  ['NormalizeReward with a number', (env) => new wrappers.NormalizeReward(env, 3 as never)],
])('%s is refused', (_, build) => {
  expect(() => build(scripted([]))).toThrow(OptionError);
});

it.each<{ shape: unknown }>(
  [[-2, -2], [0], [1.5, 8 / 3], [4, 0], [5], ['4'], 'x', 4, null].map((shape) => ({ shape })),
)('ReshapeObservation of 4 to $shape is refused', ({ shape }) => {
  const env = scripted([], { observation: new Box(0, 1, [4]) });
  const build = () => new wrappers.ReshapeObservation(env, shape as never);
  expect(build).toThrow(/^shape: got .*, allowed is positive integers with the product 4\.$/);
  expect(build).toThrow(BellmanError);
});
