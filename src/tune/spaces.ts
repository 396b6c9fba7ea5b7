import type { DqnConfig } from '../agents/dqn-config.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import type { Leaf } from '../recipes/recipe.ts';
import type { QLearningConfig } from '../tabular/config.ts';
import { type DistributionData, spaceFromData } from './parse-space.ts';
import type { SearchSpace } from './search-space.ts';

/*
 * What is worth searching of the textbooks' recipes: an order of magnitude or so around each recipe's value, of the settings that decide. Every
 * point is accepted by the recipe.
 */

/** Words for some places of a configuration. */
type SpaceOf<C extends object> = { readonly [L in Leaf<C>]?: DistributionData };

const cartPole = {
  learningRate: '1e-4..3e-3:log',
  gamma: '0.97,0.98,0.99,0.995',
  batchSize: '32,64,128,256',
  nStep: '1..6:int',
  learningStarts: '500..4000:int:log',
  trainInterval: '1,2,4',
  targetUpdateInterval: '50..2000:int:log',
  epsilonDecaySteps: '2000..40000:int:log',
  'bootstrap.kind': 'greedy,double',
} as const satisfies SpaceOf<DqnConfig>;

const frozenLake = {
  learningRate: '1e-4..3e-3:log',
  gamma: '0.95,0.98,0.99,0.995',
  batchSize: '32,64,128',
  trainInterval: '1,2,4,8',
  targetUpdateInterval: '100..2000:int:log',
  epsilonDecaySteps: '10000..100000:int:log',
  'bootstrap.kind': 'greedy,double',
} as const satisfies SpaceOf<DqnConfig>;

const pong = {
  learningRate: '3e-5..1e-3:log',
  batchSize: '32,64',
  nStep: '1..4:int',
  trainInterval: '1,2,4',
  targetUpdateInterval: '250..4000:int:log',
  epsilonDecaySteps: '50000..500000:int:log',
  'bootstrap.kind': 'greedy,double',
} as const satisfies SpaceOf<DqnConfig>;

const qLearning = {
  alpha: '0.01..1:log',
  gamma: '0.8..0.999',
  behaviour: 'random,epsilon-greedy',
  epsilonFinal: '0.01..0.3:log',
  epsilonDecaySteps: '1000..100000:int:log',
} as const satisfies SpaceOf<QLearningConfig>;

const pqn = {
  learningRate: '1e-4..3e-3:log',
  lambda: '0.3..0.95',
  environments: '16,32,64',
  rolloutSteps: '32,64,128',
  epochs: '1..4:int',
  minibatches: '4,8,16',
  epsilonFinal: '0.001..0.1:log',
} as const satisfies SpaceOf<PqnConfig>;

const byRecipe: ReadonlyMap<string, Readonly<Record<string, DistributionData>>> = new Map(
  Object.entries({
    'dqn-cart-pole': cartPole,
    'dqn-frozen-lake': frozenLake,
    'dqn-pong': pong,
    'pqn-cart-pole': pqn,
    'pqn-pong': pqn,
    'q-learning-frozen-lake': qLearning,
    'q-learning-taxi': qLearning,
  }),
);

/** Ids of the recipes that a space ships for. */
export const recipesWithSpace: readonly string[] = [...byRecipe.keys()];

/** The space that ships for a recipe; undefined for one that has none. */
export function shippedSpace(recipe: string): SearchSpace | undefined {
  const words = byRecipe.get(recipe);
  return words === undefined ? undefined : spaceFromData(words);
}
