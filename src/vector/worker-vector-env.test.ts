/** What the two sides of a vector in threads say to each other, with both in one thread (test/contract and test/oracle try real ones). */
import { describe, expect, it } from 'vitest';
import { makeCorridor } from '../../test/support/corridor-maker.ts';
import { memoryPort } from '../../test/support/memory-port.ts';
import { makeTelling } from '../../test/support/telling-env.ts';
import { ActionError, BellmanError, MismatchError, OptionError, OrderError, UnknownNameError } from '../core/errors.ts';
import { copyValue } from '../core/trajectory.ts';
import { infosOfEach, makeVec, WorkerVectorEnv, type WorkerVectorOptions } from './index.ts';
import { serveVectorEnv } from './serve-vector-env.ts';
import type { VectorSource } from './vector-share.ts';

const corridors = new URL('../../test/support/corridor-maker.ts', import.meta.url).href;
const telling = new URL('../../test/support/telling-env.ts', import.meta.url).href;

function over(source: VectorSource, n: number, shares: number, options: WorkerVectorOptions = {}) {
  const ports = Array.from({ length: shares }, () => memoryPort());
  return { vector: new WorkerVectorEnv(source, n, ports, options), ports };
}

const seeds = [3, 1, 4, 1, 5];
const actionsAt = (t: number) => Int32Array.from({ length: 5 }, (_, i) => ((t * (i + 2)) >> 1) % 2);

describe('shares of 1, 2 and 2 environments', () => {
  it.each(['next-step', 'same-step', 'disabled'] as const)('say what one thread says, %s', async (autoresetMode) => {
    const { vector } = over('CartPole-v1', 5, 3, { autoresetMode });
    const alone = makeVec('CartPole-v1', 5, { autoresetMode, infos: true });
    expect(copyValue(await vector.reset({ seed: seeds }))).toEqual(copyValue(alone.reset({ seed: seeds })));
    let ends = 0;
    for (let t = 0; t < 40; t++) {
      const expected = copyValue(alone.step(actionsAt(t)));
      expect(copyValue(await vector.step(actionsAt(t)))).toEqual(expected);
      const over = Array.from(expected.terminations, Boolean);
      ends += over.filter(Boolean).length;
      if (autoresetMode !== 'disabled' || !over.includes(true)) continue;
      const mask = { options: { reset_mask: over } };
      expect(copyValue(await vector.reset(mask))).toEqual(copyValue(alone.reset(mask)));
    }
    expect(ends).toBeGreaterThan(3);
    vector.close();
  });

  it('save the state of one thread, and restore it over any number of shares', async () => {
    const options = { envOptions: { maxEpisodeSteps: 9, isRainy: true } };
    const alone = makeVec('Taxi-v4', 5, options);
    alone.actionSpace.seed(4);
    alone.reset({ seed: 2 });
    const rest = Array.from({ length: 30 }, (_, t) => actionsAt(t));
    for (const actions of rest.slice(0, 12)) alone.step(actions);
    const state = alone.saveState();
    const expected = rest.map((actions) => copyValue(alone.step(actions)));
    for (const shares of [1, 2, 5]) {
      const { vector } = over('Taxi-v4', 5, shares, { ...options, infos: true });
      await vector.restoreState(state);
      expect(await vector.saveState()).toEqual(state);
      for (const [t, actions] of rest.entries()) expect(copyValue(await vector.step(actions))).toEqual(expected[t]);
      // Draws of actions are the vector's own.
      alone.restoreState(state);
      expect(vector.actionSpace.sample()).toEqual(alone.actionSpace.sample());
      vector.close();
    }
  });

  it('restore what was saved before the first reset', async () => {
    const { vector } = over('CartPole-v1', 5, 2);
    const state = await vector.saveState();
    await vector.reset({ seed: 1 });
    await vector.restoreState(state);
    await expect(vector.step(actionsAt(0))).rejects.toThrow('Call reset() before step().');
    await expect(vector.restoreState(makeVec('CartPole-v1', 4).saveState())).rejects.toThrow(MismatchError);
  });

  it('are asked for their own rows only, and not stepped while one is over', async () => {
    const asked: unknown[][] = [[], []];
    const ports = asked.map((list) => memoryPort(list));
    const vector = new WorkerVectorEnv('CartPole-v1', 3, ports, { autoresetMode: 'disabled' });
    await vector.reset({ seed: 7, options: { low: -0.01, high: 0.01 } });
    const rest = { low: -0.01, high: 0.01 };
    expect(asked.map((list) => list[1])).toEqual([
      { kind: 'reset', seed: [7], options: { ...rest, reset_mask: [true] } },
      { kind: 'reset', seed: [8, 9], options: { ...rest, reset_mask: [true, true] } },
    ]);
    // The first leans to the right and falls, the others are held up a while longer by pushing left and right.
    let t = 0;
    let result = await vector.step(Int32Array.of(1, 0, 1));
    while (result.terminations[0] === 0) result = await vector.step(Int32Array.of(1, ++t % 2, (t + 1) % 2));
    expect([...result.terminations]).toEqual([1, 0, 0]);
    const count = asked[1].length;
    await expect(vector.step(Int32Array.of(0, 0, 0))).rejects.toThrow(OrderError);
    expect(asked[1]).toHaveLength(count);
    const standing = [...(result.observations as Float32Array)].slice(4);
    const { observations } = await vector.reset({ seed: [5, 6, 7], options: { reset_mask: [true, false, false] } });
    expect([...(observations as Float32Array)].slice(4)).toEqual(standing);
    expect(asked[1].at(-1)).toEqual({ kind: 'reset', seed: [6, 7], options: { reset_mask: [false, false] } });
    await vector.step(Int32Array.of(0, 0, 0));
  });

  it('are made by a function of a module, under its own name or another', async () => {
    const options = { envOptions: { length: 4 } };
    for (const name of [undefined, 'makeCorridor']) {
      const { vector } = over({ make: makeCorridor, module: corridors, name }, 3, 2, options);
      await vector.reset({ seed: 1 });
      let reward = 0;
      for (let t = 0; t < 4; t++) reward = (await vector.step(Int32Array.of(0, 0, 0))).rewards[2];
      expect(reward).toBe(1);
    }
    const { vector } = over({ make: makeCorridor, module: corridors, name: 'makeMaze' }, 1, 1, options);
    const failure = await vector.reset().catch((error) => error);
    expect(failure).toBeInstanceOf(BellmanError);
    expect(failure).toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('a function that ') });
  });

  it('bring infos with the number of their environment, or none', async () => {
    const infos = [{ a: 1 }, {}, { b: 'x' }, { a: 4 }];
    const source = { make: makeTelling, module: telling };
    for (const wanted of [true, false]) {
      const { vector } = over(source, 4, 2, { infos: wanted, autoresetMode: 'same-step' });
      const reset = await vector.reset({ seed: 0, options: { infos } });
      expect(infosOfEach(reset.infos, 4)).toEqual(wanted ? infos : [{}, {}, {}, {}]);
      const step = await vector.step(new Int32Array(4));
      const told = infosOfEach(step.infos, 4).map((info) => info['final_info']);
      expect(told).toEqual(wanted ? infos : new Array(4).fill(undefined));
    }
  });

  it('draw', async () => {
    const { vector } = over('FrozenLake-v1', 3, 2, { envOptions: { renderMode: 'ansi' } });
    await vector.reset({ seed: 1 });
    const frames = await vector.render();
    expect(frames).toHaveLength(3);
    for (const frame of frames) expect(frame).toContain('FFF\nFHFH\nFFFH');
  });

  it('copy on demand, and else fill the same arrays', async () => {
    for (const copy of [true, false]) {
      const { vector } = over('CartPole-v1', 2, 2, { copy });
      const first = await vector.reset({ seed: 1 });
      const seen = [...(first.observations as Float32Array)];
      const second = await vector.step(Int32Array.of(0, 1));
      expect(second.observations === first.observations).toBe(!copy);
      expect([...(first.observations as Float32Array)].join() === seen.join()).toBe(copy);
    }
  });
});

describe('calls', () => {
  it('run one at a time, in order, and not after the end', async () => {
    const { vector, ports } = over('CartPole-v1', 2, 2);
    await expect(vector.step(Int32Array.of(0, 0))).rejects.toThrow('Call reset() before step().');
    const first = vector.reset({ seed: 1 });
    await expect(vector.reset()).rejects.toThrow('A call of the vector environment is running');
    await first;
    for (const wrong of [Int32Array.of(0), Int32Array.of(0, 2), 'x', undefined])
      await expect(vector.step(wrong)).rejects.toThrow(ActionError);
    await vector.step(Int32Array.of(0, 1));
    const unanswered = vector.step(Int32Array.of(0, 1));
    // It has asked by then.
    await Promise.resolve();
    vector.close();
    await expect(unanswered).rejects.toThrow('The vector environment is closed.');
    await expect(vector.reset()).rejects.toThrow(OrderError);
    expect(ports.every(({ ended }) => ended)).toBe(true);
  });

  it('fail all when a thread ends by itself, with its reason', async () => {
    const { vector, ports } = over('CartPole-v1', 2, 2);
    await vector.reset({ seed: 1 });
    const waiting = vector.step(Int32Array.of(0, 1));
    await Promise.resolve();
    ports[1].breakDown(new Error('out of memory'));
    await expect(waiting).rejects.toThrow('out of memory');
    ports[0].breakDown(new Error('later'));
    await expect(vector.step(Int32Array.of(0, 1))).rejects.toThrow('out of memory');
  });

  it('throw the first error of any share once all have answered, and go on', async () => {
    const { vector } = over('CartPole-v1', 3, 3);
    await vector.reset({ seed: 1 });
    const state = (await vector.saveState()) as { envs: unknown[] };
    const broken = { ...state, envs: [state.envs[0], 'x', 5] } as never;
    const failure = await vector.restoreState(broken).catch((error) => error);
    expect(failure).toBeInstanceOf(BellmanError);
    await vector.restoreState(state as never);
    await vector.step(Int32Array.of(0, 1, 0));
  });
});

it.each<[string, () => unknown, new (...args: never) => Error]>([
  ['an unknown id', () => over('CartPol-v1', 1, 1), UnknownNameError],
  ['an unknown option', () => over('CartPole-v1', 1, 1, { info: true } as never), UnknownNameError],
  [
    'an option of the environment that there is not',
    () => over('CartPole-v1', 1, 1, { envOptions: { x: 1 } }),
    UnknownNameError,
  ],
  ['no environment', () => over('CartPole-v1', 0, 1), OptionError],
  ['half an environment', () => over('CartPole-v1', 1.5, 1), OptionError],
  ['no port', () => over('CartPole-v1', 2, 0), OptionError],
  ['more ports than environments', () => over('CartPole-v1', 2, 3), OptionError],
  ['another mode', () => over('CartPole-v1', 2, 1, { autoresetMode: 'never' as never }), UnknownNameError],
  ['a copy that is no boolean', () => over('CartPole-v1', 2, 1, { copy: 1 as never }), OptionError],
])('%s is refused at once', (_, make, error) => {
  expect(make).toThrow(error);
});

it('a share that is asked before it was told what it is says so', async () => {
  const answers: unknown[] = [];
  let ask: (message: unknown) => void = () => {};
  serveVectorEnv({
    postMessage: (message) => answers.push(message),
    onMessage: (handler) => {
      ask = handler;
    },
  });
  ask({ kind: 'step' });
  await new Promise((resolve) => setImmediate(resolve));
  const message = 'a vector environment was asked before it was started';
  expect(answers).toEqual([{ error: { code: 'FAILED', message } }]);
});
