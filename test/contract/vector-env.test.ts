/** What every vector of environments keeps to, against environments that are stepped one by one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtariVectorEnv } from '../../src/atari/index.ts';
import type { Env, Info } from '../../src/core/env.ts';
import { ActionError, MismatchError, OptionError, OrderError } from '../../src/core/errors.ts';
import { copyValue } from '../../src/core/trajectory.ts';
import { make } from '../../src/envs/index.ts';
import { ThreadedVectorEnv } from '../../src/node/threads/threaded-vector-env.ts';
import { makeWorkerVectorEnv } from '../../src/node/threads/worker-vector-env.ts';
import type { Discrete } from '../../src/spaces/index.ts';
import {
  type AnyVectorEnv,
  type AutoresetMode,
  infosOfEach,
  makeVec,
  type VectorReset,
  type VectorStep,
} from '../../src/vector/index.ts';
import { useAleCartridges } from '../support/ale-cartridges.ts';

const NUM_ENVS = 4;
const SEED = 5;
const STEPS = 90;

/** One environment by itself. */
type Member = Pick<Env, 'reset' | 'step'>;

interface Subject {
  readonly name: string;
  readonly modes: readonly AutoresetMode[];
  readonly masks: boolean;
  make(mode: AutoresetMode): AnyVectorEnv;
  /** One of its environments. */
  member(): Member;
}

const environments = {
  'CartPole-v1': { options: {}, masks: false },
  'Taxi-v4': { options: { maxEpisodeSteps: 9, isRainy: true }, masks: true },
} as const;
type Id = keyof typeof environments;
const ALL_MODES = ['next-step', 'same-step', 'disabled'] as const;

const kinds: Readonly<Record<string, (id: Id, autoresetMode: AutoresetMode) => AnyVectorEnv>> = {
  SyncVectorEnv: (id, autoresetMode) =>
    makeVec(id, NUM_ENVS, { envOptions: environments[id].options, autoresetMode, infos: false }),
  'ThreadedVectorEnv, 1 thread': (id, autoresetMode) =>
    new ThreadedVectorEnv(id, NUM_ENVS, { envOptions: environments[id].options, autoresetMode, threads: 1 }),
  'ThreadedVectorEnv, 3 threads': (id, autoresetMode) =>
    new ThreadedVectorEnv(id, NUM_ENVS, { envOptions: environments[id].options, autoresetMode, threads: 3 }),
  'WorkerVectorEnv, 2 threads': (id, autoresetMode) =>
    makeWorkerVectorEnv(id, NUM_ENVS, { envOptions: environments[id].options, autoresetMode, threads: 2 }),
};

/** A game by itself: a vector of one, whose reset without a seed is the step after an end. */
function atariMember(): Member {
  const alone = new AtariVectorEnv({
    game: 'breakout',
    numEnvs: 1,
    episodicLife: true,
    stackNum: 2,
    imgHeight: 20,
    imgWidth: 20,
  });
  const shown = ({ observations, infos }: VectorReset<unknown>) => ({ observation: observations, info: infos as Info });
  return {
    reset: (options) => {
      if (options?.seed !== undefined) return shown(alone.reset({ seed: options.seed }));
      return shown(alone.step(Int32Array.of(0)));
    },
    step: (action) => {
      const result = alone.step(Int32Array.of(action as number));
      const [terminated, truncated] = [result.terminations[0] === 1, result.truncations[0] === 1];
      return { ...shown(result), reward: result.rewards[0], terminated, truncated };
    },
  };
}

const subjects: readonly Subject[] = [
  ...Object.entries(kinds).flatMap(([name, kind]) =>
    (Object.keys(environments) as Id[]).map(
      (id): Subject => ({
        name: `${name} of ${id}`,
        modes: ALL_MODES,
        masks: environments[id].masks,
        make: (mode) => kind(id, mode),
        member: () => make(id, environments[id].options) as unknown as Env,
      }),
    ),
  ),
  {
    name: 'AtariVectorEnv of breakout',
    modes: ALL_MODES,
    masks: false,
    make: (autoresetMode) =>
      new AtariVectorEnv({
        ...{
          game: 'breakout',
          numEnvs: NUM_ENVS,
          episodicLife: true,
          stackNum: 2,
          imgHeight: 20,
          imgWidth: 20,
          autoresetMode,
        },
      }),
    member: atariMember,
  },
];

beforeAll(useAleCartridges);
const open: AnyVectorEnv[] = [];
afterAll(() => {
  for (const vector of open) vector.close();
});
function opened(subject: Subject, mode: AutoresetMode): AnyVectorEnv {
  const vector = subject.make(mode);
  open.push(vector);
  return vector;
}
/** Threads take a while to start: tests that begin with a seeded reset share their vectors. */
const used = new Map<string, AnyVectorEnv>();
function reused(subject: Subject, mode: AutoresetMode): AnyVectorEnv {
  const key = `${subject.name} ${mode}`;
  const vector = used.get(key) ?? opened(subject, mode);
  used.set(key, vector);
  return vector;
}

/** Some action for each environment, ever others. */
function actionsAt(vector: AnyVectorEnv, t: number): Int32Array {
  const { n } = vector.singleActionSpace as unknown as Discrete;
  return Int32Array.from({ length: NUM_ENVS }, (_, i) => ((t * (i + 3)) >> 1) % n);
}

function row(batch: unknown, i: number): number[] {
  const array = batch as Float32Array;
  const size = array.length / NUM_ENVS;
  return Array.from(array.subarray(i * size, (i + 1) * size));
}
const numbers = (member: unknown): number[] => (typeof member === 'number' ? [member] : Array.from(member as number[]));
const maskOf = (info: Info): number[] => Array.from(info['action_mask'] as Int8Array);

describe.each(subjects)('$name', (subject) => {
  it.each(subject.modes)('says what its environments say one by one, %s', async (mode) => {
    const vector = reused(subject, mode);
    const members = Array.from({ length: NUM_ENVS }, () => subject.member());
    const first = await vector.reset({ seed: SEED });
    for (const [i, member] of members.entries()) {
      const { observation, info } = member.reset({ seed: SEED + i });
      expect(row(first.observations, i)).toEqual(numbers(observation));
      if (subject.masks) expect(row(first.actionMasks, i)).toEqual(maskOf(info));
    }
    expect(first.actionMasks === undefined).toBe(!subject.masks);
    const over = new Array<boolean>(NUM_ENVS).fill(false);
    let ends = 0;
    for (let t = 0; t < STEPS; t++) {
      const actions = actionsAt(vector, t);
      const result = await vector.step(actions);
      for (const [i, member] of members.entries()) {
        const shown = { observation: result.observations, mask: result.actionMasks };
        let reset = mode === 'next-step' && over[i];
        if (reset) {
          over[i] = false;
          expect([result.rewards[i], result.terminations[i], result.truncations[i]]).toEqual([0, 0, 0]);
        } else {
          const step = member.step(actions[i]);
          over[i] = step.terminated || step.truncated;
          if (over[i]) ends++;
          const told = [result.rewards[i], result.terminations[i], result.truncations[i]];
          expect(told).toEqual([step.reward, Number(step.terminated), Number(step.truncated)]);
          reset = mode === 'same-step' && over[i];
          const last = reset ? { observation: result.finalObservations, mask: result.finalActionMasks } : shown;
          expect(row(last.observation, i)).toEqual(numbers(step.observation));
          if (subject.masks) expect(row(last.mask, i)).toEqual(maskOf(step.info));
        }
        if (!reset) continue;
        const { observation, info } = member.reset();
        expect(row(shown.observation, i)).toEqual(numbers(observation));
        if (subject.masks) expect(row(shown.mask, i)).toEqual(maskOf(info));
      }
      if (mode !== 'disabled' || !over.some(Boolean)) continue;
      await expect((async () => vector.step(actions))()).rejects.toThrow(OrderError);
      const { observations } = await vector.reset({ options: { reset_mask: over } });
      for (const [i, member] of members.entries()) {
        if (!over[i]) continue;
        expect(row(observations, i)).toEqual(numbers(member.reset().observation));
        over[i] = false;
      }
    }
    expect(ends).toBeGreaterThan(NUM_ENVS);
    expect((await vector.step(actionsAt(vector, 0))).finalObservations === undefined).toBe(mode !== 'same-step');
  });

  it('fills the same arrays at every call', async () => {
    const vector = reused(subject, 'same-step');
    const reset = await vector.reset({ seed: SEED });
    const arrays = (result: VectorReset<unknown>) => [result.observations, result.actionMasks];
    const fixed = arrays(reset);
    const step = await vector.step(actionsAt(vector, 1));
    const ofStep = ({ rewards, terminations, truncations, finalObservations, finalActionMasks }: VectorStep<unknown>) =>
      [rewards, terminations, truncations, finalObservations, finalActionMasks] as const;
    const fixedOfStep = ofStep(step);
    for (const result of [step, await vector.reset(), await vector.step(actionsAt(vector, 2))]) {
      for (const [k, array] of arrays(result).entries()) expect(array).toBe(fixed[k]);
      if (!('rewards' in result)) continue;
      for (const [k, array] of ofStep(result as VectorStep<unknown>).entries()) expect(array).toBe(fixedOfStep[k]);
    }
    const before = copyValue(arrays(step));
    const saved = await vector.saveState();
    for (let t = 3; t < 40; t++) await vector.step(actionsAt(vector, t));
    expect(arrays(step)).not.toEqual(before);
    await vector.restoreState(saved);
    expect(arrays(step)).toEqual(before);
    expect(vector.copy).toBe(false);
  });

  it.each(subject.modes)('goes on from a saved state, in the same vector or a fresh one, %s', async (mode) => {
    const vector = reused(subject, mode);
    await vector.reset({ seed: SEED });
    const play = async (one: AnyVectorEnv, from: number, to: number) => {
      const seen: unknown[] = [];
      for (let t = from; t < to; t++) {
        const { infos: _, finalObservations: _o, finalActionMasks: _m, ...result } = await one.step(actionsAt(one, t));
        seen.push(copyValue(result));
        const over = Array.from(result.terminations, (end, i) => end === 1 || result.truncations[i] === 1);
        if (mode === 'disabled' && over.some(Boolean)) await one.reset({ options: { reset_mask: over } });
      }
      return seen;
    };
    const before = await play(vector, 0, 33);
    const saved = structuredClone(await vector.saveState());
    const after = await play(vector, 33, 80);
    expect(after).not.toEqual(before);
    await vector.restoreState(saved);
    expect(await play(vector, 33, 80)).toEqual(after);
    if (mode !== 'same-step') return;
    const fresh = opened(subject, mode);
    await fresh.restoreState(saved);
    expect(await play(fresh, 33, 80)).toEqual(after);
  });

  it('refuses actions and calls before anything moves', async () => {
    const [vector, twin] = [opened(subject, 'same-step'), reused(subject, 'same-step')];
    const actions = actionsAt(vector, 1);
    await expect((async () => vector.step(actions))()).rejects.toThrow(OrderError);
    const some = { reset_mask: [true, true, true, false] };
    await expect((async () => vector.reset({ options: some }))()).rejects.toThrow(
      'Call reset() without reset_mask first.',
    );
    for (const one of [vector, twin]) await one.reset({ seed: [9, 3, 9, 2] });
    const bad = actions.slice();
    bad[NUM_ENVS - 1] = 99;
    for (const wrong of [bad, actions.subarray(1), Array.from(actions), Float32Array.from(actions), null]) {
      await expect((async () => vector.step(wrong))()).rejects.toThrow(ActionError);
    }
    const [seen, expected] = [await vector.step(actions), await twin.step(actions)];
    expect(seen.observations).toEqual(expected.observations);
    // The seeds were as told: environments 0 and 2 are alike, unless their actions differ.
    const { observations } = await vector.reset({ seed: [9, 3, 9, 2] });
    expect(row(observations, 0)).toEqual(row(observations, 2));
    for (const seed of [-1, 1.5, [1], [1, 2, 3, 'a']]) {
      await expect((async () => vector.reset({ seed: seed as never }))()).rejects.toThrow(OptionError);
    }
    const saved = (await vector.saveState()) as { envs: readonly unknown[] };
    const short = { ...saved, envs: saved.envs.slice(1) };
    await expect((async () => vector.restoreState(short as never))()).rejects.toThrow(MismatchError);
  });

  it('resets those that a mask names', async () => {
    const vector = reused(subject, 'next-step');
    await vector.reset({ seed: SEED });
    for (let t = 0; t < 3; t++) await vector.step(actionsAt(vector, t));
    const { observations } = await vector.step(actionsAt(vector, 3));
    const before = copyValue(observations);
    const options = { reset_mask: [false, true, false, false] };
    await vector.reset({ seed: [undefined, 30, undefined, undefined] as never, options });
    expect(row(observations, 1)).toEqual(numbers(subject.member().reset({ seed: 30 }).observation));
    for (const i of [0, 2, 3]) expect(row(observations, i)).toEqual(row(before, i));
    await expect((async () => vector.reset({ options: { reset_mask: [true] } }))()).rejects.toThrow(OptionError);
  });
});

describe('vectors of one kind of environment', () => {
  it.each(
    Object.keys(environments) as Id[],
  )('of %s, in threads too, save one state, which fits them all', async (id) => {
    const states: unknown[] = [];
    const vectors = Object.values(kinds).map((kind) => kind(id, 'same-step'));
    open.push(...vectors);
    for (const vector of vectors) {
      await vector.reset({ seed: SEED });
      for (let t = 0; t < 20; t++) await vector.step(actionsAt(vector, t));
      states.push(await vector.saveState());
    }
    for (const state of states) expect(state).toEqual(states[0]);
    for (const [k, vector] of vectors.entries()) {
      await vector.restoreState(states[(k + 1) % states.length] as never);
      expect(await vector.saveState()).toEqual(states[0]);
    }
  });

  it('bring the same infos from threads', async () => {
    const options = { envOptions: environments['Taxi-v4'].options, autoresetMode: 'same-step', infos: true } as const;
    const vectors: AnyVectorEnv[] = [
      makeVec('Taxi-v4', NUM_ENVS, options),
      new ThreadedVectorEnv('Taxi-v4', NUM_ENVS, { ...options, threads: 3 }),
      makeWorkerVectorEnv('Taxi-v4', NUM_ENVS, { ...options, threads: 2 }),
    ];
    open.push(...vectors);
    const [expected, ...told] = await Promise.all(
      vectors.map(async (vector) => {
        const infos = [infosOfEach((await vector.reset({ seed: 1 })).infos, NUM_ENVS)];
        for (let t = 0; t < 20; t++) infos.push(infosOfEach((await vector.step(actionsAt(vector, t))).infos, NUM_ENVS));
        return infos;
      }),
    );
    for (const infos of told) expect(infos).toEqual(expected);
    expect(expected.flat().some((info) => 'final_obs' in info)).toBe(true);
  });
});
