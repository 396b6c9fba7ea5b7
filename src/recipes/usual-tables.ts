import type { Usual } from './recipe.ts';

const PAGE = 'docs/results/tabular-agents.md';

/** Iterations to the bound, medians of ten seeds, and seconds of processor time of the whole program, medians of three. */
const lengths: Readonly<Record<string, readonly [iterations: number, seconds: number]>> = {
  'q-learning-cliff-walking': [2_500, 0.3],
  'sarsa-cliff-walking': [2_800, 0.3],
  'sarsa-cliff-edge': [20_500, 0.4],
  'expected-sarsa-cliff-walking': [2_400, 0.3],
  'expected-sarsa-cliff-edge': [19_900, 0.4],
  'double-q-learning-cliff-walking': [32_000, 0.4],
  'n-step-sarsa-cliff-walking': [4_000, 0.3],
  'n-step-sarsa-cliff-edge': [246_100, 0.6],
  'n-step-q-cliff-walking': [4_100, 0.3],
  'n-step-q-cliff-edge': [189_300, 0.5],
  'n-step-tree-backup-cliff-walking': [14_000, 0.4],
  'q-lambda-cliff-walking': [15_000, 0.4],
  'dyna-q-cliff-walking': [900, 0.3],
  'monte-carlo-cliff-walking': [5_894_000, 1.7],
  'q-learning-full-taxi': [250_000, 0.5],
  'sarsa-taxi': [450_000, 0.6],
  'expected-sarsa-taxi': [400_000, 0.7],
  'double-q-learning-taxi': [350_000, 0.6],
  'n-step-sarsa-taxi': [350_000, 0.6],
  'n-step-q-taxi': [300_000, 0.6],
  'n-step-tree-backup-taxi': [200_000, 0.5],
  'q-lambda-taxi': [200_000, 0.6],
  'dyna-q-taxi': [50_000, 0.4],
  'monte-carlo-taxi': [9_350_000, 3.6],
  'q-learning-cart-pole': [140_000, 0.5],
  'sarsa-cart-pole': [130_000, 0.5],
  'expected-sarsa-cart-pole': [140_000, 0.4],
  'double-q-learning-cart-pole': [100_000, 0.5],
  'n-step-sarsa-cart-pole': [110_000, 0.5],
  'n-step-q-cart-pole': [120_000, 0.5],
  'n-step-tree-backup-cart-pole': [120_000, 0.5],
  'q-lambda-cart-pole': [110_000, 0.5],
  'dyna-q-cart-pole': [140_000, 0.6],
  'monte-carlo-cart-pole': [80_000, 0.5],
  'sarsa-frozen-lake': [35_500, 0.4],
  'expected-sarsa-frozen-lake': [24_500, 0.4],
  'double-q-learning-frozen-lake': [28_000, 0.4],
  'n-step-sarsa-frozen-lake': [51_500, 0.4],
  'n-step-q-frozen-lake': [46_000, 0.4],
  'n-step-tree-backup-frozen-lake': [16_000, 0.4],
  'q-lambda-frozen-lake': [15_000, 0.4],
  'dyna-q-frozen-lake': [43_000, 0.4],
};

/** What a recipe of the tabular agents usually takes; undefined where there is no bound, or none that
 * most seeds reach. */
export function usualOfTable(id: string): Usual | undefined {
  const length = lengths[id];
  if (length === undefined) return undefined;
  const [steps, seconds] = length;
  return { steps, minutes: seconds / 60, source: { measured: PAGE } };
}
