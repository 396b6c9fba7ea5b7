import { expect, it } from 'vitest';
import { isRegistered } from '../../envs/registry.ts';
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
