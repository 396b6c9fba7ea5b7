/** Both ends of the channel in one thread: what a page sees of a training that a worker does. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { forge, forgeries } from '../../../test/fuzz/forged-checkpoints.ts';
import { applyChanges, changes } from '../../../test/fuzz/strangers.ts';
import { makeTroubled } from '../../../test/support/troubled-env.ts';
import type { Env } from '../../core/env.ts';
import { envEntry } from '../../core/env-entry.ts';
import { BellmanError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { makeFromKwargs, register } from '../../envs/registry.ts';
import { interpretGraphs } from '../../graph/index.ts';
import { createTrainingOn } from '../../runs/create-training.ts';
import type { JsonObject } from '../../runs/json.ts';
import { graphModelRunner } from '../../runs/model-runner.ts';
import { openAgent } from '../../runs/open-agent.ts';
import { runFromJson } from '../../runs/run-json.ts';
import { type CheckpointHeader, decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { evaluate } from '../../train/evaluate.ts';
import { makeTrainingEnv } from '../../train/training-env.ts';
import type { NewTraining, Port, ResumedTraining, TrainingHostOptions } from './protocol.ts';
import { RemoteTraining, TrainingLink } from './remote-training.ts';
import { serveTraining } from './serve-training.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

async function begin(start: NewTraining | ResumedTraining, options: TrainingHostOptions = {}): Promise<RemoteTraining> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveTraining(port2 as Port);
  return RemoteTraining.begin(new TrainingLink(port1 as Port, () => {}), start, options);
}

const taxi: NewTraining = { recipe: 'q-learning-taxi', seed: 3 };
const small = { learningStarts: 40, batchSize: 8, bufferSize: 200 };
const pole: NewTraining = { recipe: 'dqn-cart-pole', seed: 1, set: { 'network.hiddenSizes': [8], ...small } };
const interpreted = { runtime: 'interpreter' } as const;

/** What the next event of a name says. */
const next = <T>(training: RemoteTraining, name: string): Promise<T> =>
  new Promise((resolve) => {
    const hear = (event: Event): void => resolve((event as CustomEvent<T>).detail);
    (training as EventTarget).addEventListener(name, hear, { once: true });
  });

type Parts = Record<string, Snapshot>;

const refusal = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable(),
    (error: Error) => error,
  );

/** The state of a run after so many units, by a plain loop with no worker and nobody who watches. */
async function loop(config: JsonObject, units: number): Promise<unknown> {
  const run = await runFromJson(config, 'here');
  const makeEnv = (): Env<unknown, number> => makeFromKwargs(run.env, run.envKwargs) as Env<unknown, number>;
  const training = await createTrainingOn(
    {
      makeEnv,
      makeEnvs: async ({ environments, preprocessing }) => makeTrainingEnv(makeEnv, preprocessing, environments),
      runners: async () => ({ createRunner: interpretGraphs, createBackgroundRunner: undefined }),
      now: () => 0,
      memoryLimit: Number.POSITIVE_INFINITY,
    },
    run,
    async () => expect.unreachable(),
  );
  while (training.step < units) await training.advance({});
  return training.saveState();
}

const snapshotOf = (checkpoint: Uint8Array) => decodeCheckpoint(checkpoint, 'checkpoint');

it('does units when told to, and says where it stands', async () => {
  const training = await begin(taxi);
  expect(training.facts).toMatchObject({ unit: 'iterations', runtime: 'none', table: { nStates: 500, nActions: 6 } });
  expect(training.facts.actions).toEqual(['south', 'north', 'east', 'west', 'pickup', 'dropoff']);
  expect([training.state, training.progress.step]).toEqual(['paused', 0]);
  await training.step(700);
  expect([training.state, training.progress.step]).toEqual(['paused', 700]);
  const running = next(training, 'progress');
  await training.run();
  await running;
  expect(training.state).toBe('running');
  await training.pause();
  expect(training.state).toBe('paused');
  expect(training.progress.step).toBeGreaterThan(700);
});

describe('names that there are not', () => {
  const unknown = (name: string) => `Unknown option "${name}"`;
  it.each<[string, object, object]>([
    ['evn', { recipe: 'dqn-cart-pole', evn: 'CartPole-v1' }, {}],
    ['threads', { ...taxi, threads: 2 }, {}],
    ['setup', { checkpoint: new Uint8Array(), setup: 1 }, {}],
    ['runtme', taxi, { runtme: 'kernels' }],
    ['frame', taxi, { watch: { frame: 10 } }],
  ])('%s is refused', async (name, start, options) => {
    await expect(begin(start as NewTraining, options)).rejects.toThrow(unknown(name));
  });

  it('are refused of what is watched later', async () => {
    const training = await begin(taxi);
    await expect(training.watch({ frame: 10 } as object)).rejects.toThrow(unknown('frame'));
  });
});

describe('a training that is watched, asked and saved', () => {
  const noisy = { 'network.noisy': { sigma: 0.5 }, epsilonStart: 0, epsilonFinal: 0 };
  const cases: Record<string, NewTraining> = {
    'of a table': { recipe: 'q-learning-frozen-lake', seed: 2 },
    'of DQN': pole,
    'of a noisy network': { ...pole, set: { ...pole.set, ...noisy } },
    'of PQN': {
      recipe: 'pqn-cart-pole',
      seed: 1,
      set: { 'network.hiddenSizes': [8], environments: 4, rolloutSteps: 8 },
    },
  };
  it.each(Object.entries(cases))('%s, goes on with the bits of a plain loop', async (_, start) => {
    const training = await begin(start, { ...interpreted, watch: { frames: 1000, qvalues: 1000 } });
    const seen: string[] = [];
    for (const name of ['frame', 'qvalues'] as const) training.addEventListener(name, () => seen.push(name));
    await training.step(60);
    const values = await training.qValues();
    expect(await training.qValues()).toEqual(values);
    expect(values?.length).toBe(training.facts.actions?.length);
    const saved = await training.checkpoint();
    await training.step(40);
    expect(new Set(seen)).toEqual(new Set(['frame', 'qvalues']));
    const straight = snapshotOf(await training.checkpoint());
    const units = straight.header.step;
    expect(straight.snapshot).toEqual(await loop(training.config, units));

    const resumed = await begin({ checkpoint: saved }, interpreted);
    expect(resumed.progress.step).toBe(snapshotOf(saved).header.step);
    await resumed.step(40);
    expect(snapshotOf(await resumed.checkpoint())).toEqual(straight);
  });
});

describe('settings', () => {
  it('that may change while it learns change from the next unit on, and are written down', async () => {
    const training = await begin(pole, interpreted);
    await training.step(50);
    await training.set({ learningRate: 1e-5, epsilon: 0.25 });
    await training.step(1);
    const { snapshot, header } = snapshotOf(await training.checkpoint());
    expect(snapshot).toMatchObject({ epsilon: 0.25, learner: { learningRate: 1e-5 } });
    const constant = { learningRate: 1e-5, learningRateFinal: 1e-5, learningRateDecaySteps: 0 };
    expect(header.config).toMatchObject({ config: constant });
    expect(header.config?.['sources']).toMatchObject({ learningRate: { why: 'changed at step 50' } });
    expect(training.progress.epsilon).toBe(0.25);
  });

  it('leave schedules where they are when the run becomes longer', async () => {
    const set = { maxSteps: 4000, 'network.hiddenSizes': [8], environments: 4, rolloutSteps: 8, minibatches: 4 };
    const training = await begin({ recipe: 'pqn-cart-pole', seed: 1, set }, interpreted);
    // A fifth and all of 4000 steps: the recipe's shares of the run.
    const lengths = { epsilonDecaySteps: 800, learningRateDecaySteps: 4000 };
    expect(training.config['config']).toMatchObject(lengths);
    await training.set({ maxSteps: 8000 });
    const { header } = snapshotOf(await training.checkpoint());
    expect(header.config?.['config']).toMatchObject({ ...lengths, maxSteps: 8000 });
    const resumed = await begin({ checkpoint: await training.checkpoint() }, interpreted);
    expect(resumed.config['config']).toMatchObject({ ...lengths, maxSteps: 8000 });
    expect(resumed.progress.maxSteps).toBe(8000);
  });

  it('of a table act at once', async () => {
    const training = await begin({ ...taxi, set: { epsilonStart: 0, epsilonFinal: 0 } });
    await training.step(100);
    const before = snapshotOf(await training.checkpoint()).snapshot as { readonly q: unknown };
    await training.set({ alpha: 1e-300 });
    await training.step(100);
    // Steps as small as that leave numbers of any other size as they are.
    const { agent } = snapshotOf(await training.checkpoint()).snapshot as unknown as { agent: { q: Float64Array } };
    expect(agent.q.filter((value) => Math.abs(value) > 1e-200)).toEqual(
      (before as unknown as { agent: { q: Float64Array } }).agent.q.filter((value) => value !== 0),
    );
  });

  it.each([
    [{ batchSize: 4 }, /^set: got "batchSize", allowed is what may change while it learns: learningRate, /],
    [{ learningRate: -1 }, /^learningRate: got -1, allowed is/],
    [{ 'network.hiddenSizes': [4] }, /^set: got "network.hiddenSizes", allowed is what may/],
  ])('%o is refused by its name', async (settings, message) => {
    const training = await begin(pole, interpreted);
    const error = await refusal(training.set(settings));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ name: 'OptionError', code: 'BAD_OPTION' });
    // It goes on as if nothing had been asked.
    await training.step(5);
  });
});

it('ends by itself, says so, and goes on to another bound', async () => {
  const training = await begin({ ...taxi, set: { maxIterations: 5000 }, reward: -1e9 });
  const ended = next(training, 'end');
  await training.run();
  expect(await ended).toMatchObject({ solved: true, message: expect.stringMatching(/^Solved in \d+ iterations!$/) });
  expect(training.state).toBe('ended');
  const at = training.progress.step;
  await training.set({ rewardBound: 1000 });
  await training.step(10);
  expect(training.progress.step).toBe(at + 10);
});

it('plays episodes that it does not learn from', async () => {
  const training = await begin(pole, interpreted);
  await training.step(50);
  const before = await training.checkpoint();
  const played = await training.evaluate({ episodes: 3, seed: 7 });
  // CartPole pays 1 for each step that the pole stands.
  expect(played.map(({ steps, totalReward }) => totalReward - steps)).toEqual([0, 0, 0]);
  expect(played.every(({ steps }) => steps >= 8 && steps <= 500)).toBe(true);
  expect(await training.checkpoint()).toEqual(before);
  const { fileName, content } = await training.model();
  expect(fileName).toBe('best.onnx');
  const agent = await openAgent(
    { content, path: fileName },
    {},
    { createModelRunner: graphModelRunner(interpretGraphs) },
  );
  expect(await evaluate(agent, { episodes: 3, seed: 7 })).toEqual(played);
});

it('takes no pace but a number above 0, and no number of units but a whole one', async () => {
  const training = await begin(taxi);
  for (const unitsPerSecond of [0, -1, Number.NaN])
    expect(await refusal(training.run({ unitsPerSecond }))).toMatchObject({ code: 'BAD_OPTION' });
  for (const units of [0, 1.5, -3]) expect(await refusal(training.step(units))).toMatchObject({ code: 'BAD_OPTION' });
  expect(training.progress.step).toBe(0);
});

it('answers while it runs, between units', async () => {
  const training = await begin(pole, interpreted);
  await training.run();
  const [checkpoint, values] = await Promise.all([training.checkpoint(), training.qValues()]);
  expect(snapshotOf(checkpoint).header.step).toBeGreaterThan(0);
  expect(values).toHaveLength(2);
  await training.pause();
  const { header, snapshot } = snapshotOf(await training.checkpoint());
  expect(snapshot).toEqual(await loop(training.config, header.step));
});

describe('errors', () => {
  it('of a request keep their names and codes', async () => {
    const error = await refusal(begin({ recipe: 'dqn-cart-poel' }));
    expect(error).toBeInstanceOf(BellmanError);
    expect(error).toMatchObject({ name: 'UnknownNameError', message: expect.stringContaining('dqn-cart-pole') });
  });

  it('of a checkpoint say what it is', async () => {
    const damaged = await (await begin(taxi)).checkpoint();
    damaged[200] ^= 1;
    expect((await refusal(begin({ checkpoint: damaged }))).message).toMatch(/^The checkpoint: the file is damaged/);
    const none = await refusal(begin({ checkpoint: new Uint8Array(3) }));
    expect(none).toMatchObject({ name: 'FileFormatError', code: 'BAD_FILE' });
  });

  it.each<[string, string[], Snapshot | undefined]>([
    ['The saved training has step "x"', ['step'], 'x'],
    ['The saved training has no sampling', ['sampling'], undefined],
    ['The saved replay has streams {}', ['replay', 'streams'], {}],
    ['The saved network is Float32Array(1)', ['learner', 'online'], new Float32Array(1)],
    ['it says step 30 and holds 31', ['step'], 31],
  ])('of a forged checkpoint: %s', async (message, path, value) => {
    const training = await begin(pole, interpreted);
    await training.step(30);
    const { header, snapshot } = snapshotOf(await training.checkpoint());
    const owner = path.slice(0, -1).reduce((part, key) => part[key] as Parts, snapshot as Parts);
    if (value === undefined) delete owner[path.at(-1)!];
    else owner[path.at(-1)!] = value;
    const checkpoint = new Uint8Array(Buffer.concat(encodeCheckpoint(snapshot, header)));
    const error = await refusal(begin({ checkpoint }, interpreted));
    expect(error).toBeInstanceOf(BellmanError);
    expect(error).toMatchObject({
      code: 'MISMATCH',
      message: expect.stringMatching(/^The checkpoint does not fit the run/),
    });
    expect(error.message).toContain(message);
  });

  describe('of checkpoints that strangers made', () => {
    /** Begins with it and steps: what refused that, with the events that told so. */
    async function tryOut(snapshot: Snapshot, header: CheckpointHeader) {
      const checkpoint = new Uint8Array(Buffer.concat(encodeCheckpoint(snapshot, header)));
      const events: unknown[] = [];
      try {
        const training = await begin({ checkpoint }, interpreted);
        training.addEventListener('error', ({ detail }) => events.push(detail));
        await training.step(10);
        training.close();
        return { events };
      } catch (error) {
        return { error, events };
      }
    }
    const saved = async () => {
      const training = await begin(pole, interpreted);
      await training.step(45);
      return snapshotOf(await training.checkpoint());
    };
    const isTyped = (error: unknown) =>
      error instanceof BellmanError &&
      error.code !== '' &&
      !/\p{Cc}/u.test(error.message) &&
      error.message.length < 4000;

    it('states: one error with a code, or it goes on', async () => {
      const { header, snapshot } = await saved();
      let refused = 0;
      for (const forgery of fc.sample(forgeries, { numRuns: 80, seed: 11 })) {
        const { error, events } = await tryOut(forge(snapshot, forgery), header);
        if (error !== undefined) refused++;
        if (error !== undefined && !isTyped(error)) expect.unreachable(`${JSON.stringify(forgery)}: ${error}`);
        expect(events.length).toBeLessThanOrEqual(1);
      }
      expect(refused).toBeGreaterThan(40);
    });

    it('headers, with the configuration in them: one error with a code, or it goes on', async () => {
      const { header, snapshot } = await saved();
      let refused = 0;
      for (const list of fc.sample(changes, { numRuns: 80, seed: 12 })) {
        const { error, events } = await tryOut(snapshot, applyChanges(header, list) as CheckpointHeader);
        if (error !== undefined) refused++;
        if (error !== undefined && !isTyped(error)) expect.unreachable(`${JSON.stringify(list)}: ${error}`);
        expect(events.length).toBeLessThanOrEqual(1);
      }
      expect(refused).toBeGreaterThan(20);
    });
  });

  it('that end the training come as an event and refuse what was asked', async () => {
    register('Trouble-v0', envEntry({ create: () => makeTroubled({ trouble: 'throws' }), summary: '', options: {} }));
    const training = await begin({ recipe: 'q-learning', env: 'Trouble-v0', set: { rewardBound: null } });
    const told = next<{ name: string; code: string }>(training, 'error');
    const asked = await refusal(training.step(1_000_000));
    expect(await told).toMatchObject({ name: 'OptionError', code: 'BAD_OPTION', message: asked.message });
    expect(training.state).toBe('failed');
    expect((await refusal(training.run())).message).toBe(asked.message);
  });

  it('of a worker that is gone refuse everything', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    let ended = 0;
    serveTraining(port2 as Port);
    const link = new TrainingLink(port1 as Port, () => void ended++);
    const training = await RemoteTraining.begin(link, taxi, {});
    const told = next<{ message: string }>(training, 'error');
    const asked = refusal(training.checkpoint());
    link.lose('The worker of the training died: out of memory');
    expect(await asked).toMatchObject({ name: 'TrainingLostError', code: 'TRAINING_LOST' });
    expect((await told).message).toBe('The worker of the training died: out of memory');
    expect((await refusal(training.run())).message).toBe('The worker of the training died: out of memory');
    expect([training.state, ended]).toEqual(['failed', 1]);
  });

  it('tell apart what was closed', async () => {
    const training = await begin(taxi);
    training.close();
    expect(await refusal(training.step(1))).toMatchObject({
      name: 'TrainingLostError',
      message: 'The training was closed.',
    });
    expect(training.state).toBe('closed');
  });
});
