import { beforeAll, expect, it } from 'vitest';
import { bellmanHere } from './bellman-here.ts';
import { bellman, temporaryFolder, typed } from './run-bellman.ts';

const cwd = temporaryFolder();
const scores: (number | null)[] = [];
beforeAll(async () => {
  for (const seed of [0, 1]) {
    const { stdout } = await bellmanHere(
      ['train', 'q-learning', '--env', 'FrozenLake-v1', '--seed', `${seed}`, '--run', `lakes/seed${seed}`, '--json'],
      { cwd },
    );
    scores.push((JSON.parse(stdout) as { score: number | null }).score);
  }
});

it('of a folder of seeds the one with the highest score is played', async () => {
  const { stdout } = await bellmanHere(['play', 'lakes', '--json'], { cwd });
  const best = scores[1]! > scores[0]! ? 1 : 0;
  expect((JSON.parse(stdout) as { model: string }).model).toBe(`lakes/seed${best}/best-table.json`);
});

it('each seed of a folder is evaluated as it is by itself', async () => {
  const of = async (path: string) =>
    (await bellmanHere(['eval', path, '--episodes', '5', '--json'], { cwd })).stdout.trim().split('\n');
  expect(await of('lakes')).toEqual([...(await of('lakes/seed0')), ...(await of('lakes/seed1'))]);
});

it('a folder without runs is named as one', async () => {
  const { code, stderr } = await bellmanHere(['play', './empty'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('empty');
});

it('seeds that --stop-after stopped are no failures, and each says how to go on', async () => {
  const { code, stdout } = await bellman(
    ['train', 'q-learning', '--env', 'FrozenLake-v1', '--seeds', '0..1', '--stop-after', '50', '--run', 'short'],
    { cwd },
  );
  expect(code).toBe(0);
  for (const seed of [0, 1]) {
    expect(stdout).toMatch(
      new RegExp(
        `^seed ${seed}: stopped at step 50 \\(.*short/seed${seed}\\)\n {2}.* train --resume short/seed${seed}$`,
        'm',
      ),
    );
  }
  expect(stdout).toContain('0 of 2 seeds solved, 2 stopped by --stop-after.');
  expect(stdout).toContain(`\n  ${typed(cwd)} runs short\n`);
});

it('doctor takes an environment whose actions its recipe divides, and no other without numbered actions', async () => {
  const { code, stdout } = await bellmanHere(['doctor', 'Pendulum-v1', '--json'], { cwd });
  expect([code, JSON.parse(stdout).recipe]).toEqual([0, 'dqn-pendulum']);
  const { stderr } = await bellmanHere(['doctor', 'MountainCarContinuous-v0'], { cwd });
  expect(stderr).toContain('allowed is an environment whose actions are numbered');
});

it('doctor takes an environment whose observations are tuples', async () => {
  const { code, stdout } = await bellmanHere(['doctor', 'Blackjack-v1'], { cwd });
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'All well.']);
});
