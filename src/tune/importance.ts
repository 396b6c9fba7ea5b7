import { contains, covers, unitOf } from './distribution.ts';
import { type Feature, growForest, type Leaf, type Side } from './random-forest.ts';
import type { SearchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

/** Trees of the forest. */
const TREES = 64;

/**
 * How much of the objective's variance over the search space each key explains by itself: the main effects of functional ANOVA (Hutter et
 * al. 2014, "An efficient approach for assessing hyperparameter importance", Algorithm 2) on a random forest that is fitted to the complete
 * trials. Shares of what keys explain together are in none, so that the sum may be less than 1. The space counts as it is searched: a range
 * with a logarithm evenly on that. (Optuna's evaluator takes such ranges as they are, a choice as several numbers, and its functions divide by the sum.)
 * @param seed of the forest.
 * @returns the share of each key, from 0 to 1; all 0 where there are fewer than two complete trials, or no two that differ in value.
 */
export function importances(space: SearchSpace, trials: readonly Trial[], seed = 0): Readonly<Record<string, number>> {
  const keys = Object.keys(space);
  const ranges = Object.values(space);
  const complete = trials.filter(
    ({ state, value, settings }) =>
      state === 'complete' &&
      Number.isFinite(value) &&
      covers(settings, space) &&
      keys.every((key) => contains(space[key], settings[key])),
  );
  const features = ranges.map(
    (range): Feature =>
      range.kind === 'choice' ? { kind: 'choice', choices: range.choices.length } : { kind: 'unit' },
  );
  const rows = complete.map(({ settings }) =>
    keys.map((key, i) => {
      const range = ranges[i];
      return range.kind === 'choice' ? range.choices.indexOf(settings[key]) : unitOf(range, settings[key]);
    }),
  );
  const values = complete.map(({ value }) => value as number);
  const forest = complete.length < 2 ? [] : growForest(features, rows, values, { trees: TREES, seed });
  const shares = forest.map((leaves) => mainEffects(features, leaves)).filter((effects) => effects !== undefined);
  return Object.fromEntries(
    keys.map((key, i) => [
      key,
      shares.length === 0 ? 0 : shares.reduce((sum, effects) => sum + effects[i], 0) / shares.length,
    ]),
  );
}

/**
 * The share of a tree's variance over its space that each feature explains by itself: the variance of the mean over all others (Hutter et
 * al. 2014, Eqs. 3 to 6). Undefined for a tree that is constant.
 */
export function mainEffects(features: readonly Feature[], leaves: readonly Leaf[]): readonly number[] | undefined {
  const sizes = leaves.map(({ sides }) => sides.map((side, i) => sizeOf(side, features[i])));
  const volumes = sizes.map((of) => of.reduce((product, size) => product * size, 1));
  const mean = leaves.reduce((sum, { value }, l) => sum + value * volumes[l], 0);
  const variance = leaves.reduce((sum, { value }, l) => sum + (value - mean) ** 2 * volumes[l], 0);
  if (!(variance > 0)) return undefined;
  return features.map((feature, i) => {
    const cells = cellsOf(
      feature,
      leaves.map(({ sides }) => sides[i]),
    );
    let effect = 0;
    for (const { at, size } of cells) {
      let marginal = 0;
      leaves.forEach(({ value, sides }, l) => {
        if (has(sides[i], at)) marginal += (value * volumes[l]) / sizes[l][i];
      });
      effect += (marginal - mean) ** 2 * size;
    }
    return effect / variance;
  });
}

/** The parts of a feature within which no leaf begins or ends: a place in each, and its share of the whole. */
function cellsOf(feature: Feature, sides: readonly Side[]): readonly { readonly at: number; readonly size: number }[] {
  if (feature.kind === 'choice') {
    return Array.from({ length: feature.choices }, (_, at) => ({ at, size: 1 / feature.choices }));
  }
  const bounds = [...new Set(sides.flatMap((side) => ('from' in side ? [side.from, side.to] : [])))].sort(
    (a, b) => a - b,
  );
  return bounds.slice(1).map((to, i) => ({ at: 0.5 * (bounds[i] + to), size: to - bounds[i] }));
}

function sizeOf(side: Side, feature: Feature): number {
  if ('from' in side) return side.to - side.from;
  return feature.kind === 'choice' ? side.size / feature.choices : 1;
}

const has = (side: Side, at: number): boolean => ('from' in side ? side.from < at && at < side.to : side.has(at));
