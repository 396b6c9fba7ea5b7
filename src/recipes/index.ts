export { atariDqn, atariFast, atariRainbow } from './any-game.ts';
export { apexPong } from './apex.ts';
export { btr } from './btr.ts';
export { type Change, type ConfigChange, changesOf, vary } from './change.ts';
export { chooseRecipe, findRecipe, type RecipeChoice } from './choose-recipe.ts';
export { crossEntropyCartPole } from './cross-entropy.ts';
export { dqnCartPole } from './dqn-cart-pole.ts';
export { dqnPong } from './dqn-pong.ts';
export { dqnPongFast } from './dqn-pong-fast.ts';
export { pongBuiltIn, pongFast } from './pong-fast.ts';
export { pqnCartPole, pqnPong } from './pqn.ts';
export {
  cite,
  describeSource,
  deviation,
  type Leaf,
  measured,
  type Part,
  type Recipe,
  type Source,
  type Sources,
  type Usual,
} from './recipe.ts';
export { allRecipes } from './registry.ts';
export { streamQCartPole } from './stream-q.ts';
export { qLearningFrozenLake, qLearningTaxi, valueIterationFrozenLake } from './tabular.ts';
