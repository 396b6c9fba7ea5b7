/** Before each file: arrays of numbers with the same bytes are equal, which is told at once instead of number by number. */
import { expect } from 'vitest';

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

expect.addEqualityTesters([
  (a, b) => {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor) return undefined;
    // What differs in its bytes may be equal yet (NaN has many), and vitest finds the first difference.
    return bytesOf(a).equals(bytesOf(b)) || undefined;
  },
]);
