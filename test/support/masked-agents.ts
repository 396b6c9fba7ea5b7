import type { Env } from '../../src/core/env.ts';
import type { TabularModel } from '../../src/envs/tabular-model.ts';
import { type TabularAlgorithmName, tabularAlgorithms } from '../../src/tabular/algorithms.ts';
import type { OnlineAgent } from '../../src/tabular/online-agent.ts';
import { MaskedEnv } from './masked-env.ts';
import { type OnlineName, onlineConfigs, onlineNames } from './online-agents.ts';

export const MASKED_GAMMA = 0.8;
export const MASKED_EPSILON = 0.6;
const epsilons = { epsilonStart: MASKED_EPSILON, epsilonFinal: MASKED_EPSILON };

/** What they have otherwise than agents whose numbers are worked out by hand. */
const masked = { gamma: MASKED_GAMMA, ...epsilons, testInterval: 1_000_000_000, actionMasks: true };
const { testEpisodes, rewardBound, maxIterations, cells, actionBins, gamma, actionMasks } = {
  ...onlineConfigs.sarsa,
  ...masked,
};
const planner = {
  testEpisodes,
  rewardBound,
  maxIterations,
  cells,
  actionBins,
  gamma,
  actionMasks,
  stepsPerIteration: 100,
};

const configs: Readonly<Record<TabularAlgorithmName, object>> = {
  ...(Object.fromEntries(
    onlineNames.map((name) => {
      const { alpha } = onlineConfigs[name];
      return [name, { ...onlineConfigs[name], ...masked, alpha: alpha === null ? null : 0.001 }];
    }),
  ) as Record<OnlineName, object>),
  'q-lambda': { ...onlineConfigs['q-lambda'], ...masked, alpha: 0.001, traces: 'replacing' },
  'value-iteration': planner,
  'q-iteration': planner,
};

export type MaskedName = TabularAlgorithmName;
export type MaskedOnlineName = OnlineName;
export const maskedNames = Object.keys(configs) as MaskedName[];
export const maskedOnlineNames = onlineNames;

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
