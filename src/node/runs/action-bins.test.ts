/** Boxes of actions in cells: trained, saved with the run and the model, played by their middles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { make } from '../../envs/registry.ts';
import { type LoadedAgent, loadAgent } from './load-agent.ts';
import { resolveRun } from './resolve-run.ts';
import { runTraining } from './run-training.ts';

const root = temporaryFolder();
const output = { line() {}, progress() {}, close() {} };
const base = { seed: 1, device: 'cpu', threads: 1 };

async function trained(recipe: string, set: Record<string, unknown>, stopAfter: number): Promise<string> {
  const run = await resolveRun({ ...base, recipe, env: 'Pendulum-v1', set });
  const path = join(root, recipe);
  const start = { run, path };
  try {
    const { training } = await runTraining({
      ...{ start, version: '0', command: 'test', output, checkpointEveryMs: 1e9, stopAfter },
    });
    await training.close();
  } finally {
    // A training lets go of the channel to the process that started it, which here is that of the tests.
    process.channel?.ref();
  }
  return path;
}

const agents: LoadedAgent[] = [];
afterAll(() => Promise.all(agents.map((agent) => agent.close())));

const cells = { low: [-1, -1, -8], high: [1, 1, 8], bins: [5, 5, 5] };
const config = (path: string) => JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')).config;

it.each([
  ['dqn', { actionBins: 5, learningStarts: 64, bufferSize: 1000, 'network.hiddenSizes': [8] }, 210],
  ['pqn', { actionBins: 5, environments: 4, 'network.hiddenSizes': [8] }, 1000],
  ['value-iteration', { actionBins: 5, cells, testEpisodes: 1 }, 2],
])('%s learns to swing a pendulum up by five torques', async (recipe, set, stopAfter) => {
  const path = await trained(recipe, set, stopAfter);
  const { actionBins, preprocessing } = config(path);
  expect(preprocessing?.actionBins ?? actionBins).toBe(5);
  const agent = await loadAgent(path);
  agents.push(agent);
  expect(String(agent.env.actionSpace)).toBe('Discrete(5)');
  // The middles of five cells from -2 to 2 are 0.8 apart.
  const plain = make('Pendulum-v1');
  const [mine, theirs] = [agent.env.reset({ seed: 3 }), plain.reset({ seed: 3 })];
  const first = await agent.act(mine.observation, mine.info);
  expect([0, 1, 2, 3, 4]).toContain(first);
  expect(theirs.observation).toHaveLength(3);
  for (const action of [first, 0, 4, 2]) {
    const { reward } = agent.env.step(action);
    expect(reward).toBeCloseTo(plain.step(Float32Array.of(-1.6 + 0.8 * action)).reward, 5);
  }
});

it.each([
  [
    'dqn-cart-pole',
    {},
    'DQN needs actions that are Discrete(n); this environment has Box(-2.0, 2.0, (1,), float32). --set actionBins=5',
  ],
  ['dqn-cart-pole', { actionBins: 0 }, 'preprocessing.actionBins: got 0, allowed is at least 1.'],
  ['q-learning', { actionBins: 1.5 }, 'actionBins: got 1.5, allowed is null, a whole number such as 5'],
  ['q-learning', { cells }, 'this environment has Box(-2.0, 2.0, (1,), float32). --set actionBins=5'],
])('%s with %j is told what to type', async (recipe, set, message) => {
  await expect(trained(recipe, set, 1)).rejects.toThrow(message);
});
