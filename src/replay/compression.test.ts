/** Compressed frames: what comes out is what went in, whatever it is; a compressed replay is the plain one. */
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { compressedBlocks } from './frame-block.ts';
import { FrameCodec, worstBytes } from './frame-codec.ts';
import { PrioritizedReplay } from './prioritized.ts';
import { UniformReplay } from './uniform.ts';

const random = new Generator(0);
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const noise = (length: number) => Uint8Array.from({ length }, () => random.integers(0, 256));
/** A plain picture with a few spots, in another place each time. */
function game(length: number, time: number): Uint8Array {
  const frame = new Uint8Array(length).fill(87);
  for (let i = 0; i < length; i += 97) frame[i] = 200;
  for (let k = 0; k < 5; k++) frame.fill(236, (time * 7 + k * 31) % length, ((time * 7 + k * 31) % length) + 6);
  return frame;
}

describe('FrameCodec', () => {
  const cases: [string, number, (time: number) => Uint8Array][] = [
    ['a game', 7056, (time) => game(7056, time)],
    ['noise', 1000, () => noise(1000)],
    ['zeros', 1000, () => new Uint8Array(1000)],
    ['one pixel', 1, (time) => Uint8Array.of(time)],
    ['three pixels', 3, () => noise(3)],
    ['five pixels', 5, () => noise(5)],
    [
      'noise that stands still in part',
      600,
      (() => {
        const still = noise(600);
        return (time: number) => {
          const frame = still.slice();
          frame.set(noise(20), (time * 13) % 580);
          return frame;
        };
      })(),
    ],
    [
      'offsets above 65535',
      40_000,
      (() => {
        const still = noise(40_000);
        return (time: number) => (time === 0 ? still : Uint8Array.from(still, (v, i) => (i === time ? v ^ 1 : v)));
      })(),
    ],
    [
      'runs of 14 to 300',
      4000,
      (time) => {
        const parts: number[] = [];
        for (let n = 14 + time; parts.length < 4000; n = 14 + ((n * 5) % 287))
          parts.push(...new Array(n).fill(n % 251));
        return Uint8Array.from(parts.slice(0, 4000));
      },
    ],
  ];
  it.each(cases)('%s', (_, length, frameAt) => {
    const codec = new FrameCodec(length);
    const out = new Uint8Array(worstBytes(length) * 2);
    const key = frameAt(0);
    codec.setKey(undefined);
    const end = codec.compress(key, 0, out, 3);
    expect(end - 3).toBeLessThanOrEqual(worstBytes(length));
    codec.expandKey(codec, 0, out, 3);
    expect(same(codec.key, key)).toBe(true);
    for (let time = 1; time < 20; time++) {
      const frame = frameAt(time);
      codec.setKey(key);
      const stop = codec.compress(frame, 0, out, end);
      expect(stop - end).toBeLessThanOrEqual(worstBytes(length));
      expect(same(codec.expand(out, end), frame)).toBe(true);
    }
  });
});

it('a block expands any frame in any order, and takes a small part of a game', () => {
  const [length, count] = [7056, 64];
  const block = compressedBlocks(length)(count);
  const frames = Array.from({ length: count }, (_, time) => game(length, time));
  frames.forEach((frame, i) => void block.append(i, frame, 0));
  const out = new Uint8Array(2 * length);
  for (let i = 0; i < 200; i++) {
    const position = random.integers(count - 1);
    block.copy(position, 2, out, 0);
    expect(same(out.subarray(0, length), frames[position])).toBe(true);
    expect(same(out.subarray(length), frames[position + 1])).toBe(true);
  }
  expect(block.bytes).toBeLessThan((length * count) / 10);
});

describe.each([UniformReplay, PrioritizedReplay])('%o compressed', (Replay) => {
  it('is the plain one, also after it was saved in the middle', () => {
    const shape = { bufferSize: 300, elementType: 'uint8', frameLength: 144, stack: 4, nStep: 3, gamma: 0.9 } as const;
    const options = { ...shape, streams: 2 };
    const plain = new Replay<'uint8'>(options);
    let packed = new Replay<'uint8'>({ ...options, compression: 'lz' });
    const ends = new Generator(1);
    const batches = [plain.createBatch(16), plain.createBatch(16)];
    for (const replay of [plain, packed]) for (const s of [0, 1]) replay.startEpisode(game(144, s), s);
    for (let step = 0; step < 1500; step++) {
      const stream = step % 2;
      const end = ends.random() < 0.05;
      const frame = step % 11 === 0 ? noise(144) : game(144, step);
      for (const replay of [plain, packed]) {
        replay.add(step % 6, step, end, false, frame, stream);
        if (end) replay.startEpisode(game(144, step + 1), stream);
      }
      if (step % 700 === 699) {
        const saved = packed.saveState();
        packed = new Replay<'uint8'>({ ...options, compression: 'lz' });
        packed.restoreState(saved);
        expect(packed.saveState()).toEqual(saved);
      }
      if (plain.size < 100 || step % 7 !== 0) continue;
      plain.sample(new Generator(step), batches[0]);
      packed.sample(new Generator(step), batches[1]);
      for (const key of ['observations', 'nextObservations'] as const) {
        expect(same(batches[1][key], batches[0][key])).toBe(true);
      }
      expect(batches[1].actions).toEqual(batches[0].actions);
      expect(batches[1].indices).toEqual(batches[0].indices);
    }
  });
});

it('refuses floats, other codes, and what does not fit in memory even so', () => {
  const options = { bufferSize: 1_000_000, elementType: 'uint8', frameLength: 7056, gamma: 0.99 } as const;
  expect(() => new UniformReplay({ ...options, elementType: 'float32', compression: 'lz' })).toThrow(
    'compression: got "lz", allowed is none for elements of float32.',
  );
  expect(() => new UniformReplay({ ...options, compression: 'zip' as 'lz' })).toThrow('compression: got "zip"');
  expect(() => new UniformReplay({ ...options, memoryLimit: 2e9 })).toThrow(
    /bufferSize: got 1000000, allowed is at most 282/,
  );
  expect(() => new UniformReplay({ ...options, memoryLimit: 1e9, compression: 'lz' })).toThrow(
    /bufferSize: got 1000000, allowed is at most 559/,
  );
});
