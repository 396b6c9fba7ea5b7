/** Whole messages are held against protobufjs in src/graph/protobuf-message.test.ts; here are single values, and bytes that are none. */
import fc from 'fast-check';
import { Writer } from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { WIRE, WireReader, WireWriter } from './protobuf-wire.ts';

const reader = (...bytes: number[]) => new WireReader(Uint8Array.from(bytes));
/** Keys that begin groups, one within the other. */
const groups = (count: number) => Array.from({ length: count }, () => (1 << 3) | WIRE.groupStart);

describe('values', () => {
  it('are those of protobufjs, one after the other', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), (long, int, real, flag) => {
        const expected = new Writer().uint64(long).int32(int).double(real).float(real).bool(flag).finish();
        const bytes = new WireWriter().int64(long).int32(int).double(real).float(real).bool(flag).finish();
        expect(bytes).toEqual(Uint8Array.from(expected));
        const read = new WireReader(bytes);
        expect([read.int64(), read.int32(), read.double(), read.float(), read.uint32()]).toEqual([
          ...[long, int, real, Math.fround(real), Number(flag)],
        ]);
        expect(read.pos).toBe(bytes.length);
      }),
    );
  });

  it('are those of the published examples', () => {
    // https://protobuf.dev/programming-guides/encoding/: 150 is 96 01, and -2 as int32 ten bytes.
    expect([...new WireWriter().uint32(150).finish()]).toEqual([0x96, 0x01]);
    expect(reader(0x96, 0x01).uint32()).toBe(150);
    const minusTwo = [0xfe, ...Array.from({ length: 8 }, () => 0xff), 0x01];
    expect([...new WireWriter().int32(-2).finish()]).toEqual(minusTwo);
    expect(reader(...minusTwo).int32()).toBe(-2);
    expect(reader(0x12, 0x07).tag()).toEqual([2, WIRE.length]);
  });

  it('grow beyond what was reserved, doubles at its end too', () => {
    for (const before of [247, 248, 249, 252, 253, 255, 256, 600]) {
      const bytes = new WireWriter().raw(new Uint8Array(before).fill(7)).double(1.5).float(-2).finish();
      expect(bytes).toHaveLength(before + 12);
      const read = new WireReader(bytes.subarray(before));
      expect([bytes[before - 1], read.double(), read.float()]).toEqual([7, 1.5, -2]);
    }
  });

  it('of text keep a byte order mark, and show bytes that are none', () => {
    expect(reader(4, 0xef, 0xbb, 0xbf, 0x41).string()).toBe('\uFEFFA');
    expect(reader(2, 0x41, 0xff).string()).toBe('A\uFFFD');
  });
});

describe('what nobody knows is passed over', () => {
  const group = (id: number, ...inside: number[]) => [...inside, (id << 3) | WIRE.groupEnd];
  it.each<[string, number, readonly number[]]>([
    ['a number', WIRE.varint, [0x96, 0x01]],
    ['eight bytes', WIRE.eightBytes, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['four bytes', WIRE.fourBytes, [1, 2, 3, 4]],
    ['bytes with their length', WIRE.length, [3, 1, 2, 3]],
    ['a group', WIRE.groupStart, group(1, 0x10, 5, 0x1d, 1, 2, 3, 4)],
    ['a group in a group', WIRE.groupStart, group(1, (2 << 3) | WIRE.groupStart, ...group(2, 0x10, 5))],
    ['a hundred of them', WIRE.groupStart, [...groups(99), ...Array.from({ length: 100 }, () => 0x0c)]],
  ])('%s', (_, wire, value) => {
    const read = reader(...value, 42);
    read.skip(wire, 1);
    expect(read.uint32()).toBe(42);
  });
});

describe('bytes that are no values are refused', () => {
  it.each<[string, readonly number[], (read: WireReader) => unknown, string]>([
    ['nothing', [], (read) => read.uint32(), 'cut off'],
    ['a number that goes on', [0x80], (read) => read.uint32(), 'cut off'],
    // Ten bytes at most: eleven are no number, even with the end there.
    ['eleven bytes', [...Array.from({ length: 10 }, () => 0x80), 0], (read) => read.uint32(), 'a number without end'],
    ['three bytes of a float', [1, 2, 3], (read) => read.float(), 'cut off'],
    ['seven bytes of a double', [1, 2, 3, 4, 5, 6, 7], (read) => read.double(), 'cut off'],
    ['one byte less than it says', [3, 1, 2], (read) => read.bytes(), 'cut off'],
    ['a length above 2^32', [0x80, 0x80, 0x80, 0x80, 0x10, 1], (read) => read.length(), 'cut off'],
    ['field 0', [0x00], (read) => read.tag(), 'no field has such a key'],
    ['wire type 6', [0x0e], (read) => read.tag(), 'no field has such a key'],
    ['wire type 7', [0x0f], (read) => read.tag(), 'no field has such a key'],
    ['a key above 2^32', [0x88, 0x80, 0x80, 0x80, 0x10], (read) => read.tag(), 'no field has such a key'],
    ['an end without a beginning', [], (read) => read.skip(WIRE.groupEnd, 1), 'a group ends that has not begun'],
    ['the end of another group', [0x14], (read) => read.skip(WIRE.groupStart, 1), 'another group ends'],
    ['no end of a group', [0x10, 5], (read) => read.skip(WIRE.groupStart, 1), 'cut off'],
    ['101 groups', [...groups(100), ...Array(101).fill(0x0c)], (read) => read.skip(3, 1), 'nested too deep'],
    ['four bytes of eight', [1, 2, 3, 4], (read) => read.skip(WIRE.eightBytes, 1), 'cut off'],
    ['three bytes of four', [1, 2, 3], (read) => read.skip(WIRE.fourBytes, 1), 'cut off'],
  ])('%s', (_, bytes, read, message) => {
    // What lies behind the end in the same memory is not read.
    const whole = Uint8Array.from([...bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => read(new WireReader(whole.subarray(0, bytes.length)))).toThrow(message);
  });
});
