import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** The episode that is being played, in arrays that grow, for methods that learn at its end. */
export class Episode {
  /** [length] pair S_t, A_t as `state * nActions + action`. */
  pairs = new Int32Array(256);
  /** [length] R_{t+1}. */
  rewards = new Float64Array(256);
  /** [length] b(A_t|S_t), with which the action was taken, where a method asks for it. */
  probabilities = new Float64Array(256);
  length = 0;

  append(pair: number, reward: number, probability = 1): void {
    if (this.length === this.pairs.length) this.grow();
    this.pairs[this.length] = pair;
    this.rewards[this.length] = reward;
    this.probabilities[this.length++] = probability;
  }

  private grow(): void {
    const { pairs, rewards, probabilities } = this;
    this.pairs = new Int32Array(2 * pairs.length);
    this.rewards = new Float64Array(2 * pairs.length);
    this.probabilities = new Float64Array(2 * pairs.length);
    this.pairs.set(pairs);
    this.rewards.set(rewards);
    this.probabilities.set(probabilities);
  }

  saveState(): Snapshot {
    const { pairs, rewards, probabilities, length } = this;
    return {
      pairs: pairs.slice(0, length),
      rewards: rewards.slice(0, length),
      probabilities: probabilities.slice(0, length),
    };
  }

  /** @param pairs how many there are. */
  restoreState(state: Snapshot, pairs: number): void {
    const saved = new SavedState(state, 'episode');
    const given = saved.array('pairs', this.pairs);
    saved.within('pairs', given, 0, pairs - 1);
    const rewards = saved.array('rewards', this.rewards, given.length);
    const probabilities = saved.array('probabilities', this.probabilities, given.length);
    this.length = 0;
    for (let t = 0; t < given.length; t++) this.append(given[t], rewards[t], probabilities[t]);
  }
}
