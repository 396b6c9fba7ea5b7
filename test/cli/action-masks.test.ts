/** Runs with action masks: trained in two halves, tested, played, drawn; and environments that give none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taxiActionMask } from '../../src/envs/toy-text/taxi-model.ts';
import { decodeTable } from '../../src/storage/table-model.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

describe('Taxi with actionMasks', () => {
  const cwd = temporaryFolder();
  const settings = [
    '--set',
    'actionMasks=true',
    '--set',
    'maxIterations=100000',
    '--set',
    'testInterval=20000',
    '--set',
    'testEpisodes=300',
  ];
  const train = (...args: string[]) => bellman(['train', ...args], { cwd });
  const table = (run: string) => readFileSync(join(cwd, run, 'best-table.json'), 'utf8');

  it('is the same table whether the run stopped on its way or not', async () => {
    const recipe = ['q-learning-taxi', '--seed', '3', '--reward', '7.9', ...settings];
    const whole = await train(...recipe, '--run', 'whole');
    expect(whole.stderr).toBe('');
    await train(...recipe, '--run', 'halves', '--stop-after', '23456');
    await train('--resume', 'halves');
    expect(table('halves')).toBe(table('whole'));
    const best = decodeTable(table('whole'), 'best-table.json');
    expect(best.actionMasks).toHaveLength(3000);
    const config = JSON.parse(readFileSync(join(cwd, 'whole', 'config.json'), 'utf8'));
    expect(config.config.actionMasks).toBe(true);
  });

  it('knows the masks of the states that it met', () => {
    const { actionMasks } = decodeTable(table('whole'), 'best-table.json');
    let seen = 0;
    for (let state = 0; state < 500; state++) {
      const row = actionMasks!.slice(state * 6, state * 6 + 6);
      if (row.every((bit) => bit === 1)) continue;
      seen++;
      expect(row).toEqual(Array.from(taxiActionMask(state)));
    }
    // Every state that occurs forbids something.
    expect(seen).toBeGreaterThanOrEqual(400);
  });

  it('is played by the mask, and at random by it too', async () => {
    const evaluated = async (epsilon: string) => {
      const args = ['eval', 'whole', '--episodes', '100', '--epsilon', epsilon, '--json'];
      return JSON.parse((await bellman(args, { cwd })).stdout) as { mean: number; min: number };
    };
    expect((await evaluated('0')).mean).toBeGreaterThan(5);
    // Only allowed actions: a step costs 1, and nothing costs 10.
    expect((await evaluated('1')).min).toBeGreaterThanOrEqual(-200);
    const { stdout } = await bellman(['play', 'whole', '--seed', '1', '--no-draw'], { cwd });
    expect(stdout).toMatch(/Total reward: \d/);
  });
});

describe('an environment without masks', () => {
  const cwd = temporaryFolder();
  it('is refused in one line, before anything is written', async () => {
    const args = ['train', 'q-learning', '--env', 'FrozenLake-v1', '--set', 'actionMasks=true', '--run', 'lake'];
    const { code, stderr } = await bellman(args, { cwd });
    expect(code).not.toBe(0);
    expect(stderr.trim()).toBe(
      'bellman: actionMasks: true needs an environment that gives info.action_mask, as Taxi does; this one gives none.',
    );
    expect(existsSync(join(cwd, 'lake'))).toBe(false);
  });
});
