import { bestValue, blend } from './action-values.ts';
import { parseQLearningConfig, type QLearningConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * What one transition says that Q(s, a) should be: r + gamma * max over a' of Q(s', a'), or r alone when the episode
 * terminated (Watkins 1989; Sutton & Barto, 2nd ed., Eq. 6.8). A truncated episode still has a next state, whose value counts.
 * @param q [nStates, nActions] row-major. Read only.
 * @param nextMask [nActions], 1 for each action a' that s' allows; undefined for all.
 */
export function qLearningTarget(
  q: Float64Array,
  nActions: number,
  reward: number,
  nextState: number,
  terminated: boolean,
  gamma: number,
  nextMask?: Int8Array,
): number {
  return terminated ? reward : reward + gamma * bestValue(q, nActions, nextState, nextMask);
}

/**
 * Tabular Q-learning (Watkins 1989; Sutton & Barto, 2nd ed., section 6.5, p. 131; Lapan, Deep Reinforcement Learning
 * Hands-On, 3rd ed., chapter 5): acts by a policy that explores and learns the greedy one.
 */
export class QLearningAgent extends OnlineAgent<QLearningConfig> {
  constructor(options: AgentOptions<QLearningConfig>) {
    super(options, parseQLearningConfig);
  }

  protected learn(): void {
    const { gamma } = this.config;
    const { q, nActions, state, masks } = this;
    const action = this.behave(state);
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    const target = qLearningTarget(q, nActions, reward, nextState, terminated, gamma, masks?.of(nextState));
    const pair = state * nActions + action;
    blend(q, pair, target, this.stepSize(pair));
    this.moveOn(outcome);
  }

  override get epsilon(): number {
    return this.config.behaviour === 'random' ? 1 : super.epsilon;
  }

  private behave(state: number): number {
    return this.config.behaviour === 'random' ? this.randomAction(state) : this.epsilonGreedy(state);
  }
}
