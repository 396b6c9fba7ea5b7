/**
 * How an observation that is a vector of numbers becomes one of finitely many states: the range of each number is divided
 * into cells of equal width; what lies outside counts to the outermost cell.
 */
export interface Cells {
  /** Lower end of the first cell, one for each number. */
  readonly low: readonly number[];
  /** Upper end of the last cell, one for each number. */
  readonly high: readonly number[];
  /** Cells of each number; 1 leaves it out. */
  readonly bins: readonly number[];
}
