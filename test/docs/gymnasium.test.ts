/** The table of what is here of Gymnasium, against the real Gymnasium and our own registry. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coveragePage, type GymnasiumNames } from '../../scripts/gymnasium-coverage.ts';
import { environmentEntry, environmentIds } from '../../src/envs/index.ts';
import { python } from '../platform/programs.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const names: GymnasiumNames = JSON.parse(read('../oracle/fixtures/gymnasium-names.json'));

describe('docs/guide/gymnasium.md', () => {
  it('lists what Gymnasium really has', () => {
    expect(JSON.parse(python('test/oracle/gymnasium_names.py', []))).toEqual(names);
  });

  it('is what the script writes, with a reason for everything that is not here', () => {
    expect(read('../../docs/guide/gymnasium.md')).toBe(coveragePage(names));
  });
});

const shared = Object.entries(names.environments).filter(([id]) => environmentIds().includes(id));

describe('time limits and thresholds', () => {
  it.each(shared)('%s has those of Gymnasium', (id, expected) => {
    const { maxEpisodeSteps = null, rewardThreshold = null } = environmentEntry(id);
    expect({ maxEpisodeSteps, rewardThreshold }).toEqual(expected);
  });

  it('covers toy text and classic control', () => {
    expect(shared.map(([id]) => id)).toEqual([
      'Acrobot-v1',
      'Blackjack-v1',
      'CartPole-v0',
      'CartPole-v1',
      'CliffWalking-v1',
      'CliffWalkingSlippery-v1',
      'FrozenLake-v1',
      'FrozenLake8x8-v1',
      'MountainCar-v0',
      'MountainCarContinuous-v0',
      'Pendulum-v1',
      'Taxi-v4',
    ]);
  });
});
