import { RUNNING, TERMINATED } from '../../core/episode-end.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Restorable, Snapshot } from '../../core/snapshot.ts';

/** A step whose n-step return is still open. */
interface OpenStep {
  /** Q of the action taken. */
  readonly q: number;
  readonly reward: number;
}

/**
 * TD errors of the n-step transitions of one environment, as an actor knows them (Horgan et al. 2018, section 3 and Algorithm
 * 1, line 10): |r_1 + gamma r_2 + ... + gamma^m max_a Q(s_m, a) - Q(s, a)| over the m <= n steps to the horizon or the
 * episode's end, all under the weights that the actor had at each step. They come in the order in which `TransitionStream`
 * lets its transitions be drawn.
 */
export class NStepErrors implements Restorable {
  readonly #nStep: number;
  readonly #gamma: number;
  #open: OpenStep[] = [];

  constructor(nStep: number, gamma: number) {
    this.#nStep = nStep;
    this.#gamma = gamma;
  }

  /**
   * One step.
   * @param q of the action taken.
   * @param end RUNNING, TERMINATED or TRUNCATED.
   * @param nextValue max_a Q of what the step led to.
   * @param out the errors of the transitions that it completes are appended.
   */
  add(q: number, reward: number, end: number, nextValue: number, out: number[]): void {
    this.#open.push({ q, reward });
    const value = end === TERMINATED ? 0 : nextValue;
    while (this.#open.length > 0 && (end !== RUNNING || this.#open.length === this.#nStep)) {
      let target = value;
      for (let i = this.#open.length - 1; i >= 0; i--) target = this.#open[i].reward + this.#gamma * target;
      out.push(Math.abs(target - this.#open[0].q));
      this.#open.shift();
    }
  }

  saveState(): Snapshot {
    const open = this.#open;
    return { q: Float64Array.from(open, ({ q }) => q), rewards: Float64Array.from(open, ({ reward }) => reward) };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'actor');
    const q = saved.array('q', new Float64Array(0));
    saved.require(q.length < this.#nStep, 'q', `fewer than ${this.#nStep} numbers`);
    const rewards = saved.array('rewards', new Float64Array(0), q.length);
    this.#open = Array.from(q, (value, i) => ({ q: value, reward: rewards[i] }));
  }
}
