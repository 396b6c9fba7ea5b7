/** Sequences against what was played, looked up in a log of everything. */
import { describe, expect, it } from 'vitest';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { Generator } from '../core/random/index.ts';
import { SequenceReplay, type SequenceReplayOptions } from './sequences.ts';

const [ENVIRONMENTS, GAMMA] = [3, 0.5];
const base: SequenceReplayOptions = {
  ...{ capacity: 90, environments: ENVIRONMENTS, shape: [2], elementType: 'float32', stateSize: 2 },
  ...{ burnIn: 2, length: 4, nStep: 3, overlap: 1, initialState: 'stored', gamma: GAMMA },
};
const STEPS = 2 + 4 + 3;

interface Logged {
  readonly state: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly end: number;
}

/** Plays on. Observations say who saw them when: [environment, step]. */
function play(replay: SequenceReplay, log: Logged[][], count: number, random: Generator): void {
  for (let i = 0; i < count; i++) {
    const t = log.length;
    const step = Array.from({ length: ENVIRONMENTS }, (_, n): Logged => {
      const end = [RUNNING, RUNNING, RUNNING, RUNNING, TERMINATED, TRUNCATED][random.integers(6) as number];
      return { state: [n + t / 1000, -t], action: random.integers(5) as number, reward: random.random(), end };
    });
    log.push(step);
    replay.addObservations(
      Float32Array.from(step.flatMap((_, n) => [n, t])),
      Float32Array.from(step.flatMap(({ state }) => state)),
    );
    replay.addStep(
      Int32Array.from(step, ({ action }) => action),
      step.map(({ reward }) => reward),
      Uint8Array.from(step, ({ end }) => end),
    );
  }
}

function expectRows(replay: SequenceReplay, log: readonly Logged[][], seen: Set<string>, zero: boolean): void {
  const batch = replay.createBatch(8);
  replay.sample(new Generator(log.length), batch);
  for (let row = 0; row < 8; row++) {
    const [environment, begin] = batch.observations.subarray(row * STEPS * 2, row * STEPS * 2 + 2);
    seen.add(`${environment} ${begin}`);
    expect(begin % 3).toBe(0);
    const at = (t: number) => log[begin + t][environment];
    const { state } = at(0);
    expect([...batch.state.subarray(row * 2, row * 2 + 2)]).toEqual(zero ? [0, 0] : state.map(Math.fround));
    for (let t = 0; t < STEPS; t++) {
      const to = row * STEPS + t;
      expect([...batch.observations.subarray(to * 2, to * 2 + 2)]).toEqual([environment, begin + t]);
      expect(batch.starts[to]).toBe(t > 0 && at(t - 1).end !== RUNNING ? 1 : 0);
    }
    for (let t = 0; t < 4; t++) {
      const to = row * 4 + t;
      const steps = [0, 1, 2].map((k) => at(2 + t + k));
      const last = steps.findIndex(({ end }) => end !== RUNNING);
      const counted = last < 0 ? steps : steps.slice(0, last + 1);
      expect(batch.actions[to]).toBe(steps[0].action);
      expect(batch.rewards[to]).toBeCloseTo(
        counted.reduce((sum, { reward }, k) => sum + GAMMA ** k * reward, 0),
        6,
      );
      expect(batch.discounts[to]).toBe(last < 0 ? GAMMA ** 3 : 0);
      expect(batch.weights[to]).toBe(last >= 0 && steps[last].end === TRUNCATED ? 0 : 1);
    }
  }
}

describe('a replay of sequences', () => {
  it.each([false, true])('draws what was played, over the ends of episodes and of the ring (zero: %s)', (zero) => {
    const replay = new SequenceReplay({ ...base, initialState: zero ? 'zero' : 'stored' });
    const log: Logged[][] = [];
    const random = new Generator(7);
    play(replay, log, STEPS - 1, random);
    expect(replay.sequences).toBe(0);
    expect(() => replay.sample(random, replay.createBatch(1))).toThrow('none that is whole');
    play(replay, log, 1, random);
    expect(replay.sequences).toBe(ENVIRONMENTS);
    for (let round = 0; round < 24; round++) {
      const seen = new Set<string>();
      for (let again = 0; again < 2; again++) expectRows(replay, log, seen, zero);
      expect(seen.size).toBeLessThanOrEqual(replay.sequences);
      play(replay, log, 1 + (round % 3), random);
    }
    // 30 steps of each environment: the sequences begin within them, 3 steps apart, and fit.
    expect(replay.size).toBe(90);
    const [first, last] = [Math.ceil((log.length - 30) / 3), Math.floor((log.length - STEPS) / 3)];
    expect(replay.sequences).toBe((last - first + 1) * ENVIRONMENTS);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const batch = replay.createBatch(8);
      replay.sample(random, batch);
      for (let row = 0; row < 8; row++)
        seen.add([...batch.observations.subarray(row * STEPS * 2, row * STEPS * 2 + 2)].join());
    }
    expect(seen.size).toBe(replay.sequences);
  });

  it.each([5, 14, 31, 50])('goes on from a saved state, after %i steps', (count) => {
    const straight = new SequenceReplay(base);
    const log: Logged[][] = [];
    play(straight, log, count, new Generator(3));
    const resumed = new SequenceReplay(base);
    play(resumed, [], 40, new Generator(9));
    const saved = structuredClone(straight.saveState());
    resumed.restoreState(saved);
    expect(resumed.saveState()).toEqual(saved);
    const again = [...log];
    play(straight, log, 17, new Generator(4));
    play(resumed, again, 17, new Generator(4));
    const [one, other] = [straight, resumed].map((replay) => {
      const batch = replay.createBatch(20);
      replay.sample(new Generator(1), batch);
      return batch;
    });
    expect(other).toEqual(one);
  });

  it('refuses a capacity without room for a sequence, or beyond the memory', () => {
    expect(() => new SequenceReplay({ ...base, capacity: 27 })).toThrow('bufferSize: got 27, allowed is at least 36');
    expect(() => new SequenceReplay({ ...base, memoryLimit: 1000 })).toThrow(
      'bufferSize: got 90, allowed is at most 50',
    );
  });
});
