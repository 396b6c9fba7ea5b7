/**
 * What every `Replay` has to do, whichever transitions it draws: those that can be drawn are the ones that a plain array of
 * all steps holds, with their n-step returns, at every moment. Seen through `sample` alone.
 */
import { describe, expect, it } from 'vitest';
import { MismatchError, OptionError, OrderError } from '../../src/core/errors.ts';
import { Generator } from '../../src/core/random/index.ts';
import {
  type Batch,
  type ElementType,
  PrioritizedReplay,
  type ReplayOptions,
  StoredReplay,
  UniformReplay,
} from '../../src/replay/index.ts';

/** One of a reader's own: transitions that follow each other, from a random one on. */
class SuccessiveReplay extends StoredReplay<ElementType> {
  override sample(random: Generator, out: Batch): void {
    const { size } = this;
    if (size === 0) throw new OrderError('Nothing to draw.');
    const start = random.integers(size);
    for (let row = 0; row < out.actions.length; row++) {
      this.store.read(this.store.slotOfRank((start + row) % size), out, row);
    }
  }
}

const implementations: Readonly<Record<string, (options: ReplayOptions) => StoredReplay<ElementType>>> = {
  UniformReplay: (options) => new UniformReplay(options),
  'UniformReplay with replacement': (options) => new UniformReplay({ ...options, replacement: true }),
  PrioritizedReplay: (options) => new PrioritizedReplay({ ...options, betaFinal: 1, betaSteps: 100 }),
  'an own StoredReplay': (options) => new SuccessiveReplay(options),
};

const bytes = { elementType: 'uint8', gamma: 0.9 } as const;
const storages: Readonly<Record<string, ReplayOptions>> = {
  plain: { ...bytes, frameLength: 3, stack: 4, bufferSize: 50 },
  'one transition': { ...bytes, frameLength: 1, stack: 4, bufferSize: 1 },
  'three steps': { ...bytes, frameLength: 3, stack: 4, bufferSize: 50, nStep: 3 },
  'more steps than room': { ...bytes, gamma: 0.99, frameLength: 2, stack: 2, bufferSize: 4, nStep: 7 },
  streams: { ...bytes, frameLength: 2, stack: 3, bufferSize: 103, nStep: 2, streams: 5 },
  'first-frame padding': { ...bytes, gamma: 1, frameLength: 2, stack: 9, bufferSize: 40, padding: 'first' },
  vectors: { elementType: 'float32', gamma: 0.95, frameLength: 4, bufferSize: 64, nStep: 5, streams: 2 },
  'blocks of several frames': { ...bytes, frameLength: 9, stack: 4, bufferSize: 100, nStep: 2 },
  compressed: { ...bytes, frameLength: 21, stack: 4, bufferSize: 100, nStep: 3, streams: 2, compression: 'lz' },
  'action masks': { ...bytes, frameLength: 2, stack: 2, bufferSize: 60, nStep: 3, streams: 3, maskLength: 5 },
};

interface Row {
  readonly action: number;
  readonly observation: readonly number[];
  readonly reward: number;
  readonly discount: number;
  readonly next: readonly number[];
  readonly mask?: readonly number[] | undefined;
  /** Where the episode terminated it says nothing. */
  readonly nextMask?: readonly number[] | undefined;
}

function rowsOf(batch: Batch): Row[] {
  const count = batch.actions.length;
  const part = (array: ArrayLike<number> | undefined, i: number) => {
    if (array === undefined) return undefined;
    const length = array.length / count;
    return Array.from({ length }, (_, k) => array[i * length + k]);
  };
  return Array.from(batch.actions, (action, i) => ({
    action,
    observation: part(batch.observations, i)!,
    reward: batch.rewards[i],
    discount: batch.discounts[i],
    next: part(batch.nextObservations, i)!,
    mask: part(batch.actionMasks, i),
    nextMask: batch.discounts[i] === 0 ? undefined : part(batch.nextActionMasks, i),
  }));
}

const textOf = ({ action, observation, next, mask, nextMask }: Row) =>
  `${action}: ${observation} (${mask}) > ${next} (${nextMask})`;

/** Draws until everything came that `size` promises; the same transition must be the same each time. In order of actions. */
function everything(replay: StoredReplay<ElementType>): Row[] {
  const { size } = replay;
  if (size === 0) return [];
  const random = new Generator(1);
  const batch = replay.createBatch(Math.min(size, 16));
  const found = new Map<number, Row>();
  const draws = 30 * size + 200;
  for (let drawn = 0; drawn < draws && found.size < size; drawn += batch.actions.length) {
    // What an earlier sample left must be overwritten.
    for (const array of Object.values(batch) as (Float32Array | undefined)[]) array?.fill(99);
    replay.sample(random, batch);
    for (const row of rowsOf(batch)) {
      const before = found.get(row.action);
      if (before === undefined) found.set(row.action, row);
      else if (textOf(row) !== textOf(before)) throw new Error(`${textOf(row)} is not ${textOf(before)}`);
    }
  }
  return [...found.values()].sort((a, b) => a.action - b.action);
}

interface Step {
  readonly action: number;
  readonly reward: number;
}
interface Episode {
  readonly frames: number[][];
  readonly masks: (readonly number[])[];
  readonly steps: Step[];
  end: 'running' | 'terminated' | 'truncated';
}

/** The model: keeps every step of every stream in arrays, and works out what can be drawn when it is asked. */
class ArrayModel {
  readonly #options: ReplayOptions;
  readonly #episodes: Episode[][];

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#episodes = Array.from({ length: options.streams ?? 1 }, () => []);
  }

  startEpisode(observation: ArrayLike<number>, stream = 0, mask: Uint8Array = new Uint8Array()): void {
    const last = this.#episodes[stream].at(-1);
    if (last?.end === 'running') last.end = 'truncated';
    this.#episodes[stream].push({
      frames: [this.#frame(observation)],
      masks: [Array.from(mask)],
      steps: [],
      end: 'running',
    });
  }

  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    next: ArrayLike<number>,
    stream = 0,
    nextMask: Uint8Array = new Uint8Array(),
  ): void {
    const episode = this.#episodes[stream].at(-1)!;
    episode.steps.push({ action, reward });
    episode.frames.push(this.#frame(next));
    episode.masks.push(Array.from(nextMask));
    if (terminated) episode.end = 'terminated';
    else if (truncated) episode.end = 'truncated';
  }

  #frame(observation: ArrayLike<number>): number[] {
    return Array.from(observation).slice(-this.#options.frameLength);
  }

  everything(): Row[] {
    const { bufferSize, streams = 1 } = this.#options;
    const all = this.#episodes.map((episodes, stream) => {
      const capacity = Math.floor(bufferSize / streams) + (stream < bufferSize % streams ? 1 : 0);
      return episodes.flatMap((episode) => this.#drawable(episode)).slice(-capacity);
    });
    return all.flat().sort((a, b) => a.action - b.action);
  }

  #drawable({ frames, masks, steps, end }: Episode): Row[] {
    const { nStep = 1, gamma, stack = 1, frameLength, padding, maskLength = 0 } = this.#options;
    const stackAt = (t: number) =>
      Array.from({ length: stack }, (_, i) => t - stack + 1 + i).flatMap((i) =>
        i >= 0 ? frames[i] : padding === 'first' ? frames[0] : Array<number>(frameLength).fill(0),
      );
    return steps.flatMap(({ action }, t): Row[] => {
      if (end === 'running' && t + nStep > steps.length) return [];
      const horizon = Math.min(t + nStep, steps.length);
      let reward = 0;
      for (let i = t; i < horizon; i++) reward += gamma ** (i - t) * Math.fround(steps[i].reward);
      const terminal = end === 'terminated' && horizon === steps.length;
      const discount = terminal ? 0 : gamma ** (horizon - t);
      const row = { action, observation: stackAt(t), reward, discount, next: stackAt(horizon) };
      if (maskLength === 0) return [row];
      return [{ ...row, mask: masks[t], nextMask: discount === 0 ? undefined : masks[horizon] }];
    });
  }
}

/** Equal: numbers of single precision within it, all else exactly. As text: deep comparisons of such arrays take seconds. */
function expectSame(got: readonly Row[], expected: readonly Row[]): void {
  expect(got.map(textOf)).toEqual(expected.map(textOf));
  for (const [i, { reward, discount }] of expected.entries()) {
    expect(Math.abs(got[i].reward - reward)).toBeLessThan(1e-6);
    expect(Math.abs(got[i].discount - discount)).toBeLessThan(1e-6);
  }
}

type Target = Pick<ArrayModel, 'startEpisode' | 'add'>;

/**
 * Plays random episodes into all targets; actions count the steps. Steps of the streams interleave at random, episodes end
 * in either way, in both, or are left, and some observations come as whole stacks, of which only the last frame counts.
 */
class RandomPlay {
  readonly #options: ReplayOptions;
  readonly #random: Generator;
  readonly #between: boolean[];
  #actions = 0;

  constructor(options: ReplayOptions, seed: number) {
    this.#options = options;
    this.#random = new Generator(seed);
    this.#between = Array<boolean>(options.streams ?? 1).fill(true);
  }

  observation(length = this.#options.frameLength): Uint8Array | Float32Array {
    const random = this.#random;
    return this.#options.elementType === 'uint8'
      ? Uint8Array.from({ length }, () => random.integers(256))
      : Float32Array.from({ length }, () => random.uniform(-1, 1));
  }

  mask(): Uint8Array | undefined {
    const { maskLength = 0 } = this.#options;
    return maskLength === 0 ? undefined : Uint8Array.from({ length: maskLength }, () => this.#random.integers(2));
  }

  play(steps: number, targets: readonly Target[]): void {
    const random = this.#random;
    const { frameLength, stack = 1 } = this.#options;
    const observe = () => this.observation(random.random() < 0.3 ? frameLength * stack : frameLength);
    for (let step = 0; step < steps; step++) {
      const stream = random.integers(this.#between.length);
      if (this.#between[stream] || random.random() < 0.02) {
        const [observation, mask] = [observe(), this.mask()];
        for (const target of targets) target.startEpisode(observation, stream, mask);
      }
      const chance = random.random();
      const [terminated, truncated] = [chance < 0.1, chance > 0.08 && chance < 0.15];
      const [action, reward, observation, mask] = [this.#actions++, random.uniform(-1, 1), observe(), this.mask()];
      for (const target of targets) target.add(action, reward, terminated, truncated, observation, stream, mask);
      this.#between[stream] = terminated || truncated;
    }
  }
}

describe.each(Object.entries(implementations))('%s', (_, make) => {
  describe.each(Object.entries(storages))('%s', (_, options) => {
    it('draws what an array of all steps says, at every moment', () => {
      const player = new RandomPlay(options, options.bufferSize);
      const rounds = new Generator(2);
      const [replay, model] = [make(options), new ArrayModel(options)];
      expect([replay.capacity, replay.size]).toEqual([options.bufferSize, 0]);
      for (let round = 0; round < 8; round++) {
        player.play(1 + rounds.integers(options.bufferSize), [replay, model]);
        const expected = model.everything();
        expect(replay.size).toBe(expected.length);
        expectSame(everything(replay), expected);
        if (replay.size === 0) continue;
        // Errors say how often a transition is drawn, never whether.
        const batch = replay.createBatch(Math.min(4, replay.size));
        replay.sample(new Generator(round), batch, 50);
        replay.updatePriorities(batch.indices, Float32Array.of(0.5, -1, 2, 0.7).subarray(0, batch.indices.length));
        expect(batch.weights.every((weight) => weight > 0 && weight <= 1)).toBe(true);
      }
      expect(replay.size).toBe(options.bufferSize);
    });

    it('goes on from a saved state as the one that saved it', () => {
      const [replay, restored, model] = [make(options), make(options), new ArrayModel(options)];
      const player = new RandomPlay(options, 1);
      player.play(options.bufferSize * 2 + 3, [replay, model]);
      // What it held before does not matter.
      new RandomPlay(options, 2).play(options.bufferSize, [restored]);
      // Snapshots may share memory with their owners, on both sides.
      const state = replay.saveState();
      const copy = structuredClone(state);
      restored.restoreState(state);
      for (const one of [replay, restored]) expectSame(everything(one), model.everything());
      const draws = [replay, restored].map((one) => ({ one, random: new Generator(5), batch: one.createBatch(1) }));
      for (let round = 0; round < 12; round++) {
        // In the midst of episodes.
        player.play(3, [replay, restored, model]);
        for (const { one, random, batch } of draws) {
          one.sample(random, batch, round * 10);
          one.updatePriorities(batch.indices, [round / 7 + 0.2]);
        }
        expect(draws[1].batch).toEqual(draws[0].batch);
      }
      for (const one of [replay, restored]) expectSame(everything(one), model.everything());
      expect(restored.saveState()).toEqual(replay.saveState());
      player.play(options.bufferSize * 3, [replay, restored, model]);
      for (const one of [replay, restored]) expectSame(everything(one), model.everything());
      // The snapshot stayed as it was while its owners went on.
      expect(state).toEqual(copy);
      const third = make(options);
      third.restoreState(state);
      expect(third.saveState()).toEqual(copy);
      third.restoreState(replay.saveState());
      expect(state).toEqual(copy);
    });

    it('says where the value of a transition comes from, slot by slot', () => {
      const [replay, model] = [make(options), new ArrayModel(options)];
      new RandomPlay(options, 3).play(options.bufferSize * 2 + 5, [replay, model]);
      const held = Array.from({ length: replay.slots }, (_, slot) => slot).filter((slot) => replay.holds(slot));
      const next = replay.createBatch(1).nextObservations;
      const seen = held.map((slot) => {
        replay.readNext(slot, next, 0);
        return String(Array.from(next));
      });
      expect(seen.sort()).toEqual(
        model
          .everything()
          .map((row) => String(Array.from(row.next)))
          .sort(),
      );
    });

    it('tells of each slot whose transition becomes ready, and of no other', () => {
      const replay = make(options);
      const player = new RandomPlay(options, 6);
      const batch = replay.createBatch(1, { nextObservations: false });
      const actionsBySlot = () =>
        Array.from({ length: replay.slots }, (_, slot) => {
          if (!replay.holds(slot)) return undefined;
          replay.store.read(slot, batch, 0);
          return batch.actions[0];
        });
      const told = new Set<number>();
      replay.onReady = (slot) => told.add(slot);
      let before = actionsBySlot();
      for (let step = 0; step < 2 * Math.min(options.bufferSize, 60); step++) {
        told.clear();
        player.play(1, [replay]);
        const after = actionsBySlot();
        const changed = after.flatMap((action, slot) =>
          action !== undefined && action !== before[slot] ? [slot] : [],
        );
        expect([...told].sort((a, b) => a - b)).toEqual(changed);
        before = after;
      }
    });

    it('draws the same without next observations, and by the generator alone', () => {
      const replay = make(options);
      new RandomPlay(options, 4).play(options.bufferSize * 2 + 5, [replay]);
      const [whole, again, without] = [{}, {}, { nextObservations: false }].map((wanted) =>
        replay.createBatch(1, wanted),
      );
      for (const batch of [whole, again, without]) replay.sample(new Generator(3), batch);
      expect(again).toEqual(whole);
      expect(without).toEqual({ ...whole, nextObservations: whole.nextObservations.slice(0, 0) });
    });
  });

  const pixels = { ...bytes, gamma: 0.5, frameLength: 1, stack: 2, bufferSize: 20 } as const;

  it.each([
    [1, 'terminated'],
    [1, 'truncated'],
    [4, 'terminated'],
    [4, 'truncated'],
    [9, 'terminated'],
    [9, 'truncated'],
  ] as const)('sums %i rewards of 1 as the geometric series, to an end that is %s', (nStep, end) => {
    const replay = make({ ...pixels, nStep });
    const length = 7;
    replay.startEpisode([0]);
    for (let t = 0; t < length; t++) {
      const over = t === length - 1;
      replay.add(t, 1, over && end === 'terminated', over && end === 'truncated', [t + 1]);
    }
    const expected = Array.from({ length }, (_, t) => {
      const summed = Math.min(nStep, length - t);
      const terminal = end === 'terminated' && t + nStep >= length;
      return [t, 2 - 2 * 0.5 ** summed, terminal ? 0 : 0.5 ** summed, t + summed];
    });
    const got = everything(replay).map(({ action, reward, discount, next }) => [action, reward, discount, next[1]]);
    expect(got).toEqual(expected);
  });

  it('a step waits for its n-step return, or for the end of its episode', () => {
    const replay = make({ ...pixels, nStep: 3 });
    replay.startEpisode([0]);
    const sizes = [1, 2, 3, 4].map((t) => {
      replay.add(t, 0, false, false, [t]);
      return replay.size;
    });
    expect(sizes).toEqual([0, 0, 1, 2]);
    replay.startEpisode([9]);
    expect(replay.size).toBe(4);
    replay.startEpisode([9]);
    expect(replay.size).toBe(4);
  });

  it('an episode that is begun again before its first step changes nothing of the one before', () => {
    const replay = make(pixels);
    replay.startEpisode([0]);
    replay.add(0, 1, true, false, [1]);
    replay.startEpisode([2]);
    replay.startEpisode([3]);
    replay.add(1, 1, false, false, [4]);
    expect(everything(replay).map(({ discount, next }) => [discount, ...next])).toEqual([
      [0, 0, 1],
      [0.5, 3, 4],
    ]);
  });

  it('terminated counts where an episode is said to be both terminated and truncated', () => {
    const replay = make(pixels);
    replay.startEpisode([0]);
    replay.add(0, 1, true, true, [1]);
    expect(everything(replay).map(({ discount }) => discount)).toEqual([0]);
  });

  it('copies what it is given', () => {
    const replay = make({ ...pixels, maskLength: 2 });
    const [observation, mask] = [Uint8Array.of(1), Uint8Array.of(1, 0)];
    replay.startEpisode(observation, 0, mask);
    observation[0] = 2;
    mask.reverse();
    replay.add(0, 1, false, false, observation, 0, mask);
    observation[0] = 77;
    mask.fill(0);
    expect(everything(replay)).toEqual([
      { action: 0, observation: [0, 1], reward: 1, discount: 0.5, next: [1, 2], mask: [1, 0], nextMask: [0, 1] },
    ]);
  });

  it.each([
    ['with masks', 4, true],
    ['without masks', 0, false],
    ['of an environment whose masks it does not store', 0, true],
  ] as const)('stores a step of every stream as steps one by one, %s', (_, maskLength, given) => {
    const options = { ...pixels, bufferSize: 90, streams: 3, nStep: 2, maskLength };
    const [replay, model] = [make(options), new ArrayModel(options)];
    const random = new Generator(8);
    const [observations, finalObservations] = [new Uint8Array(3), new Uint8Array(3)];
    const [terminations, truncations] = [new Uint8Array(3), new Uint8Array(3)];
    const [actionMasks, finalActionMasks] = [new Uint8Array(12), new Uint8Array(12)];
    const masks = (array: Uint8Array, n: number) => array.subarray(4 * n, 4 * n + 4);
    const show = (frames: Uint8Array, allowed: Uint8Array, n: number) => {
      frames[n] = random.integers(256);
      for (let action = 0; action < 4; action++) allowed[4 * n + action] = random.integers(2);
    };
    for (let n = 0; n < 3; n++) show(observations, actionMasks, n);
    replay.startEpisodes(observations, given ? actionMasks : undefined);
    for (let n = 0; n < 3; n++) model.startEpisode(observations.subarray(n, n + 1), n, masks(actionMasks, n));
    for (let t = 0; t < 80; t++) {
      const actions = Int32Array.from({ length: 3 }, (_, n) => 3 * t + n);
      const rewards = Float32Array.from({ length: 3 }, () => random.integers(-3, 4));
      for (let n = 0; n < 3; n++) {
        terminations[n] = Number(random.random() < 0.15);
        truncations[n] = Number(random.random() < 0.15);
        const over = terminations[n] + truncations[n] > 0;
        show(observations, actionMasks, n);
        if (over) show(finalObservations, finalActionMasks, n);
        const [frames, allowed] = over ? [finalObservations, finalActionMasks] : [observations, actionMasks];
        const ends = [terminations[n] === 1, truncations[n] === 1] as const;
        model.add(actions[n], rewards[n], ...ends, frames.subarray(n, n + 1), n, masks(allowed, n));
        if (over) model.startEpisode(observations.subarray(n, n + 1), n, masks(actionMasks, n));
      }
      const step = { observations, terminations, truncations };
      const anyEnds = terminations.includes(1) || truncations.includes(1);
      replay.addStep(actions, rewards, {
        ...step,
        ...(anyEnds && { finalObservations }),
        ...(given && { actionMasks, finalActionMasks }),
      });
    }
    expectSame(everything(replay), model.everything());
  });

  const masked = { ...pixels, streams: 2, maskLength: 2 };
  const allowed = Uint8Array.of(1, 1);
  const refusals: readonly [string, (replay: StoredReplay<ElementType>) => void, new (...args: never) => Error][] = [
    ['an observation of another length', (r) => r.add(9, 0, false, false, [1, 2, 3], 0, allowed), OptionError],
    ['floats among bytes', (r) => r.add(9, 0, false, false, Float32Array.of(0.5), 0, allowed), OptionError],
    ['a first observation of another length', (r) => r.startEpisode([], 0, allowed), OptionError],
    ['a stream that does not exist', (r) => r.startEpisode([1], 2, allowed), OptionError],
    ['a step of a stream that does not exist', (r) => r.add(9, 0, false, false, [1], -1, allowed), OptionError],
    ['a first observation without its mask', (r) => r.startEpisode([1], 0), OptionError],
    ['an observation without its mask', (r) => r.add(9, 0, false, false, [1], 0), OptionError],
    ['a mask of other actions', (r) => r.add(9, 0, false, false, [1], 0, Uint8Array.of(1)), OptionError],
    ['an action between two', (r) => r.add(1.5, 0, false, false, [1], 0, allowed), OptionError],
    ['an action below 0', (r) => r.add(-1, 0, false, false, [1], 0, allowed), OptionError],
    ['a reward that is no number', (r) => r.add(9, Number.NaN, false, false, [1], 0, allowed), OptionError],
    ['a reward without end', (r) => r.add(9, -Infinity, false, false, [1], 0, allowed), OptionError],
    ['a step before its episode', (r) => r.add(9, 0, false, false, [1], 1, allowed), OrderError],
  ];
  it.each(refusals)('refuses %s, and nothing changes', (_, call, error) => {
    const replay = make(masked);
    replay.startEpisode([1], 0, allowed);
    replay.add(0, 1, false, false, [2], 0, allowed);
    replay.startEpisode([3], 1, allowed);
    replay.add(1, 1, true, false, [4], 1, allowed);
    const before = replay.saveState();
    expect(() => call(replay)).toThrow(error);
    expect(replay.saveState()).toEqual(before);
    expect(everything(replay).map(({ action }) => action)).toEqual([0, 1]);
  });

  it('refuses to draw from nothing', () => {
    const replay = make({ ...pixels, nStep: 2 });
    const draw = () => replay.sample(new Generator(0), replay.createBatch(1));
    expect(draw).toThrow(OrderError);
    replay.startEpisode([1]);
    replay.add(0, 0, false, false, [2]);
    expect(draw).toThrow(OrderError);
    replay.add(1, 0, false, false, [3]);
    draw();
  });

  it.each([
    { bufferSize: 21 },
    { elementType: 'float32' },
    { frameLength: 2 },
    { stack: 3 },
    { padding: 'first' },
    { gamma: 0.4 },
    { nStep: 2 },
    { streams: 2 },
    { compression: 'lz' },
    { maskLength: 1 },
  ] as const)('refuses the state of one with %j, and stays as it was', (change) => {
    const [replay, other] = [make(pixels), make({ ...pixels, ...change })];
    replay.startEpisode([1]);
    replay.add(5, 0, false, false, [2]);
    const before = replay.saveState();
    const [[key, value]] = Object.entries(change);
    expect(() => replay.restoreState(other.saveState())).toThrow(MismatchError);
    expect(() => replay.restoreState(other.saveState())).toThrow(`${key} ${value}`);
    expect(replay.saveState()).toEqual(before);
  });
});
