/** What kernels do with parts of a vector of four elements. */

/** Stores the first 1 to 3 elements. */
// @ts-ignore: decorator
@inline
export function storeFirst(to: usize, v: v128, count: i32): void {
  if (count & 2) {
    v128.store64_lane(to, v, 0);
    if (count & 1) v128.store32_lane(to, v, 2, 8);
  } else {
    v128.store32_lane(to, v, 0);
  }
}

/** The sum of the four, in the order (0 + 1) + (2 + 3). */
// @ts-ignore: decorator
@inline
export function total(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}
