import { restoreArray, SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { bestAction, blend } from './action-values.ts';
import { type OnlineConfig, parseOnlineConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * Double Q-learning (van Hasselt 2010; Sutton & Barto, 2nd ed., section 6.7, p. 136): two tables, of which a coin decides
 * which one learns. That one names the best next action, the other one says what it is worth (Eq. 6.10), so that a value
 * which chance made too large does not choose itself. Acts by the tables' mean, which has the maximum of their sum.
 */
export class DoubleQLearningAgent extends OnlineAgent<OnlineConfig> {
  /** [nStates, nActions] Q1 and Q2, the agent's own; `q` is their mean. */
  readonly tables = [new Float64Array(this.q.length), new Float64Array(this.q.length)] as const;

  constructor(options: AgentOptions<OnlineConfig>) {
    super(options, parseOnlineConfig);
  }

  protected learn(): void {
    const { gamma } = this.config;
    const { q, tables, nActions, state } = this;
    const action = this.epsilonGreedy(state);
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    const heads = this.generator.random() < 0.5;
    const learner = tables[heads ? 0 : 1];
    const judge = tables[heads ? 1 : 0];
    const best = nextState * nActions + bestAction(learner, nActions, nextState, this.masks?.of(nextState));
    const target = terminated ? reward : reward + gamma * judge[best];
    const pair = state * nActions + action;
    blend(learner, pair, target, this.stepSize(pair));
    q[pair] = (learner[pair] + judge[pair]) / 2;
    this.moveOn(outcome);
  }

  protected override saveOwnState(): Snapshot {
    return this.tables.map((table) => table.slice());
  }
  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState({ tables: state }, 'agent').list('tables', this.tables.length);
    for (const [i, table] of this.tables.entries()) restoreArray(saved[i], 'table', table);
  }
}
