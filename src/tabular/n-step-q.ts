import { bestValue } from './action-values.ts';
import { SampledNStepAgent } from './sampled-n-step-agent.ts';

/**
 * n-step Q-learning: n rewards, then the value of the best action (Mnih et al. 2016, "Asynchronous Methods for Deep
 * Reinforcement Learning", section 4; the target of Rainbow and of DQN with `nStep`). Exploring actions among the n are
 * not corrected for unless `importanceSampling` is set: right for n = 1, Q-learning, and less and less so for larger n
 * (Sutton & Barto, 2nd ed., section 7.3); `n-step-tree-backup.ts` has no such fault.
 */
export class NStepQAgent extends SampledNStepAgent {
  protected target(tau: number, last: number, terminal: boolean): number {
    const state = this.states[this.at(last)];
    const value = terminal ? 0 : bestValue(this.q, this.nActions, state, this.masks?.of(state));
    return this.discountedSum(tau, last, value);
  }

  protected override weight(tau: number, last: number): number {
    return this.ratio(tau, last - 1);
  }
}
