import type { Env } from '../../src/core/env.ts';
import type { TabularModel } from '../../src/envs/tabular-model.ts';
import { type TabularAlgorithmName, tabularAlgorithms } from '../../src/tabular/algorithms.ts';
import type { OnlineAgent } from '../../src/tabular/online-agent.ts';
import { MaskedEnv } from './masked-env.ts';

export const MASKED_GAMMA = 0.8;
export const MASKED_EPSILON = 0.6;
const epsilons = { epsilonStart: MASKED_EPSILON, epsilonFinal: MASKED_EPSILON };

const shared = {
  gamma: MASKED_GAMMA,
  testEpisodes: 1,
  rewardBound: null,
  maxIterations: 1_000_000,
  cells: null,
  actionMasks: true,
};
const online = { ...shared, ...epsilons, epsilonDecaySteps: 0, testInterval: 1_000_000_000 };
const td = { ...online, alpha: 0.001 };

const onlineConfigs = {
  'q-learning': { ...td, behaviour: 'epsilon-greedy' },
  sarsa: td,
  'expected-sarsa': td,
  'double-q-learning': td,
  'n-step-sarsa': { ...td, nStep: 2, importanceSampling: false },
  'n-step-q': { ...td, nStep: 2, importanceSampling: false },
  'n-step-tree-backup': { ...td, nStep: 2 },
  'q-lambda': { ...td, lambda: 0.5, traces: 'replacing' },
  'dyna-q': { ...td, planningSteps: 2 },
  'monte-carlo': { ...online, alpha: null },
  'monte-carlo-es': { ...online, alpha: null },
  'off-policy-monte-carlo': { ...online, alpha: null },
} as const;
const configs = {
  ...onlineConfigs,
  'value-iteration': { ...shared, stepsPerIteration: 100 },
  'q-iteration': { ...shared, stepsPerIteration: 100 },
} as const satisfies Record<TabularAlgorithmName, object>;

export type MaskedName = keyof typeof configs;
export type MaskedOnlineName = keyof typeof onlineConfigs;
export const maskedNames = Object.keys(configs) as MaskedName[];
export const maskedOnlineNames = Object.keys(onlineConfigs) as MaskedOnlineName[];

/** An agent with action masks; by default it explores a lot and learns slowly. */
export function createMasked(name: MaskedName, make: () => Env<number, number>, change: object = {}, seed = 1) {
  const config = { ...configs[name], ...change };
  return tabularAlgorithms[name].create({ env: make(), testEnv: make(), config, seed });
}

/** What is allowed in each of six states. */
export const masks = [
  [0, 1, 1, 1],
  [1, 0, 1, 0],
  [0, 0, 1, 1],
  [1, 1, 1, 1],
  [0, 0, 0, 1],
  [1, 1, 0, 1],
];
/** The same, [states, actions] row-major. */
export const allowedPairs = masks.flat();

/** What a table holds for forbidden actions before it learns, so that one look at it spoils everything. */
export const POISON = 1000;

/** Q after so many steps in a world with `masks`, learned from a table with POISON. */
export function learnPoisoned(
  name: MaskedOnlineName,
  steps: number,
  world: TabularModel,
  change: object = {},
): Float64Array {
  const agent = createMasked(name, () => new MaskedEnv(world, masks), change) as OnlineAgent;
  const poison = Float64Array.from(allowedPairs, (bit) => (1 - bit) * POISON);
  agent.q.set(poison);
  if (name === 'double-q-learning') {
    for (const table of (agent as unknown as { tables: Float64Array[] }).tables) table.set(poison);
  }
  for (let i = 0; i < steps; i++) agent.iterate();
  return agent.q;
}
