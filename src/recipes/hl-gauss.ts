import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { under, values } from './parts.ts';
import { cite } from './recipe.ts';

/** DQN on CartPole with values as histograms. */
export const hlGaussCartPole = vary(
  dqnCartPole,
  { id: 'hl-gauss-cart-pole', title: 'DQN with HL-Gauss values on CartPole-v1 to a mean of 195 over 100 episodes' },
  changesOf<DqnConfig>()(
    { values: { ...values['hl-gauss'].config, vMin: 0, vMax: 100 }, rewardBound: 195 },
    {
      ...under('values', values['hl-gauss'].sources),
      'values.vMin': cite('every reward is 1'),
      'values.vMax': cite('no discounted return of such rewards is above 1 / (1 - gamma)'),
      rewardBound: cite('Gymnasium registry, CartPole-v0 reward_threshold'),
    },
  ),
);
