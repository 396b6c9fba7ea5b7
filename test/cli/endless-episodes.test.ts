/** Policies that never end an episode, and bounds that are meant for another environment. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeTable } from '../../src/storage/table-model.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

describe('a policy that walks up for ever, in a world without a time limit', () => {
  const cwd = temporaryFolder();
  const [nStates, nActions] = [48, 4];
  const table = {
    env: 'CliffWalking-v1',
    envOptions: {},
    cells: null,
    actionBins: null,
    actionMasks: null,
    nStates,
    nActions,
  };
  writeFileSync(
    join(cwd, 'up.json'),
    encodeTable({
      ...table,
      q: Array.from({ length: nStates * nActions }, (_, pair) => (pair % nActions === 0 ? 1 : 0)),
    }),
  );

  it('is given up by eval, which says so', async () => {
    const args = ['eval', 'up.json', '--epsilon', '0', '--episodes', '2'];
    const { stdout } = await bellman([...args, '--max-steps', '50'], { cwd });
    expect(stdout).toContain('2 of the 2 episodes did not end and were given up after 50 steps (--max-steps)');
    expect(stdout).toContain('Mean reward -50.000');
    const whole = JSON.parse((await bellman([...args, '--json'], { cwd })).stdout);
    expect(whole).toMatchObject({ maxSteps: 100_000, cutEpisodes: 2, mean: -100_000 });
  });

  it('is given up by play', async () => {
    const { stdout } = await bellman(['play', 'up.json', '--max-steps', '7'], { cwd });
    expect(stdout).toContain('Total reward: -7.00, 7 steps, then given up: the episode did not end (--max-steps)');
  });
});

describe('another environment than the recipe is for', () => {
  const cwd = temporaryFolder();
  const train = (...args: string[]) => bellman(['train', ...args], { cwd });

  it('has its own threshold, or no bound, and says so', async () => {
    const lake = ['value-iteration', '--set', 'maxIterations=1'];
    const cliff = await train(...lake, '--env', 'CliffWalkingSlippery-v1');
    expect(cliff.stdout).toContain(
      "CliffWalkingSlippery-v1 has no reward threshold, and the recipe's bound of 0.8 is for FrozenLake-v1: trains to the end.",
    );
    expect(cliff).toMatchObject({ code: 0 });
    const taxi = await train(...lake, '--env', 'Taxi-v4');
    expect(taxi.stdout).toContain(
      "Solved above 8, the reward threshold of Taxi-v4; the recipe's bound of 0.8 is for FrozenLake-v1.",
    );
    expect(taxi).toMatchObject({ code: 1 });
  });

  it.each([
    ['value-iteration', '--env', 'FrozenLake8x8-v1'],
    ['value-iteration', '--env', 'Taxi-v4', '--reward', '5'],
  ])('says nothing where the bound is meant for it, or asked for: %s %s %s', async (...args) => {
    const { stdout } = await train(...args, '--set', 'maxIterations=1');
    expect(stdout).not.toContain('reward threshold');
  });
});
