export function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
export function formatBound(values: ArrayLike<number>, _shape: readonly number[], kind: string): string {
  const v = values[0];
  return kind === 'integer' || !Number.isInteger(v) ? String(v) : `${v}.0`;
}
