import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { MemoryOutput } from './memory.ts';
import { eventsFileName, eventsFileStart, maskedCrc32c, TensorBoardSink } from './tensorboard.ts';

// Written by test/oracle/tensorboard_records.py.
const recorded: Record<string, string> = JSON.parse(
  readFileSync(new URL('./fixtures/tensorboard-records.json', import.meta.url), 'utf8'),
);

const bytesOf = (write: (sink: TensorBoardSink) => void, now: number): Uint8Array => {
  const output = new MemoryOutput();
  write(new TensorBoardSink(output, () => now, true));
  return output.bytes;
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe("the bytes are those of Python's TensorBoard", () => {
  it('the first record', () => {
    expect(hex(eventsFileStart(1700000000250))).toBe(recorded['start']);
  });
  it('one scalar', () => {
    expect(hex(bytesOf((sink) => sink.scalars(1, { reward: -21 }), 1700000001500))).toBe(recorded['scalar']);
  });
  it('several at a step above 2^31', () => {
    const write = (sink: TensorBoardSink) =>
      sink.scalars(3_000_000_000, { epsilon: 0.02, speed: 812.5, 'reward/100': -20.9 });
    expect(hex(bytesOf(write, 1700000002125))).toBe(recorded['several']);
  });
  it('NaN, infinity and zero', () => {
    const write = (sink: TensorBoardSink) => sink.scalars(300, { nan: Number.NaN, inf: -1 / 0, zero: 0 });
    expect(hex(bytesOf(write, 1000))).toBe(recorded['special']);
  });
  it.each([
    ['number', { gamma: 0.99 }],
    ['zero', { seed: 0 }],
    ['word', { env: 'FrozenLake-v1' }],
    ['flag', { 'network.dueling': false }],
  ] as const)('hyper-parameters: a %s', (name, values) => {
    expect(hex(bytesOf((sink) => sink.hyperparameters(values), 1700000004500))).toBe(recorded[name]);
  });
  it('a text', () => {
    expect(hex(bytesOf((sink) => sink.text(7, 'config', '**héllo**'), 1700000003000))).toBe(recorded['text']);
  });
});

describe('an events file', () => {
  it('is read back by a decoder of the published messages', () => {
    const output = new MemoryOutput();
    let now = 10_000;
    const sink = new TensorBoardSink(output, () => now);
    for (let step = 0; step < 200; step++) {
      now += 250;
      sink.scalars(step * 1000, { reward: step / 4, loss: 1 / (step + 1) });
    }
    const events = readRecords(output.bytes).map(decodeEvent);
    expect(events).toHaveLength(201);
    expect(events[0]).toEqual({ wallTime: 10, fileVersion: 'brain.Event:2' });
    expect(events[8]).toEqual({
      wallTime: 12,
      step: 7000,
      summary: {
        value: [
          { tag: 'reward', simpleValue: 1.75 },
          { tag: 'loss', simpleValue: 0.125 },
        ],
      },
    });
  });

  it('begins with its version once, also when it is continued', () => {
    const output = new MemoryOutput();
    new TensorBoardSink(output, () => 0).scalars(1, { a: 1 });
    new TensorBoardSink(output, () => 0, true).scalars(2, { a: 2 });
    expect(readRecords(output.bytes).map((record) => 'fileVersion' in decodeEvent(record))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('has a name that TensorBoard finds', () => {
    expect(eventsFileName(1700000000999, 'my host.local')).toBe('events.out.tfevents.1700000000.my-host-local.0');
  });
});

describe('maskedCrc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  it.each([
    ['digits', new TextEncoder().encode('123456789'), 0xe3069283],
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['32 rising bytes', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('%s', (_name, bytes, crc) => {
    expect(maskedCrc32c(bytes)).toBe(mask(crc));
    expect(crc32cBitwise(bytes)).toBe(crc);
  });
});

const EVENT = protobuf
  .parse(`
    syntax = "proto3";
    message Event {
      double wall_time = 1;
      int64 step = 2;
      oneof what { string file_version = 3; Summary summary = 5; }
    }
    message Summary {
      message Value { string tag = 1; oneof value { float simple_value = 2; } }
      repeated Value value = 1;
    }`)
  .root.lookupType('Event');

function decodeEvent(record: Uint8Array): Record<string, unknown> {
  return EVENT.toObject(EVENT.decode(record), { longs: Number });
}

/** Undoes the framing and checks both checksums of each record, with an implementation of its own. */
function readRecords(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(mask(crc32cBitwise(bytes.subarray(at, at + 8))));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(mask(crc32cBitwise(data)));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

function mask(crc: number): number {
  return Number((((BigInt(crc) >> 15n) | (BigInt(crc) << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

function crc32cBitwise(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  }
  return ~c >>> 0;
}
