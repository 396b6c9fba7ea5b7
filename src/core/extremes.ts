/** The smallest of any number of values; Infinity without any. `Math.min(...values)` fails for about 125,000 and more, since
 * a call takes no more arguments than fit the stack. */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** The largest of any number of values; -Infinity without any. */
export function largest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}
