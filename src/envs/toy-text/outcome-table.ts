import { largest } from '../../core/extremes.ts';
import type { TabularModel } from '../tabular-model.ts';

/**
 * A model laid out for sampling. One step draws one uniform number and takes the first outcome whose cumulative
 * probability exceeds it, as Gymnasium's `categorical_sample` does; sums run in the same order, so that even the last
 * bit of a threshold agrees.
 */
export class OutcomeTable {
  readonly #nActions: number;
  /** Room for the outcomes of one state-action pair; shorter lists end with thresholds that are never reached. */
  readonly #stride: number;
  /** [states, actions, stride] cumulative probabilities. */
  readonly #thresholds: Float64Array;
  /** [states] cumulative probabilities of the first state. */
  readonly #startThresholds: Float64Array;
  readonly probability: Float64Array;
  readonly nextState: Int32Array;
  readonly reward: Float64Array;
  readonly terminated: Uint8Array;

  constructor(model: TabularModel) {
    const lists = model.transitions.flat();
    const stride = largest(lists.map((list) => list.length));
    const size = lists.length * stride;
    this.#nActions = model.nActions;
    this.#stride = stride;
    this.#thresholds = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.probability = new Float64Array(size);
    this.nextState = new Int32Array(size);
    this.reward = new Float64Array(size);
    this.terminated = new Uint8Array(size);
    for (const [pair, list] of lists.entries()) {
      let sum = 0;
      for (const [k, outcome] of list.entries()) {
        const i = pair * stride + k;
        sum += outcome.probability;
        this.#thresholds[i] = sum;
        this.probability[i] = outcome.probability;
        this.nextState[i] = outcome.nextState;
        this.reward[i] = outcome.reward;
        this.terminated[i] = outcome.terminated ? 1 : 0;
      }
    }
    let sum = 0;
    this.#startThresholds = model.initialStateDistribution.map((p) => {
      sum += p;
      return sum;
    });
  }

  /** Index of the outcome of `action` in `state` for a number `u` from [0, 1), for the public arrays. */
  draw(state: number, action: number, u: number): number {
    const stride = this.#stride;
    const first = (state * this.#nActions + action) * stride;
    for (let i = first; i < first + stride; i++) if (this.#thresholds[i] > u) return i;
    // Rounding may leave the last sum just below 1; like NumPy's argmax over nothing, that takes the first outcome.
    return first;
  }

  /** First state of an episode for a number `u` from [0, 1). */
  drawStart(u: number): number {
    const thresholds = this.#startThresholds;
    let low = 0;
    let high = thresholds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle] > u) high = middle;
      else low = middle + 1;
    }
    return low === thresholds.length ? 0 : low;
  }
}
