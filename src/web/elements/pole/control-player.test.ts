import { describe, expect, it } from 'vitest';
import { make } from '../../../envs/registry.ts';
import { ControlPlayer } from './control-player.ts';
import { CONTROL_TASKS, taskOf } from './tasks.ts';

describe.each(CONTROL_TASKS)('$id', (task) => {
  it('is the registry environment with its time limit', () => {
    const env = make(task.id);
    expect(env.spec?.maxEpisodeSteps).toBe(task.steps);
    expect(env.metadata.renderFps).toBe(task.framesPerSecond);
    if (task.id !== 'Pendulum-v1') expect(String(task.create().actionSpace)).toBe(String(env.actionSpace));
    expect(task.create().actionSpace).toMatchObject({ n: task.actions.length });
  });

  it('plays random episodes of an untrained agent, to their ends', async () => {
    const player = new ControlPlayer(task, 1);
    let ends = 0;
    let longest = 0;
    for (let i = 0; i < 2 * task.steps + 2; i++) {
      await player.step();
      longest = Math.max(longest, player.steps);
      if (player.over) ends++;
    }
    expect(ends).toBeGreaterThanOrEqual(2);
    expect(longest).toBeLessThanOrEqual(task.steps);
    expect(player.q).toBeUndefined();
  });

  it('moves to the side that it is pushed to, and not otherwise', async () => {
    // A step without a push, and one after a push to either side, from the same start.
    const sideWhenPushed = async (direction: number): Promise<number> => {
      const player = new ControlPlayer(task, 3);
      player.values = async () => Float32Array.from(task.actions, (_, i) => Number(i === 1));
      if (direction !== 0) player.push(direction);
      await player.step();
      await player.step();
      const [a, b, c, d] = player.observation;
      const side: Record<string, number> = {
        // Of the tip: sine of the angle, position, the lower link's end.
        'CartPole-v1': Math.sin(c),
        'MountainCar-v0': a,
        'Acrobot-v1': b + (b * c + a * d),
        'Pendulum-v1': -b,
      };
      return side[task.id];
    };
    const [left, still, right] = [await sideWhenPushed(-1), await sideWhenPushed(0), await sideWhenPushed(1)];
    expect(left).toBeLessThan(still);
    expect(right).toBeGreaterThan(still);
  });
});

it('takes the best action by the values, others by the share asked for', async () => {
  const player = new ControlPlayer(taskOf('CartPole'), 2);
  player.values = async () => Float32Array.of(1, 2);
  const taken = [0, 0];
  player.epsilon = 0.4;
  for (let i = 0; i < 1000; i++) {
    await player.step();
    taken[player.action]++;
  }
  // Half of the random ones are the best too: 200 of 1000, with a standard deviation of 12.6.
  expect(Math.abs(taken[0] - 200)).toBeLessThan(64);
  player.epsilon = 0;
  for (let i = 0; i < 50; i++) {
    await player.step();
    expect(player.action).toBe(1);
  }
  expect(player.q).toEqual(Float32Array.of(1, 2));
});

it('finds tasks by id or name, and takes CartPole for another word', () => {
  expect(taskOf('Acrobot-v1').name).toBe('Acrobot');
  expect(taskOf('mountaincar').id).toBe('MountainCar-v0');
  expect(taskOf('nothing').id).toBe('CartPole-v1');
});
