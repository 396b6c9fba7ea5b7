import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { blend } from './action-values.ts';
import { type OnlineConfig, parseOnlineConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/** Stands for an action that has not been chosen yet. */
const NONE = -1;

/**
 * SARSA, on-policy TD control (Rummery & Niranjan 1994; Sutton & Barto, 2nd ed., section 6.4, p. 130): learns the value of
 * the epsilon-greedy policy by which it acts. Its update, Eq. 6.7, uses all of S, A, R, S', A'.
 */
export class SarsaAgent extends OnlineAgent<OnlineConfig> {
  /** A, already chosen in S; `NONE` at an episode's start. */
  private action = NONE;

  constructor(options: AgentOptions<OnlineConfig>) {
    super(options, parseOnlineConfig);
  }

  protected learn(): void {
    const { gamma } = this.config;
    const { q, nActions, state } = this;
    if (this.action === NONE) this.action = this.epsilonGreedy(state);
    const { action } = this;
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    const nextAction = terminated ? NONE : this.epsilonGreedy(nextState);
    const target = terminated ? reward : reward + gamma * q[nextState * nActions + nextAction];
    const pair = state * nActions + action;
    blend(q, pair, target, this.stepSize(pair));
    this.action = this.moveOn(outcome) ? NONE : nextAction;
  }

  protected override saveOwnState(): Snapshot {
    return this.action;
  }
  protected override restoreOwnState(state: Snapshot): void {
    this.action = new SavedState({ action: state }, 'agent').whole('action', NONE, this.nActions - 1);
  }
}
