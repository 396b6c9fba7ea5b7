import { describe, expect, it } from 'vitest';
import { OptionError, UnknownNameError } from '../../core/errors.ts';
import { ANGLE_LIMIT, CartPoleEnv, X_LIMIT } from './cart-pole.ts';

describe('start', () => {
  it('is that of Gymnasium, also with other bounds', () => {
    const env = new CartPoleEnv();
    // Gymnasium's documentation: reset(seed=123, options={"low": -0.1, "high": 0.1}).
    const { observation } = env.reset({ seed: 123, options: { low: -0.1, high: 0.1 } });
    const documented = [0.03647037, -0.0892358, -0.05592803, -0.06312564];
    for (const [i, value] of documented.entries()) expect(observation[i]).toBeCloseTo(value, 7);
  });

  it.each([
    { low: 0.2, high: 0.1 },
    { low: 'a' },
    { high: null, low: 1 },
    { high: Number.POSITIVE_INFINITY },
  ])('%o is refused', (options) => {
    expect(() => new CartPoleEnv().reset({ seed: 0, options })).toThrow(OptionError);
  });
});

describe('step', () => {
  /** One step from rest by hand: x'' = (F - m l theta'' cos) / M with theta = 0. */
  it('follows the equations of motion', () => {
    const env = new CartPoleEnv();
    env.reset({ seed: 0, options: { low: 0, high: 0 } });
    const temp = 10 / 1.1;
    const thetaAcc = -temp / (0.5 * (4 / 3 - 0.1 / 1.1));
    const xAcc = temp - (0.05 * thetaAcc) / 1.1;
    const first = env.step(1).observation;
    expect([...first]).toEqual([0, Math.fround(0.02 * xAcc), 0, Math.fround(0.02 * thetaAcc)]);
    const second = env.step(0).observation;
    expect(second[0]).toBe(Math.fround(0.02 * 0.02 * xAcc));
    expect(second[2]).toBe(Math.fround(0.02 * 0.02 * thetaAcc));
  });

  it('moves by the new velocity with the semi-implicit integrator', () => {
    const env = new CartPoleEnv({ kinematicsIntegrator: 'semi-implicit-euler' });
    env.reset({ seed: 0, options: { low: 0, high: 0 } });
    const [x, xDot, theta, thetaDot] = env.step(1).observation;
    expect(x / xDot).toBeCloseTo(0.02, 7);
    expect(theta / thetaDot).toBeCloseTo(0.02, 7);
  });

  it.each([
    ['left', 0],
    ['right', 1],
  ])('ends when pushed %s all the time', (_, action) => {
    const env = new CartPoleEnv();
    env.reset({ seed: 4 });
    let steps = 0;
    for (;;) {
      const { observation, reward, terminated } = env.step(action);
      steps++;
      expect(reward).toBe(1);
      expect(terminated).toBe(Math.abs(observation[0]) > X_LIMIT || Math.abs(observation[2]) > ANGLE_LIMIT);
      expect(env.observationSpace.contains(observation)).toBe(true);
      if (terminated) break;
    }
    expect(steps).toBeLessThan(13);
  });

  it('ends when the cart leaves the track', () => {
    const env = new CartPoleEnv();
    env.reset({ seed: 0, options: { low: 0, high: 0 } });
    const saved = env.saveState() as Record<string, never>;
    for (const [x, over] of [
      [2.399, false],
      [2.4, true],
      [-2.4, true],
    ] as const) {
      env.restoreState({ ...saved, own: Float64Array.of(x, Math.sign(x), 0, 0) });
      expect(env.step(1).terminated).toBe(over || x + 0.02 > X_LIMIT);
    }
  });

  it('gives Sutton and Barto rewards when asked', () => {
    const env = new CartPoleEnv({ suttonBartoReward: true });
    env.reset({ seed: 4 });
    const rewards: number[] = [];
    for (;;) {
      const { reward, terminated } = env.step(1);
      rewards.push(reward);
      if (terminated) break;
    }
    expect(rewards.pop()).toBe(-1);
    expect(new Set(rewards)).toEqual(new Set([0]));
  });

  it('gives observations that may be kept', () => {
    const env = new CartPoleEnv();
    const first = env.reset({ seed: 1 }).observation;
    const copy = Float32Array.from(first);
    expect(env.step(0).observation).not.toBe(first);
    expect(first).toEqual(copy);
  });
});

describe('options', () => {
  it('are checked', () => {
    expect(() => new CartPoleEnv({ suttonBartoReward: 1 as never })).toThrow(OptionError);
    expect(() => new CartPoleEnv({ renderMode: 'ansi' as never })).toThrow(OptionError);
    expect(() => new CartPoleEnv({ kinematicsIntegrator: 'eulr' as never })).toThrow(UnknownNameError);
  });
});

describe('picture', () => {
  it('moves with the cart and leans with the pole', () => {
    const env = new CartPoleEnv({ renderMode: 'rgb_array' });
    env.reset({ seed: 0 });
    const saved = env.saveState() as Record<string, never>;
    /** Mean column of the pole's red tip (strong red, above the cart). */
    const tip = (x: number, theta: number): number => {
      env.restoreState({ ...saved, own: Float64Array.of(x, 0, theta, 0) });
      const frame = env.render();
      if (frame === undefined) throw new Error('no picture');
      expect([frame.width, frame.height]).toEqual([600, 400]);
      let sum = 0;
      let count = 0;
      for (let y = 0; y < 240; y++) {
        for (let column = 0; column < 600; column++) {
          const i = (y * 600 + column) * 3;
          if (frame.data[i] - frame.data[i + 2] < 110) continue;
          sum += column;
          count++;
        }
      }
      return sum / count;
    };
    expect(Math.abs(tip(0, 0) - 300)).toBeLessThan(2);
    expect(tip(1, 0) - tip(0, 0)).toBeCloseTo(125, 0);
    expect(tip(0, 0.2)).toBeGreaterThan(310);
    expect(tip(0, -0.2)).toBeLessThan(290);
  });
});
