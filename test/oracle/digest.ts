import { createHash } from 'node:crypto';

/** All numbers inside a value, in order; true counts as 1. */
export function numbers(value: unknown): number[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [Number(value)];
}

/** SHA-256 over the numbers as little-endian doubles, as `environments.py` has it. */
export function digest(value: unknown): string {
  const values = numbers(value);
  const bytes = new DataView(new ArrayBuffer(values.length * 8));
  for (const [i, number] of values.entries()) bytes.setFloat64(i * 8, number, true);
  return createHash('sha256').update(bytes).digest('hex');
}
