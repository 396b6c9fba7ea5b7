/** Everything that reads a file's bytes says what it was given, and does not call a sound file damaged. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { addCartridge, addCartridges, cartridgesIn } from '../atari/index.ts';
import { readForeignModel } from '../foreign/foreign-model.ts';
import { readGraph, readOnnx } from '../graph/index.ts';
import { looksLikeEvents, readEvents } from '../log/index.ts';
import { decodeCheckpoint } from '../storage/checkpoint-format.ts';
import { checkBytes } from './check-bytes.ts';
import { OptionError } from './errors.ts';

const readers: Record<string, (bytes: Uint8Array) => unknown> = {
  addCartridge: (bytes) => addCartridge(bytes),
  addCartridges: (bytes) => addCartridges(bytes),
  cartridgesIn: (bytes) => cartridgesIn(bytes),
  decodeCheckpoint: (bytes) => decodeCheckpoint(bytes, 'a.ckpt'),
  looksLikeEvents: (bytes) => looksLikeEvents(bytes),
  readEvents: (bytes) => readEvents(bytes, 'events'),
  readForeignModel: (bytes) => readForeignModel(bytes, 'a.pt'),
  readGraph: (bytes) => readGraph(bytes, 1),
  readOnnx: (bytes) => readOnnx(bytes),
};

describe('checkBytes', () => {
  for (const [name, read] of Object.entries(readers)) {
    it.each<[unknown, string]>([
      [new ArrayBuffer(40), 'bytes: got an ArrayBuffer, allowed is a Uint8Array: new Uint8Array(buffer).'],
      ['PK: a path, or what a text reader read', 'allowed is a Uint8Array.'],
      [undefined, 'bytes: got undefined, allowed is a Uint8Array.'],
      [[1, 2, 3], 'bytes: got [1,2,3], allowed is a Uint8Array.'],
      [Int8Array.of(1, 2), 'bytes: got Int8Array(2) [1, 2], allowed is a Uint8Array.'],
    ])(`${name} refuses %o`, (value, message) => {
      const reading = () => read(value as Uint8Array);
      expect(reading).toThrow(OptionError);
      expect(reading).toThrow(message);
    });
  }

  it('takes bytes, those of another realm and of Node too', () => {
    for (const good of [new Uint8Array(4), Buffer.from('abc'), runInNewContext('new Uint8Array(3)')]) {
      expect(() => checkBytes(good)).not.toThrow();
    }
  });
});
