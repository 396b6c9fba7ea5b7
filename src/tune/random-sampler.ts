import { valueAt } from './distribution.ts';
import type { SearchSpace, Settings } from './search-space.ts';
import type { Sampler, Trial } from './trial.ts';
import { checkSeed, trialRandom } from './trial-random.ts';

/** Draws each key by itself, as Bergstra and Bengio 2012 ("Random search for hyper-parameter optimization") advise over grids. */
export class RandomSampler implements Sampler {
  readonly #seed: number;

  constructor(seed: number) {
    checkSeed(seed);
    this.#seed = seed;
  }

  sample(space: SearchSpace, _trials: readonly Trial[], number: number): Settings {
    const random = trialRandom(this.#seed, number);
    return Object.fromEntries(Object.entries(space).map(([key, range]) => [key, valueAt(range, random.random())]));
  }
}
