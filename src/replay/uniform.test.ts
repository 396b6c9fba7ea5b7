import { describe, expect, it } from 'vitest';
import { MismatchError, OptionError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import type { Batch } from './batch.ts';
import { replayBytes } from './transition-store.ts';
import { UniformReplay, type UniformReplayOptions } from './uniform.ts';

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

/** Stores every stack and return in full, for all time. */
class NaiveReplay {
  private readonly options: UniformReplayOptions;
  private readonly episodes: { frames: number[][]; steps: [action: number, reward: number][]; end: string }[][];
  constructor(options: UniformReplayOptions) {
    this.options = options;
    this.episodes = Array.from({ length: options.streams ?? 1 }, () => []);
  }
  private frame(observation: ArrayLike<number>): number[] {
    return Array.from(observation).slice(-this.options.frameLength);
  }
  startEpisode(observation: ArrayLike<number>, stream: number): void {
    const last = this.episodes[stream].at(-1);
    if (last?.end === '') last.end = 'truncated';
    this.episodes[stream].push({ frames: [this.frame(observation)], steps: [], end: '' });
  }
  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    next: ArrayLike<number>,
    stream: number,
  ): void {
    const episode = this.episodes[stream].at(-1)!;
    episode.steps.push([action, reward]);
    episode.frames.push(this.frame(next));
    episode.end = terminated ? 'terminated' : truncated ? 'truncated' : '';
  }
  everything(): Row[] {
    const { bufferSize, streams = 1, nStep = 1, gamma, stack = 1, frameLength, padding } = this.options;
    const all = this.episodes.map((episodes, stream) => {
      const found: Row[] = [];
      for (const { frames, steps, end } of episodes) {
        const stackAt = (t: number) =>
          Array.from({ length: stack }, (_, i) => t - stack + 1 + i).flatMap((i) =>
            i >= 0 ? frames[i] : padding === 'first' ? frames[0] : Array<number>(frameLength).fill(0),
          );
        for (let t = 0; t < steps.length; t++) {
          const horizon = Math.min(t + nStep, steps.length);
          if (end === '' && t + nStep > steps.length) continue;
          let reward = 0;
          for (let i = t; i < horizon; i++) reward += gamma ** (i - t) * Math.fround(steps[i][1]);
          const discount = end === 'terminated' && horizon === steps.length ? 0 : gamma ** (horizon - t);
          found.push({ action: steps[t][0], observation: stackAt(t), reward, discount, next: stackAt(horizon) });
        }
      }
      const capacity = Math.floor(bufferSize / streams) + (stream < bufferSize % streams ? 1 : 0);
      return found.slice(-capacity);
    });
    return all.flat().sort((a, b) => a.action - b.action);
  }
}

/**
 * Plays random episodes into all targets; actions are unique. Steps of the streams interleave at random, and some
 * observations come as whole stacks, of which only the last frame counts.
 */
function playAtRandom(
  random: Generator,
  steps: number,
  options: UniformReplayOptions,
  targets: readonly Pick<NaiveReplay, 'startEpisode' | 'add'>[],
  firstAction = 0,
): void {
  const { streams = 1, frameLength, elementType, stack = 1 } = options;
  const ended = Array<boolean>(streams).fill(true);
  const observe = () => {
    const length = random.random() < 0.3 ? frameLength * stack : frameLength;
    return elementType === 'uint8'
      ? Uint8Array.from({ length }, () => random.integers(256))
      : Float32Array.from({ length }, () => random.uniform(-1, 1));
  };
  for (let step = 0; step < steps; step++) {
    const stream = random.integers(streams);
    if (ended[stream] || random.random() < 0.02) {
      const observation = observe();
      for (const target of targets) target.startEpisode(observation, stream);
    }
    const chance = random.random();
    const terminated = chance < 0.1;
    const truncated = chance > 0.08 && chance < 0.15;
    const reward = random.uniform(-1, 1);
    const observation = observe();
    for (const target of targets) target.add(firstAction + step, reward, terminated, truncated, observation, stream);
    ended[stream] = terminated || truncated;
  }
}

const CONFIGURATIONS: [string, UniformReplayOptions][] = [
  ['plain', { elementType: 'uint8', frameLength: 3, stack: 4, gamma: 0.9, bufferSize: 50 }],
  ['one transition', { elementType: 'uint8', frameLength: 1, stack: 4, gamma: 0.9, bufferSize: 1 }],
  ['three steps', { elementType: 'uint8', frameLength: 3, stack: 4, gamma: 0.9, bufferSize: 50, nStep: 3 }],
  ['more steps than room', { elementType: 'uint8', frameLength: 2, stack: 2, gamma: 0.99, bufferSize: 4, nStep: 7 }],
  ['streams', { elementType: 'uint8', frameLength: 2, stack: 3, gamma: 0.9, bufferSize: 103, nStep: 2, streams: 5 }],
  [
    'first-frame padding',
    { elementType: 'uint8', frameLength: 2, stack: 9, gamma: 1, bufferSize: 40, padding: 'first' },
  ],
  ['vectors', { elementType: 'float32', frameLength: 4, gamma: 0.95, bufferSize: 64, nStep: 5, streams: 2 }],
  [
    'blocks of several frames',
    { elementType: 'uint8', frameLength: 65, stack: 4, gamma: 0.9, bufferSize: 100, nStep: 2 },
  ],
];

describe.each(CONFIGURATIONS)('against a naive replay: %s', (_, options) => {
  it('holds the same transitions at every moment', () => {
    const random = new Generator(options.bufferSize);
    const replay = new UniformReplay(options);
    const naive = new NaiveReplay(options);
    for (let round = 0; round < 12; round++) {
      playAtRandom(random, 1 + random.integers(options.bufferSize), options, [replay, naive], round * 1000);
      const expected = naive.everything();
      expect(replay.size).toBe(expected.length);
      if (expected.length === 0) continue;
      const got = everything(replay);
      // As text: a deep comparison of arrays of this size takes seconds.
      const text = (rows: Row[]) => rows.map(({ action, observation, next }) => `${action}: ${observation} > ${next}`);
      expect(text(got)).toEqual(text(expected));
      for (const [i, { reward, discount }] of expected.entries()) {
        expect(got[i].reward).toBeCloseTo(reward, 6);
        expect(got[i].discount).toBeCloseTo(discount, 6);
      }
      const held = Array.from({ length: replay.slots }, (_, slot) => slot).filter((slot) => replay.holds(slot));
      const next = replay.createBatch(1).nextObservations;
      const nextTexts = held.map((slot) => {
        replay.readNext(slot, next, 0);
        return String(Array.from(next));
      });
      expect(nextTexts.sort()).toEqual(expected.map((row) => String(Array.from(row.next))).sort());
    }
  });

  it('draws the same without next observations', () => {
    const replay = new UniformReplay(options);
    playAtRandom(new Generator(1), options.bufferSize * 2, options, [replay]);
    const [whole, without] = [replay.createBatch(1), replay.createBatch(1, { nextObservations: false })];
    replay.sample(new Generator(3), whole);
    replay.sample(new Generator(3), without);
    expect(without).toEqual({ ...whole, nextObservations: whole.nextObservations.slice(0, 0) });
  });

  it('continues a restored state with the same samples', () => {
    const [a, b] = [new UniformReplay(options), new UniformReplay(options)];
    playAtRandom(new Generator(1), options.bufferSize * 3, options, [a]);
    // What the other held before must not matter.
    playAtRandom(new Generator(2), options.bufferSize, options, [b]);
    const state = a.saveState();
    b.restoreState(state);
    const [forA, forB] = [a, b].map((replay) => ({ random: new Generator(5), batch: replay.createBatch(1) }));
    for (let round = 0; round < 12; round++) {
      playAtRandom(new Generator(round), 7, options, [a, b], 1_000_000 + round * 100);
      a.sample(forA.random, forA.batch);
      b.sample(forB.random, forB.batch);
      expect(forB.batch).toEqual(forA.batch);
    }
    expect(b.saveState()).toEqual(a.saveState());
    // A snapshot stays as it was while its owner goes on.
    const c = new UniformReplay(options);
    c.restoreState(state);
    expect(c.saveState()).toEqual(state);
  });
});

describe('sampling', () => {
  const options = { elementType: 'uint8', frameLength: 1, gamma: 0.9, bufferSize: 50, streams: 2 } as const;

  it.each([false, true])('is uniform (replacement: %s)', (replacement) => {
    const replay = new UniformReplay({ ...options, replacement });
    const naive = new NaiveReplay(options);
    playAtRandom(new Generator(0), 220, options, [replay, naive]);
    const counts = new Map(naive.everything().map(({ action }) => [action, 0]));
    expect(counts.size).toBe(50);
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
    const replay = new UniformReplay(options);
    playAtRandom(new Generator(0), 100, options, [replay]);
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
