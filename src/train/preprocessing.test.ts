import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Box, Dict, Discrete, MultiDiscrete, Tuple } from '../spaces/index.ts';
import { networkSpec, wrapForDqn } from './preprocessing.ts';

/** An environment that shows this. */
const showing = (observationSpace: Space<never>, observation: unknown) =>
  ({
    observationSpace,
    actionSpace: new Discrete(2),
    metadata: {},
    reset: () => ({ observation, info: {} }),
  }) as unknown as Env<unknown, number>;
const seen = (env: Env<unknown, number>) => wrapForDqn(env, { kind: 'none', actionBins: null }).reset().observation;

describe('wrapForDqn without preprocessing', () => {
  it('leaves an environment of vectors as it is', () => {
    const env = new WalkEnv() as Env<unknown, number>;
    expect(wrapForDqn(env, { kind: 'none', actionBins: null })).toBe(env);
  });

  it('numbers the cells of a box of actions where the configuration divides it', () => {
    const taken: unknown[] = [];
    const world = {
      ...{ observationSpace: new Box(0, 1, [2]), actionSpace: new Box(-1, 1, [1]), metadata: {} },
      reset: () => ({ observation: Float32Array.of(0, 1), info: {} }),
      step: (action: Float32Array) => {
        taken.push(...action);
        return { observation: Float32Array.of(0, 1), reward: 0, terminated: false, truncated: false, info: {} };
      },
    } as unknown as Env<unknown, number>;
    const env = wrapForDqn(world, { kind: 'none', actionBins: 4 });
    expect(networkSpec(env)).toEqual({ inputShape: [2], inputDType: 'float32', actions: 4 });
    env.reset();
    for (let action = 0; action < 4; action++) env.step(action);
    expect(taken).toEqual([-0.75, -0.25, 0.25, 0.75]);
    expect(() => networkSpec(wrapForDqn(world, { kind: 'none', actionBins: null }))).toThrow(
      'needs actions that are Discrete(n); this environment has Box(-1.0, 1.0, (1,), float32). --set actionBins=5 divides each',
    );
  });

  it.each<[string, Space<never>, unknown, number[]]>([
    ['Discrete', new Discrete(4) as never, 2, [0, 0, 1, 0]],
    ['Discrete from 5 on', new Discrete(3, { start: 5 }) as never, 6, [0, 1, 0]],
    ['MultiDiscrete', new MultiDiscrete([2, 3]) as never, Int32Array.of(1, 0), [0, 1, 1, 0, 0]],
    ['Tuple of them', new Tuple([new Discrete(2), new Discrete(3)]) as never, [0, 2], [1, 0, 0, 0, 1]],
    ['Tuple in a Tuple', new Tuple([new Discrete(2), new Tuple([new Discrete(2)])]) as never, [1, [0]], [0, 1, 1, 0]],
  ])('shows numbers as 1 where the number is: %s', (_, space, observation, expected) => {
    const env = showing(space, observation);
    expect(seen(env)).toEqual(Float32Array.from(expected));
    expect(networkSpec(wrapForDqn(env, { kind: 'none', actionBins: null }))).toEqual({
      ...{ inputShape: [expected.length], inputDType: 'float32', actions: 2 },
    });
  });

  it.each<[string, Space<never>]>([
    ['a Tuple with a Box', new Tuple([new Discrete(2), new Box(0, 1, [2])]) as never],
    ['a Dict', new Dict({ a: new Discrete(2) }) as never],
    ['a Box of float64', new Box(0, 1, [2], 'float64') as never],
  ])('leaves what is no number, which a network does not take: %s', (_, space) => {
    const env = showing(space, undefined);
    expect(wrapForDqn(env, { kind: 'none', actionBins: null })).toBe(env);
    expect(() => networkSpec(env)).toThrow(
      `DQN needs observations that are a Box of uint8 or float32; this environment has ${space}. A tabular method fits it.`,
    );
  });
});

it("wrapForDqn puts the textbook's wrappers around a game, as the configuration says", () => {
  const game = new FakeGame({ shape: [210, 160, 3], actions: ['NOOP', 'UP'] });
  const view = {
    edition: 'third',
    frameSize: 20,
    noopMax: 0,
    stickyActions: 0,
    fireReset: true,
    frameSkip: 2,
    frameStack: 3,
    episodicLife: false,
  } as const;
  const env = wrapForDqn(game as Env<unknown, number>, { kind: 'atari', ...view });
  expect(networkSpec(env)).toEqual({ inputShape: [3, 20, 20], inputDType: 'uint8', actions: 2 });
  env.reset({ seed: 4 });
  env.step(1);
  env.step(0);
  expect(game.log).toEqual(['reset 4', 1, 1, 0, 0]);
});

describe('the protocol of a game', () => {
  const view = {
    ...({ kind: 'atari', edition: 'third', frameSize: 20, noopMax: 0, stickyActions: 0.5, fireReset: false } as const),
    ...{ frameSkip: 1, frameStack: 1, episodicLife: false },
  } as const;
  /** What a game of four actions was told in 400 steps of UP and DOWN in turns. */
  const played = (seen: PreprocessingConfig, own?: number) => {
    const game: FakeGame & { repeatActionProbability?: number } = new FakeGame({ shape: [210, 160, 3] });
    if (own !== undefined) game.repeatActionProbability = own;
    const env = wrapForDqn(game as Env<unknown, number>, seen);
    env.reset({ seed: 3 });
    for (let i = 0; i < 400; i++) env.step(2 + (i % 2));
    return game.log;
  };
  const told = ['reset 3', ...Array.from({ length: 400 }, (_, i) => 2 + (i % 2))];

  it('repeats actions as often as it says', () => {
    const log = played(view).slice(1);
    // Steps on which another action than the one asked for was played; after a repeat the next wish may be met by it.
    const other = log.filter((action, i) => action !== 2 + (i % 2)).length;
    expect(other).toBeGreaterThan(100);
    expect(other).toBeLessThan(200);
    expect(new Set(log)).toEqual(new Set([0, 2, 3].filter((action) => log.includes(action))));
    expect(played({ ...view, stickyActions: 0 })).toEqual(told);
    expect(played({ ...view, stickyActions: null })).toEqual(told);
  });

  it('leaves repeating to a game that does it by itself, and refuses one that does it otherwise', () => {
    expect(played(view, 0.5)).toEqual(told);
    expect(played({ ...view, stickyActions: null }, 0.25)).toEqual(told);
    expect(() => played(view, 0.25)).toThrow(
      new MismatchError(
        'The environment has sticky actions 0.25, stickyActions is 0.5; give it repeat_action_probability 0.5.',
      ),
    );
    expect(() => played({ ...view, stickyActions: 0 }, 0.25)).toThrow('stickyActions is 0;');
  });

  it('presses FIRE at the start where it says so', () => {
    const fire = played({ ...view, stickyActions: 0, fireReset: true });
    expect(fire.slice(0, 4)).toEqual(['reset 3', 1, 2, 2]);
  });
});

describe('networkSpec', () => {
  const spec = (observationSpace: unknown, actionSpace: unknown) =>
    networkSpec({ observationSpace: observationSpace as Space, actionSpace: actionSpace as Space });
  const box = new Box(0, 255, [2, 3], 'uint8');

  it.each(['uint8', 'float32'] as const)('is of a Box of %s and numbered actions', (dtype) => {
    expect(spec(new Box(0, 1, [2, 3], dtype), new Discrete(5))).toEqual({
      ...{ inputShape: [2, 3], inputDType: dtype, actions: 5 },
    });
  });

  it.each([
    new Box(0, 1, [2], 'float64'),
    new Box(0, 1, [2], 'int32'),
    new Discrete(3),
    { kind: 'sphere', shape: [2], dtype: 'float32', toString: () => 'Sphere' },
  ])('refuses observations of %s', (space) => {
    expect(() => spec(space, new Discrete(5))).toThrow(
      `DQN needs observations that are a Box of uint8 or float32; this environment has ${space}. A tabular method fits it.`,
    );
  });

  it.each([
    new Discrete(3, { start: 1 }),
    new MultiDiscrete([2, 3]),
    new Box(-1, 1, [1]),
    { kind: 'die', n: 6, start: 0, toString: () => 'Die(6)' },
  ])('refuses actions of %s', (space) => {
    // Bins help with a box alone.
    const cure = space.kind === 'box' ? ' --set actionBins=5 divides each number of an action into five.' : '';
    expect(() => spec(box, space)).toThrow(
      new MismatchError(`DQN needs actions that are Discrete(n); this environment has ${space}.${cure}`),
    );
  });

  it('takes actions of a foreign space that names no start', () => {
    expect(spec(box, { kind: 'discrete', n: 4 }).actions).toBe(4);
  });

  it('takes a numbered world in one-hot vectors', () => {
    const env = wrapForDqn(new ModelEnv(corridor([0, 1])) as Env<unknown, number>, { kind: 'none', actionBins: null });
    expect(env.reset({ seed: 1 }).observation).toEqual(Float32Array.of(1, 0, 0));
    expect(env.step(0).observation).toEqual(Float32Array.of(0, 1, 0));
  });
});
