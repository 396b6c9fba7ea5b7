import type { Snapshot } from '../core/snapshot.ts';
import { type OnlineConfig, parseOnlineConfig } from './config.ts';
import { Episode } from './episode.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

const NEVER = -1;

/**
 * On-policy first-visit Monte Carlo control for epsilon-soft policies (Sutton & Barto, 2nd ed., section 5.4, p. 101): plays
 * an episode by the epsilon-greedy policy, then moves Q of each pair to the mean of the returns that followed its first
 * visits; with a constant alpha towards the latest one (Eq. 6.1, p. 119), so that returns of worse policies are forgotten.
 * No state's value rests on another's, so that nothing is learned before an episode's end. Of an episode that was cut
 * by a time limit the rewards up to there count, as if it had ended.
 */
export class MonteCarloAgent extends OnlineAgent<OnlineConfig> {
  /** [pairs] time of the first visit in this episode, or `NEVER`. */
  protected readonly firstVisit = new Int32Array(this.q.length).fill(NEVER);
  protected readonly episode = new Episode();

  constructor(options: AgentOptions<OnlineConfig>) {
    super(options, parseOnlineConfig);
  }

  protected learn(): void {
    const { episode, firstVisit } = this;
    const action = this.policy(this.state);
    const pair = this.state * this.nActions + action;
    const outcome = this.act(action);
    if (firstVisit[pair] === NEVER) firstVisit[pair] = episode.length;
    episode.append(pair, outcome.reward);
    if (this.moveOn(outcome)) this.learnFromEpisode();
  }

  /** The policy's action. Q stands still during an episode, and with it the policy. */
  protected policy(state: number): number {
    return this.epsilonGreedy(state);
  }

  private learnFromEpisode(): void {
    const { gamma } = this.config;
    const { q, firstVisit, episode } = this;
    let g = 0;
    for (let t = episode.length - 1; t >= 0; t--) {
      const pair = episode.pairs[t];
      g = gamma * g + episode.rewards[t];
      if (firstVisit[pair] !== t) continue;
      firstVisit[pair] = NEVER;
      q[pair] += this.stepSize(pair) * (g - q[pair]);
    }
    episode.length = 0;
  }

  protected override saveOwnState(): Snapshot {
    return this.episode.saveState();
  }
  protected override restoreOwnState(state: Snapshot): void {
    const { episode, firstVisit } = this;
    episode.restoreState(state, this.q.length);
    firstVisit.fill(NEVER);
    for (let t = episode.length - 1; t >= 0; t--) firstVisit[episode.pairs[t]] = t;
  }
}

/**
 * Monte Carlo ES, exploring starts (Sutton & Barto, 2nd ed., section 5.3, p. 99): the first action of an episode is drawn at
 * random, all others are greedy. Right where episodes start in every state from which they can go on, as in Blackjack
 * (Example 5.3), and end whatever the policy. `epsilonStart` and `epsilonFinal` are the share of random ones among the
 * other actions too; the book's is 0.
 */
export class MonteCarloExploringStartsAgent extends MonteCarloAgent {
  protected override policy(state: number): number {
    return this.episode.length === 0 ? this.randomAction(state) : this.epsilonGreedy(state);
  }
}
