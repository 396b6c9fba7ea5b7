import { describe, expect, it } from 'vitest';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import type { DqnTraining } from './dqn-training.ts';
import { measureTraining, steadyStateConfig } from './steady-state.ts';

describe('steadyStateConfig', () => {
  const config = { ...dqnCartPole.config, bufferSize: 100, batchSize: 16, nStep: 3 };

  it('explores a tenth of the time from the start', () => {
    const { epsilonStart, epsilonFinal, epsilonDecaySteps } = steadyStateConfig(config, 50);
    expect([epsilonStart, epsilonFinal, epsilonDecaySteps]).toEqual([0.1, 0.1, 0]);
  });

  it.each([
    ['after the warm-up', {}, 50, 50],
    ['with a whole batch at least', {}, 5, 16],
    ['with a whole return at least', { nStep: 20 }, 5, 20],
    ['in a full buffer at most', {}, 500, 100],
  ])('learns %s', (_, change, warmup, expected) => {
    expect(steadyStateConfig({ ...config, ...change }, warmup).learningStarts).toBe(expected);
  });
});

describe('measureTraining', () => {
  it('times frames and gradient steps after a warm-up, and after a target sync', async () => {
    let time = 1000;
    const done: Record<string, number>[] = [{}];
    const note = (what: string, milliseconds: number) => {
      const last = done[done.length - 1];
      last[what] = (last[what] ?? 0) + 1;
      time += milliseconds;
    };
    const training = {
      advance: async () => note('frames', 5),
      learnOnce: async () => note('updates', 8),
      learner: { syncTarget: () => note('syncs', 1e6) },
    } as unknown as DqnTraining;
    const speed = await measureTraining(training, 10, 30, () => {
      done.push({});
      return time;
    });
    expect(speed).toEqual({ framesPerSecond: 200, msPerGradientStep: 8 });
    // Between looks at the clock.
    expect(done).toEqual([{ frames: 40 }, { frames: 30 }, { syncs: 1 }, { updates: 30 }, {}]);
  });
});
