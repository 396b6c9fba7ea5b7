import { describe, expect, it } from 'vitest';
import { isRegistered } from '../envs/registry.ts';
import { atariFast } from './any-game.ts';
import { chooseForGame, chooseRecipe } from './choose-recipe.ts';
import { allRecipes } from './registry.ts';

const chosen = (name: string, env?: string) => {
  const { recipe, env: named, why } = chooseRecipe(name, env, isRegistered);
  return [recipe.id, named, why === undefined] as const;
};

describe('chooseRecipe', () => {
  it('takes every recipe by its id, in silence', () => {
    for (const { id } of allRecipes) expect(chosen(id)).toEqual([id, undefined, true]);
  });

  it.each([
    ['rainbow', undefined, 'rainbow-pong'],
    ['q-learning', undefined, 'q-learning-frozen-lake'],
    ['q-learning', 'Taxi-v3', 'q-learning-taxi'],
    ['q-learning', 'Taxi-v4', 'q-learning-taxi'],
    ['dqn', 'CartPole-v1', 'dqn-cart-pole'],
    ['pqn', 'CartPole-v1', 'pqn-cart-pole'],
    ['dqn', 'Acrobot-v1', 'dqn-acrobot'],
    ['dqn', 'MountainCar-v0', 'dqn-mountain-car'],
    ['dqn', 'Pendulum-v1', 'dqn-pendulum'],
    ['dqn', 'FrozenLake-v1', 'dqn-frozen-lake'],
    ['dqn', 'bellman/Pong-v0', 'dqn-pong'],
    ['dqn', 'PongNoFrameskip-v4', 'dqn-pong'],
    ['dqn', 'BreakoutNoFrameskip-v4', 'dqn-breakout'],
    ['dqn', 'ALE/Seaquest-v5', 'atari-dqn'],
    ['pqn', 'ALE/Seaquest-v5', 'atari-fast'],
    ['pqn', 'ALE/Breakout-v5', 'atari-fast'],
    ['rainbow', 'ALE/Seaquest-v5', 'atari-rainbow'],
    ['rainbow', 'ALE/Pong-v5', 'rainbow-pong'],
    ['atari', undefined, 'atari-fast'],
    ['atari', 'MsPacmanNoFrameskip-v4', 'atari-fast'],
  ])('takes %s with %s as %s, in silence', (name, env, id) => {
    expect(chosen(name, env)).toEqual([id, undefined, true]);
  });

  it.each([
    ['q-learning', 'CartPole-v0', 'q-learning-cart-pole'],
    ['sarsa', 'FrozenLake8x8-v1', 'sarsa-frozen-lake'],
    ['q-learning', 'python:FrozenLake-v1', 'q-learning-frozen-lake'],
    ['dqn', 'CartPole-v0', 'dqn-cart-pole'],
    ['dqn', 'FrozenLake8x8-v1', 'dqn-frozen-lake'],
    ['dqn', 'Blackjack-v1', 'dqn-cart-pole'],
    ['dqn', 'PongNoFrameskip-v0', 'dqn-pong'],
    ['pqn', 'Acrobot-v1', 'pqn-cart-pole'],
  ])('takes the nearest relative of %s for %s, %s, and says so', (name, env, id) => {
    const { recipe, why } = chooseRecipe(name, env, isRegistered);
    expect(recipe.id).toBe(id);
    expect(why).toBe(`${name} has no recipe for ${env}: these are the settings of ${id}, for ${recipe.env}.`);
  });

  it.each([
    ['CartPole-v1', 'dqn-cart-pole', 'CartPole-v1'],
    ['cartpole-v1', 'dqn-cart-pole', 'CartPole-v1'],
    ['cartpole', 'dqn-cart-pole', 'CartPole-v1'],
    ['Frozen-Lake', 'value-iteration-frozen-lake', 'FrozenLake-v1'],
    ['cliff walking', 'q-learning-cliff-walking', 'CliffWalking-v1'],
    ['Taxi-v3', 'q-learning-full-taxi', 'Taxi-v3'],
    ['BreakoutNoFrameskip-v4', 'dqn-breakout', 'BreakoutNoFrameskip-v4'],
    ['pong', 'pong-built-in', undefined],
    ['lake', 'value-iteration-frozen-lake', undefined],
    ['pole', 'dqn-cart-pole', undefined],
    ['breakout', 'dqn-breakout', undefined],
    ['Breakout', 'dqn-breakout', undefined],
  ])('takes an environment, %s, by its recipe %s', (name, id, env) => {
    expect(chosen(name)).toEqual([id, env, false]);
  });

  it('takes a game without a recipe of its own by the one for any game, and says so', () => {
    for (const id of ['ALE/Seaquest-v5', 'SeaquestNoFrameskip-v4', 'SeaquestDeterministic-v0']) {
      expect(chooseRecipe(id, undefined, (known) => known === id)).toEqual({
        recipe: atariFast,
        env: id,
        why: `Chosen for ${id}, which has no recipe of its own: atari-fast is for any Atari game.`,
      });
    }
    // 128 bytes are no picture.
    expect(chooseRecipe('ALE/Seaquest-ram-v5', undefined, () => true).recipe.id).not.toBe('atari-fast');
  });

  it('takes a game by a word, and another version of it', () => {
    const game = 'SeaquestNoFrameskip-v4';
    expect(chooseForGame('seaquest', game, undefined).env).toBe(game);
    expect(chooseForGame('seaquest', game, 'ALE/Seaquest-v5').env).toBe('ALE/Seaquest-v5');
    expect(() => chooseForGame('seaquest', game, 'ALE/Pong-v5')).toThrow(
      'Two environments: seaquest, which is SeaquestNoFrameskip-v4, and --env ALE/Pong-v5. Name one.',
    );
  });

  it('has another recipe for Pong on the cartridge', () => {
    expect(chosen('pong', 'PongNoFrameskip-v4')[0]).toBe('pong-fast');
    expect(chosen('pong', 'bellman/Pong-v0')[0]).toBe('pong-built-in');
  });

  it.each([
    ['lake', 'FrozenLake8x8-v1', 'value-iteration-frozen-lake'],
    ['frozenlake', 'FrozenLake8x8-v1', 'value-iteration-frozen-lake'],
    ['taxi', 'Taxi-v4', 'q-learning-full-taxi'],
    ['pole', 'CartPole-v0', 'dqn-cart-pole'],
    ['lander', 'python:LunarLander-v2', 'dqn-lunar-lander'],
    ['river-raid', 'ALE/Riverraid-v5', 'dqn-river-raid'],
  ])('takes another version or size of a %s, %s', (name, env, id) => {
    expect(chosen(name, env)[0]).toBe(id);
  });

  it.each([
    ['taxi', 'CartPole-v1', 'Two environments: taxi, which is Taxi-v3, and --env CartPole-v1. Name one.'],
    [
      'pong',
      'ALE/Breakout-v5',
      'Two environments: pong, which is bellman/Pong-v0, and --env ALE/Breakout-v5. Name one.',
    ],
    ['cartpole', 'Taxi-v3', 'Two environments: cartpole, which is CartPole-v1, and --env Taxi-v3. Name one.'],
    ['CartPole-v1', 'Taxi-v3', 'Two environments: CartPole-v1 and --env Taxi-v3. Name one.'],
  ])('refuses two environments, %s and %s', (name, env, message) => {
    expect(() => chosen(name, env)).toThrow(message);
  });

  it('refuses two environments and unknown names', () => {
    expect(() => chosen('CartPole-v1', 'Acrobot-v1')).toThrow('Two environments: CartPole-v1 and --env Acrobot-v1.');
    expect(() => chosen('dqn-pnog')).toThrow('Unknown recipe "dqn-pnog". Did you mean "dqn-pong"?');
    expect(() => chosen('brakeout')).toThrow('Did you mean "breakout"?');
  });
});
