import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { numberOption } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { RunningMeanStd } from './running-mean-std.ts';

/**
 * Shifts and scales each element to mean 0 and variance 1 of all that was observed so far (Gymnasium's
 * `NormalizeObservation`). Observations are fresh arrays of float32. The statistics are part of a saved state.
 */
export class NormalizeObservation<A = unknown> extends Wrapper<Float32Array, A, BoxArrays[BoxType] | number> {
  /** Set to false to leave the statistics as they are, during evaluation for example. */
  updateRunningMean = true;
  readonly statistics: RunningMeanStd;
  readonly #space: Box;
  readonly #epsilon: number;
  readonly #number = new Float64Array(1);

  /** @param epsilon added to variances, above 0. Default 1e-8.
   * @throws MismatchError unless observations are arrays or numbers, OptionError for another epsilon. */
  constructor(env: Env<BoxArrays[BoxType] | number, A>, epsilon = 1e-8) {
    super(env);
    const { shape } = env.observationSpace;
    if (shape === undefined) {
      throw new MismatchError(`NormalizeObservation needs observations with a shape, got ${env.observationSpace}.`);
    }
    this.#epsilon = numberOption('epsilon', epsilon, 1e-8, { above: 0 });
    this.#space = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, shape);
    const single = (env.observationSpace as Partial<Box>).dtype === 'float32';
    this.statistics = new RunningMeanStd(this.#space.size, single);
  }

  override get observationSpace(): Box {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<Float32Array> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#normalize(observation), info };
  }

  override step(action: A): StepResult<Float32Array> {
    const { observation, reward, terminated, truncated, info } = this.env.step(action);
    return { observation: this.#normalize(observation), reward, terminated, truncated, info };
  }

  #normalize(observation: BoxArrays[BoxType] | number): Float32Array {
    let values: BoxArrays[BoxType];
    if (typeof observation === 'number') {
      this.#number[0] = observation;
      values = this.#number;
    } else {
      values = observation;
    }
    if (this.updateRunningMean) this.statistics.update(values);
    const out = new Float32Array(values.length);
    this.statistics.standardize(values, this.#epsilon, out);
    return out;
  }

  protected override saveOwnState(): Snapshot {
    return { statistics: this.statistics.saveState(), updateRunningMean: this.updateRunningMean };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'statistics');
    this.statistics.restoreState(saved.part('statistics'));
    this.updateRunningMean = saved.flag('updateRunningMean');
  }
}
