/** Bounds of a box whose text shows the first and the last of them alone. @param middle the one in the middle. */
export const longBounds = (middle: number): number[] =>
  Array.from({ length: 2000 }, (_, i) => [0.25, middle][i / 1000] ?? 0);
