/**
 * Each value becomes the mean of itself and the `window - 1` before it, or of as many as there are.
 *
 * A window is the end of one block of `window` values and the beginning of the next, so two running sums, one from each
 * end of the blocks, are enough (van Herk 1992). Nothing is subtracted: large values leave no rounding behind.
 * @param window at least 1, which changes nothing.
 */
export function windowMeans(y: ArrayLike<number>, window: number): Float64Array {
  const n = y.length;
  const means = new Float64Array(n);
  const before = new Float64Array(n);
  const after = new Float64Array(n);
  for (let i = 0; i < n; i++) before[i] = i % window === 0 ? y[i] : before[i - 1] + y[i];
  for (let i = n - 1; i >= 0; i--) after[i] = i === n - 1 || (i + 1) % window === 0 ? y[i] : y[i] + after[i + 1];
  for (let i = 0; i < n; i++) {
    const from = i - window + 1;
    if (from <= 0) means[i] = before[i] / (i + 1);
    else means[i] = (from % window === 0 ? before[i] : after[from] + before[i]) / window;
  }
  return means;
}

/**
 * The exponential mean that TensorBoard draws: the mean before it counts `weight`, the value itself the rest. As it begins from
 * nothing, it is divided by what its weights sum to (the correction of Kingma and Ba 2015, section 3).
 * @param weight from 0, which changes nothing, to below 1.
 */
export function exponentialMeans(y: ArrayLike<number>, weight: number): Float64Array {
  const means = new Float64Array(y.length);
  let mean = 0;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    mean = weight * mean + (1 - weight) * y[i];
    sum = weight * sum + (1 - weight);
    means[i] = mean / sum;
  }
  return means;
}
