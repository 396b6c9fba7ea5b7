import { describe, expect, it } from 'vitest';
import { bellman } from './run-bellman.ts';

describe('bellman bench', () => {
  it('measures an environment', async () => {
    const { code, stdout } = await bellman(['bench', 'env', 'CartPole-v1', '--steps', '5000', '--json']);
    expect(code).toBe(0);
    // An environment that takes a tenth of a second a step would be broken.
    expect(JSON.parse(stdout)).toMatchObject({ env: 'CartPole-v1', steps: 5000 });
    expect(JSON.parse(stdout).steps_per_s).toBeGreaterThan(10);
  });

  it('measures a training that keeps its values of the target network', async () => {
    const args = ['bench', 'dqn', '--warmup', '100', '--frames', '20', '--set', 'network.kind=dqn-2013', '--json'];
    const { code, stdout } = await bellman(args);
    expect(code).toBe(0);
    const { frames_per_s: frames, ms_per_gradient_step: step, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ recipe: 'dqn-pong', env: 'bellman/Pong-v0', threads: 2, frames: 20 });
    expect(step).toBeGreaterThan(0);
    expect(frames).toBeGreaterThan(0);
  });

  it.each([
    [['dqn', '--recipe', 'q-learning'], 'this measures algorithms with networks'],
    [['dqn', '--warmup', '5'], '--warmup'],
    [['env', 'Nowhere-v0'], 'Nowhere'],
    [['atari', 'nowhere'], 'nowhere'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await bellman(['bench', ...args]);
    expect(code).toBeGreaterThan(0);
    expect(stderr.trim().split('\n')[0]).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});
