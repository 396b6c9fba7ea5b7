import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('crc32', () => {
  it('gives the check value of the catalogue of CRCs', () => {
    expect(crc32(text('123456789'), 0)).toBe(0xcbf43926);
  });

  it('equals a bit-by-bit division at every length around the slice of 16', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 37 + 11);
    for (let length = 0; length <= 100; length++) {
      const part = bytes.subarray(0, length);
      expect(crc32(part, 0)).toBe(bitwise(part));
    }
  });

  it('goes on from an earlier part', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => i * 101);
    for (const cut of [0, 1, 15, 16, 17, 100, 200]) {
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(bitwise(bytes));
    }
  });

  it.runIf(typeof zlib.crc32 === 'function')('equals zlib', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * i) >> 3);
    expect(crc32(bytes, 0)).toBe(zlib.crc32(bytes));
  });
});

function bitwise(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}
