import { expect, it } from 'vitest';
import { checkSuite } from './run-suite.ts';
import { settleSuite } from './suite-settings.ts';

it('schedules follow the steps of a suite, but what is set', async () => {
  const configOf = async (set: Readonly<Record<string, unknown>>) => {
    const request = { recipe: 'pqn-cart-pole', games: ['CartPole-v1'], steps: 50_000, set };
    return (await checkSuite(settleSuite(request, '1.0.0'), 'cpu', 1))[0].config;
  };
  // All and a fifth of the run, as the recipe's sources say.
  const steps = { maxSteps: 50_000, learningRateDecaySteps: 50_000, rewardBound: null };
  expect(await configOf({})).toMatchObject({ ...steps, epsilonDecaySteps: 10_000 });
  expect(await configOf({ epsilonDecaySteps: 30_000 })).toMatchObject({ ...steps, epsilonDecaySteps: 30_000 });
});
