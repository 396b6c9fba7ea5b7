import type { Generator } from '../core/random/index.ts';
import { edges, fromLine, onLine } from './distribution.ts';
import { logNormalBetween, logNormalDensity, truncatedNormalQuantile } from './normal.ts';
import type { Choice, FloatRange, IntegerRange, SearchSpace, Settings, SettingValue } from './search-space.ts';

/** Observations at the end of a list that count fully; those before count the less the older they are. */
const FULL_WEIGHTS = 25;
/** Kernels are at least so many times narrower than their range, whatever is between observations. */
const NARROWEST = 100;

/** The kernels of one key, one for each observation and the prior's at the end. */
interface Kernels {
  /** Adds the log density of a value under each kernel to that kernel's number. */
  addLogDensities(value: SettingValue, out: Float64Array): void;
  sample(kernel: number, random: Generator): SettingValue;
}

/**
 * A density over a search space from points in it: a mixture of products of one kernel a key, around each point and, as the prior, over
 * the whole space (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section 4; the product over keys is the
 * multivariate form of Falkner et al. 2018 and of Optuna). Ranges have normal kernels truncated to them, on the logarithm where they
 * have one; those of values with a distance are integrated over half of it to both sides; choices have a share each.
 */
export class ParzenEstimator {
  readonly #keys: readonly string[];
  readonly #kernels: readonly Kernels[];
  readonly #weights: Float64Array;

  /** @param points in the order of their trials, within the space. */
  constructor(space: SearchSpace, points: readonly Settings[]) {
    this.#keys = Object.keys(space);
    this.#weights = kernelWeights(points.length);
    this.#kernels = Object.entries(space).map(([key, range]) => {
      const values = points.map((point) => point[key]);
      return range.kind === 'choice' ? choiceKernels(range, values) : rangeKernels(range, values as number[]);
    });
  }

  /** log of the density of a point; of ranges with a logarithm per unit of that. */
  logDensity(point: Settings): number {
    const logs = this.#weights.map(Math.log);
    this.#keys.forEach((key, i) => {
      this.#kernels[i].addLogDensities(point[key], logs);
    });
    const highest = logs.reduce((high, log) => Math.max(high, log), Number.NEGATIVE_INFINITY);
    return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0));
  }

  /** A point of the density: a kernel by its weight, then a value for each key. */
  sample(random: Generator): Settings {
    const kernel = indexOfShare(this.#weights, random.random());
    return Object.fromEntries(this.#keys.map((key, i) => [key, this.#kernels[i].sample(kernel, random)]));
  }
}

/** Weights of n observations, rising to 1 at the last but 25, and of the prior; they sum to 1. */
function kernelWeights(n: number): Float64Array {
  const weights = new Float64Array(n + 1).fill(1);
  const rising = Math.max(n - FULL_WEIGHTS, 0);
  for (let i = 0; i < rising; i++) weights[i] = rising === 1 ? 1 / n : 1 / n + (i * (1 - 1 / n)) / (rising - 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Each kernel is the prior, even over the choices with a weight of one observation in all, and one observation at its choice. */
function choiceKernels({ choices }: Choice, values: readonly SettingValue[]): Kernels {
  const prior = 1 / (values.length + 1);
  const kernels = [...values.map((value) => choices.indexOf(value)), -1].map((observed) => {
    const shares = new Float64Array(choices.length).fill(prior);
    if (observed >= 0) shares[observed] += 1;
    const sum = choices.length * prior + (observed >= 0 ? 1 : 0);
    return shares.map((share) => share / sum);
  });
  return {
    addLogDensities: (value, out) => {
      const at = choices.indexOf(value);
      kernels.forEach((shares, k) => {
        out[k] += Math.log(shares[at]);
      });
    },
    sample: (kernel, random) => choices[indexOfShare(kernels[kernel], random.random())],
  };
}

function rangeKernels(range: FloatRange | IntegerRange, values: readonly number[]): Kernels {
  const { from, to } = edges(range);
  const places = values.map((value) => onLine(range, value));
  const means = [...places, 0.5 * (from + to)];
  const widths = [...bandwidths(places, from, to), to - from];
  // The share of each kernel's normal distribution within the range.
  const inside = means.map((mean, k) => logNormalBetween((from - mean) / widths[k], (to - mean) / widths[k]));
  const { step } = range;
  return {
    addLogDensities: (value, out) => {
      const [x, high] =
        step === null
          ? [onLine(range, value as number), 0]
          : [-1, 1].map((side) => onLine(range, (value as number) + (side * step) / 2));
      means.forEach((mean, k) => {
        const log =
          step === null
            ? logNormalDensity((x - mean) / widths[k]) - Math.log(widths[k])
            : logNormalBetween((x - mean) / widths[k], (high - mean) / widths[k]);
        out[k] += log - inside[k];
      });
    },
    sample: (kernel, random) => {
      const [mean, width] = [means[kernel], widths[kernel]];
      const x = truncatedNormalQuantile(random.random(), (from - mean) / width, (to - mean) / width);
      return fromLine(range, mean + width * x);
    },
  };
}

/**
 * Each place's distance to the farther of its neighbours, where the edges are neighbours of a lone place only, and never less than the range
 * over 100 or over the number of kernels and one.
 */
function bandwidths(places: readonly number[], from: number, to: number): number[] {
  const order = places.map((_, i) => i).sort((i, j) => places[i] - places[j]);
  const narrowest = (to - from) / Math.min(NARROWEST, places.length + 2);
  const widths = new Array<number>(places.length);
  order.forEach((i, rank) => {
    const lone = places.length === 1;
    const below = rank > 0 ? places[i] - places[order[rank - 1]] : lone ? places[i] - from : 0;
    const above = rank < order.length - 1 ? places[order[rank + 1]] - places[i] : lone ? to - places[i] : 0;
    widths[i] = Math.min(Math.max(below, above, narrowest), to - from);
  });
  return widths;
}

/** Index of the share that a number in [0, 1) falls into. */
function indexOfShare(shares: Float64Array, unit: number): number {
  let rest = unit;
  for (let i = 0; i < shares.length - 1; i++) {
    rest -= shares[i];
    if (rest < 0) return i;
  }
  return shares.length - 1;
}
