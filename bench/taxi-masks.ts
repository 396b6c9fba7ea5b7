/**
 * Taxi with action masks and without: environment steps of training until the mean return of a test passes 7.5.
 *
 *   npx tsx bench/taxi-masks.ts [--seeds 5] [--write]
 *
 * Tabular Q-learning with two settings: those of Gymnasium's tutorial "Action Masking in the Taxi Environment" and those of
 * the recipe `q-learning-taxi`. Every 1000 steps the greedy policy plays 1000 episodes, which teach nothing and are not
 * counted. `--write` puts the table on docs/results/action-masks.md.
 */
import { parseArgs } from 'node:util';
import type { Env } from '../src/core/env.ts';
import { make } from '../src/envs/index.ts';
import { qLearningTaxi } from '../src/recipes/index.ts';
import { parseQLearningConfig, QLearningAgent, solve } from '../src/tabular/index.ts';
import { machine, page, writeSection } from './report.ts';

const BOUND = 7.5;
const GIVES_UP = 2_000_000;

const { values: args } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } },
});
const seeds = Array.from({ length: Number(args.seeds) }, (_, seed) => seed);

const tests = { testInterval: 1000, testEpisodes: 1000, rewardBound: BOUND, maxIterations: GIVES_UP };
const settings = {
  'epsilon 0.1, alpha 0.1, gamma 0.95 (tutorial)': {
    ...qLearningTaxi.config,
    ...{ behaviour: 'epsilon-greedy', epsilonStart: 0.1, epsilonFinal: 0.1, epsilonDecaySteps: 0 },
    ...{ alpha: 0.1, gamma: 0.95 },
  },
  'random behaviour, alpha 0.3, gamma 0.8 (`q-learning-taxi`)': qLearningTaxi.config,
};

/** Steps of training before the first test above the bound; Infinity where there was none. */
function stepsToBound(setting: object, actionMasks: boolean, seed: number): number {
  const world = () => make('Taxi-v3') as Env<number, number>;
  const config = parseQLearningConfig({ ...setting, ...tests, actionMasks });
  const agent = new QLearningAgent({ env: world(), testEnv: world(), seed, config });
  const { solved, iteration } = solve(agent, GIVES_UP);
  return solved ? iteration : Number.POSITIVE_INFINITY;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const count = (steps: number) => (steps === Number.POSITIVE_INFINITY ? '-' : steps.toLocaleString('en-US'));

const rows: string[] = [];
for (const [name, setting] of Object.entries(settings)) {
  const [without, masked] = [false, true].map((actionMasks) => {
    const steps = seeds.map((seed) => stepsToBound(setting, actionMasks, seed));
    rows.push(`| ${name} | ${actionMasks ? 'yes' : 'no'} | ${count(mean(steps))} | ${steps.map(count).join(', ')} |`);
    console.log(rows.at(-1));
    return mean(steps);
  });
  console.log(`${(without / masked).toFixed(1)} times as many without`);
}
if (args.write) {
  writeSection(page('results/action-masks.md'), 'steps', [
    machine(),
    '',
    `| Q-learning | masks | steps to ${BOUND}: mean | seeds ${seeds.join(', ')} |`,
    '|---|---|--:|---|',
    ...rows,
  ]);
}
