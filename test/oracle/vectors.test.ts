/** Vector environments, in one thread and in several, against records of Gymnasium's SyncVectorEnv; `vectors.py` made
 * them. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import {
  ActionError,
  BellmanError,
  MismatchError,
  OptionError,
  OrderError,
  UnavailableError,
  UnknownNameError,
} from '../../src/core/errors.ts';
import type { Space } from '../../src/core/space.ts';
import { copyValue } from '../../src/core/trajectory.ts';
import { make } from '../../src/envs/index.ts';
import { makeWorkerVectorEnv } from '../../src/node/threads/worker-vector-env.ts';
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple } from '../../src/spaces/index.ts';
import {
  type AutoresetMode,
  batchDifferingSpaces,
  infosOfEach,
  makeVec,
  NormalizeVectorObservation,
  NormalizeVectorReward,
  SyncVectorEnv,
  type VectorInfo,
  type VectorReset,
  type VectorResetOptions,
  type VectorStep,
  WorkerVectorEnv,
} from '../../src/vector/index.ts';
import { TransformObservation } from '../../src/wrappers/index.ts';
import { makeCorridor } from '../support/corridor-maker.ts';
import { digest, numbers } from './digest.ts';

interface Run {
  env: string;
  n: number;
  mode: 'NextStep' | 'SameStep' | 'Disabled';
  kwargs: Record<string, number | boolean>;
  observationSpace: string;
  actionSpace: string;
  first: number[];
  sha256: string;
}
interface Wrapped extends Omit<Run, 'observationSpace'> {
  /** Null for large ones. */
  observationSpace: string | null;
  wrapper: 'NormalizeObservation' | 'NormalizeReward';
}
const { runs, wrapped, differing, steps }: { runs: Run[]; wrapped: Wrapped[]; differing: string[]; steps: number } =
  JSON.parse(readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8'));
const modes = { NextStep: 'next-step', SameStep: 'same-step', Disabled: 'disabled' } as const satisfies Record<
  string,
  AutoresetMode
>;

/** Both kinds of vector environments, as far as a run needs them. */
interface Vector {
  readonly observationSpace: unknown;
  readonly actionSpace: { seed(seed: number): void; sample(): unknown };
  reset(options?: VectorResetOptions): VectorReset<unknown> | Promise<VectorReset<unknown>>;
  step(actions: unknown): VectorStep<unknown> | Promise<VectorStep<unknown>>;
}

function tidy(value: unknown): unknown {
  if (value === null) return -1;
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  return typeof value === 'object' ? Object.values(value as object).map(tidy) : value;
}

function told(infos: VectorInfo): unknown[] {
  const keys = ['prob', '_prob', 'action_mask', '_action_mask', 'final_obs', '_final_obs'];
  const final = (infos['final_info'] ?? {}) as VectorInfo;
  const outer = keys.filter((key) => key in infos).map((key) => tidy(infos[key]));
  return [...outer, ...['prob', '_prob'].filter((key) => key in final).map((key) => tidy(final[key]))];
}

/** Observations of a Tuple are a list of arrays here as there. */
async function play(vector: Vector, mode: Run['mode']): Promise<unknown[]> {
  vector.actionSpace.seed(11);
  const { observations, infos } = await vector.reset({ seed: 11 });
  const lines: unknown[] = [[tidy(observations), told(infos)]];
  for (let t = 0; t < steps; t++) {
    const actions = vector.actionSpace.sample();
    const result = await vector.step(actions);
    const { rewards, terminations, truncations } = result;
    lines.push([actions, result.observations, rewards, terminations, truncations].map(tidy).concat(told(result.infos)));
    const over = Array.from(terminations, (ended, i) => ended === 1 || truncations[i] === 1);
    if (mode !== 'Disabled' || !over.some(Boolean)) continue;
    const reset = await vector.reset({ options: { reset_mask: over } });
    lines.push([tidy(reset.observations), told(reset.infos)]);
  }
  return lines;
}

function envOptions({ kwargs }: Pick<Run, 'kwargs'>): Record<string, unknown> {
  const names: Record<string, string> = {
    max_episode_steps: 'maxEpisodeSteps',
    is_rainy: 'isRainy',
    is_slippery: 'isSlippery',
  };
  return Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [names[key], value]));
}

describe.each(runs)('$n x $env, $mode', (run) => {
  const options = { envOptions: envOptions(run), autoresetMode: modes[run.mode] };

  it.each([false, true])('in one thread, copies %s', async (copy) => {
    const vector = makeVec(run.env, run.n, { ...options, copy });
    expect(String(vector.observationSpace)).toBe(run.observationSpace.replaceAll('int64', 'int32'));
    expect(String(vector.actionSpace)).toBe(run.actionSpace);
    const lines = await play(vector as Vector, run.mode);
    for (const [i, value] of run.first.entries()) expect(numbers(lines[1])[i]).toBeCloseTo(value, 6);
    expect(digest(lines)).toBe(run.sha256);
  });
});

const normalizers = {
  NormalizeObservation: NormalizeVectorObservation,
  NormalizeReward: NormalizeVectorReward,
} as const;

describe('statistics over all environments', () => {
  it.each(wrapped)('$wrapper on $n x $env, $mode', async (run) => {
    const vector = new normalizers[run.wrapper](
      makeVec(run.env, run.n, { envOptions: envOptions(run), autoresetMode: modes[run.mode] }),
    );
    if (run.observationSpace !== null) expect(String(vector.observationSpace)).toBe(run.observationSpace);
    const lines = await play(vector as Vector, run.mode);
    for (const [i, value] of run.first.entries()) expect(numbers(lines[1])[i]).toBeCloseTo(value, 6);
    expect(digest(lines)).toBe(run.sha256);
  });

  it.each(['NormalizeObservation', 'NormalizeReward'] as const)('%s goes on from a saved state', (name) => {
    const vector = new normalizers[name](makeVec('CartPole-v1', 3));
    vector.reset({ seed: 2 });
    const goOn = () =>
      JSON.stringify(Array.from({ length: 60 }, () => copyValue(vector.step(vector.actionSpace.sample()))));
    goOn();
    const saved = vector.saveState();
    const expected = goOn();
    vector.restoreState(saved);
    expect(goOn()).toBe(expected);
  });

  it('stand still when told to', () => {
    const vector = new NormalizeVectorObservation(makeVec('CartPole-v1', 2));
    vector.reset({ seed: 1 });
    vector.updateRunningMean = false;
    const { mean, count } = vector.statistics;
    const before = [...mean, count];
    vector.step(vector.actionSpace.sample());
    expect([...mean, vector.statistics.count]).toEqual(before);
  });

  it('refuse what does not fit', () => {
    const sameStep = makeVec('CartPole-v1', 2, { autoresetMode: 'same-step' });
    expect(() => new NormalizeVectorObservation(sameStep)).toThrow(/needs autoresetMode 'next-step', got 'same-step'/);
    expect(() => new NormalizeVectorObservation(makeVec('Blackjack-v1', 2))).toThrow(MismatchError);
    expect(() => new NormalizeVectorObservation(makeVec('CartPole-v1', 2), 0)).toThrow(OptionError);
    expect(() => new NormalizeVectorReward(sameStep, { gamma: 2 })).toThrow(OptionError);
    const options = { reset_mask: [true, false] };
    expect(() => new NormalizeVectorObservation(makeVec('CartPole-v1', 2)).reset({ options })).toThrow(OptionError);
  });
});

describe('spaces whose bounds differ', () => {
  const spaces: Space[][] = [
    [new Box(-1, 1, [2]), new Box([-2, 0], [3, 4])],
    [new Discrete(3), new Discrete(5, { start: -1 })],
    [new MultiDiscrete([2, 3]), new MultiDiscrete([4, 5], { start: [1, 2] })],
    [new MultiBinary(3), new MultiBinary(3)],
    [new Tuple([new Discrete(2), new Box(0, 1, [1])]), new Tuple([new Discrete(3), new Box(0, 2, [1])])],
    [new Dict({ a: new Discrete(2) }), new Dict({ a: new Discrete(7) })],
  ] as Space[][];
  it.each(differing.map((name, i) => [name, spaces[i]] as const))('%s', (name, list) => {
    expect(String(batchDifferingSpaces(list))).toBe(name.replaceAll('int64', 'int32'));
  });

  it('are batched when asked for', () => {
    const far = (): Env => new TransformObservation(make('CartPole-v1') as Env, (x) => x, new Box(-9, 9, [4]) as Space);
    const makers = [() => make('CartPole-v1') as Env, far];
    expect(() => new SyncVectorEnv(makers)).toThrow(MismatchError);
    const vector = new SyncVectorEnv(makers, { observationMode: 'different' });
    expect(vector.observationSpace.shape).toEqual([2, 4]);
    expect(vector.observationSpace.contains(vector.reset({ seed: 0 }).observations)).toBe(true);
    const options = { observationMode: 'some' as never };
    expect(() => new SyncVectorEnv(makers, options)).toThrow(OptionError);
    const lake = () => make('FrozenLake-v1') as Env;
    expect(() => new SyncVectorEnv([lake, far], { observationMode: 'different' })).toThrow(MismatchError);
  });
});

describe('in threads', () => {
  const open: { close(): void }[] = [];
  afterAll(() => {
    for (const vector of open) vector.close();
  });
  const threaded = (run: Run | Wrapped, threads: number) => {
    const options = { envOptions: envOptions(run), autoresetMode: modes[run.mode], threads };
    const vector = makeWorkerVectorEnv(run.env, run.n, options);
    open.push(vector);
    return vector;
  };

  it.each(
    runs.filter(({ env }) => env === 'FrozenLake-v1' || env === 'CartPole-v1'),
  )('$n x $env, $mode', async (run) => {
    const vector = threaded(run, 2);
    expect(digest(await play(vector as Vector, run.mode))).toBe(run.sha256);
  });

  it('goes on from a saved state, and shares memory', async () => {
    const [run] = runs.filter(({ env }) => env === 'CartPole-v1');
    const vector = threaded(run, 2);
    const { observations } = await vector.reset({ seed: 3 });
    expect((observations as unknown as Float32Array).buffer).toBeInstanceOf(SharedArrayBuffer);
    const goOn = async () => {
      const seen: unknown[] = [];
      for (let t = 0; t < 40; t++) seen.push(copyValue(await vector.step(vector.actionSpace.sample())));
      return JSON.stringify(seen);
    };
    await goOn();
    const saved = await vector.saveState();
    const expected = await goOn();
    await vector.restoreState(saved);
    expect(await goOn()).toBe(expected);
  });

  it('passes errors on and stays usable, until closed', async () => {
    const [run] = runs.filter(({ env, mode }) => env === 'FrozenLake-v1' && mode === 'Disabled');
    const vector = threaded(run, 3);
    await expect(vector.step(Int32Array.of(0, 0, 0))).rejects.toThrow(OrderError);
    await vector.reset({ seed: 1 });
    await expect(vector.step(Int32Array.of(0, 0, 4))).rejects.toThrow(ActionError);
    const both = [vector.step(Int32Array.of(0, 0, 0)), vector.step(Int32Array.of(0, 0, 0))];
    const [first, second] = await Promise.allSettled(both);
    expect(first.status).toBe('fulfilled');
    expect(String((second as PromiseRejectedResult).reason)).toMatch(/running/);
    let error: unknown;
    for (let t = 0; t < 60 && error === undefined; t++) {
      error = await vector.step(Int32Array.of(1, 1, 1)).then(
        () => undefined,
        (e: unknown) => e,
      );
    }
    expect(error).toBeInstanceOf(OrderError);
    await vector.reset({ seed: 1 });
    vector.close();
    await expect(vector.step(Int32Array.of(0, 0, 0))).rejects.toThrow(/closed/);
  });

  it('says what a page needs that has no shared memory', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    try {
      const port = { postMessage() {}, onMessage() {} };
      const make = (): unknown => new WorkerVectorEnv('FrozenLake-v1', 1, [port]);
      expect(make).toThrow(UnavailableError);
      expect(make).toThrow(
        /^Shared memory is missing: .*Cross-Origin-Opener-Policy: same-origin.* makeVec needs none\.$/,
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('refuses what does not exist, before a thread starts', () => {
    expect(() => makeWorkerVectorEnv('FrozenLak-v1', 2)).toThrow(UnknownNameError);
    expect(() => makeWorkerVectorEnv('FrozenLake-v1', 2, { threads: 3 })).toThrow(OptionError);
    expect(() => makeWorkerVectorEnv('FrozenLake-v1', 0)).toThrow(OptionError);
    expect(() => makeWorkerVectorEnv('FrozenLake-v1', 2, { thread: 2 } as never)).toThrow(UnknownNameError);
  });

  const corridors = new URL('../support/corridor-maker.ts', import.meta.url).href;
  it('steps an environment that no registry knows, made by a module', async () => {
    const source = { make: makeCorridor, module: corridors };
    const vector = makeWorkerVectorEnv(source, 3, { threads: 2, envOptions: { length: 4 } });
    open.push(vector);
    const alone = makeVec(makeCorridor, 3, { envOptions: { length: 4 } });
    expect(digest(await play(vector as Vector, 'NextStep'))).toBe(digest(await play(alone as Vector, 'NextStep')));
  });

  it('says so when the module has no such function', async () => {
    const source = { make: makeCorridor, module: corridors, name: 'makeMaze' };
    const vector = makeWorkerVectorEnv(source, 1, { envOptions: { length: 4 } });
    open.push(vector);
    await expect(vector.reset()).rejects.toThrow(/makeMaze.*a function that .*corridor-maker\.ts exports/);
  });

  it('normalizes over threads as over one', async () => {
    const run = wrapped.find(({ wrapper }) => wrapper === 'NormalizeReward')!;
    const vector = new NormalizeVectorReward(threaded(run, 2));
    expect(digest(await play(vector as Vector, run.mode))).toBe(run.sha256);
  });

  it('says so when the environment cannot be made there', async () => {
    const vector = makeWorkerVectorEnv('FrozenLake-v1', 1, { setup: 'file:///nowhere.js' });
    open.push(vector);
    await expect(vector.reset()).rejects.toThrow(BellmanError);
  });
});

describe('SyncVectorEnv', () => {
  const lakes = (n: number, options = {}) => makeVec('FrozenLake-v1', n, options);

  it('refuses what does not fit', () => {
    expect(() => new SyncVectorEnv([])).toThrow(OptionError);
    expect(() => new SyncVectorEnv([() => make('Taxi-v4'), () => make('CartPole-v1')])).toThrow(MismatchError);
    expect(() => lakes(1.5)).toThrow(OptionError);
    expect(() => lakes(2, { autoresetMode: 'next' })).toThrow(UnknownNameError);
    expect(() => lakes(2, { autoresetmode: 'next-step' })).toThrow(
      /^Unknown option "autoresetmode"\. Did you mean "autoresetMode"\?/,
    );
    expect(() => lakes(2, { isSlippery: false })).toThrow(UnknownNameError);
    expect(() => lakes(2, null as never)).toThrow(OptionError);
    expect(() => new SyncVectorEnv([() => make('Taxi-v4')], { envOptions: {} } as never)).toThrow(UnknownNameError);
    expect(() => lakes(2).step(Int32Array.of(0, 0))).toThrow(OrderError);
    for (const seed of [-1, 1.5, [1], [1, 'a']])
      expect(() => lakes(2).reset({ seed: seed as never })).toThrow(OptionError);
    for (const mask of [[true], [false, false], 'all', [2, 0]]) {
      expect(() => lakes(2).reset({ options: { reset_mask: mask } })).toThrow(OptionError);
    }
  });

  it.each([
    [[0, 0]],
    [Int32Array.of(0)],
    [Int32Array.of(0, 4)],
    [Float32Array.of(0, 1)],
    [Number.NaN],
    [null],
  ])('refuses the actions %o', (actions) => {
    const vector = lakes(2);
    vector.reset({ seed: 0 });
    expect(() => vector.step(actions)).toThrow(ActionError);
  });

  it('seeds each environment with the next number, or as told', () => {
    const vector = makeVec('CartPole-v1', 3, { copy: true });
    const { observations } = vector.reset({ seed: 5 }) as unknown as { observations: Float32Array };
    const alone = [5, 6, 7].map((seed) => Array.from(make('CartPole-v1').reset({ seed }).observation));
    expect(Array.from(observations)).toEqual(alone.flat());
    expect(vector.reset({ seed: [7, undefined, 5] }).observations).toHaveLength(12);
  });

  it('gives the same arrays unless asked for copies, and infos of each', () => {
    const vector = lakes(2);
    const first = vector.reset({ seed: 0 });
    expect(vector.step(Int32Array.of(1, 2)).observations).toBe(first.observations);
    expect(infosOfEach(first.infos, 2)).toEqual([{ prob: 1 }, { prob: 1 }]);
    const copies = lakes(2, { copy: true });
    const { observations } = copies.reset({ seed: 0 });
    expect(copies.step(Int32Array.of(1, 2)).observations).not.toBe(observations);
  });

  it('goes on from a saved state', () => {
    const vector = lakes(3);
    vector.reset({ seed: 2 });
    const goOn = () =>
      JSON.stringify(Array.from({ length: 60 }, () => copyValue(vector.step(vector.actionSpace.sample()))));
    goOn();
    const saved = vector.saveState();
    const expected = goOn();
    vector.restoreState(saved);
    expect(goOn()).toBe(expected);
  });
});
