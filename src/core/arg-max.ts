/** Index of the largest value in `values[offset .. offset + count)`; the first of equals, as NumPy's and PyTorch's argmax. */
export function argMax(values: ArrayLike<number>, offset = 0, count = values.length - offset): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (values[offset + i] > values[offset + best]) best = i;
  }
  return best;
}
