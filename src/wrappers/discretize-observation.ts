import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { Discrete } from '../spaces/discrete.ts';
import { MultiDiscrete } from '../spaces/multi-discrete.ts';
import { binCounts, cellCount, finiteBounds, flatIndex, unflatIndex } from './bins.ts';
import { evenlySpaced, observationBox, roundingOf } from './box-wrapped.ts';
import { TransformObservation } from './transform-observation.ts';

export interface DiscretizeObservationOptions {
  /** The number of each element's bin as an `Int32Array` instead of one number for all. Default false. */
  readonly multiDiscrete?: boolean | undefined;
  /** Bounds to divide, one for each element, instead of those of the space. Observations beyond count to the outermost
   * bins. Not in Gymnasium, which refuses spaces without bounds, CartPole's among them. */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
}

const OPTIONS: OptionNames<DiscretizeObservationOptions> = {
  multiDiscrete: true,
  low: true,
  high: true,
};

/**
 * Divides a box of observations into cells of equal size, so that tables can learn from it (Gymnasium's
 * `DiscretizeObservation`). The observation is the number of the cell, the last element running fastest.
 *
 * CartPole in 6 x 6 x 12 x 12 cells:
 *
 *     new DiscretizeObservation(make('CartPole-v1'), [6, 6, 12, 12], {
 *       low: [-2.4, -3, -0.21, -3.5], high: [2.4, 3, 0.21, 3.5],
 *     })
 */
export class DiscretizeObservation<A = unknown, O extends number | Int32Array = number> extends TransformObservation<
  O,
  BoxArrays[BoxType],
  A
> {
  readonly #edges: readonly Float64Array[];
  readonly #counts: Int32Array;

  /** @param bins number of bins of every element, or of each.
   * @throws MismatchError unless observations are a Box with bounds, OptionError for bins or bounds that do not fit. */
  constructor(
    env: Env<BoxArrays[BoxType], A>,
    bins: number | readonly number[],
    options: DiscretizeObservationOptions = {},
  ) {
    checkOptionNames(options, OPTIONS);
    const multiDiscrete = booleanOption('multiDiscrete', options.multiDiscrete, false);
    const box = dividedBox(observationBox(env as Env, 'DiscretizeObservation'), options);
    const counts = binCounts(bins, box.size);
    const round = roundingOf(box.dtype);
    const edges = Array.from(counts, (count, i) => evenlySpaced(box.low[i], box.high[i], count + 1, box.dtype));
    // Just below the upper bound, so that an observation on it falls into the last bin.
    const tops = Float64Array.from(box.high, (high) => round(high - round(1e-8)));
    const binOf = (value: number, i: number): number => {
      const inside = Math.min(Math.max(value, box.low[i]), tops[i]);
      const edge = edges[i];
      let from = 1;
      let to = counts[i];
      // The number of inner edges that are at most `inside`.
      while (from < to) {
        const middle = (from + to) >> 1;
        if (edge[middle] <= inside) from = middle + 1;
        else to = middle;
      }
      return from - 1;
    };
    const indices = new Int32Array(counts.length);
    const locate = (observation: BoxArrays[BoxType]): Int32Array => {
      for (let i = 0; i < indices.length; i++) indices[i] = binOf(observation[i], i);
      return indices;
    };
    if (multiDiscrete) {
      super(env, (x) => locate(x).slice() as O, new MultiDiscrete(counts) as Space as Space<O>);
    } else {
      const cells = cellCount(bins, counts);
      super(env, (x) => flatIndex(locate(x), counts) as O, new Discrete(cells) as Space as Space<O>);
    }
    this.#edges = edges;
    this.#counts = counts;
  }

  /** Lower and upper corner of a cell (Gymnasium's `revert_observation`). */
  cellBounds(observation: O): { low: Float64Array; high: Float64Array } {
    const indices =
      typeof observation === 'number' ? unflatIndex(observation, this.#counts) : (observation as Int32Array);
    return {
      low: Float64Array.from(indices, (index, i) => this.#edges[i][index]),
      high: Float64Array.from(indices, (index, i) => this.#edges[i][index + 1]),
    };
  }
}

function dividedBox(box: Box<BoxType>, { low, high }: DiscretizeObservationOptions): Box<BoxType> {
  for (const [name, bound] of Object.entries({ low, high })) {
    if (bound === undefined) continue;
    if (!Array.isArray(bound) || bound.length !== box.size || !bound.every((x) => Number.isFinite(x))) {
      throw new OptionError(name, bound, `${box.size} finite numbers, one for each element`);
    }
  }
  const divided = new Box<BoxType>(low ?? box.low, high ?? box.high, box.shape, box.dtype);
  finiteBounds(divided, 'DiscretizeObservation', ' Give the options low and high.');
  return divided;
}
