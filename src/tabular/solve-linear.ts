import { ShapeError } from '../core/errors.ts';

/**
 * Solves A x = b by LU decomposition with partial pivoting (Golub & Van Loan, Matrix Computations, algorithm 3.4.1).
 * Takes n^3 / 3 multiplications: instant for hundreds of unknowns, seconds for thousands.
 * @param a [n, n] row-major. Read only.
 * @param b [n]. Read only.
 * @returns x [n], fresh; undefined when the matrix is singular to working precision.
 * @throws ShapeError when `a` is not n x n.
 */
export function solveLinear(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const n = b.length;
  if (a.length !== n * n) {
    throw new ShapeError(`solveLinear: ${n} right-hand values need ${n * n} coefficients, got ${a.length}.`);
  }
  const lu = a.slice();
  const x = b.slice();
  const tiny = n * Number.EPSILON * largest(lu);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
    if (!(Math.abs(lu[pivot * n + k]) > tiny)) return undefined;
    if (pivot !== k) swapRows(lu, x, n, k, pivot);
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k] / lu[k * n + k];
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
      x[i] -= factor * x[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let j = i + 1; j < n; j++) sum -= lu[i * n + j] * x[j];
    x[i] = sum / lu[i * n + i];
  }
  return x;
}

function largest(values: Float64Array): number {
  let max = 0;
  for (const value of values) max = Math.max(max, Math.abs(value));
  return max;
}

function swapRows(matrix: Float64Array, vector: Float64Array, n: number, i: number, j: number): void {
  for (let k = 0; k < n; k++) {
    const kept = matrix[i * n + k];
    matrix[i * n + k] = matrix[j * n + k];
    matrix[j * n + k] = kept;
  }
  const kept = vector[i];
  vector[i] = vector[j];
  vector[j] = kept;
}
