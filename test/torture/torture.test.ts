/** A handful of what `npm run torture` does by the hundred. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bellmanArguments, temporaryFolder } from '../cli/run-bellman.ts';
import { type Torment, Tormentor } from './torment.ts';

const lake = {
  name: 'lake',
  args: ['q-learning', '--env', 'FrozenLake-v1', '--reward', '1.1'],
  steps: 2000,
  windowMs: 3000,
};
const tormentor = new Tormentor({
  program: [process.execPath, ...bellmanArguments([])],
  folder: join(temporaryFolder(), 'runs'),
  seed: 0,
});

it.each<[Torment, number]>([
  ['kill', 3],
  ['hang-up', 2],
  ['pipe', 2],
  ['full-output', 1],
  ['file-size', 3],
])('%s: %i times at random moments, nothing is lost', async (kind, times) => {
  const { rounds, compared } = await tormentor.torment(kind, lake, times);
  expect(compared).toBeGreaterThan(0);
  expect(rounds.filter(({ problems }) => problems.length > 0)).toEqual([]);
});
