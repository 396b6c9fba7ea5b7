export { dqnCartPole } from './dqn-cart-pole.ts';
export { dqnPong, dqnPongEarlyStart, dqnPongSecondEdition } from './dqn-pong.ts';
export * from './family.ts';
export { pongFast } from './pong-fast.ts';
export { pqnCartPole, pqnPong } from './pqn.ts';
export { cite, describeSource, deviation, measured, type Recipe, type Source } from './recipe.ts';
export { allRecipes, findRecipe } from './registry.ts';
export * from './tabular.ts';
export * from './tabular-control.ts';
