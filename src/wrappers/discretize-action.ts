import type { Env } from '../core/env.ts';
import { booleanOption, checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Space } from '../core/space.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { Discrete } from '../spaces/discrete.ts';
import { MultiDiscrete } from '../spaces/multi-discrete.ts';
import { binCounts, cellCount, finiteBounds, flatIndex, unflatIndex } from './bins.ts';
import { actionBox, evenlySpaced, roundingOf } from './box-wrapped.ts';
import { TransformAction } from './transform-action.ts';

/** Bins of every element of a box of actions, or of each; null where actions are numbered already. */
export type ActionBins = number | readonly number[] | null;

export interface DiscretizeActionOptions {
  /** One number for each element as an `Int32Array` instead of one number for all. Default false. */
  readonly multiDiscrete?: boolean | undefined;
}

const OPTIONS: OptionNames<DiscretizeActionOptions> = {
  multiDiscrete: true,
};

/**
 * Divides a box of actions into cells of equal size and plays their middles, so that value-based agents can act in it
 * (Gymnasium's `DiscretizeAction`). The action is the number of the cell, the last element running fastest.
 */
export class DiscretizeAction<O = unknown, A extends number | Int32Array = number> extends TransformAction<
  O,
  A,
  BoxArrays[BoxType]
> {
  readonly #centers: readonly Float64Array[];
  readonly #counts: Int32Array;

  /** @param bins number of bins of every element, or of each.
   * @throws MismatchError unless actions are a Box with bounds, OptionError for bins that do not fit. */
  constructor(
    env: Env<O, BoxArrays[BoxType]>,
    bins: number | readonly number[],
    options: DiscretizeActionOptions = {},
  ) {
    checkOptionNames(options, OPTIONS);
    const multiDiscrete = booleanOption('multiDiscrete', options.multiDiscrete, false);
    const box = actionBox(env as Env, 'DiscretizeAction');
    finiteBounds(box, 'DiscretizeAction', '');
    const counts = binCounts(bins, box.size);
    const round = roundingOf(box.dtype);
    const centers = Array.from(counts, (count, i) => {
      const edges = evenlySpaced(box.low[i], box.high[i], count + 1, box.dtype);
      return Float64Array.from({ length: count }, (_, k) => round(0.5 * round(edges[k] + edges[k + 1])));
    });
    const middle = (action: A): BoxArrays[BoxType] => {
      const indices = typeof action === 'number' ? unflatIndex(action, counts) : (action as Int32Array);
      const out = box.low.slice();
      for (let i = 0; i < out.length; i++) out[i] = centers[i][indices[i]];
      return out;
    };
    const space: Space = multiDiscrete ? new MultiDiscrete(counts) : new Discrete(cellCount(bins, counts));
    super(env, middle, space as Space<A>);
    this.#centers = centers;
    this.#counts = counts;
  }

  /** The middles by their numbers, where actions are one number each. */
  getActionMeanings(): readonly string[] | undefined {
    if (this.actionSpace.kind !== 'discrete' || this.#centers.length !== 1) return undefined;
    const [centers] = this.#centers;
    const width = Math.abs(centers[1] - centers[0]);
    // Single precision leaves a middle of 0 a little beside it.
    return Array.from(centers, (middle) => `${Math.abs(middle) < 1e-6 * width ? 0 : Number(middle.toPrecision(3))}`);
  }

  /** The cell whose middle is nearest to an action of the environment (Gymnasium's `revert_action`). */
  nearestCell(action: BoxArrays[BoxType]): A {
    const indices = Int32Array.from(this.#centers, (centers, i) => {
      let best = 0;
      for (let k = 1; k < centers.length; k++) {
        if (Math.abs(centers[k] - action[i]) < Math.abs(centers[best] - action[i])) best = k;
      }
      return best;
    });
    return (this.actionSpace.kind === 'discrete' ? flatIndex(indices, this.#counts) : indices) as A;
  }
}

/** An environment with numbered actions: in a `DiscretizeAction` where there are bins, else itself. */
export function withDiscreteActions<O>(env: Env<O, number>, bins: ActionBins): Env<O, number> {
  return bins === null ? env : new DiscretizeAction(env as Env<O, unknown> as Env<O, BoxArrays[BoxType]>, bins);
}
