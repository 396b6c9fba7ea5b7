import { bestValue, blend } from './action-values.ts';
import type { OnlineConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';

/**
 * What a state is worth to an epsilon-greedy policy: sum over a of pi(a | s) Q(s, a), where the greedy action has
 * probability 1 - epsilon + epsilon / n and each other one epsilon / n.
 * @param q [nStates, nActions] row-major. Read only.
 */
export function epsilonGreedyValue(q: Float64Array, nActions: number, state: number, epsilon: number): number {
  let sum = 0;
  for (let i = state * nActions; i < (state + 1) * nActions; i++) sum += q[i];
  return (1 - epsilon) * bestValue(q, nActions, state) + (epsilon * sum) / nActions;
}

/**
 * Expected SARSA (van Seijen et al. 2009; Sutton & Barto, 2nd ed., section 6.6, p. 133): SARSA that averages over the next
 * action instead of drawing it, Eq. 6.9, and so is free of the chance in that choice.
 */
export class ExpectedSarsaAgent extends OnlineAgent<OnlineConfig> {
  protected learn(): void {
    const { gamma } = this.config;
    const { q, nActions, state } = this;
    const action = this.epsilonGreedy(state);
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    const target = terminated ? reward : reward + gamma * epsilonGreedyValue(q, nActions, nextState, this.epsilon);
    const pair = state * nActions + action;
    blend(q, pair, target, this.stepSize(pair));
    this.moveOn(outcome);
  }
}
