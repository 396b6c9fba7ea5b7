import { MismatchError, OptionError } from '../core/errors.ts';
import { numberOption } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { batchSpace } from '../spaces/batch-space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import { RunningMeanStd } from '../wrappers/running-mean-std.ts';
import type { VectorReset, VectorResetOptions, VectorStep } from './vector-env.ts';
import { type AnyVectorEnv, VectorWrapper } from './vector-wrapper.ts';

/**
 * Shifts and scales each element to mean 0 and variance 1 of all that all environments observed so far (Gymnasium's
 * `wrappers.vector.NormalizeObservation`): one statistic, into which every call brings a row of each environment.
 * Observations are one Float32Array [numEnvs, size], overwritten by every call. The statistics are part of a saved state.
 */
export class NormalizeVectorObservation<E extends AnyVectorEnv = AnyVectorEnv> extends VectorWrapper<E> {
  /** Set to false to keep the statistics as they are, for evaluation say. */
  updateRunningMean = true;
  readonly statistics: RunningMeanStd;
  readonly #single: Space;
  readonly #batch: Space;
  readonly #epsilon: number;
  readonly #normalized: Float32Array;

  /** @param epsilon added to variances, above 0. Default 1e-8.
   * @throws MismatchError unless observations are arrays or numbers and the vector resets by itself in the step after an
   *   episode's end ('next-step'), as in Gymnasium; OptionError for another epsilon. */
  constructor(env: E, epsilon = 1e-8) {
    super(env);
    const { shape, dtype } = env.singleObservationSpace as Space & Partial<Box<BoxType>>;
    if (shape === undefined) {
      throw new MismatchError(
        `NormalizeVectorObservation needs observations with a shape, got ${env.singleObservationSpace}.`,
      );
    }
    if (env.autoresetMode !== 'next-step') {
      throw new MismatchError(
        `NormalizeVectorObservation needs autoresetMode 'next-step', got '${env.autoresetMode}'.`,
      );
    }
    this.#epsilon = numberOption('epsilon', epsilon, 1e-8, { above: 0 });
    const box = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, shape);
    this.#single = box as Space;
    this.#batch = batchSpace(this.#single, env.numEnvs);
    this.#normalized = new Float32Array(env.numEnvs * box.size);
    this.statistics = new RunningMeanStd(box.size, dtype === 'float32');
  }

  override get singleObservationSpace(): Space {
    return this.#single;
  }
  override get observationSpace(): Space {
    return this.#batch;
  }

  /** @throws OptionError for a reset of some environments only: the others' observations would count again. */
  override reset(options?: VectorResetOptions): ReturnType<E['reset']> {
    const mask = options?.options?.['reset_mask'];
    if (mask !== undefined && !Array.from(mask as ArrayLike<unknown>).every(Boolean)) {
      throw new OptionError('reset_mask', mask, 'all true: the statistics are of all environments');
    }
    return super.reset(options);
  }

  protected override onReset(result: VectorReset<VectorBatch>): VectorReset<VectorBatch> {
    return { ...result, observations: this.#normalize(result.observations) };
  }
  protected override onStep(result: VectorStep<VectorBatch>): VectorStep<VectorBatch> {
    return { ...result, observations: this.#normalize(result.observations) };
  }

  #normalize(observations: VectorBatch): Float32Array {
    const rows = observations as BoxArrays[BoxType];
    if (this.updateRunningMean) this.statistics.update(rows);
    this.statistics.standardize(rows, this.#epsilon, this.#normalized);
    return this.#normalized;
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
