import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { checkWholeNumbers } from './check-whole-numbers.ts';
import { contains, covers } from './distribution.ts';
import { ParzenEstimator } from './parzen-estimator.ts';
import { RandomSampler } from './random-sampler.ts';
import type { SearchSpace, Settings } from './search-space.ts';
import type { Direction, Sampler, Trial } from './trial.ts';
import { trialRandom } from './trial-random.ts';

export interface TpeOptions {
  /** Trials, complete or pruned, before which settings are drawn at random. Default 10. */
  readonly startupTrials?: number | undefined;
  /** Points of which the most promising is tried. Default 24. */
  readonly candidates?: number | undefined;
  /** Whether trials that still run count as bad ones, so that trials in parallel do not all try the same. Default true. */
  readonly constantLiar?: boolean | undefined;
}

const OPTIONS: OptionNames<TpeOptions> = {
  startupTrials: true,
  candidates: true,
  constantLiar: true,
};

/** Share of the trials that count as good, and the most there are. */
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, section 4) over all keys at once: trials are split into the good ones, a tenth
 * and at most 25, and the others. l and g are the densities of the settings of either; of some points drawn from l the one with the
 * largest l / g is tried, as the expected improvement grows with it (Eq. 11). Numbers are those of Optuna's
 * `TPESampler(multivariate=True)`.
 */
export class TpeSampler implements Sampler {
  readonly #random: RandomSampler;
  readonly #seed: number;
  readonly #options: { readonly startupTrials: number; readonly candidates: number; readonly constantLiar: boolean };

  constructor(seed: number, options: TpeOptions = {}) {
    checkOptionNames(options, OPTIONS);
    const { startupTrials = 10, candidates = 24, constantLiar = true } = options;
    checkWholeNumbers({ startupTrials, candidates }, { candidates: 1 });
    this.#random = new RandomSampler(seed);
    this.#seed = seed;
    this.#options = { startupTrials, candidates, constantLiar };
  }

  sample(space: SearchSpace, trials: readonly Trial[], number: number, direction: Direction): Settings {
    const { startupTrials, candidates, constantLiar } = this.#options;
    const others = trials.filter((trial) => trial.number !== number);
    if (others.filter(isRanked).length < startupTrials) return this.#random.sample(space, trials, number);
    const { good, bad } = splitTrials(constantLiar ? others : others.filter(isRanked), direction);
    const l = new ParzenEstimator(space, pointsOf(good, space));
    const g = new ParzenEstimator(space, pointsOf(bad, space));
    const random = trialRandom(this.#seed, number);
    let best = l.sample(random);
    let highest = l.logDensity(best) - g.logDensity(best);
    for (let i = 1; i < candidates; i++) {
      const point = l.sample(random);
      const gain = l.logDensity(point) - g.logDensity(point);
      if (gain > highest) [best, highest] = [point, gain];
    }
    return best;
  }
}

/** Trials that say how good their settings are. */
const isRanked = ({ state }: Trial): boolean => state === 'complete' || state === 'pruned';

/**
 * The good trials and the others, both by number. Complete ones are ranked by value; pruned ones come after all of them, by how far
 * they got and by their last report. Running ones are among the others, failed ones in neither.
 */
export function splitTrials(
  trials: readonly Trial[],
  direction: Direction,
): { readonly good: readonly Trial[]; readonly bad: readonly Trial[] } {
  const sign = direction === 'minimize' ? 1 : -1;
  const complete = trials.filter(({ state }) => state === 'complete');
  const pruned = trials.filter(({ state }) => state === 'pruned');
  const ranked = [
    ...complete.toSorted((a, b) => compare(sign * (a.value as number), sign * (b.value as number))),
    ...pruned.toSorted((a, b) => {
      const [[stepA, valueA], [stepB, valueB]] = [lastReport(a, sign), lastReport(b, sign)];
      return compare(stepB, stepA) || compare(valueA, valueB);
    }),
  ];
  const n = Math.min(Math.ceil(GOOD_SHARE * ranked.length), MOST_GOOD);
  const running = trials.filter(({ state }) => state === 'running');
  const byNumber = (list: readonly Trial[]): readonly Trial[] => list.toSorted((a, b) => a.number - b.number);
  return { good: byNumber(ranked.slice(0, n)), bad: byNumber([...ranked.slice(n), ...running]) };
}

/** Step and value, the smaller the better, of a pruned trial's last report; NaN is worst, and no report comes after all. */
function lastReport({ reports }: Trial, sign: number): readonly [step: number, value: number] {
  const last = [...reports].at(-1);
  if (last === undefined) return [-1, 0];
  return [last[0], Number.isNaN(last[1]) ? Number.POSITIVE_INFINITY : sign * last[1]];
}

/** Infinities have no difference. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Settings of trials, of those that lie in the space. */
const pointsOf = (trials: readonly Trial[], space: SearchSpace): Settings[] =>
  trials
    .map(({ settings }) => settings)
    .filter(
      (point) => covers(point, space) && Object.entries(space).every(([key, range]) => contains(range, point[key])),
    );
