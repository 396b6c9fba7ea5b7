/**
 * A quantile of sorted values, on the straight line between the two nearest (R's and NumPy's default, type 7).
 * @param sorted rising, at least one.
 * @param share from 0 to 1: 0.5 is the median.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const value = sorted[below];
  return below + 1 < sorted.length ? value + (sorted[below + 1] - value) * (place - below) : value;
}
