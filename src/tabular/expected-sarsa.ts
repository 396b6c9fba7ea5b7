import { bestValue, blend } from './action-values.ts';
import { type OnlineConfig, parseOnlineConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * What a state is worth to an epsilon-greedy policy: sum over a of pi(a | s) Q(s, a), where the greedy action has
 * probability 1 - epsilon + epsilon / n and each other one of n epsilon / n.
 * @param q [nStates, nActions] row-major. Read only.
 * @param mask [nActions], 1 for each of the n actions that the policy chooses among; undefined for all.
 */
export function epsilonGreedyValue(
  q: Float64Array,
  nActions: number,
  state: number,
  epsilon: number,
  mask?: Int8Array,
): number {
  const start = state * nActions;
  let sum = 0;
  let n = 0;
  for (let action = 0; action < nActions; action++) {
    if (mask !== undefined && mask[action] === 0) continue;
    sum += q[start + action];
    n++;
  }
  return (1 - epsilon) * bestValue(q, nActions, state, mask) + (epsilon * sum) / n;
}

/**
 * Expected SARSA (van Seijen et al. 2009; Sutton & Barto, 2nd ed., section 6.6, p. 133): SARSA that averages over the next
 * action instead of drawing it, Eq. 6.9, and so is free of the chance in that choice.
 */
export class ExpectedSarsaAgent extends OnlineAgent<OnlineConfig> {
  constructor(options: AgentOptions<OnlineConfig>) {
    super(options, parseOnlineConfig);
  }

  protected learn(): void {
    const { gamma } = this.config;
    const { q, nActions, state, masks } = this;
    const action = this.epsilonGreedy(state);
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    let target = reward;
    if (!terminated) target += gamma * epsilonGreedyValue(q, nActions, nextState, this.epsilon, masks?.of(nextState));
    const pair = state * nActions + action;
    blend(q, pair, target, this.stepSize(pair));
    this.moveOn(outcome);
  }
}
