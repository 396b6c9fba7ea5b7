import { anyGameRecipes } from './any-game.ts';
import { apexPong } from './apex.ts';
import { btr } from './btr.ts';
import { crossEntropyCartPole } from './cross-entropy.ts';
import { dqnAcrobot } from './dqn-acrobot.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { dqnFrozenLake } from './dqn-frozen-lake.ts';
import { dqnLunarLander } from './dqn-lunar-lander.ts';
import { dqnMountainCar } from './dqn-mountain-car.ts';
import { dqnPendulum } from './dqn-pendulum.ts';
import { dqnPong, dqnPongEarlyStart, dqnPongSecondEdition } from './dqn-pong.ts';
import { dqnPongFast } from './dqn-pong-fast.ts';
import { hlGaussCartPole } from './hl-gauss.ts';
import { pongBuiltIn, pongDominator, pongFast } from './pong-fast.ts';
import { pqnCartPole, pqnPong } from './pqn.ts';
import type { Recipe } from './recipe.ts';
import { recurrentDqnCartPole, recurrentPqnCartPole } from './recurrent.ts';
import { streamQCartPole } from './stream-q.ts';
import { tabularRecipes } from './tabular.ts';
import { tabularControlRecipes } from './tabular-control.ts';
import { atariRecipes, iqnCartPole, variantRecipes } from './variants.ts';

/** Every recipe that ships; where several fit a name, the first is meant (see `chooseRecipe`). */
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
  hlGaussCartPole,
  dqnAcrobot,
  dqnMountainCar,
  dqnPendulum,
  dqnFrozenLake,
  dqnLunarLander,
  ...variantRecipes,
  iqnCartPole,
  apexPong,
  pqnPong,
  pqnCartPole,
  recurrentPqnCartPole,
  recurrentDqnCartPole,
  streamQCartPole,
  crossEntropyCartPole,
  ...atariRecipes,
  ...anyGameRecipes,
  btr,
];
