import type { Env } from '../../src/core/env.ts';
import { Generator } from '../../src/core/random/index.ts';
import { TimeLimit } from '../../src/core/time-limit.ts';
import type { TabularModel } from '../../src/envs/tabular-model.ts';
import { tabularAlgorithms } from '../../src/tabular/algorithms.ts';
import type { OnlineAgent } from '../../src/tabular/online-agent.ts';
import { ModelEnv } from './model-env.ts';

const shared = {
  gamma: 0.5,
  epsilonStart: 0,
  epsilonFinal: 0,
  epsilonDecaySteps: 0,
  testInterval: 1_000_000,
  testEpisodes: 1,
  rewardBound: null,
  maxIterations: 1_000_000,
  cells: null,
  actionBins: null,
  actionMasks: false,
};
const td = { ...shared, alpha: 0.5 };

/** A configuration of each method, whose numbers are easy to work with by hand. */
export const onlineConfigs = {
  'q-learning': { ...td, behaviour: 'epsilon-greedy' },
  sarsa: td,
  'expected-sarsa': td,
  'double-q-learning': td,
  'n-step-sarsa': { ...td, nStep: 2, importanceSampling: false },
  'n-step-q': { ...td, nStep: 2, importanceSampling: false },
  'n-step-tree-backup': { ...td, nStep: 2 },
  'q-lambda': { ...td, lambda: 0.5, traces: 'accumulating' },
  'dyna-q': { ...td, planningSteps: 2 },
  'monte-carlo': { ...shared, alpha: null },
  'monte-carlo-es': { ...shared, alpha: null },
  'off-policy-monte-carlo': { ...shared, alpha: null },
} as const satisfies Partial<Record<keyof typeof tabularAlgorithms, object>>;

export type OnlineName = keyof typeof onlineConfigs;
export const onlineNames = Object.keys(onlineConfigs) as OnlineName[];

/** An agent in the world of a model. */
export function agentIn(
  model: TabularModel,
  name: OnlineName,
  change: object = {},
  seed = 0,
  limit?: number,
): OnlineAgent {
  const make = (): Env<number, number> => {
    const env = new ModelEnv(model);
    return limit === undefined ? env : new TimeLimit(env, limit);
  };
  const config = { ...onlineConfigs[name], ...change };
  return tabularAlgorithms[name].create({ env: make(), testEnv: make(), config, seed }) as OnlineAgent;
}

/** A world of random outcomes in which every step may end it, with probability `end`. */
export function randomModel(seed: number, nStates: number, nActions: number, end = 0.1): TabularModel {
  const generator = new Generator(seed);
  return {
    nStates,
    nActions,
    transitions: Array.from({ length: nStates }, () =>
      Array.from({ length: nActions }, () => [
        {
          probability: 0.7 - end,
          nextState: generator.integers(nStates),
          reward: generator.normal(),
          terminated: false,
        },
        { probability: 0.3, nextState: generator.integers(nStates), reward: generator.normal(), terminated: false },
        { probability: end, nextState: 0, reward: generator.normal(), terminated: true },
      ]),
    ),
    initialStateDistribution: new Float64Array(nStates).fill(1 / nStates),
  };
}
