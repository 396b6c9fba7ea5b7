import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { parseSampledNStepConfig, type SampledNStepConfig } from './config.ts';
import { NStepAgent } from './n-step-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * What n-step SARSA and n-step Q-learning share. Left alone, the actions among the n are those of the playing policy, with
 * what its exploring costs. With `importanceSampling` (Sutton & Barto, 2nd ed., section 7.3, the box on p. 149) an update
 * is weighed by rho, the product over those actions of pi(A|S) / b(A|S). pi is the greedy policy of the time at which
 * the action was taken, so rho is 0 as soon as one of them explored.
 */
export abstract class SampledNStepAgent extends NStepAgent<SampledNStepConfig> {
  /** pi(A_i|S_i) / b(A_i|S_i), each at index i mod (n + 1). */
  private readonly ratios: Float64Array;

  constructor(options: AgentOptions<SampledNStepConfig>) {
    super(options, parseSampledNStepConfig);
    this.ratios = new Float64Array(this.config.nStep + 1);
  }

  protected override remember(time: number, state: number, action: number, reward: number): void {
    super.remember(time, state, action, reward);
    if (!this.config.importanceSampling || state < 0) return;
    this.ratios[this.at(time)] = action === this.greedyAction(state) ? 1 / this.probability(state, action) : 0;
  }

  /** rho over the actions of the times after tau, up to and with `end`; 1 without importance sampling. */
  protected ratio(tau: number, end: number): number {
    let rho = 1;
    if (this.config.importanceSampling) for (let i = tau + 1; i <= end; i++) rho *= this.ratios[this.at(i)];
    return rho;
  }

  protected override saveOwnState(): Snapshot {
    return { steps: super.saveOwnState(), ratios: this.ratios.slice() };
  }
  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'agent');
    super.restoreOwnState(saved.part('steps'));
    saved.into('ratios', this.ratios);
  }
}
