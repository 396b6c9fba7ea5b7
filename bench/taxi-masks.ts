/**
 * Taxi with action masks and without: environment steps of training until the mean return of a test passes 7.5.
 *
 *   npx tsx bench/taxi-masks.ts [--seeds 5] [--only tables|networks] [--write]
 *
 * Tables: Q-learning with two settings, those of Gymnasium's tutorial "Action Masking in the Taxi Environment" and those of
 * the recipe `q-learning-taxi`. Every 1000 steps the greedy policy plays 1000 episodes. Networks: PQN on states as one-hot
 * vectors; every 10,240 steps 128 episodes. Tests teach nothing and are not counted. `--write` puts the tables on
 * docs/results/action-masks.md.
 */
import { parseArgs } from 'node:util';
import { parsePqnConfig } from '../src/agents/index.ts';
import type { Env } from '../src/core/env.ts';
import { fillGreedy, GREEDY } from '../src/core/index.ts';
import { make } from '../src/envs/index.ts';
import { ortRunnerFactory } from '../src/node/onnxruntime/ort-runner-factory.ts';
import { pqnCartPole, qLearningTaxi } from '../src/recipes/index.ts';
import { parseQLearningConfig, QLearningAgent, solve } from '../src/tabular/index.ts';
import { createPqnTraining, type PqnTraining } from '../src/train/index.ts';
import { SyncVectorEnv } from '../src/vector/index.ts';
import { DtypeObservation, FlattenObservation } from '../src/wrappers/index.ts';
import { machine, page, writeSection } from './report.ts';

const BOUND = 7.5;
const GIVES_UP = 2_000_000;

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
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

const ENVIRONMENTS = 32;
const NETWORK_TEST = 10_240;
const NETWORK_GIVES_UP = 20 * NETWORK_TEST;
/** The first values that were tried, for both. */
const pqnSetting = {
  ...pqnCartPole.config,
  ...{ environments: ENVIRONMENTS, rolloutSteps: 32, gamma: 0.97, lambda: 0.8, maxSteps: 1_000_000, rewardBound: null },
  ...{ epsilonStart: 1, epsilonFinal: 0.05, epsilonDecaySteps: 60_000 },
  ...{ learningRate: 1e-3, learningRateFinal: 1e-4, learningRateDecaySteps: 300_000 },
};

/** Taxis whose states are one-hot vectors. */
function taxis(): SyncVectorEnv<Float32Array> {
  const makeOne = () => new DtypeObservation(new FlattenObservation(make('Taxi-v3') as Env), 'float32') as Env;
  const makers = new Array<() => Env>(ENVIRONMENTS).fill(makeOne);
  return new SyncVectorEnv(makers, { autoresetMode: 'same-step', infos: false });
}

/** The same for PQN. */
async function networkStepsToBound(actionMasks: boolean, seed: number): Promise<number> {
  const config = parsePqnConfig({ ...pqnSetting, actionMasks });
  const training = await createPqnTraining({ config, env: taxis(), seed, createRunner: ortRunnerFactory('cpu', 1) });
  const testEnv = taxis();
  testEnv.reset({ seed: 1_000_000 + seed });
  try {
    while (training.step < NETWORK_GIVES_UP) {
      for (const next = training.step + NETWORK_TEST; training.step < next; ) await training.advance({});
      if ((await greedyMean(training, testEnv, actionMasks)) > BOUND) return training.step;
    }
    return Number.POSITIVE_INFINITY;
  } finally {
    await training.close();
  }
}

/** Mean return of four greedy episodes of every environment. */
async function greedyMean(training: PqnTraining, env: SyncVectorEnv<Float32Array>, masked: boolean): Promise<number> {
  const episodes = 4;
  const actions = new Int32Array(ENVIRONMENTS);
  const played = new Int32Array(ENVIRONMENTS);
  let { observations, actionMasks } = env.reset();
  let total = 0;
  while (played.some((count) => count < episodes)) {
    const q = await training.learner.qValues(observations);
    fillGreedy(q, 6, actions.fill(GREEDY), masked ? actionMasks : undefined);
    const step = env.step(actions);
    ({ observations, actionMasks } = step);
    for (let n = 0; n < ENVIRONMENTS; n++) {
      if (played[n] === episodes) continue;
      total += step.rewards[n];
      if (step.terminations[n] === 1 || step.truncations[n] === 1) played[n]++;
    }
  }
  return total / (episodes * ENVIRONMENTS);
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const count = (steps: number) => (steps === Number.POSITIVE_INFINITY ? 'none' : steps.toLocaleString('en-US'));

/** A table of trainings without masks and with them. */
async function compare(
  section: string,
  trials: Readonly<Record<string, (actionMasks: boolean, seed: number) => number | Promise<number>>>,
): Promise<void> {
  const rows: string[] = [];
  for (const [name, steps] of Object.entries(trials)) {
    for (const actionMasks of [false, true]) {
      const each: number[] = [];
      for (const seed of seeds) each.push(await steps(actionMasks, seed));
      rows.push(`| ${name} | ${actionMasks ? 'yes' : 'no'} | ${count(mean(each))} | ${each.map(count).join(', ')} |`);
      console.log(rows.at(-1));
    }
  }
  if (!args.write) return;
  writeSection(page('results/action-masks.md'), section, [
    machine(),
    '',
    `| | masks | steps to ${BOUND}: mean | seeds ${seeds.join(', ')} |`,
    '|---|---|--:|---|',
    ...rows,
  ]);
}

if (args.only !== 'networks') {
  const trial = (setting: object) => (actionMasks: boolean, seed: number) => stepsToBound(setting, actionMasks, seed);
  const trials = Object.entries(settings).map(([name, setting]) => [`Q-learning, ${name}`, trial(setting)]);
  await compare('steps', Object.fromEntries(trials));
}
if (args.only !== 'tables') await compare('networks', { 'PQN, two layers of 128': networkStepsToBound });
