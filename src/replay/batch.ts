import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { checkSize } from '../core/shape.ts';
import type { ElementArrays, ElementType } from './observation-store.ts';

/**
 * Transitions side by side, overwritten by each `sample`. For row b the learning target of action `actions[b]` in
 * `observations` b is rewards[b] + discounts[b] * max Q(nextObservations b).
 */
export interface Batch<D extends ElementType = ElementType> {
  /** [B, stack, frameLength], oldest frame first. */
  readonly observations: ElementArrays[D];
  /** As `observations`: the one nStep steps later, or the last of the episode. Empty in a batch without them. */
  readonly nextObservations: ElementArrays[D];
  /** [B, actions] 1 where the action was allowed at the observation; undefined from a replay without masks. */
  readonly actionMasks?: Uint8Array<ArrayBuffer> | undefined;
  /** [B, actions] the same for the next observation; where the episode terminated it says nothing. */
  readonly nextActionMasks?: Uint8Array<ArrayBuffer> | undefined;
  /** [B] */
  readonly actions: Int32Array<ArrayBuffer>;
  /** [B] discounted sums of the rewards of up to nStep steps. */
  readonly rewards: Float32Array<ArrayBuffer>;
  /** [B] gamma to the power of the steps summed; 0 where the episode terminated within them. */
  readonly discounts: Float32Array<ArrayBuffer>;
  /** [B] slots of the transitions in the replay: valid for `updatePriorities` until the next `add`. */
  readonly indices: Int32Array<ArrayBuffer>;
  /** [B] weights of the loss: importance sampling in a prioritized replay, else 1. */
  readonly weights: Float32Array<ArrayBuffer>;
}

export interface BatchOptions {
  /** Whether next observations are wanted; default true. Copying them is half of the time that drawing takes. */
  readonly nextObservations?: boolean;
  /** Entries of an action mask; default 0, none. */
  readonly maskLength?: number;
}

const OPTIONS: OptionNames<BatchOptions> = { nextObservations: true, maskLength: true };

/** A batch to fill; its arrays are allocated once and belong to the caller.
 * @throws UnknownNameError for an option of another name, OptionError for a size or length that is no integer
 * from 0 up, or more than 2^30 elements. */
export function createBatch<D extends ElementType>(
  elementType: D,
  size: number,
  observationLength: number,
  options: BatchOptions = {},
): Batch<D> {
  checkOptionNames(options, OPTIONS);
  const { nextObservations = true, maskLength = 0 } = options;
  for (const [name, value] of Object.entries({ size, observationLength, maskLength })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new OptionError(name, value, 'an integer from 0 up');
  }
  checkSize('batch', [size, Math.max(observationLength, maskLength, 1)]);
  const observations = (rows: number): ElementArrays[D] =>
    (elementType === 'uint8'
      ? new Uint8Array(rows * observationLength)
      : new Float32Array(rows * observationLength)) as ElementArrays[D];
  const masks = maskLength > 0 ? () => new Uint8Array(size * maskLength) : () => undefined;
  return {
    observations: observations(size),
    nextObservations: observations(nextObservations ? size : 0),
    actionMasks: masks(),
    nextActionMasks: masks(),
    actions: new Int32Array(size),
    rewards: new Float32Array(size),
    discounts: new Float32Array(size),
    indices: new Int32Array(size),
    weights: new Float32Array(size).fill(1),
  };
}
