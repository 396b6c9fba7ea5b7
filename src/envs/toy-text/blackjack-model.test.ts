import { describe, expect, it } from 'vitest';
import { policyEvaluation, startValue, valueIteration } from '../../tabular/index.ts';
import { make } from '../registry.ts';
import { blackjackModel } from './blackjack-model.ts';

const stateOf = (sum: number, dealer: number, usable: number) => (sum * 11 + dealer) * 2 + usable;

/** Sutton & Barto, 2nd ed., Figure 5.2: the lowest sum at which to stick, dealer's card ace, 2, ... 10. */
const figure52 = [
  { usable: 0, stickFrom: [17, 13, 13, 12, 12, 12, 17, 17, 17, 17] },
  { usable: 1, stickFrom: [19, 18, 18, 18, 18, 18, 18, 18, 19, 19] },
];

describe('the true model of Blackjack', () => {
  it.each([
    { sab: true, natural: false },
    { sab: false, natural: false },
    { sab: false, natural: true },
  ])("has the book's optimal policy under %j", (rules) => {
    const { policy } = valueIteration(blackjackModel(rules), { gamma: 1 });
    for (const { usable, stickFrom } of figure52) {
      stickFrom.forEach((lowest, i) => {
        for (let sum = 12; sum <= 21; sum++) {
          expect([usable, sum, i + 1, policy[stateOf(sum, i + 1, usable)]]).toEqual([
            usable,
            sum,
            i + 1,
            sum >= lowest ? 0 : 1,
          ]);
        }
      });
    }
  });

  it.each([true, false])('is worth what games of the environment come to, sab %s', (sab) => {
    const model = blackjackModel({ sab });
    // The policy of Example 5.1: stick on 20 or 21.
    const policy = Int32Array.from({ length: model.nStates }, (_, state) => (Math.floor(state / 22) >= 20 ? 0 : 1));
    const exact = startValue(model, policyEvaluation(model, policy, 1).values);
    const env = make('Blackjack-v1', { sab });
    const games = 150_000;
    let total = 0;
    let { observation } = env.reset({ seed: 5 });
    for (let game = 0; game < games; ) {
      const [sum, dealer, usable] = observation;
      const step = env.step(policy[stateOf(sum, dealer, usable)]);
      total += step.reward;
      observation = step.observation;
      if (!step.terminated) continue;
      game++;
      observation = env.reset().observation;
    }
    // Standard error 0.0025; the model takes a drawn soft 21 for a natural, which is worth less than that.
    expect(Math.abs(total / games - exact)).toBeLessThan(0.009);
  });
});
