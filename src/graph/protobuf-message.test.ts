import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { WIRE, WireWriter } from '../core/protobuf-wire.ts';
import * as P from './protobuf-message.ts';

const leaf: P.Fields = { label: P.one(1, P.string), size: P.one(3, P.int32) };
const tree: P.Fields = {
  name: P.one(1, P.string),
  count: P.one(2, P.int64),
  ratio: P.optional(3, P.float),
  leaf: P.one(4, () => leaf),
  data: P.one(5, P.bytes),
  numbers: P.many(6, P.int64),
  words: P.many(7, P.string),
  children: P.many(20, () => tree),
};

/** The same messages, read and written by another library. */
const oracle = protobuf
  .parse(`syntax = "proto3";
  message Leaf { string label = 1; int32 size = 3; }
  message Tree {
    string name = 1; int64 count = 2; optional float ratio = 3; Leaf leaf = 4; bytes data = 5;
    repeated int64 numbers = 6; repeated string words = 7; repeated Tree children = 20;
  }`)
  .root.lookupType('Tree');

const written = (value: object): Uint8Array => Uint8Array.from(oracle.encode(oracle.fromObject(value)).finish());
const readBack = (content: Uint8Array): unknown =>
  oracle.toObject(oracle.decode(content), { arrays: true, longs: Number });

const int64 = fc.maxSafeInteger();
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const { tree: trees } = fc.letrec<{ tree: object }>((tie) => ({
  tree: fc.record(
    {
      name: text,
      count: int64,
      ratio: fc.float({ noNaN: true }),
      leaf: fc.record({ label: text, size: fc.integer() }, { requiredKeys: [] }),
      data: fc.uint8Array({ maxLength: 200 }),
      numbers: fc.array(int64, { maxLength: 5 }),
      words: fc.array(text, { maxLength: 3 }),
      children: fc.array(tie('tree'), { maxLength: 2, depthIdentifier: 'tree' }),
    },
    { requiredKeys: [] },
  ),
}));

describe('messages', () => {
  it('have the bytes that protobufjs writes', () => {
    fc.assert(
      fc.property(trees, (value) => {
        expect(P.encodeMessage(value, tree)).toEqual(written(value));
      }),
    );
  });

  it('are read as protobufjs reads them', () => {
    // Their bytes are a view of the file, of another class in Node.
    const plain = (value: unknown) =>
      JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? [...(part as Uint8Array)] : part));
    const entries = (message: object) => Object.entries(message).sort(([a], [b]) => (a < b ? -1 : 1));
    const sorted = (message: unknown): unknown => {
      if (Array.isArray(message)) return message.map(sorted);
      if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message;
      return Object.fromEntries(entries(message).map(([name, value]) => [name, sorted(value)]));
    };
    fc.assert(
      fc.property(trees, (value) => {
        const content = written(value);
        expect(plain(sorted(P.decodeMessage(content, tree)))).toBe(plain(sorted(readBack(content))));
      }),
    );
  });

  it('that stand twice are one: lists joined, messages too, the later of other values', () => {
    const twice = [
      { name: 'a', leaf: { label: 'x' }, numbers: [1, 2], words: ['p'] },
      { name: 'b', leaf: { size: 7 }, numbers: [3] },
    ].map((part) => P.encodeMessage(part, tree));
    expect(P.decodeMessage(Uint8Array.from(twice.flatMap((part) => [...part])), tree)).toEqual({
      name: 'b',
      leaf: { label: 'x', size: 7 },
      numbers: [1, 2, 3],
      words: ['p'],
      children: [],
    });
  });

  it('may have numbers one by one, and fields that nobody knows', () => {
    const writer = new WireWriter();
    writer.tag(6, WIRE.varint).int64(4).tag(9, WIRE.eightBytes).double(1).tag(6, WIRE.varint).int64(-5);
    writer.tag(10, WIRE.groupStart).tag(1, WIRE.varint).int64(1).tag(10, WIRE.groupEnd);
    expect(P.decodeMessage(writer.finish(), tree)['numbers']).toEqual([4, -5]);
  });
});

describe('refused are', () => {
  const of = (write: (writer: WireWriter) => void) => {
    const writer = new WireWriter();
    write(writer);
    return writer.finish();
  };
  it.each([
    ['a text where a number belongs', of((w) => w.tag(2, WIRE.length).string('ab')), 'another type'],
    ['a number where a message belongs', of((w) => w.tag(4, WIRE.varint).int32(1)), 'leaf is of another type'],
    ['a text longer than the file', of((w) => w.tag(1, WIRE.length).uint32(9)), 'cut off'],
    ['a message longer than the file', of((w) => w.tag(4, WIRE.length).uint32(9)), 'cut off'],
    [
      'a value longer than its message',
      of((w) =>
        w
          .tag(4, WIRE.length)
          .uint32(3)
          .raw(Uint8Array.of(0x0a, 5, 65, 66, 67, 68, 69)),
      ),
      'longer than its place',
    ],
    [
      'a number longer than its list',
      of((w) => w.tag(6, WIRE.length).uint32(1).raw(Uint8Array.of(0x80, 1))),
      'longer than its place',
    ],
  ])('%s', (_, content, message) => {
    expect(() => P.decodeMessage(content, tree)).toThrow(message);
  });

  it('messages within messages without end', () => {
    let content = P.encodeMessage({ name: 'deepest' }, tree);
    for (let depth = 1; depth < 100; depth++) {
      const inner = content;
      content = of((w) => w.tag(20, WIRE.length).bytes(inner));
    }
    expect(P.decodeMessage(content, tree)['children']).toHaveLength(1);
    expect(() =>
      P.decodeMessage(
        of((w) => w.tag(20, WIRE.length).bytes(content)),
        tree,
      ),
    ).toThrow('deep');
  });
});
