import { Generator, SeedSequence } from '../core/random/index.ts';

/** What a feature is: a number in [0, 1], or one of `choices` values by index, without an order. */
export type Feature = { readonly kind: 'unit' } | { readonly kind: 'choice'; readonly choices: number };

/** A box of the feature space with one predicted value; boxes of a tree do not overlap and fill the space. */
export interface Leaf {
  readonly value: number;
  /** Of each feature: the interval, or the choices within the box. */
  readonly sides: readonly Side[];
}

export type Side = { readonly from: number; readonly to: number } | ReadonlySet<number>;

interface Split {
  readonly feature: number;
  readonly left: Side;
  readonly right: Side;
  readonly goesLeft: (row: ArrayLike<number>) => boolean;
}

/**
 * A random forest for regression (Breiman 2001): each tree is grown on as many rows as there are, drawn with replacement, until a leaf's
 * rows are equal or alone; a split has the least sum of squares, over all features. Choices are split by the order of their means, which is
 * the best of all divisions in two (Breiman et al. 1984, section 9.4).
 * @param rows features of each observation.
 */
export function growForest(
  features: readonly Feature[],
  rows: readonly ArrayLike<number>[],
  values: readonly number[],
  { trees, seed }: { readonly trees: number; readonly seed: number },
): readonly (readonly Leaf[])[] {
  return Array.from({ length: trees }, (_, tree) => {
    const random = new Generator(new SeedSequence(seed, [tree]));
    return growTree(
      features,
      rows,
      values,
      rows.map(() => random.integers(rows.length)),
    );
  });
}

/** The leaves of a tree. @param drawn indices of the rows that it is grown on. */
export function growTree(
  features: readonly Feature[],
  rows: readonly ArrayLike<number>[],
  values: readonly number[],
  drawn: readonly number[],
): readonly Leaf[] {
  const whole = features.map(
    (feature): Side =>
      feature.kind === 'unit' ? { from: 0, to: 1 } : new Set(Array.from({ length: feature.choices }, (_, i) => i)),
  );
  const leaves: Leaf[] = [];
  const open: { readonly sides: readonly Side[]; readonly members: readonly number[] }[] = [
    { sides: whole, members: drawn },
  ];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { sides, members } = node;
    const split = bestSplit(features, sides, rows, values, members);
    if (split === undefined) {
      leaves.push({ value: members.reduce((sum, i) => sum + values[i], 0) / members.length, sides });
      continue;
    }
    const left = members.filter((i) => split.goesLeft(rows[i]));
    const right = members.filter((i) => !split.goesLeft(rows[i]));
    open.push({ sides: sides.with(split.feature, split.left), members: left });
    open.push({ sides: sides.with(split.feature, split.right), members: right });
  }
  return leaves;
}

/** Rows of equal feature, or of equal choice, that stay together. */
interface Group {
  readonly at: number;
  count: number;
  sum: number;
}

function bestSplit(
  features: readonly Feature[],
  sides: readonly Side[],
  rows: readonly ArrayLike<number>[],
  values: readonly number[],
  members: readonly number[],
): Split | undefined {
  const first = values[members[0]];
  if (members.every((i) => values[i] === first)) return undefined;
  const total = members.reduce((sum, i) => sum + values[i], 0);
  let best: Split | undefined;
  let most = Number.NEGATIVE_INFINITY;
  features.forEach((kind, feature) => {
    const groups = groupsOf(feature, kind, rows, values, members);
    let [count, sum] = [0, 0];
    for (let g = 0; g < groups.length - 1; g++) {
      count += groups[g].count;
      sum += groups[g].sum;
      // The sum of squares falls by this, but for what all splits have in common.
      const gain = sum ** 2 / count + (total - sum) ** 2 / (members.length - count);
      if (gain <= most) continue;
      most = gain;
      best = splitAfter(feature, sides[feature], groups, g);
    }
  });
  return best;
}

function groupsOf(
  feature: number,
  { kind }: Feature,
  rows: readonly ArrayLike<number>[],
  values: readonly number[],
  members: readonly number[],
): Group[] {
  const groups = new Map<number, Group>();
  for (const i of members) {
    const at = rows[i][feature];
    const group = groups.get(at) ?? { at, count: 0, sum: 0 };
    group.count++;
    group.sum += values[i];
    groups.set(at, group);
  }
  const order = kind === 'unit' ? ({ at }: Group) => at : ({ count, sum }: Group) => sum / count;
  return [...groups.values()].sort((a, b) => order(a) - order(b));
}

function splitAfter(feature: number, side: Side, groups: readonly Group[], last: number): Split {
  if ('from' in side) {
    const threshold = 0.5 * (groups[last].at + groups[last + 1].at);
    return {
      feature,
      left: { from: side.from, to: threshold },
      right: { from: threshold, to: side.to },
      goesLeft: (row) => row[feature] <= threshold,
    };
  }
  // Choices that no row here has go where most rows go.
  const count = (part: readonly Group[]): number => part.reduce((sum, group) => sum + group.count, 0);
  const [lower, upper] = [groups.slice(0, last + 1), groups.slice(last + 1)];
  const [own, other] = count(lower) >= count(upper) ? [upper, lower] : [lower, upper];
  const named = new Set(own.map(({ at }) => at));
  const rest = new Set([...side].filter((choice) => !named.has(choice)));
  const [left, right] = other === lower ? [rest, named] : [named, rest];
  return { feature, left, right, goesLeft: (row) => left.has(row[feature]) };
}
