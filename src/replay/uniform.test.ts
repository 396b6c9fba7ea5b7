import { describe, expect, it } from 'vitest';
import { MismatchError, OptionError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { type Batch, createBatch } from './batch.ts';
import { replayBytes } from './transition-store.ts';
import { UniformReplay } from './uniform.ts';

interface Row {
  action: number;
  observation: number[];
  reward: number;
  discount: number;
  next: number[];
}

/** All transitions that can be drawn, in the order of their actions. */
function everything(replay: UniformReplay<'uint8' | 'float32'>): Row[] {
  const batch = replay.createBatch(replay.size);
  // What an earlier sample left must be overwritten.
  batch.observations.fill(99);
  batch.nextObservations.fill(99);
  replay.sample(new Generator(0), batch);
  return rows(batch).sort((a, b) => a.action - b.action);
}

function rows(batch: Batch): Row[] {
  const count = batch.actions.length;
  const length = batch.observations.length / count;
  return Array.from({ length: count }, (_, i) => ({
    action: batch.actions[i],
    observation: [...batch.observations.subarray(i * length, (i + 1) * length)],
    reward: batch.rewards[i],
    discount: batch.discounts[i],
    next: [...batch.nextObservations.subarray(i * length, (i + 1) * length)],
  }));
}

const bytes = { elementType: 'uint8', frameLength: 2, stack: 3, gamma: 0.5, bufferSize: 100 } as const;
const frame = (value: number) => Uint8Array.of(value, value);
/** Stacks of frames of two equal pixels, written as one number a frame. */
const pixels = (row: Row) => ({
  ...row,
  observation: row.observation.filter((_, i) => i % 2 === 0),
  next: row.next.filter((_, i) => i % 2 === 1),
});

/** A terminated episode of three steps and a truncated one of two. Actions count the steps. */
function playTwoEpisodes(replay: UniformReplay<'uint8'>): void {
  replay.startEpisode(frame(1));
  replay.add(0, 1, false, false, frame(2));
  replay.add(1, 2, false, false, frame(3));
  replay.add(2, 4, true, false, frame(4));
  replay.startEpisode(frame(10));
  replay.add(3, 8, false, false, frame(11));
  replay.add(4, 16, false, true, frame(12));
}

describe('worked by hand', () => {
  it('one step: stacks start empty, the truncated step keeps its discount', () => {
    const replay = new UniformReplay(bytes);
    playTwoEpisodes(replay);
    expect(everything(replay).map(pixels)).toEqual([
      { action: 0, observation: [0, 0, 1], reward: 1, discount: 0.5, next: [0, 1, 2] },
      { action: 1, observation: [0, 1, 2], reward: 2, discount: 0.5, next: [1, 2, 3] },
      { action: 2, observation: [1, 2, 3], reward: 4, discount: 0, next: [2, 3, 4] },
      { action: 3, observation: [0, 0, 10], reward: 8, discount: 0.5, next: [0, 10, 11] },
      { action: 4, observation: [0, 10, 11], reward: 16, discount: 0.5, next: [10, 11, 12] },
    ]);
  });

  it('two steps: returns stop at the episode end, discounts follow the steps summed', () => {
    const replay = new UniformReplay({ ...bytes, nStep: 2 });
    playTwoEpisodes(replay);
    expect(everything(replay).map(pixels)).toEqual([
      { action: 0, observation: [0, 0, 1], reward: 1 + 2 / 2, discount: 0.25, next: [1, 2, 3] },
      { action: 1, observation: [0, 1, 2], reward: 2 + 4 / 2, discount: 0, next: [2, 3, 4] },
      { action: 2, observation: [1, 2, 3], reward: 4, discount: 0, next: [2, 3, 4] },
      { action: 3, observation: [0, 0, 10], reward: 8 + 16 / 2, discount: 0.25, next: [10, 11, 12] },
      { action: 4, observation: [0, 10, 11], reward: 16, discount: 0.5, next: [10, 11, 12] },
    ]);
  });

  it('three steps: a step waits until its return is known', () => {
    const replay = new UniformReplay({ ...bytes, nStep: 3 });
    const sizes = [replay.size];
    replay.startEpisode(frame(1));
    for (let i = 0; i < 4; i++) {
      replay.add(i, 1, false, false, frame(2 + i));
      sizes.push(replay.size);
    }
    replay.add(4, 1, true, false, frame(6));
    sizes.push(replay.size);
    expect(sizes).toEqual([0, 0, 0, 1, 2, 5]);
    expect(everything(replay).map(({ reward, discount }) => [reward, discount])).toEqual([
      [1.75, 0.125],
      [1.75, 0.125],
      [1.75, 0],
      [1.5, 0],
      [1, 0],
    ]);
  });

  it('first-frame padding repeats the first frame', () => {
    const replay = new UniformReplay({ ...bytes, padding: 'first' });
    playTwoEpisodes(replay);
    const stacks = everything(replay).map(pixels);
    expect(stacks.map(({ observation }) => observation)).toEqual([
      [1, 1, 1],
      [1, 1, 2],
      [1, 2, 3],
      [10, 10, 10],
      [10, 10, 11],
    ]);
    expect(stacks[3].next).toEqual([10, 10, 11]);
  });

  it('an episode left without an end counts as truncated', () => {
    const replay = new UniformReplay({ ...bytes, nStep: 2 });
    replay.startEpisode(frame(1));
    replay.add(0, 1, false, false, frame(2));
    expect(replay.size).toBe(0);
    replay.startEpisode(frame(3));
    expect(everything(replay).map(pixels)).toEqual([
      { action: 0, observation: [0, 0, 1], reward: 1, discount: 0.5, next: [0, 1, 2] },
    ]);
  });

  it('takes whole stacks too, and copies what it is given', () => {
    const replay = new UniformReplay(bytes);
    const stack = Uint8Array.of(9, 9, 9, 9, 1, 1);
    replay.startEpisode(stack);
    stack.fill(77);
    replay.add(0, 0, true, false, [0, 0, 1, 1, 2, 2]);
    expect(everything(replay).map(pixels)).toMatchObject([{ observation: [0, 0, 1], next: [0, 1, 2] }]);
  });

  it('keeps the last bufferSize transitions', () => {
    const replay = new UniformReplay({ ...bytes, bufferSize: 3 });
    playTwoEpisodes(replay);
    expect(replay.size).toBe(3);
    expect(everything(replay).map(pixels)).toMatchObject([
      { action: 2, observation: [1, 2, 3] },
      { action: 3, observation: [0, 0, 10] },
      { action: 4, observation: [0, 10, 11] },
    ]);
  });

  it('keeps vectors in single precision', () => {
    const replay = new UniformReplay({ elementType: 'float32', frameLength: 2, gamma: 0.9, bufferSize: 4 });
    replay.startEpisode([0.1, -2]);
    replay.add(1, 0.3, false, false, Float32Array.of(0.5, 3));
    expect(everything(replay)).toEqual([
      {
        action: 1,
        observation: [Math.fround(0.1), -2],
        reward: Math.fround(0.3),
        discount: Math.fround(0.9),
        next: [0.5, 3],
      },
    ]);
  });
});

describe('sampling', () => {
  const options = { elementType: 'uint8', frameLength: 1, gamma: 0.9, bufferSize: 50, streams: 2 } as const;
  /** 220 steps, of the streams in turn; actions count them. */
  const filled = (replay: UniformReplay<'uint8'>) => {
    for (const stream of [0, 1]) replay.startEpisode([0], stream);
    for (let t = 0; t < 220; t++) replay.add(t, 0, false, false, [t], t % 2);
    return replay;
  };

  it.each([false, true])('is uniform (replacement: %s)', (replacement) => {
    const replay = filled(new UniformReplay({ ...options, replacement }));
    // The last 25 steps of each stream.
    const counts = new Map(Array.from({ length: 50 }, (_, i) => [170 + i, 0]));
    const random = new Generator(11);
    const batch = replay.createBatch(8);
    const batches = 5000;
    let repeats = 0;
    for (let i = 0; i < batches; i++) {
      replay.sample(random, batch);
      for (const action of batch.actions) counts.set(action, (counts.get(action) ?? NaN) + 1);
      if (new Set(batch.actions).size < 8) repeats++;
    }
    const expected = (batches * 8) / 50;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 99.9 % quantile for 49 degrees of freedom.
    expect(chiSquare).toBeLessThan(85.4);
    // With replacement 1 - 50!/(42! 50^8) = 44.6 % of batches repeat a transition.
    if (replacement) expect(repeats / batches).toBeCloseTo(0.446, 1);
    else expect(repeats).toBe(0);
  });

  it('depends on the generator alone', () => {
    const replay = filled(new UniformReplay(options));
    const draw = (seed: number) => {
      const batch = replay.createBatch(8);
      replay.sample(new Generator(seed), batch);
      return [...batch.actions];
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});

describe('refusals', () => {
  it('of calls in the wrong order', () => {
    const replay = new UniformReplay(bytes);
    expect(() => replay.add(0, 0, false, false, frame(1))).toThrow(OrderError);
    replay.startEpisode(frame(1));
    replay.add(0, 0, true, false, frame(1));
    expect(() => replay.add(0, 0, false, false, frame(1))).toThrow('before startEpisode');
    expect(() => replay.sample(new Generator(0), replay.createBatch(2))).toThrow(
      'Cannot draw 2 transitions: the replay holds 1',
    );
  });

  it('of sizes of batches that are none', () => {
    const make =
      (...sizes: [number, number]) =>
      () =>
        createBatch('float32', ...sizes);
    for (const wrong of [-1, Number.NaN, 1.5, 2 ** 40]) {
      expect(make(wrong, 3)).toThrow(OptionError);
      expect(make(3, wrong)).toThrow(OptionError);
    }
  });

  it('of observations that do not fit, which leave no trace', () => {
    const replay = new UniformReplay(bytes);
    playTwoEpisodes(replay);
    replay.startEpisode(frame(20));
    const before = replay.saveState();
    expect(() => replay.add(9, 0, false, false, Uint8Array.of(1))).toThrow(
      '2 (a frame) or 6 (a stack) elements, not 1',
    );
    expect(() => replay.add(9, 0, false, false, Float32Array.of(1, 2))).toThrow(OptionError);
    expect(() => replay.startEpisode(Uint8Array.of(1))).toThrow(OptionError);
    expect(() => replay.startEpisode(frame(1), 1)).toThrow('stream: got 1');
    expect(replay.saveState()).toEqual(before);
  });

  it.each([
    [{ bufferSize: 0 }, 'bufferSize: got 0'],
    [{ bufferSize: 3, streams: 4 }, 'bufferSize: got 3, allowed is an integer from 4'],
    [{ stack: 0 }, 'stack: got 0'],
    [{ nStep: 1.5 }, 'nStep: got 1.5'],
    [{ gamma: 1.1 }, 'gamma: got 1.1'],
    [{ frameLength: -1 }, 'frameLength: got -1'],
  ])('of options: %j', (change, message) => {
    expect(() => new UniformReplay({ ...bytes, ...change })).toThrow(message);
  });

  it('of more than fits in memory, with the numbers', () => {
    const atari = { elementType: 'uint8', frameLength: 84 * 84, stack: 4, gamma: 0.99, bufferSize: 1_000_000 } as const;
    // The texts' million frames: 7.06 GB of pixels and 19 bytes a transition.
    expect(replayBytes(atari)).toBe(7_056_000_000 + 19_000_000);
    expect(() => new UniformReplay({ ...atari, memoryLimit: 4e9 })).toThrow(
      'bufferSize: got 1000000, allowed is at most 565371 transitions of 7075 bytes in 4.00 GB of memory (asked for: 7.08 GB).',
    );
    expect(() => new UniformReplay({ ...atari, memoryLimit: 7.2e9 })).not.toThrow();
  });

  it('of a state saved with other options', () => {
    const state = new UniformReplay(bytes).saveState();
    expect(() => new UniformReplay({ ...bytes, nStep: 2 }).restoreState(state)).toThrow(MismatchError);
    expect(() => new UniformReplay({ ...bytes, bufferSize: 99 }).restoreState(state)).toThrow(
      'The saved replay has bufferSize 100, this one 99.',
    );
  });
});
