import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Env } from '../core/env.ts';
import { envEntry } from '../core/env-entry.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { TimeLimit } from '../core/time-limit.ts';
import { CartPoleEnv } from './classic-control/cart-pole.ts';
import {
  environmentEntry,
  environmentIds,
  familyIds,
  isRegistered,
  make,
  makeFromKwargs,
  register,
  registerFamily,
} from './registry.ts';
import { FrozenLakeEnv } from './toy-text/frozen-lake.ts';
import { TaxiEnv } from './toy-text/taxi.ts';

describe('make', () => {
  it('knows types by id', () => {
    const lake = make('FrozenLake-v1', { isSlippery: false });
    expectTypeOf(lake.step).returns.toHaveProperty('observation').toEqualTypeOf<number>();
    const bare: FrozenLakeEnv = lake.unwrapped;
    expect(bare.model.nStates).toBe(16);
    const cart = make('CartPole-v1');
    expectTypeOf(cart.reset).returns.toHaveProperty('observation').toEqualTypeOf<Float32Array>();
    const unknown = make('FrozenLake-v1' as string);
    expectTypeOf(unknown).toEqualTypeOf<Env>();
  });

  it('refuses wrong options when compiling', () => {
    // @ts-expect-error a Taxi does not slip
    expect(() => make('Taxi-v4', { isSlippery: false })).toThrow(UnknownNameError);
    // @ts-expect-error not a map
    expect(() => make('FrozenLake-v1', { mapName: '5x5' })).toThrow(UnknownNameError);
  });

  it.each([
    ['FrozenLake-v1', FrozenLakeEnv, 100, 0.7],
    ['FrozenLake8x8-v1', FrozenLakeEnv, 200, 0.85],
    ['Taxi-v3', TaxiEnv, 200, 8],
    ['Taxi-v4', TaxiEnv, 200, 8],
    ['CartPole-v1', CartPoleEnv, 500, 475],
  ])('%s has the limit and threshold of Gymnasium', (id, type, maxEpisodeSteps, rewardThreshold) => {
    const env = make(id as string);
    expect(env).toBeInstanceOf(TimeLimit);
    expect(env.unwrapped).toBeInstanceOf(type);
    expect(env.spec).toEqual({ id, maxEpisodeSteps, rewardThreshold, options: {} });
  });

  it('takes another time limit, or none', () => {
    const short = make('CartPole-v1', { maxEpisodeSteps: 3 });
    expect(short.spec?.maxEpisodeSteps).toBe(3);
    expect(short.spec?.options).toEqual({});
    expect(make('CartPole-v1', { maxEpisodeSteps: null })).toBeInstanceOf(CartPoleEnv);
    expect(() => make('CartPole-v1', { maxEpisodeSteps: 0 })).toThrow(OptionError);
    for (const id of [null, undefined, 5]) expect(() => make(id as never)).toThrow(OptionError);
    for (const options of [5, 'x', []]) expect(() => make('CartPole-v1', options as never)).toThrow(OptionError);
  });

  it.each([
    ['FrozenLake-v2', 'FrozenLake-v1'],
    ['frozenlake-v1', 'FrozenLake-v1'],
    ['FrozenLake', 'FrozenLake-v1'],
    ['FrozenLake8x8', 'FrozenLake8x8-v1'],
    ['Taxi-v1', 'Taxi-v4'],
    ['CartPol-v1', 'CartPole-v1'],
    ['gym/Cartpole', 'CartPole-v1'],
    ['Pong', 'bellman/Pong-v0'],
    ['Pong-v4', 'bellman/Pong-v0'],
  ])('answers %s with %s', (id, suggestion) => {
    expect(() => make(id as string)).toThrow(`Unknown environment "${id}". Did you mean "${suggestion}"?`);
    expect(() => makeFromKwargs(id)).toThrow(UnknownNameError);
  });

  it.each([
    'ALE/Pong-v5',
    'ALE/Pong-ram-v5',
    'BreakoutNoFrameskip-v4',
    'BreakoutDeterministic-v0',
    'Pong-ram-v4',
  ])('says what to import for %s', (id) => {
    expect(() => make(id as string)).toThrow(
      `Unknown environment "${id}". It looks like one of the games of the Atari 2600: import 'bellman-rl/atari' first.`,
    );
  });

  it('suggests nothing for nonsense', () => {
    expect(() => make('Xylophones' as string)).toThrow(/^Unknown environment "Xylophones"\.(?! Did)/);
  });
});

describe('makeFromKwargs', () => {
  it("takes Gymnasium's names and our own", () => {
    const env = makeFromKwargs('FrozenLake-v1', { is_slippery: false, mapName: '8x8', render_mode: 'ansi' });
    expect(env.renderMode).toBe('ansi');
    expect((env.unwrapped as FrozenLakeEnv).model.nStates).toBe(64);
    expect((env.unwrapped as FrozenLakeEnv).P[0][0]).toHaveLength(1);
    expect(env.spec?.options).toEqual({ isSlippery: false, mapName: '8x8', renderMode: 'ansi' });
  });

  it('reads null and -1 as Gymnasium does', () => {
    const random = makeFromKwargs('FrozenLake8x8-v1', { map_name: null }).unwrapped as FrozenLakeEnv;
    expect(random.desc).not.toEqual(make('FrozenLake8x8-v1').unwrapped.desc);
    expect(makeFromKwargs('Taxi-v4', { max_episode_steps: null }).spec?.maxEpisodeSteps).toBe(200);
    expect(makeFromKwargs('Taxi-v4', { max_episode_steps: -1 })).toBeInstanceOf(TaxiEnv);
  });

  it('names an unknown option and the nearest one', () => {
    expect(() => makeFromKwargs('FrozenLake-v1', { is_sliperry: false })).toThrow(
      'Unknown option "is_sliperry". Did you mean "is_slippery"? Known: desc, map_name, is_slippery, success_rate, ' +
        'reward_schedule, render_mode, max_episode_steps.',
    );
    expect(() => makeFromKwargs('Taxi-v3', { is_rainy: true })).toThrow(UnknownNameError);
    expect(() => makeFromKwargs('Taxi-v4', { is_rainy: 'yes' })).toThrow(OptionError);
  });
});

describe('registerFamily', () => {
  const squares = {
    find: (id: string) => {
      const size = /^test\/Square(\d+)-v0$/.exec(id)?.[1];
      if (size === undefined) return undefined;
      return envEntry({ create: () => new CartPoleEnv(), summary: `a square of ${size}`, options: {} });
    },
    ids: () => ['test/Square2-v0', 'test/Square3-v0'],
  };

  it('finds ids by their form, names them in hints, and keeps them from others', () => {
    expect(isRegistered('test/Square3-v0')).toBe(false);
    registerFamily(squares);
    registerFamily(squares);
    expect(make('test/Square7-v0').spec).toEqual({ id: 'test/Square7-v0', options: {} });
    expect(environmentEntry('test/Square7-v0').summary).toBe('a square of 7');
    expect(familyIds()).toEqual(['test/Square2-v0', 'test/Square3-v0']);
    expect(environmentIds()).not.toContain('test/Square2-v0');
    expect(() => make('test/Sqare3-v0')).toThrow('Did you mean "test/Square3-v0"?');
    expect(() => register('test/Square2-v0', squares.find('test/Square2-v0')!)).toThrow(OptionError);
  });

  it('comes after ids that are registered by themselves', () => {
    registerFamily({ find: (id) => (id === 'Taxi-v4' ? squares.find('test/Square1-v0') : undefined), ids: () => [] });
    expect(environmentEntry('Taxi-v4').summary).toContain('passenger');
  });
});

describe('register', () => {
  const entry = envEntry({
    create: ({ force = 1 }: { force?: number }) => Object.assign(new CartPoleEnv(), { force }),
    summary: 'a test',
    options: { force: 'how hard' },
  });

  it('adds an environment', () => {
    register('test/Mine-v0', entry);
    expect(environmentIds()).toContain('test/Mine-v0');
    const env = make('test/Mine-v0', { force: 4 });
    expect(env.unwrapped).toMatchObject({ force: 4 });
    expect(env.spec).toEqual({ id: 'test/Mine-v0', options: { force: 4 } });
    expect(environmentEntry('test/Mine-v0').summary).toBe('a test');
    expect(() => make('Mine')).toThrow('Did you mean "test/Mine-v0"?');
  });

  it('refuses an id that is taken or malformed', () => {
    expect(() => register('Taxi-v4', entry)).toThrow(OptionError);
    expect(() => register('Taxi', entry)).toThrow(OptionError);
    expect(() => register('a/b/C-v1', entry)).toThrow(OptionError);
  });
});
