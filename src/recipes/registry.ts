import { UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { crossEntropyCartPole } from './cross-entropy.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { dqnLunarLander } from './dqn-lunar-lander.ts';
import { dqnPong, dqnPongEarlyStart, dqnPongSecondEdition } from './dqn-pong.ts';
import { dqnPongFast } from './dqn-pong-fast.ts';
import { pongBuiltIn, pongDominator, pongFast } from './pong-fast.ts';
import { pqnCartPole, pqnPong } from './pqn.ts';
import type { Recipe } from './recipe.ts';
import { tabularRecipes } from './tabular.ts';
import { tabularControlRecipes } from './tabular-control.ts';
import { atariRecipes, variantRecipes } from './variants.ts';

/** Every recipe that ships; where several fit a name, the first is meant. */
export const allRecipes: readonly Recipe[] = [
  ...tabularRecipes,
  ...tabularControlRecipes,
  dqnPong,
  pongFast,
  pongBuiltIn,
  pongDominator,
  dqnPongFast,
  dqnPongSecondEdition,
  dqnPongEarlyStart,
  dqnCartPole,
  dqnLunarLander,
  ...variantRecipes,
  pqnPong,
  pqnCartPole,
  crossEntropyCartPole,
  ...atariRecipes,
];

/**
 * Finds a recipe by its id, by the beginning of ids (`rainbow` of `rainbow-pong`), or by its algorithm: of several the
 * first one for the environment, else the first one at all.
 * @throws UnknownNameError with the nearest known name.
 */
export function findRecipe(name: string, env?: string): Recipe {
  const exact = allRecipes.find((recipe) => recipe.id === name);
  if (exact !== undefined) return exact;
  const ofAlgorithm = allRecipes.filter((recipe) => recipe.algorithm === name);
  const named = ofAlgorithm.length > 0 ? ofAlgorithm : allRecipes.filter(({ id }) => id.startsWith(`${name}-`));
  const match = named.find((recipe) => recipe.env === env) ?? named[0];
  if (match !== undefined) return match;
  const known = [...new Set(allRecipes.flatMap((recipe) => [recipe.id, recipe.algorithm]))];
  const suggestion = nearest(name, known);
  const advice = '`bellman recipes` lists them; an algorithm of your own is named as ./my-dqn.mjs:my-dqn.';
  throw new UnknownNameError('recipe', name, known, suggestion, suggestion === undefined ? advice : undefined);
}
