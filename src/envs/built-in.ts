import { acrobotEntries } from './classic-control/acrobot.entries.ts';
import { cartPoleEntries } from './classic-control/cart-pole.entries.ts';
import { mountainCarEntries } from './classic-control/mountain-car.entries.ts';
import { pendulumEntries } from './classic-control/pendulum.entries.ts';
import { pongEnvironments } from './pong/index.ts';
import { blackjackEntries } from './toy-text/blackjack.entries.ts';
import { cliffWalkingEntries } from './toy-text/cliff-walking.entries.ts';
import { frozenLakeEntries } from './toy-text/frozen-lake.entries.ts';
import { taxiEntries } from './toy-text/taxi.entries.ts';

/** The environments that come with bellman, in the order in which lists show them. */
export const builtInEnvironments = {
  ...frozenLakeEntries,
  ...taxiEntries,
  ...cliffWalkingEntries,
  ...blackjackEntries,
  ...cartPoleEntries,
  ...mountainCarEntries,
  ...acrobotEntries,
  ...pendulumEntries,
  ...pongEnvironments,
};
