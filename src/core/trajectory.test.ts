import { describe, expect, it } from 'vitest';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { continueTrajectory, copyValue, firstDifference, recordTrajectory, sameValue } from './trajectory.ts';

const [RIGHT, STAY] = [0, 1];

/** Two steps to the right end an episode; they pay 3 and 8, staying costs 1. */
const env = () => new ModelEnv(corridor([3, 8], -1));

describe('recordTrajectory', () => {
  it('resets with the seed, and again after every end', () => {
    const starts: unknown[] = [];
    const seen: (readonly [number, number])[] = [];
    const trajectory = recordTrajectory(env(), 5, [RIGHT, RIGHT, STAY, RIGHT, RIGHT, RIGHT], {
      onReset: ({ observation }) => starts.push(observation),
      onStep: ({ reward }, index) => seen.push([index, reward]),
    });
    expect(trajectory.start).toEqual({ observation: 0, info: {} });
    expect(trajectory.steps.map(({ observation, reward, terminated }) => [observation, reward, terminated])).toEqual([
      [1, 3, false],
      [2, 8, true],
      [0, -1, false],
      [1, 3, false],
      [2, 8, true],
      [1, 3, false],
    ]);
    expect(starts).toEqual([0, 0, 0]);
    expect(seen).toEqual([3, 8, -1, 3, 8, 3].map((reward, i) => [i, reward]));
    expect(trajectory.ended).toBe(false);
  });

  it('gives the seed to the first reset only', () => {
    const seeds: unknown[] = [];
    const one = env();
    const reset = one.reset.bind(one);
    one.reset = (options) => {
      seeds.push(options?.seed);
      return reset(options);
    };
    recordTrajectory(one, 7, [RIGHT, RIGHT, RIGHT]);
    expect(seeds).toEqual([7, undefined]);
  });

  it('knows that its last step ended an episode, and goes on from there', () => {
    const one = env();
    expect(recordTrajectory(one, 5, [RIGHT, RIGHT]).ended).toBe(true);
    const next = continueTrajectory(one, true, [STAY, RIGHT]);
    expect(next.start).toBeUndefined();
    expect(next.steps.map(({ observation }) => observation)).toEqual([0, 1]);
    // The episode runs on: no reset, and a truncated step ends it too.
    expect(continueTrajectory(one, false, [RIGHT]).steps[0]).toMatchObject({ reward: 8, terminated: true });
    const truncating = env();
    truncating.reset({ seed: 1 });
    const step = truncating.step.bind(truncating);
    truncating.step = (action) => ({ ...step(action), truncated: true });
    let resets = 0;
    const { ended } = continueTrajectory(truncating, false, [STAY, STAY], { onReset: () => resets++ });
    expect([ended, resets]).toEqual([true, 1]);
  });

  it('keeps copies: what an environment reuses does not change them', () => {
    const reused = { observation: Uint8Array.of(1), reward: 0, terminated: false, truncated: false, info: { n: [1] } };
    const one = env() as unknown as { reset: () => unknown; step: () => unknown };
    one.reset = () => reused;
    one.step = () => {
      reused.observation[0]++;
      reused.info.n[0]++;
      return reused;
    };
    const { start, steps } = recordTrajectory(one as never, 0, [0, 0]);
    expect(start?.observation).toEqual(Uint8Array.of(1));
    expect(steps.map(({ observation, info }) => [observation, info])).toEqual([
      [Uint8Array.of(2), { n: [2] }],
      [Uint8Array.of(3), { n: [3] }],
    ]);
  });
});

describe('firstDifference', () => {
  const step = (change: object = {}) => ({
    observation: 1 as unknown,
    reward: 0,
    terminated: false,
    truncated: false,
    info: {},
    ...change,
  });
  const of = (start: object | undefined, ...steps: object[]) =>
    ({ start: start && { observation: 0, info: {}, ...start }, steps, ended: false }) as never;
  it.each([
    ['nothing', of({}, step()), of({}, step()), undefined],
    ['no reset on either side', of(undefined, step()), of(undefined, step()), undefined],
    ['a reset on one side', of({}), of(undefined), 'reset: another observation'],
    ['the first observation', of({ observation: 1 }), of({}), 'reset: another observation'],
    ['the first info', of({ info: { a: 1 } }), of({}), 'reset: another info'],
    ['a reward', of({}, step(), step({ reward: 1 })), of({}, step(), step()), 'step 1: reward 1, then 0'],
    ['the end', of({}, step({ terminated: true })), of({}, step()), 'step 0: terminated true, then false'],
    ['truncation', of({}, step()), of({}, step({ truncated: true })), 'step 0: truncated false, then true'],
    ['info', of({}, step({ info: { a: 1 } })), of({}, step()), 'step 0: info another value'],
    ['a number', of({}, step({ observation: 2 })), of({}, step()), 'step 0: observation 2, then 1'],
    [
      'an array',
      of({}, step({ observation: Uint8Array.of(1) })),
      of({}, step({ observation: Uint8Array.of(2) })),
      'step 0: observation another value',
    ],
    [
      'the first of several',
      of({}, step(), step({ reward: 9 })),
      of({}, step({ reward: 3 })),
      'step 0: reward 0, then 3',
    ],
    ['length alone: the common part counts', of({}, step(), step()), of({}, step()), undefined],
    ['length alone, the other way', of({}, step()), of({}, step(), step()), undefined],
  ])('%s', (_name, a, b, expected) => {
    expect(firstDifference(a, b)).toBe(expected);
  });
});

describe('copyValue', () => {
  it('shares no array and no plain object with what it copies', () => {
    const original = { a: [1, { b: Float32Array.of(2) }], c: 'text', d: null, e: undefined };
    const copy = copyValue(original);
    expect(copy).toEqual(original);
    (original.a[1] as { b: Float32Array }).b[0] = 9;
    original.a[0] = 9;
    expect(copy).toEqual({ a: [1, { b: Float32Array.of(2) }], c: 'text', d: null, e: undefined });
  });
  it('shares what is neither', () => {
    const date = new Date(0);
    const view = new DataView(new ArrayBuffer(2));
    expect(copyValue({ date }).date).toBe(date);
    expect(copyValue(view)).toBe(view);
    expect(copyValue(null)).toBeNull();
    expect(copyValue(3n)).toBe(3n);
  });
  it('copies objects without a prototype', () => {
    const bare = Object.assign(Object.create(null), { x: [1] }) as { x: number[] };
    const copy = copyValue(bare);
    bare.x[0] = 2;
    expect(copy.x).toEqual([1]);
  });
});

describe('sameValue', () => {
  const date = new Date(0);
  it.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [1, 2, false],
    [Number.NaN, Number.NaN, true],
    [0, -0, false],
    ['a', 'a', true],
    [null, null, true],
    [null, {}, false],
    [{}, null, false],
    [{}, 1, false],
    [undefined, undefined, true],
    [[1, [2]], [1, [2]], true],
    [[1, [2]], [1, [3]], false],
    [[1], [1, 2], false],
    [[1, 2], [1], false],
    [[], {}, false],
    [{}, [], false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: undefined }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: 1, b: 1 }, { a: 1 }, false],
    [{ toString: undefined }, { b: undefined }, false],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2), true],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3), false],
    [Uint8Array.of(1), Uint8Array.of(1, 2), false],
    [Uint8Array.of(1), Int8Array.of(1), false],
    [Uint8Array.of(1), [1], false],
    [[1], Uint8Array.of(1), false],
    [Float32Array.of(Number.NaN), Float32Array.of(Number.NaN), true],
    [Float32Array.of(0), Float32Array.of(-0), false],
    [Object.create(null), {}, true],
    [date, date, true],
    [date, new Date(0), false],
    [new Map(), new Map(), false],
  ])('%o and %o: %s', (a, b, expected) => {
    expect(sameValue(a, b)).toBe(expected);
  });
});
