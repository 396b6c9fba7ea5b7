/** Every wrapper on environments that it does not fit, with impossible options, and with actions outside its space. */
import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import type { Env } from '../core/env.ts';
import { ActionError, BellmanError, MismatchError, OptionError, OrderError, UnknownNameError } from '../core/errors.ts';
import { make, makeFromKwargs } from '../envs/index.ts';
import * as wrappers from './index.ts';

// Untyped: these tests pass what the types forbid.
type Any = Env<never, never>;
const lake = (): Any => make('FrozenLake-v1') as Env as Any;
const pole = (): Any => make('CartPole-v1') as Env as Any;
const cards = (): Any => make('Blackjack-v1') as Env as Any;
const pendulum = (): Any => make('Pendulum-v1') as Env as Any;
const bad = (value: unknown): never => value as never;

type Case = readonly [what: string, error: new (...args: never[]) => Error, build: () => unknown];

const misfits: readonly Case[] = [
  ['AddRenderObservation without pictures', MismatchError, () => new wrappers.AddRenderObservation(lake())],
  ['lapanPreprocessing of a lake', MismatchError, () => wrappers.lapanPreprocessing(bad(lake()))],
  ['ClipAction with discrete actions', MismatchError, () => new wrappers.ClipAction(lake())],
  ['DiscretizeAction with discrete actions', MismatchError, () => new wrappers.DiscretizeAction(pole(), 3)],
  ['DiscretizeObservation of discrete ones', MismatchError, () => new wrappers.DiscretizeObservation(lake(), 3)],
  ['DiscretizeObservation without bounds', MismatchError, () => new wrappers.DiscretizeObservation(pole(), 3)],
  ['DtypeObservation of a tuple', MismatchError, () => new wrappers.DtypeObservation(cards(), 'float32')],
  ['EpisodicLife of a lake', MismatchError, () => new wrappers.EpisodicLife(lake())],
  ['FilterObservation of a box', MismatchError, () => new wrappers.FilterObservation(pole(), [0])],
  ['FireReset of a lake', MismatchError, () => new wrappers.FireReset(lake())],
  ['FrameStack of a lake', MismatchError, () => new wrappers.FrameStack(lake())],
  ['GrayscaleObservation of four numbers', MismatchError, () => new wrappers.GrayscaleObservation(pole())],
  ['ImageToChw of four numbers', MismatchError, () => new wrappers.ImageToChw(pole())],
  ['MaxAndSkip of a lake', MismatchError, () => new wrappers.MaxAndSkip(lake())],
  ['NoOpReset of a lake', MismatchError, () => new wrappers.NoOpReset(lake())],
  ['NormalizeObservation of a tuple', MismatchError, () => new wrappers.NormalizeObservation(cards())],
  ['PassiveChecker of no environment', BellmanError, () => new wrappers.PassiveChecker(bad({ observationSpace: 3 }))],
  ['ProcessFrame84 of four numbers', MismatchError, () => new wrappers.ProcessFrame84(pole())],
  ['RecordVideo without pictures', OptionError, () => new wrappers.RecordVideo(lake(), { sink: () => undefined })],
  ['RescaleAction with discrete actions', MismatchError, () => new wrappers.RescaleAction(lake(), 0, 1)],
  ['RescaleObservation of a lake', MismatchError, () => new wrappers.RescaleObservation(lake(), 0, 1)],
  ['ReshapeObservation of a lake', MismatchError, () => new wrappers.ReshapeObservation(lake(), [4, 4])],
  ['ResizeObservation of four numbers', MismatchError, () => new wrappers.ResizeObservation(pole(), [2, 2])],
  ['ScaledFloatFrame of four numbers', MismatchError, () => new wrappers.ScaledFloatFrame(pole())],
  ['TimeAwareObservation without a limit', MismatchError, () => new wrappers.TimeAwareObservation(cards())],
  ['WarpFrame of four numbers', MismatchError, () => new wrappers.WarpFrame(pole())],
];

const options: readonly Case[] = [
  ['FrameStack of 1e9', OptionError, () => new wrappers.FrameStack(new FakeGame() as never, 1e9)],
  ['FrameStackObservation of 1e9', OptionError, () => new wrappers.FrameStackObservation(pole(), 1e9)],
  ['TransformAction by a number', OptionError, () => new wrappers.TransformAction(pole(), bad(2))],
  ['TransformObservation by nothing', OptionError, () => new wrappers.TransformObservation(pole(), bad(undefined))],
  ['TransformReward by a text', OptionError, () => new wrappers.TransformReward(pole(), bad('2'))],
  ['ClipReward, bounds crossed', OptionError, () => new wrappers.ClipReward(pole(), 2, 1)],
  ['ClipReward, NaN', OptionError, () => new wrappers.ClipReward(pole(), Number.NaN)],
  ['DelayObservation by -1', OptionError, () => new wrappers.DelayObservation(pole(), -1)],
  ['DelayObservation by 1.5', OptionError, () => new wrappers.DelayObservation(pole(), 1.5)],
  ['DiscretizeAction into 0', OptionError, () => new wrappers.DiscretizeAction(pendulum(), 0)],
  ['DiscretizeObservation, too few bins', OptionError, () => new wrappers.DiscretizeObservation(pendulum(), [3, 3])],
  [
    'DiscretizeObservation, too many of one',
    OptionError,
    () => new wrappers.DiscretizeObservation(pendulum(), 2 ** 25, { multiDiscrete: true }),
  ],
  ['DiscretizeObservation, too many', OptionError, () => new wrappers.DiscretizeObservation(pendulum(), 1e6)],
  ['DiscretizeObservation, one bound', OptionError, () => new wrappers.DiscretizeObservation(pole(), 3, { low: [0] })],
  ['DtypeObservation as text', UnknownNameError, () => new wrappers.DtypeObservation(pole(), bad('float23'))],
  ['EpisodeStatistics of 0', OptionError, () => new wrappers.EpisodeStatistics(pole(), { bufferLength: 0 })],
  ['FilterObservation, beyond', OptionError, () => new wrappers.FilterObservation(cards(), [3])],
  ['FilterObservation, twice', OptionError, () => new wrappers.FilterObservation(cards(), [1, 1])],
  ['FilterObservation, nothing', OptionError, () => new wrappers.FilterObservation(cards(), [])],
  [
    'FrameStackObservation of a lake, padding',
    OptionError,
    () => new wrappers.FrameStackObservation(lake(), 2, bad(99)),
  ],
  ['FrameStackObservation of 0', OptionError, () => new wrappers.FrameStackObservation(pole(), 0)],
  ['FrameStackObservation, padding', OptionError, () => new wrappers.FrameStackObservation(pole(), 2, bad('zeros'))],
  ['NormalizeObservation, epsilon 0', OptionError, () => new wrappers.NormalizeObservation(pole(), 0)],
  ['NormalizeReward, gamma 2', OptionError, () => new wrappers.NormalizeReward(pole(), { gamma: 2 })],
  ['NormalizeReward, epsilon', OptionError, () => new wrappers.NormalizeReward(pole(), { epsilon: -1 })],
  ['RepeatAction, 0 times', OptionError, () => new wrappers.RepeatAction(pole(), 0)],
  ['RescaleAction onto a point', OptionError, () => new wrappers.RescaleAction(pendulum(), 1, 1)],
  ['RescaleObservation, no bound', OptionError, () => new wrappers.RescaleObservation(pole(), 0, 1)],
  ['RescaleObservation, NaN', OptionError, () => new wrappers.RescaleObservation(pendulum(), Number.NaN, 1)],
  ['ReshapeObservation to 3', OptionError, () => new wrappers.ReshapeObservation(pole(), [3])],
  ['StickyAction, always and more', OptionError, () => new wrappers.StickyAction(lake(), 1.01)],
  ['StickyAction for 0', OptionError, () => new wrappers.StickyAction(lake(), 0.2, 0)],
  ['StickyAction, crossed', OptionError, () => new wrappers.StickyAction(lake(), 0.2, [4, 2])],
  ['TimeAwareObservation, text', OptionError, () => new wrappers.TimeAwareObservation(pole(), { flatten: bad('yes') })],
  ['TimeLimit of 0', OptionError, () => new wrappers.TimeLimit(cards(), 0)],
];

describe.each([
  ['on an environment that it does not fit', misfits],
  ['with an impossible option', options],
])('%s', (_, cases) => {
  it.each(cases)('%s', (_what, error, build) => {
    let caught: unknown;
    try {
      build();
    } catch (e) {
      caught = e;
    }
    expect(caught).toBeInstanceOf(error);
    expect((caught as BellmanError).code).toMatch(/^[A-Z_]+$/);
    expect((caught as Error).message).toMatch(/^[^\n]+[.?]$/);
  });
});

/** Each wrapper around an environment that it fits. */
const fitting: Readonly<Record<string, () => Any>> = {
  Autoreset: lake,
  ClipReward: () => new wrappers.ClipReward(lake()) as Any,
  DelayObservation: () => new wrappers.DelayObservation(lake(), 2) as Any,
  DiscretizeAction: () => new wrappers.DiscretizeAction(pendulum(), 5) as Env as Any,
  DiscretizeObservation: () => new wrappers.DiscretizeObservation(pendulum(), 5) as Env as Any,
  ClipAction: () => new wrappers.ClipAction(pendulum()) as Env as Any,
  RescaleAction: () => new wrappers.RescaleAction(pendulum(), -1, 1) as Env as Any,
  EpisodeStatistics: () => new wrappers.EpisodeStatistics(lake()) as Any,
  FlattenObservation: () => new wrappers.FlattenObservation(cards()) as Env as Any,
  FrameStackObservation: () => new wrappers.FrameStackObservation(pole(), 3) as Env as Any,
  NormalizeObservation: () => new wrappers.NormalizeObservation(pole()) as Env as Any,
  NormalizeReward: () => new wrappers.NormalizeReward(lake()) as Any,
  OrderEnforcing: () => new wrappers.OrderEnforcing(lake()) as Any,
  PassiveChecker: () => new wrappers.PassiveChecker(lake()) as Any,
  RepeatAction: () => new wrappers.RepeatAction(lake(), 2) as Any,
  StickyAction: () => new wrappers.StickyAction(lake()) as Any,
  TimeAwareObservation: () => new wrappers.TimeAwareObservation(pole()) as Env as Any,
  TransformAction: () => new wrappers.TransformAction(lake(), (a: never) => a) as Any,
  TransformObservation: () => new wrappers.TransformObservation(lake(), (o: never) => o) as Any,
  TransformReward: () => new wrappers.TransformReward(lake(), (r) => 2 * r) as Any,
};

describe.each(Object.entries(fitting))('%s', (_, build) => {
  it('refuses actions outside the space, and steps before reset', () => {
    const env = build() as Env;
    expect(() => env.step(env.actionSpace.sample())).toThrow(OrderError);
    env.reset({ seed: 1 });
    for (const action of [Number.NaN, 1.5, -1, 99, '1', null, undefined, [0], Float32Array.of(Number.NaN)]) {
      expect(() => env.step(action)).toThrow(ActionError);
    }
    env.step(env.actionSpace.sample());
  });
});

describe('PassiveChecker', () => {
  const broken = (change: object): Env => {
    const env = new FakeGame() as unknown as Env;
    const wrapped = new wrappers.TransformObservation(env, (o) => o);
    return new wrappers.PassiveChecker(
      Object.assign(wrapped, { step: (action: unknown) => ({ ...env.step(action), ...change }) }),
    ) as Env;
  };
  it.each([
    [{ reward: Number.NaN }, /the reward NaN, not a finite number/],
    [{ terminated: 1 }, /terminated 1, not a boolean/],
    [{ truncated: undefined }, /truncated undefined/],
    [{ info: null }, /info null/],
    [{ info: [] }, /info \[\], not a plain object/],
    [{ info: new Map() }, /info a Map, not a plain object/],
    [{ observation: 3 }, /the observation 3, which is not in Box/],
  ])('finds %o', (change, message) => {
    const env = broken(change);
    env.reset({ seed: 0 });
    expect(() => env.step(0)).toThrow(message);
  });
});

describe('OrderEnforcing', () => {
  it('stops steps after the end and pictures before the start', () => {
    const env = new wrappers.OrderEnforcing(makeFromKwargs('FrozenLake-v1', { render_mode: 'ansi' }));
    expect(() => env.render()).toThrow(OrderError);
    env.reset({ seed: 0 });
    while (!env.step(1).terminated);
    expect(() => env.step(1)).toThrow(/over/);
  });
});

describe('DiscretizeObservation', () => {
  it('divides CartPole where it is told bounds', () => {
    const env = new wrappers.DiscretizeObservation(make('CartPole-v1'), [6, 6, 12, 12], {
      low: [-2.4, -3, -0.21, -3.5],
      high: [2.4, 3, 0.21, 3.5],
    });
    expect(String(env.observationSpace)).toBe('Discrete(5184)');
    const { observation } = env.reset({ seed: 0, options: { low: 0.01, high: 0.01 } });
    // Just right of the middle everywhere: bins 3, 3, 6, 6.
    expect(observation).toBe(((3 * 6 + 3) * 12 + 6) * 12 + 6);
    const { low, high } = env.cellBounds(observation);
    expect(Array.from(low, (x) => Math.round(1e6 * x) / 1e6)).toEqual([0, 0, 0, 0]);
    expect(high[0]).toBeCloseTo(0.8, 6);
  });
});

describe('DiscretizeAction', () => {
  it('plays the middles of cells and finds the nearest', () => {
    const env = new wrappers.DiscretizeAction(make('Pendulum-v1'), 5);
    expect([-2, -0.9, 0.1, 1.9].map((torque) => env.nearestCell(Float32Array.of(torque)))).toEqual([0, 1, 2, 4]);
  });
});

describe('AddRenderObservation', () => {
  it('observes the picture, alone or with the rest', () => {
    const build = (renderOnly: boolean) =>
      new wrappers.AddRenderObservation<never>(make('CartPole-v1', { renderMode: 'rgb_array' }), { renderOnly });
    const only = build(true);
    expect(String(only.observationSpace)).toBe('Box(0, 255, (400, 600, 3), uint8)');
    expect(only.observationSpace.contains(only.reset({ seed: 0 }).observation)).toBe(true);
    const both = build(false);
    const { observation } = both.reset({ seed: 0 });
    expect(Object.keys(observation).sort()).toEqual(['pixels', 'state']);
    expect(both.observationSpace.contains(observation)).toBe(true);
    expect(both.observationSpace.contains(both.step(1 as never).observation)).toBe(true);
  });
});
