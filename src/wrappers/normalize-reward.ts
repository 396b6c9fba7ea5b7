import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, numberOption, type OptionNames, probabilityOption } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { RunningMeanStd } from './running-mean-std.ts';

export interface NormalizeRewardOptions {
  /** Discount of the sum whose variance is measured, 0 to 1. Default 0.99. */
  readonly gamma?: number | undefined;
  /** Added to the variance, above 0. Default 1e-8. */
  readonly epsilon?: number | undefined;
}

const OPTIONS: OptionNames<NormalizeRewardOptions> = {
  gamma: true,
  epsilon: true,
};

/** @throws OptionError for an option out of range. */
export function normalizeRewardOptions(options: NormalizeRewardOptions): { gamma: number; epsilon: number } {
  checkOptionNames(options, OPTIONS);
  if (typeof options !== 'object' || options === null) throw new OptionError('options', options, 'an object');
  return {
    gamma: probabilityOption('gamma', options.gamma, 0.99),
    epsilon: numberOption('epsilon', options.epsilon, 1e-8, { above: 0 }),
  };
}

/**
 * Divides rewards by the standard deviation of the discounted sum of rewards so far (Gymnasium's `NormalizeReward`). The
 * statistics are part of a saved state.
 */
export class NormalizeReward<O = unknown, A = unknown> extends Wrapper<O, A> {
  /** Set to false to leave the statistics as they are, during evaluation for example. */
  updateRunningMean = true;
  readonly statistics = new RunningMeanStd(1);
  readonly #gamma: number;
  readonly #epsilon: number;
  readonly #discounted = new Float64Array(1);

  /** @throws OptionError for an option out of range. */
  constructor(env: Env<O, A>, options: NormalizeRewardOptions = {}) {
    super(env);
    const { gamma, epsilon } = normalizeRewardOptions(options);
    this.#gamma = gamma;
    this.#epsilon = epsilon;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    const before = this.#discounted[0] * this.#gamma * (result.terminated ? 0 : 1);
    this.#discounted[0] = before + result.reward;
    if (this.updateRunningMean) this.statistics.update(this.#discounted);
    result.reward /= Math.sqrt(this.statistics.variance[0] + this.#epsilon);
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return {
      statistics: this.statistics.saveState(),
      discounted: this.#discounted[0],
      updateRunningMean: this.updateRunningMean,
    };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'statistics');
    this.statistics.restoreState(saved.part('statistics'));
    this.#discounted[0] = saved.finite('discounted');
    this.updateRunningMean = saved.flag('updateRunningMean');
  }
}
