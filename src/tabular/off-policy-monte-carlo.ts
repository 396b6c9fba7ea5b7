import type { Snapshot } from '../core/snapshot.ts';
import { bestAction, blend } from './action-values.ts';
import { type OnlineConfig, parseOnlineConfig } from './config.ts';
import { Episode } from './episode.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * Off-policy Monte Carlo control (Sutton & Barto, 2nd ed., section 5.7, p. 111): plays by an epsilon-greedy policy, b, and
 * learns about the greedy one, pi, by weighted importance sampling. From an episode's end backwards each pair's Q moves
 * to the mean of its returns, weighted by W, the product of 1 / b(A|S) over the later actions; the first one that pi
 * would not take ends the sweep, so that only tails of episodes teach. An episode that was cut counts as if it had ended.
 */
export class OffPolicyMonteCarloAgent extends OnlineAgent<OnlineConfig> {
  private readonly episode = new Episode();

  constructor(options: AgentOptions<OnlineConfig>) {
    super(options, parseOnlineConfig);
  }

  protected learn(): void {
    const action = this.epsilonGreedy(this.state);
    const pair = this.state * this.nActions + action;
    // Q, and b with it, stands still during an episode but for epsilon.
    const probability = this.probability(this.state, action);
    const outcome = this.act(action);
    this.episode.append(pair, outcome.reward, probability);
    if (this.moveOn(outcome)) this.learnFromEpisode();
  }

  private learnFromEpisode(): void {
    const { gamma } = this.config;
    const { q, nActions, masks, episode } = this;
    let g = 0;
    let w = 1;
    for (let t = episode.length - 1; t >= 0; t--) {
      const pair = episode.pairs[t];
      g = gamma * g + episode.rewards[t];
      blend(q, pair, g, this.stepSize(pair, w));
      const state = Math.floor(pair / nActions);
      if (pair % nActions !== bestAction(q, nActions, state, masks?.of(state))) break;
      w /= episode.probabilities[t];
    }
    episode.length = 0;
  }

  protected override saveOwnState(): Snapshot {
    return this.episode.saveState();
  }
  protected override restoreOwnState(state: Snapshot): void {
    this.episode.restoreState(state, this.q.length);
  }
}
