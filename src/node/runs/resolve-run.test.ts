import { describe, expect, it } from 'vitest';
import { isRegistered, makeFromKwargs } from '../../envs/registry.ts';
import { resolveRun } from './resolve-run.ts';

const request = { seed: 0, device: 'cpu', threads: 1, set: {} };

it("loads what registers a recipe's environment, and the one asked for instead", async () => {
  expect(isRegistered('BreakoutNoFrameskip-v4')).toBe(false);
  expect((await resolveRun({ ...request, recipe: 'dqn-cart-pole' })).env).toBe('CartPole-v1');
  expect(isRegistered('BreakoutNoFrameskip-v4')).toBe(false);
  expect((await resolveRun({ ...request, recipe: 'dqn-breakout' })).env).toBe('BreakoutNoFrameskip-v4');
  expect(isRegistered('BreakoutNoFrameskip-v4')).toBe(true);
});

it('replaces a bound that is for another environment', async () => {
  const bound = async (env: string, reward?: number) => {
    const { config, note } = await resolveRun({ ...request, recipe: 'dqn-cart-pole', env, reward });
    return [config['rewardBound'], note?.split(';')[0]];
  };
  expect(await bound('CartPole-v1')).toEqual([475, undefined]);
  expect(await bound('CartPole-v0')).toEqual([195, 'Solved above 195, the reward threshold of CartPole-v0']);
  expect(await bound('CartPole-v0', 100)).toEqual([100, undefined]);
});

it('gives two threads to networks that see pictures, one to others, and what is asked for to all', async () => {
  const threads = async (recipe: string, asked?: number) =>
    (await resolveRun({ ...request, recipe, threads: asked })).threads;
  expect(await Promise.all(['q-learning', 'dqn-cart-pole', 'pqn-cart-pole'].map((id) => threads(id)))).toEqual([
    1, 1, 1,
  ]);
  expect(await Promise.all(['dqn-pong', 'pong-fast', 'atari-rainbow'].map((id) => threads(id)))).toEqual([2, 2, 2]);
  expect([await threads('dqn-cart-pole', 3), await threads('dqn-pong', 1)]).toEqual([3, 1]);
});

describe("a recipe's options of its environment", () => {
  const resolved = async (recipe: string, envKwargs?: Record<string, unknown>, env?: string) => {
    const run = await resolveRun({ ...request, recipe, envKwargs, env });
    return [run.envKwargs, run.note?.split('\n').at(-1)];
  };
  const [dry, cliff] = ['q-learning-frozen-lake-dry', 'monte-carlo-cliff-walking'];

  it('stand beside those that are asked for, which win', async () => {
    expect(await resolved(dry)).toEqual([{ is_slippery: false }, undefined]);
    expect(await resolved(dry, { map_name: '8x8' })).toEqual([{ is_slippery: false, map_name: '8x8' }, undefined]);
    expect(await resolved(dry, { isSlippery: true })).toEqual([{ is_slippery: true }, undefined]);
    const asked = [{ max_episode_steps: 100, is_slippery: false }, undefined];
    expect(await resolved(cliff, { is_slippery: false })).toEqual(asked);
  });

  it('go with another environment as far as it knows them, which is said', async () => {
    expect(await resolved(cliff, undefined, 'Taxi-v3')).toEqual([
      { max_episode_steps: 100 },
      "The recipe's max_episode_steps=100 is for Taxi-v3 too.",
    ]);
    expect(await resolved(dry, undefined, 'Taxi-v3')).toEqual([
      {},
      "The recipe's is_slippery=false is dropped: Taxi-v3 has no such option.",
    ]);
    const lake = [
      { is_slippery: true, max_episode_steps: 100 },
      "The recipe's max_episode_steps=100 is for FrozenLake-v1 too.",
    ];
    expect(await resolved(cliff, { is_slippery: true }, 'FrozenLake-v1')).toEqual(lake);
    await expect(resolved(dry, { is_slippery: true }, 'Taxi-v3')).rejects.toThrow(/Unknown option "is_slippery"/);
  });
});

it('settles a random lake by the seed', async () => {
  const lake = async (seed: number, envKwargs: Record<string, unknown>) => {
    const run = await resolveRun({ ...request, seed, recipe: 'q-learning', env: 'FrozenLake-v1', envKwargs });
    return run.envKwargs;
  };
  const { desc, ...others } = await lake(5, { map_name: null, is_slippery: false });
  expect(others).toEqual({ is_slippery: false });
  expect((await lake(5, { mapName: null }))['desc']).toEqual(desc);
  expect((await lake(6, { map_name: null }))['desc']).not.toEqual(desc);
  // Where nothing is left to chance, nothing is settled.
  expect(await lake(5, { desc: ['SG'], map_name: null })).toEqual({ desc: ['SG'], map_name: null });
  const [a, b] = [0, 1].map(() => makeFromKwargs('FrozenLake-v1', { desc, render_mode: 'ansi' }));
  for (const env of [a, b]) env.reset({ seed: 0 });
  expect(a.render()).toBe(b.render());
});
