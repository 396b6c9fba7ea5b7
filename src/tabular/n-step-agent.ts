import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { blend } from './action-values.ts';
import type { NStepConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

const NONE = -1;

/**
 * The common loop of the n-step methods (Sutton & Barto, 2nd ed., chapter 7): at time t the pair of time
 * tau = t - n + 1 learns from the n rewards that followed it; at an episode's end T the last n pairs learn from what
 * there is. A method says what it makes of rewards and values in `target`.
 */
export abstract class NStepAgent<C extends NStepConfig = NStepConfig> extends OnlineAgent<C> {
  /** S_i, A_i and R_i of the last n + 1 times, each at index i mod (n + 1). */
  protected readonly states: Int32Array;
  protected readonly actions: Int32Array;
  protected readonly rewards: Float64Array;
  /** t, counted from the episode's start. */
  private time = 0;

  constructor(options: AgentOptions<C>, parse: (config: object) => C) {
    super(options, parse);
    const size = this.config.nStep + 1;
    this.states = new Int32Array(size);
    this.actions = new Int32Array(size);
    this.rewards = new Float64Array(size);
  }

  /**
   * G of time tau: what Q(S_tau, A_tau) should be.
   * @param last the last time whose reward counts, at most tau + n.
   * @param terminal whether S_last ended the episode, so that it is worth nothing.
   */
  protected abstract target(tau: number, last: number, terminal: boolean): number;

  /** Weight of that update; 0 leaves it out. Arguments as of `target`. */
  protected weight(_tau: number, _last: number, _terminal: boolean): number {
    return 1;
  }

  protected learn(): void {
    const { nStep } = this.config;
    const t = this.time;
    if (t === 0) this.remember(0, this.state, this.epsilonGreedy(this.state), 0);
    const outcome = this.act(this.actions[this.at(t)]);
    const { reward, observation, terminated, truncated } = outcome;
    this.remember(t + 1, observation, terminated ? NONE : this.epsilonGreedy(observation), reward);
    if (terminated || truncated) {
      // t + 1 is T. A cut episode goes on, unseen: its last state has a value.
      for (let tau = Math.max(0, t - nStep + 1); tau <= t; tau++) this.update(tau, t + 1, terminated);
    } else if (t - nStep + 1 >= 0) {
      this.update(t - nStep + 1, t + 1, false);
    }
    this.time = this.moveOn(outcome) ? 0 : t + 1;
  }

  private update(tau: number, last: number, terminal: boolean): void {
    const weight = this.weight(tau, last, terminal);
    if (weight === 0) return;
    const pair = this.states[this.at(tau)] * this.nActions + this.actions[this.at(tau)];
    blend(this.q, pair, this.target(tau, last, terminal), this.stepSize(pair, weight));
  }

  protected remember(time: number, state: number, action: number, reward: number): void {
    const i = this.at(time);
    this.states[i] = state;
    this.actions[i] = action;
    this.rewards[i] = reward;
  }

  /** Index of a time in the memories. */
  protected at(time: number): number {
    return time % (this.config.nStep + 1);
  }

  /** R_{tau+1} + gamma R_{tau+2} + ... up to R_last, and gamma to the power of their number times a value of S_last. */
  protected discountedSum(tau: number, last: number, valueOfLast: number): number {
    const { gamma } = this.config;
    let g = valueOfLast;
    for (let i = last; i > tau; i--) g = this.rewards[this.at(i)] + gamma * g;
    return g;
  }

  protected override saveOwnState(): Snapshot {
    const { time, states, actions, rewards } = this;
    return { time, states: states.slice(), actions: actions.slice(), rewards: rewards.slice() };
  }
  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'agent');
    this.time = saved.whole('time');
    saved.into('states', this.states, 0, this.nStates - 1);
    saved.into('actions', this.actions, NONE, this.nActions - 1);
    // Only an episode's end has no action, and the next one begins at time 0.
    const now = this.actions[this.at(this.time)];
    saved.require(this.time === 0 || now !== NONE, 'actions', 'one for the present time');
    saved.into('rewards', this.rewards);
  }
}
