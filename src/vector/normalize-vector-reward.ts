import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import { type NormalizeRewardOptions, normalizeRewardOptions } from '../wrappers/normalize-reward.ts';
import { RunningMeanStd } from '../wrappers/running-mean-std.ts';
import type { VectorResetOptions, VectorStep } from './vector-env.ts';
import { type AnyVectorEnv, VectorWrapper } from './vector-wrapper.ts';

/**
 * Divides rewards by the standard deviation of the discounted sums of rewards of all environments so far (Gymnasium's
 * `wrappers.vector.NormalizeReward`): one statistic, into which every step brings the sum of each environment but of those
 * that it only resets. As there, sums are kept in single precision, and any reset sets all of them to 0. The statistics are
 * part of a saved state.
 */
export class NormalizeVectorReward<E extends AnyVectorEnv = AnyVectorEnv> extends VectorWrapper<E> {
  /** Set to false to keep the statistics as they are, for evaluation say. */
  updateRunningMean = true;
  readonly statistics = new RunningMeanStd(1, false, true);
  readonly #gamma: number;
  readonly #epsilon: number;
  /** [numEnvs] */
  readonly #discounted: Float32Array;
  /** [numEnvs] 1 where the last step ended an episode. */
  readonly #over: Uint8Array;
  /** Those of `discounted` that a step changes. */
  readonly #active: Float32Array;

  /** @throws OptionError for an option out of range. */
  constructor(env: E, options: NormalizeRewardOptions = {}) {
    super(env);
    const { gamma, epsilon } = normalizeRewardOptions(options);
    this.#gamma = Math.fround(gamma);
    this.#epsilon = epsilon;
    this.#discounted = new Float32Array(env.numEnvs);
    this.#over = new Uint8Array(env.numEnvs);
    this.#active = new Float32Array(env.numEnvs);
  }

  override reset(options?: VectorResetOptions): ReturnType<E['reset']> {
    this.#discounted.fill(0);
    this.#over.fill(0);
    return super.reset(options);
  }

  protected override onStep(result: VectorStep<VectorBatch>): VectorStep<VectorBatch> {
    const { rewards, terminations, truncations } = result;
    const [discounted, over, active] = [this.#discounted, this.#over, this.#active];
    const sameStep = this.autoresetMode === 'same-step';
    let count = 0;
    for (let i = 0; i < rewards.length; i++) {
      if (!sameStep && over[i] === 1) continue;
      const before = Math.fround(discounted[i] * this.#gamma) * (1 - terminations[i]);
      discounted[i] = before + rewards[i];
      active[count++] = discounted[i];
    }
    if (this.updateRunningMean && count > 0) this.statistics.update(active.subarray(0, count));
    for (let i = 0; i < over.length; i++) {
      over[i] = terminations[i] | truncations[i];
      // The environment is in a new episode already.
      if (sameStep && over[i] === 1) discounted[i] = 0;
    }
    const deviation = Math.sqrt(this.statistics.variance[0] + this.#epsilon);
    for (let i = 0; i < rewards.length; i++) rewards[i] /= deviation;
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return {
      statistics: this.statistics.saveState(),
      discounted: this.#discounted.slice(),
      over: this.#over.slice(),
      updateRunningMean: this.updateRunningMean,
    };
  }
  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'statistics');
    this.statistics.restoreState(saved.part('statistics'));
    saved.into('discounted', this.#discounted);
    saved.into('over', this.#over, 0, 1);
    this.updateRunningMean = saved.flag('updateRunningMean');
  }
}
