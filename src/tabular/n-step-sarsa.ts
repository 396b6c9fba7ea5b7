import { SampledNStepAgent } from './sampled-n-step-agent.ts';

/**
 * n-step SARSA (Sutton & Barto, 2nd ed., section 7.2, p. 147): n rewards, then the value of the action that is taken next,
 * Eq. 7.4. With n = 1 it is SARSA; with n as long as an episode, Monte Carlo with a constant step size.
 * With `importanceSampling` it is the off-policy form of p. 149.
 */
export class NStepSarsaAgent extends SampledNStepAgent {
  protected target(tau: number, last: number, terminal: boolean): number {
    const pair = this.states[this.at(last)] * this.nActions + this.actions[this.at(last)];
    return this.discountedSum(tau, last, terminal ? 0 : this.q[pair]);
  }

  protected override weight(tau: number, last: number, terminal: boolean): number {
    // The action at `last` counts where its value does.
    return this.ratio(tau, terminal ? last - 1 : last);
  }
}
