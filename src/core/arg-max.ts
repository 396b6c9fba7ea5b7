/** Index of the largest value in `values[offset .. offset + count)`; the first of equals, as NumPy's and PyTorch's argmax. */
export function argMax(values: ArrayLike<number>, offset = 0, count = values.length - offset): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (values[offset + i] > values[offset + best]) best = i;
  }
  return best;
}

/**
 * The same among those whose mask is 1.
 * @param masks aligned with `values`; at least one of the range is 1, else the result is `count`.
 */
export function argMaxAllowed(
  values: ArrayLike<number>,
  masks: Uint8Array | Int8Array,
  offset = 0,
  count = values.length - offset,
): number {
  let best = 0;
  while (best < count && masks[offset + best] === 0) best++;
  for (let i = best + 1; i < count; i++) {
    if (masks[offset + i] === 1 && values[offset + i] > values[offset + best]) best = i;
  }
  return best;
}
