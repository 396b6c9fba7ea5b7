import type { Env } from '../../../core/env.ts';
import { TimeLimit } from '../../../core/time-limit.ts';
import type { StateGrid } from '../../../envs/state-grid.ts';
import type { TabularModel } from '../../../envs/tabular-model.ts';
import { CliffWalkingEnv } from '../../../envs/toy-text/cliff-walking.ts';
import { FrozenLakeEnv } from '../../../envs/toy-text/frozen-lake.ts';
import { TaxiEnv } from '../../../envs/toy-text/taxi.ts';
import { reachableStates } from './lake-map.ts';
import type { WorldSpec } from './lake-state.ts';

/** An environment that shows itself on a grid. */
export interface World {
  readonly model: TabularModel;
  /** Several for Taxi: one for each place of the passenger and each destination. */
  readonly grids: readonly StateGrid[];
  /** [nStates] 1 for states that an episode can reach. */
  readonly reachable: Uint8Array;
  /** Whether an episode can end well; only a painted lake can lack it. */
  readonly goalReachable: boolean;
  /** [nStates] 1 for ends: no action is ever taken there. */
  readonly ends: Uint8Array;
  makeEnv(): Env<number, number>;
}

export function makeWorld(spec: WorldSpec): World {
  const make = (): FrozenLakeEnv | CliffWalkingEnv | TaxiEnv => {
    const { env, map, slippery, successRate, rewards } = spec;
    if (env === 'CliffWalking') return new CliffWalkingEnv({ isSlippery: slippery });
    if (env === 'Taxi') return new TaxiEnv({ isRainy: slippery });
    return new FrozenLakeEnv({ desc: map, isSlippery: slippery, successRate, rewardSchedule: rewards });
  };
  const { model, ...env } = describe(make());
  const reachable = reachableStates(model);
  const ends = new Uint8Array(model.nStates);
  for (const { nextState, terminated } of model.transitions.flat(2)) if (terminated) ends[nextState] = 1;
  const goals = spec.env === 'FrozenLake' ? [...spec.map.join('')].map((tile) => tile === 'G') : undefined;
  return {
    ...env,
    model,
    reachable,
    ends,
    goalReachable: goals?.some((isGoal, state) => isGoal && reachable[state] === 1) ?? true,
    makeEnv: () => new TimeLimit<number, number>(make(), longestEpisode(spec)),
  };
}

function describe(env: FrozenLakeEnv | CliffWalkingEnv | TaxiEnv) {
  return { model: env.model, grids: env.stateGrids() };
}

/** Gymnasium's limits, 100 steps on a lake of 4 and 200 on one of 8, and between and beyond them in proportion. CliffWalking
 * has none there; 1000 let a policy that walks in circles be seen to. */
function longestEpisode({ env, map }: WorldSpec): number {
  if (env === 'CliffWalking') return 1000;
  return env === 'Taxi' ? 200 : 25 * Math.max(map.length, map[0].length);
}
