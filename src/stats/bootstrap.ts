import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { Generator } from '../core/random/index.ts';
import { quantile } from './quantile.ts';
import { checkTaskScores, type TaskScores } from './task-scores.ts';

export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** Of the generator that draws. The same seed gives the same intervals. */
  readonly seed: number;
  /** How often is drawn. Default 2000. */
  readonly resamples?: number | undefined;
  /** Share of the resamples between the ends of an interval. Default 0.95. */
  readonly confidence?: number | undefined;
}

const OPTIONS: OptionNames<BootstrapOptions> = {
  seed: true,
  resamples: true,
  confidence: true,
};

/**
 * Percentile intervals of statistics by the stratified bootstrap (Agarwal et al. 2021, section 4.1; Efron 1979): in each resample
 * every task keeps its number of runs, drawn with replacement from its own. Tasks are not drawn: the intervals say what other
 * seeds on the same tasks may give.
 * @param samples scores of one algorithm, or of several that are compared, each drawn by itself.
 * @param statistics what is looked at: numbers of the resampled scores, always as many. The arrays are valid during the call.
 * @returns an interval for each number.
 */
export function bootstrapIntervals(
  samples: readonly TaskScores[],
  statistics: (resampled: readonly TaskScores[]) => ArrayLike<number>,
  options: BootstrapOptions,
): Interval[] {
  checkOptionNames(options, OPTIONS);
  const { seed, resamples = 2000, confidence = 0.95 } = options;
  samples.forEach(checkTaskScores);
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new OptionError('resamples', resamples, 'a whole number from 1 up');
  }
  if (!(confidence > 0 && confidence < 1)) throw new OptionError('confidence', confidence, 'a number between 0 and 1');
  const random = new Generator(seed);
  const drawn = samples.map((tasks) => tasks.map((runs) => [...runs]));
  const found: Float64Array[] = [];
  for (let i = 0; i < resamples; i++) {
    samples.forEach((tasks, k) => {
      tasks.forEach((runs, m) => {
        for (let n = 0; n < runs.length; n++) drawn[k][m][n] = runs[random.integers(runs.length)];
      });
    });
    const values = statistics(drawn);
    for (let j = 0; j < values.length; j++) {
      found[j] ??= new Float64Array(resamples);
      found[j][i] = values[j];
    }
  }
  const tail = (1 - confidence) / 2;
  return found.map((values): Interval => {
    values.sort();
    return [quantile(values, tail), quantile(values, 1 - tail)];
  });
}
