import { bestAction, bestValue } from './action-values.ts';
import { type NStepConfig, parseNStepConfig } from './config.ts';
import { NStepAgent } from './n-step-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * n-step tree backup (Precup, Sutton & Singh 2000; Sutton & Barto, 2nd ed., section 7.5, p. 154) towards the greedy policy:
 * each of the n steps weighs what happened by the probability with which the policy would have done it, and takes the
 * table's word for its other actions (Eq. 7.16). Off-policy without importance sampling; with n = 1 it is Q-learning.
 */
export class NStepTreeBackupAgent extends NStepAgent {
  constructor(options: AgentOptions<NStepConfig>) {
    super(options, parseNStepConfig);
  }

  protected target(tau: number, last: number, terminal: boolean): number {
    const { gamma } = this.config;
    const { q, nActions, masks, states, actions, rewards } = this;
    const end = this.at(last);
    let g = rewards[end] + (terminal ? 0 : gamma * bestValue(q, nActions, states[end], masks?.of(states[end])));
    for (let k = last - 1; k > tau; k--) {
      const i = this.at(k);
      // pi is greedy: of the sum over actions only the best one is left, and of G only where the best one was taken.
      const best = bestAction(q, nActions, states[i], masks?.of(states[i]));
      g = rewards[i] + gamma * (actions[i] === best ? g : q[states[i] * nActions + best]);
    }
    return g;
  }
}
