/** Blocks of frames by themselves: what is stored, what a snapshot sees, and who owns which memory. */
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { compressedBlocks, type FrameBlock, type MakeBlock, plainBlocks } from './frame-block.ts';
import type { ElementType } from './observation-store.ts';

const LENGTHS = [5, 64, 65, 200];
const random = new Generator(2);
const frames = (count: number, length: number) =>
  Array.from({ length: count }, () => Uint8Array.from({ length }, () => random.integers(256)));
/** Frames of a game: each differs from the one before in a few places. */
const similar = (count: number, length: number) => {
  const frame = Uint8Array.from({ length }, (_, i) => i % 7);
  return Array.from({ length: count }, () => {
    frame[random.integers(length)] = random.integers(256);
    return frame.slice();
  });
};

const kinds: [string, ElementType, (length: number) => MakeBlock<ElementType>][] = [
  ['plain, bytes', 'uint8', (length) => plainBlocks<ElementType>('uint8', length)],
  ['plain, floats', 'float32', (length) => plainBlocks<ElementType>('float32', length)],
  ['compressed', 'uint8', (length) => compressedBlocks(length) as MakeBlock<ElementType>],
];
const arrayOf = (type: ElementType, length: number) =>
  type === 'uint8' ? new Uint8Array(length) : new Float32Array(length);

/** The frames from one position to another. */
function read(block: FrameBlock<ElementType>, type: ElementType, length: number, from: number, to: number): number[][] {
  const out = arrayOf(type, (to - from) * length + 2).fill(77);
  block.copy(from, to - from, out as never, 1);
  // Nothing is written on either side.
  expect([out[0], out[out.length - 1]]).toEqual([77, 77]);
  return Array.from({ length: to - from }, (_, i) => [...out.subarray(1 + i * length, 1 + (i + 1) * length)]);
}
const numbers = (all: readonly Uint8Array[]) => all.map((frame) => [...frame]);

describe.each(kinds)('a block, %s', (_, type, make) => {
  describe.each(LENGTHS)('of frames of %i', (length) => {
    it('gives back one frame or several, from any place on', () => {
      const block = make(length)(20);
      const all = frames(20, length);
      all.forEach((frame, i) => void block.append(i, frame, 0));
      for (const [from, to] of [
        [0, 1],
        [3, 4],
        [2, 6],
        [0, 20],
        [19, 20],
        [14, 18],
      ]) {
        expect(read(block, type, length, from, to)).toEqual(numbers(all.slice(from, to)));
      }
    });

    it('takes a frame from where it begins in an observation, of any list of numbers', () => {
      const block = make(length)(4);
      const all = frames(4, length);
      const padded = (frame: Uint8Array, from: number) => [...new Array<number>(from).fill(9), ...frame];
      block.append(0, padded(all[0], 3), 3);
      block.append(1, type === 'uint8' ? Uint8Array.from(padded(all[1], 3)) : Float32Array.from(padded(all[1], 3)), 3);
      block.append(2, [...all[2]], 0);
      block.append(3, type === 'uint8' ? all[3] : Float32Array.from(all[3]), 0);
      expect(read(block, type, length, 0, 4)).toEqual(numbers(all));
    });

    it('is used anew without a trace in what was saved', () => {
      const block = make(length)(6);
      const [first, second] = [frames(6, length), frames(6, length)];
      first.slice(0, 4).forEach((frame, i) => void block.append(i, frame, 0));
      const saved = block.saveState(0, 4);
      const before = structuredClone(saved);
      // It goes on behind what was saved …
      first.slice(4).forEach((frame, i) => void block.append(4 + i, frame, 0));
      expect(saved).toEqual(before);
      expect(read(block, type, length, 0, 6)).toEqual(numbers(first));
      const full = block.saveState(0, 6);
      const fullBefore = structuredClone(full);
      // … and over it in other memory.
      second.forEach((frame, i) => void block.append(i, frame, 0));
      expect([saved, full]).toEqual([before, fullBefore]);
      expect(read(block, type, length, 0, 6)).toEqual(numbers(second));
    });

    it('is restored whole, and only reads what it was restored from', () => {
      const all = frames(6, length);
      const block = make(length)(6);
      all.forEach((frame, i) => void block.append(i, frame, 0));
      const saved = structuredClone(block.saveState(0, 6));
      const before = structuredClone(saved);
      const other = make(length)(6);
      other.append(0, frames(1, length)[0], 0);
      other.restoreState(saved, 0, 6);
      expect(read(other, type, length, 0, 6)).toEqual(numbers(all));
      const fresh = frames(6, length);
      fresh.forEach((frame, i) => void other.append(i, frame, 0));
      expect(read(other, type, length, 0, 6)).toEqual(numbers(fresh));
      expect(saved).toEqual(before);
    });

    it('is restored in part, and goes on', () => {
      const all = similar(40, length);
      const block = make(length)(40);
      all.slice(0, 21).forEach((frame, i) => void block.append(i, frame, 0));
      const saved = block.saveState(5, 21);
      const before = structuredClone(saved);
      const other = make(length)(40);
      other.restoreState(saved, 5, 21);
      expect(other.saveState(5, 21)).toEqual(before);
      all.slice(21).forEach((frame, i) => void other.append(21 + i, frame, 0));
      expect(read(other, type, length, 5, 40)).toEqual(numbers(all.slice(5)));
      expect(saved).toEqual(before);
    });
  });

  it('shares nothing with another block that is filled at the same time', () => {
    const makeBlock = make(100);
    const blocks = [makeBlock(40), makeBlock(40)];
    const all = [similar(40, 100), similar(40, 100)];
    for (let i = 0; i < 40; i++) for (const n of [0, 1]) blocks[n].append(i, all[n][i], 0);
    for (const n of [0, 1]) {
      for (const at of [39, 0, 17, 16, 31]) {
        expect(read(blocks[n], type, 100, at, at + 1)).toEqual(numbers([all[n][at]]));
        expect(read(blocks[1 - n], type, 100, at, at + 1)).toEqual(numbers([all[1 - n][at]]));
      }
    }
  });
});

describe('the memory of a block', () => {
  it('is that of its frames where they are plain, and the same while no snapshot sees it', () => {
    expect(plainBlocks('uint8', 10)(7).bytes).toBe(70);
    expect(plainBlocks('float32', 10)(7).bytes).toBe(280);
    const block = plainBlocks('uint8', 10)(7);
    const memory = () => (block.saveState(0, 7) as Uint8Array).buffer;
    const first = memory();
    block.append(0, new Uint8Array(10), 0);
    const second = memory();
    expect(second).not.toBe(first);
    block.append(1, new Uint8Array(10), 0);
    expect(memory()).toBe(second);
    expect((block.saveState(2, 5) as Uint8Array).length).toBe(30);
  });

  it('is that of its code where they are compressed: a full block has no room left', () => {
    const [length, count] = [500, 33];
    const block = compressedBlocks(length)(count);
    expect(block.bytes).toBe(4 * (count + 1));
    const all = similar(count, length);
    all.slice(0, -1).forEach((frame, i) => void block.append(i, frame, 0));
    const loose = block.bytes;
    block.append(count - 1, all[count - 1], 0);
    const { code, starts } = block.saveState(0, count) as unknown as { code: Uint8Array; starts: Uint32Array };
    expect(block.bytes).toBe(code.length + 4 * (count + 1));
    expect(block.bytes).toBeLessThan(loose);
    expect([starts.length, starts[0], starts[count]]).toEqual([count + 1, 0, code.length]);
    // Three key frames of 500 bytes that repeat every seven, else a few bytes a frame.
    expect(code.length).toBeLessThan(count * 100);
  });

  it('is cut where frames lie behind each other, every sixteenth by itself', () => {
    const noise = frames(1, 300)[0];
    const block = compressedBlocks(300)(40);
    for (let i = 0; i < 40; i++) block.append(i, noise, 0);
    const { starts } = block.saveState(0, 40) as unknown as { starts: Uint32Array };
    const sizes = Array.from({ length: 40 }, (_, i) => starts[i + 1] - starts[i]);
    // Noise of 300: a token, two bytes of count, the bytes. The same again: one match, 4 + 15 + 255 + 26.
    expect(sizes).toEqual(sizes.map((_, i) => (i % 16 === 0 ? 303 : 5)));
  });
});
