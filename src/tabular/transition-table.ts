import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';

const FIRST_WIDTH = 4;

/**
 * What an agent has seen: for each state and action how often each outcome followed, and its last reward. An outcome
 * is a next state together with whether the episode terminated there. Each pair has a row of `width` slots, filled
 * in the order in which outcomes were first seen; all rows double together when one is full.
 */
export class TransitionTable implements Restorable {
  readonly nStates: number;
  readonly nActions: number;
  /** Slots of a row. */
  width = FIRST_WIDTH;
  /** [pairs] times that the pair was seen. */
  totals: Int32Array;
  /** [pairs] slots in use. */
  used: Uint16Array;
  /** [pairs, width] next state, or its complement (~s, negative) when the episode terminated there. */
  outcomes: Int32Array;
  /** [pairs, width] */
  counts: Int32Array;
  /** [pairs, width] the last reward seen with the outcome. */
  rewards: Float64Array;

  constructor(nStates: number, nActions: number) {
    this.nStates = nStates;
    this.nActions = nActions;
    const pairs = nStates * nActions;
    this.totals = new Int32Array(pairs);
    this.used = new Uint16Array(pairs);
    this.outcomes = new Int32Array(pairs * FIRST_WIDTH);
    this.counts = new Int32Array(pairs * FIRST_WIDTH);
    this.rewards = new Float64Array(pairs * FIRST_WIDTH);
  }

  record(state: number, action: number, reward: number, nextState: number, terminated: boolean): void {
    const pair = state * this.nActions + action;
    const outcome = terminated ? ~nextState : nextState;
    this.totals[pair]++;
    const start = pair * this.width;
    const end = start + this.used[pair];
    for (let i = start; i < end; i++) {
      if (this.outcomes[i] === outcome) {
        this.counts[i]++;
        this.rewards[i] = reward;
        return;
      }
    }
    if (this.used[pair] === this.width) this.widen();
    const i = pair * this.width + this.used[pair]++;
    this.outcomes[i] = outcome;
    this.counts[i] = 1;
    this.rewards[i] = reward;
  }

  private widen(): void {
    const width = this.width * 2;
    const pairs = this.totals.length;
    const outcomes = new Int32Array(pairs * width);
    const counts = new Int32Array(pairs * width);
    const rewards = new Float64Array(pairs * width);
    for (let pair = 0; pair < pairs; pair++) {
      const from = pair * this.width;
      outcomes.set(this.outcomes.subarray(from, from + this.width), pair * width);
      counts.set(this.counts.subarray(from, from + this.width), pair * width);
      rewards.set(this.rewards.subarray(from, from + this.width), pair * width);
    }
    this.width = width;
    this.outcomes = outcomes;
    this.counts = counts;
    this.rewards = rewards;
  }

  saveState(): Snapshot {
    const { width } = this;
    return {
      width,
      totals: this.totals.slice(),
      used: this.used.slice(),
      outcomes: this.outcomes.slice(),
      counts: this.counts.slice(),
      rewards: this.rewards.slice(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'transitions');
    const pairs = this.totals.length;
    const width = saved.whole('width', FIRST_WIDTH, 2 ** 20);
    const used = saved.array('used', this.used, pairs);
    saved.within('used', used, 0, width);
    const outcomes = saved.array('outcomes', this.outcomes, pairs * width);
    saved.within('outcomes', outcomes, ~(this.nStates - 1), this.nStates - 1);
    const counts = saved.array('counts', this.counts, pairs * width);
    const totals = saved.array('totals', this.totals, pairs);
    for (let pair = 0; pair < pairs; pair++) {
      const seen = counts.subarray(pair * width, pair * width + used[pair]);
      const sum = seen.reduce((total, count) => total + count, 0);
      saved.require(sum === totals[pair] && seen.every((count) => count > 0), 'counts', 'what adds up to totals');
    }
    const rewards = saved.array('rewards', this.rewards, pairs * width);
    saved.within('rewards', rewards, -Number.MAX_VALUE, Number.MAX_VALUE);
    this.width = width;
    this.totals = totals.slice();
    this.used = used.slice();
    this.outcomes = outcomes.slice();
    this.counts = counts.slice();
    this.rewards = rewards.slice();
  }
}
