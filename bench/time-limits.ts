/**
 * CartPole with time limits that end an episode's value (`truncatedAsTerminal`, Lapan's one flag) and with those that do not:
 * the scores of the last weights, for docs/algorithms/dqn.md.
 *
 *   npx tsx bench/time-limits.ts [--steps 30000] [--seeds 0,1,2,3,4]
 */
import { parseArgs } from 'node:util';
import { argMax, type Env, make } from '../src/index.ts';
import { ortRunnerFactory } from '../src/node/index.ts';
import { dqnCartPole } from '../src/recipes/dqn-cart-pole.ts';
import { summarize } from '../src/stats/index.ts';
import { createDqnTraining, evaluate, makeTrainingEnv } from '../src/train/index.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '30000' }, seeds: { type: 'string', default: '0,1,2,3,4' } },
});
const maxSteps = Number(values.steps);
const makeEnv = (): Env<unknown, number> => make('CartPole-v1') as unknown as Env<unknown, number>;

async function score(truncatedAsTerminal: boolean, seed: number): Promise<{ greedy: number; full: number }> {
  const config = { ...dqnCartPole.config, truncatedAsTerminal, rewardBound: null, maxSteps };
  const env = makeTrainingEnv(makeEnv, config.preprocessing, 1);
  const training = await createDqnTraining({ config, env, seed, createRunner: ortRunnerFactory('cpu', 1) });
  while (training.end === undefined) await training.advance({});
  const player = makeEnv();
  const act = async (observation: unknown) => argMax(await training.learner.qValues(observation as Float32Array));
  const randomAction = (): number => player.actionSpace.sample();
  const played = await evaluate({ env: player, act, randomAction }, { episodes: 100, seed: 1000 + seed });
  await training.close();
  const returns = played.map(({ totalReward }) => totalReward);
  return { greedy: summarize(returns).mean, full: returns.filter((one) => one === 500).length };
}

for (const seed of values.seeds.split(',').map(Number)) {
  for (const truncatedAsTerminal of [false, true]) {
    const { greedy, full } = await score(truncatedAsTerminal, seed);
    console.log(
      `seed ${seed}, truncatedAsTerminal ${truncatedAsTerminal}: ${greedy.toFixed(1)}, ${full} of 100 at 500`,
    );
  }
}
