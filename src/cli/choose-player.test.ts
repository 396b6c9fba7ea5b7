import { describe, expect, it } from 'vitest';
import { choosePlayer } from './choose-player.ts';

const actionsOf = async (what: string | undefined, policy: string, env?: string, steps = 40) => {
  const player = await choosePlayer(what, { policy, env });
  const { env: game, act } = player;
  game.actionSpace.seed(3);
  let { observation, info } = game.reset({ seed: 5 });
  const actions: number[] = [];
  for (let i = 0; i < steps; i++) {
    const action = await act(observation, info);
    actions.push(action);
    const step = game.step(action);
    ({ observation, info } = step.terminated || step.truncated ? game.reset() : step);
  }
  await player.close();
  return { actions, player };
};

describe('who plays', () => {
  it.each([
    ['CartPole-v1', 'left', 0],
    ['CartPole-v1', 'RIGHT', 1],
    ['FrozenLake-v1', 'up', 3],
    ['Taxi-v3', 'dropoff', 5],
    ['bellman/Pong-v0', 'rightfire', 4],
    ['bellman/Pong-v0', 'RIGHT', 2],
    ['Acrobot-v1', '2', 2],
  ])('%s by always %s takes action %i', async (env, policy, action) => {
    expect(new Set((await actionsOf(undefined, policy, env)).actions)).toEqual(new Set([action]));
    expect(new Set((await actionsOf(env, policy)).actions)).toEqual(new Set([action]));
  });

  it('at random takes every action, the same for a seed', async () => {
    const { actions, player } = await actionsOf(undefined, 'random', 'Taxi-v3', 200);
    expect(player.modelPath).toBeNull();
    expect(new Set(actions).size).toBe(6);
    expect((await actionsOf('Taxi-v3', 'random', undefined, 200)).actions).toEqual(actions);
  });

  it('finds shipped models by name and by environment', async () => {
    for (const [what, env] of [
      ['lake', undefined],
      [undefined, 'FrozenLake-v1'],
      ['FrozenLake-v1', undefined],
    ]) {
      const player = await choosePlayer(what, { policy: 'model', env });
      expect(player.modelPath).toMatch(/models[/\\]lake\.json$/);
      expect(player.envId).toBe('FrozenLake-v1');
    }
  });

  it.each([
    [undefined, 'model', undefined, 'Say what to play: a run, a model'],
    ['lkae', 'model', undefined, 'Unknown run or model "lkae". Did you mean "lake"?'],
    ['runs/none', 'model', undefined, 'runs/none: no such run or model.'],
    ['Acrobot-v1', 'model', undefined, 'No trained model of Acrobot-v1 comes with bellman.'],
    ['Acrobat-v1', 'model', undefined, 'Unknown environment "Acrobat-v1". Did you mean "Acrobot-v1"?'],
    ['SeaquestNoFrameskip-v4', 'model', undefined, 'No trained model of SeaquestNoFrameskip-v4 comes'],
    [undefined, 'random', undefined, '--env: got undefined, allowed is the id of an environment'],
    [undefined, 'random', 'CartPol-v1', 'Did you mean "CartPole-v1"?'],
    [undefined, 'up', 'CartPole-v1', '--policy: got "up", allowed is model, random, 0 left, 1 right.'],
    [undefined, '2', 'CartPole-v1', '--policy: got "2", allowed is model, random, 0 left, 1 right.'],
    [undefined, 'left', 'Pendulum-v1', '--policy: got "left", allowed is model, random'],
  ])('%s with policy %s and --env %s is refused in a line', async (what, policy, env, message) => {
    await expect(choosePlayer(what, { policy, env })).rejects.toThrow(message);
  });
});
