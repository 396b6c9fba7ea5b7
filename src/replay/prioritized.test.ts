import { describe, expect, it } from 'vitest';
import { OptionError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { PrioritizedReplay, type PrioritizedReplayOptions } from './prioritized.ts';

const options = { elementType: 'float32', frameLength: 1, gamma: 1, bufferSize: 4, alpha: 0.5 } as const;

/** A replay of one episode of `steps` steps; action and observation are the step's number. */
function filled(
  steps: number,
  change: Partial<PrioritizedReplayOptions<'float32'>> = {},
): PrioritizedReplay<'float32'> {
  const replay = new PrioritizedReplay<'float32'>({ ...options, ...change });
  replay.startEpisode([0]);
  for (let i = 0; i < steps; i++) replay.add(i, 0, false, false, [i + 1]);
  return replay;
}

/** Samples until every transition was seen, and sets priorities by action. */
function setErrors(replay: PrioritizedReplay<'float32'>, errorOf: (action: number) => number): void {
  const batch = replay.createBatch(64);
  const random = new Generator(99);
  for (let i = 0; i < 10; i++) {
    replay.sample(random, batch);
    replay.updatePriorities(batch.indices, Array.from(batch.actions, errorOf));
  }
}

/** Relative frequency and weights by action. */
function frequencies(replay: PrioritizedReplay<'float32'>, batches: number) {
  const batch = replay.createBatch(8);
  const random = new Generator(7);
  const counts = new Map<number, number>();
  const weights = new Map<number, number>();
  for (let i = 0; i < batches; i++) {
    replay.sample(random, batch);
    for (let row = 0; row < 8; row++) {
      counts.set(batch.actions[row], (counts.get(batch.actions[row]) ?? 0) + 1);
      weights.set(batch.actions[row], batch.weights[row]);
    }
  }
  const actions = [...counts.keys()].sort((a, b) => a - b);
  return {
    actions,
    shares: actions.map((action) => counts.get(action)! / (8 * batches)),
    weights: actions.map((action) => weights.get(action)!),
  };
}

describe('PrioritizedReplay', () => {
  it('draws in proportion to |error|^alpha and weights by (N P)^-beta', () => {
    const replay = filled(4, { beta: 1, priorityEpsilon: 1e-12 });
    // Roots 1, 2, 3, 4: shares of a tenth.
    setErrors(replay, (action) => (action % 2 === 0 ? 1 : -1) * (action + 1) ** 2);
    const { actions, shares, weights } = frequencies(replay, 4000);
    expect(actions).toEqual([0, 1, 2, 3]);
    // Strata of an eighth make these better than independent draws: standard error below 0.5 / sqrt(32000).
    for (const [i, share] of [0.1, 0.2, 0.3, 0.4].entries()) expect(Math.abs(shares[i] - share)).toBeLessThan(0.01);
    // In proportion to 1/P; how they are scaled depends on the rarest of each batch, so only ratios are fixed.
    expect(weights[1] / weights[3]).toBeCloseTo(2, 5);
    expect(weights[1] / weights[2]).toBeCloseTo(1.5, 5);
  });

  it('takes one transition from each stratum', () => {
    const replay = filled(4);
    setErrors(replay, (action) => (action < 2 ? 1 : 0));
    // Nearly all mass on two transitions of equal priority: half of the batch each, in order, every time.
    const batch = replay.createBatch(8);
    const random = new Generator(1);
    for (let i = 0; i < 50; i++) {
      replay.sample(random, batch);
      const low = [...batch.actions].filter((action) => action === 0).length;
      expect(Math.abs(low - 4)).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    [0, [1, 1]],
    [0.5, [1, 1 / Math.SQRT2]],
    [1, [1, 0.5]],
  ])('beta %d', (beta, expected) => {
    const replay = filled(2, { priorityEpsilon: 1e-12 });
    setErrors(replay, (action) => (action === 0 ? 1 : 4));
    replay.beta = beta;
    const batch = replay.createBatch(6);
    replay.sample(new Generator(0), batch);
    // A third and two thirds of the mass: exactly two and four of six.
    expect([...batch.actions]).toEqual([0, 0, 1, 1, 1, 1]);
    expect(batch.weights[0]).toBeCloseTo(expected[0], 6);
    expect(batch.weights[5]).toBeCloseTo(expected[1], 6);
    expect(Math.max(...batch.weights)).toBe(1);
  });

  it('gives new transitions the largest priority so far', () => {
    const replay = filled(3, { priorityEpsilon: 1e-12 });
    setErrors(replay, (action) => (action === 2 ? 9 : 1));
    replay.add(3, 0, false, false, [4]);
    // Roots 1, 1, 3, 3.
    const { shares } = frequencies(replay, 4000);
    for (const [i, share] of [1, 1, 3, 3].entries()) expect(Math.abs(shares[i] - share / 8)).toBeLessThan(0.01);
  });

  it('draws neither dropped transitions nor those whose return is unknown', () => {
    const replay = filled(10, { nStep: 3 });
    // Eight returns are known, four fit.
    expect(frequencies(replay, 200).actions).toEqual([4, 5, 6, 7]);
    replay.startEpisode([50]);
    expect(frequencies(replay, 200).actions).toEqual([6, 7, 8, 9]);
    replay.add(10, 0, true, false, [51]);
    expect(frequencies(replay, 200).actions).toEqual([7, 8, 9, 10]);
  });

  it('draws only what fits when an episode ends with more returns than there is room', () => {
    const replay = filled(5, { nStep: 8, bufferSize: 2 });
    replay.add(5, 0, true, false, [6]);
    expect(frequencies(replay, 200).actions).toEqual([4, 5]);
  });

  it('passes over updates of transitions that are gone', () => {
    const replay = filled(6, { nStep: 3 });
    const batch = replay.createBatch(4);
    replay.sample(new Generator(0), batch);
    const stale = batch.indices.slice();
    // Six slots: the next four steps use those of the first transitions again, of which two are not ready yet.
    for (let i = 6; i < 10; i++) replay.add(i, 0, false, false, [i + 1]);
    replay.updatePriorities(stale, [1, 1, 1, 1]);
    expect(frequencies(replay, 200).actions).toEqual([4, 5, 6, 7]);
  });

  it('works with streams and continues a restored state with the same samples', () => {
    const change = { streams: 3, nStep: 2, bufferSize: 20 };
    const make = () => new PrioritizedReplay<'float32'>({ ...options, ...change });
    const [a, b] = [make(), make()];
    const play = (replay: PrioritizedReplay<'float32'>, seed: number) => {
      const random = new Generator(seed);
      const batch = replay.createBatch(5);
      const seen: unknown[] = [];
      for (let s = 0; s < 3; s++) replay.startEpisode([s], s);
      for (let i = 0; i < 100; i++) {
        const stream = random.integers(3);
        const end = random.random() < 0.2;
        replay.add(i, random.random(), end, false, [i], stream);
        if (end) replay.startEpisode([-i], stream);
        if (replay.size < 5) continue;
        replay.sample(random, batch);
        replay.updatePriorities(
          batch.indices,
          Array.from(batch.actions, () => random.uniform(-2, 2)),
        );
        seen.push([...batch.actions, ...batch.weights, ...batch.indices, ...batch.observations]);
      }
      return seen;
    };
    play(a, 1);
    play(b, 2);
    a.beta = 0.7;
    b.restoreState(a.saveState());
    expect(play(b, 3)).toEqual(play(a, 3));
    expect(b.saveState()).toEqual(a.saveState());
  });

  it('raises beta in a straight line over the steps that it is told', () => {
    const replay = filled(4, { beta: 0.4, betaFinal: 1, betaSteps: 300 });
    const batch = replay.createBatch(4);
    for (const [step, beta] of [
      [0, 0.4],
      [100, 0.6],
      [300, 1],
      [5000, 1],
    ] as const) {
      replay.sample(new Generator(0), batch, step);
      expect(replay.beta).toBeCloseTo(beta, 12);
    }
    const atOnce = filled(4, { beta: 0.4, betaFinal: 1 });
    atOnce.sample(new Generator(0), batch, 1);
    expect(atOnce.beta).toBe(1);
    expect(() => filled(0, { beta: 0.4, betaFinal: 0.3 })).toThrow(
      'betaFinal: got 0.3, allowed is a number from 0.4 to 1',
    );
    expect(() => filled(0, { betaSteps: -1 })).toThrow('betaSteps: got -1');
  });

  it('refuses what is out of range', () => {
    expect(() => new PrioritizedReplay({ ...options, alpha: 2 })).toThrow('alpha: got 2');
    expect(() => new PrioritizedReplay({ ...options, beta: -1 })).toThrow('beta: got -1');
    expect(() => new PrioritizedReplay({ ...options, priorityEpsilon: 0 })).toThrow('priorityEpsilon: got 0');
    const replay = filled(0);
    expect(() => replay.sample(new Generator(0), replay.createBatch(1))).toThrow(OrderError);
    replay.add(0, 0, false, false, [1]);
    expect(() => replay.updatePriorities(Int32Array.of(0), [NaN])).toThrow(OptionError);
  });
});
