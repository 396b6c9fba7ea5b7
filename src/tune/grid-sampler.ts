import { BellmanError, OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { countOf, valueOfIndex } from './distribution.ts';
import type { SearchSpace, Settings } from './search-space.ts';
import type { Sampler, Trial } from './trial.ts';
import { checkSeed } from './trial-random.ts';

/** Points beyond which a grid is no plan any more. */
const LARGEST_GRID = 1_000_000;

/** A trial beyond the last point of a grid. */
export class GridExhaustedError extends BellmanError {
  override name = 'GridExhaustedError';
  constructor(points: number, trial: number) {
    super('GRID_EXHAUSTED', `All ${points} points of the grid are tried: there is none for trial ${trial}.`);
  }
}

/**
 * How many points a grid over a space has.
 * @throws OptionError for a range of real numbers without a step, and for more than a million points.
 */
export function gridSize(space: SearchSpace): number {
  let points = 1;
  for (const [key, range] of Object.entries(space)) {
    const count = countOf(range);
    if (!Number.isFinite(count)) {
      throw new OptionError(key, 'a range without a step', 'a step (0..1:step=0.1) or choices (0.1,0.5) for a grid');
    }
    points *= count;
  }
  if (points > LARGEST_GRID) {
    throw new OptionError('grid', `${points} points`, `at most ${LARGEST_GRID}: larger steps, or another sampler`);
  }
  return points;
}

/** Tries every point of a grid once, in an order that the seed shuffles, so that a study that is ended early has seen a bit of all. */
export class GridSampler implements Sampler {
  readonly #seed: number;
  /** Of the last size asked for; the same whenever it is made. */
  #order: readonly number[] = [];

  constructor(seed: number) {
    checkSeed(seed);
    this.#seed = seed;
  }

  /** @throws GridExhaustedError when the number is not below `gridSize`, and what `gridSize` throws. */
  sample(space: SearchSpace, _trials: readonly Trial[], number: number): Settings {
    const points = gridSize(space);
    if (number >= points) throw new GridExhaustedError(points, number);
    if (this.#order.length !== points) this.#order = new Generator(this.#seed).permutation(points) as number[];
    let rest = this.#order[number];
    return Object.fromEntries(
      Object.entries(space).map(([key, range]) => {
        const count = countOf(range);
        const value = valueOfIndex(range, rest % count);
        rest = Math.floor(rest / count);
        return [key, value];
      }),
    );
  }
}
