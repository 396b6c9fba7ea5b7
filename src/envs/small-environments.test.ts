/** Hand-worked facts of the small environments; `test/oracle` compares whole runs with Gymnasium. */
import { describe, expect, it } from 'vitest';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { AcrobotEnv, BlackjackEnv, CliffWalkingEnv, make, makeFromKwargs, PendulumEnv } from './index.ts';

describe('CliffWalking', () => {
  it('costs 13 along the edge, and 100 for a fall that goes back to the start', () => {
    const env = new CliffWalkingEnv();
    expect(env.reset({ seed: 0 }).observation).toBe(36);
    expect(env.step(1)).toMatchObject({ observation: 36, reward: -100, terminated: false });
    let total = 0;
    for (const action of [0, ...Array<number>(11).fill(1), 2]) {
      const { observation, reward, terminated } = env.step(action);
      total += reward;
      expect(terminated).toBe(observation === 47);
    }
    expect(total).toBe(-13);
  });

  it('slips to both sides when wet', () => {
    const { model } = make('CliffWalkingSlippery-v1').unwrapped;
    const seen = model.transitions[25][0].map(({ probability, nextState }) => [probability, nextState]);
    expect(seen).toEqual([
      [1 / 3, 24],
      [1 / 3, 13],
      [1 / 3, 26],
    ]);
  });
});

describe('Blackjack', () => {
  /** An environment about to play with the given hands: [sum with aces as 1, has an ace, cards, first card]. */
  const hands = (
    options: object,
    dealer: [number, boolean, number, number],
    player: [number, boolean, number, number],
  ) => {
    const env = new BlackjackEnv(options);
    env.reset({ seed: 1 });
    const hand = ([hard, hasAce, count, first]: [number, boolean, number, number]) => ({ hard, hasAce, count, first });
    const saved = env.saveState() as { own: object };
    env.restoreState({ ...saved, own: { ...saved.own, dealer: hand(dealer), player: hand(player) } } as never);
    return env;
  };
  const natural: [number, boolean, number, number] = [11, true, 2, 1];
  const three: [number, boolean, number, number] = [21, false, 3, 7];

  it.each([
    ['pays 1 in the plain game', {}, [20, false, 2, 10], 1],
    ['pays 1.5 with natural', { natural: true }, [20, false, 2, 10], 1.5],
    ['draws against 21 of three cards', { natural: true }, three, 0],
    ['beats it in the rules of the book', { sab: true }, three, 1],
    ['draws against a natural in the rules of the book', { sab: true, natural: true }, natural, 0],
  ] as const)('a natural %s', (_, options, dealer, reward) => {
    expect(hands(options, [...dealer], natural).step(0)).toMatchObject({ reward, terminated: true });
  });

  it('shows a hidden card until the dealer has played', () => {
    const env = hands({ renderMode: 'ansi' }, [20, false, 2, 10], natural);
    expect(env.render()).toMatch(/^dealer {2}\S+ \?\nplayer {2}21 with a usable ace\n$/);
    env.step(0);
    expect(env.render()).toMatch(/ \.\.\. 20\n/);
  });
});

describe('Acrobot', () => {
  it('keeps its energy without torque', () => {
    const env = new AcrobotEnv({ dt: 0.01 });
    env.reset({ seed: 1, options: { low: 0.4, high: 0.6 } });
    /** Kinetic and potential energy of two rods with masses of 1 kg at their middles, joints and inertia 1. */
    const energy = (): number => {
      const [t1, t2, v1, v2] = (env.saveState() as unknown as { own: Float64Array }).own;
      const speed = 1 * v1 * v1 + 0.25 * (v1 + v2) ** 2 + 2 * 0.5 * v1 * (v1 + v2) * Math.cos(t2);
      const kinetic = 0.5 * (0.25 + 1) * v1 * v1 + 0.5 * speed + 0.5 * (v1 + v2) ** 2;
      return kinetic - 9.8 * (0.5 * Math.cos(t1) + Math.cos(t1) + 0.5 * Math.cos(t1 + t2));
    };
    const before = energy();
    for (let t = 0; t < 300; t++) env.step(1);
    expect(energy()).toBeCloseTo(before, 6);
  });
});

describe('Pendulum', () => {
  it('costs what the formula says', () => {
    const env = new PendulumEnv();
    env.reset({ seed: 0, options: { x_init: 0, y_init: 0 } });
    const { reward, observation } = env.step(Float32Array.of(2));
    expect(reward).toBeCloseTo(-0.004, 9);
    expect(observation[2]).toBeCloseTo(0.3, 7);
    expect(env.step(Float32Array.of(0)).reward).toBeCloseTo(-(0.015 ** 2 + 0.1 * 0.3 ** 2), 7);
  });
});

describe('options', () => {
  it.each([
    ['CliffWalking-v1', { is_slippery: 1 }],
    ['Blackjack-v1', { sab: 'yes' }],
    ['Blackjack-v1', { natural: null }],
    ['CartPole-v1', { gravity: 'strong' }],
    ['CartPole-v1', { masspole: 0 }],
    ['CartPole-v0', { tau: -0.1 }],
    ['MountainCar-v0', { goal_velocity: 'fast' }],
    ['MountainCarContinuous-v0', { goal_velocity: Number.NaN }],
    ['Acrobot-v1', { torque_noise_max: -1 }],
    ['Acrobot-v1', { dt: 0 }],
    ['Acrobot-v1', { avail_torque: [1, 2] }],
    ['Acrobot-v1', { book_or_nips: 3 }],
    ['Pendulum-v1', { g: [10] }],
    ['Pendulum-v1', { render_mode: 'ansi' }],
  ])('%s refuses %o', (id, kwargs) => {
    expect(() => makeFromKwargs(id, kwargs)).toThrow(OptionError);
  });

  it('names the nearest', () => {
    expect(() => makeFromKwargs('Acrobot-v1', { book_or_nips: 'nisp' })).toThrow('Did you mean "nips"?');
    expect(() => makeFromKwargs('Blackjack-v1', { sabb: true })).toThrow(UnknownNameError);
  });

  it.each([
    ['MountainCar-v0', { low: 0.2, high: 0.1 }],
    ['MountainCarContinuous-v0', { low: 'a' }],
    ['Acrobot-v1', { high: Infinity }],
    ['Pendulum-v1', { x_init: -1 }],
    ['Pendulum-v1', { y_init: 'a' }],
  ])('%s refuses to start with %o and stays as it was', (id, options) => {
    const env = makeFromKwargs(id);
    env.reset({ seed: 4 });
    const before = env.saveState();
    expect(() => env.reset({ options })).toThrow(OptionError);
    expect(env.saveState()).toEqual(before);
  });

  it.each([
    ['MountainCarContinuous-v0', 1],
    ['Pendulum-v1', 2],
  ])('%s refuses actions outside its box', (id, bound) => {
    const env = makeFromKwargs(id);
    env.reset({ seed: 0 });
    for (const action of [
      0,
      [0],
      Float32Array.of(Number.NaN),
      Float32Array.of(bound + 0.01),
      Float64Array.of(0),
      Float32Array.of(0, 0),
    ]) {
      expect(() => env.step(action)).toThrow(/is not in Box\(/);
    }
    env.step(Float32Array.of(bound));
  });
});
