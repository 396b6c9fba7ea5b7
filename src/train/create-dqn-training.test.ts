/** What is chosen where a DQN training is put together: its target network above all. Learning itself: examples/twins.test.ts. */
import { describe, expect, it } from 'vitest';
import { ByteWalk, byteNetwork } from '../../test/support/byte-walk.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { greedyBootstrap } from '../agents/bootstrap.ts';
import { categoricalValues } from '../agents/categorical.ts';
import type { QNetwork } from '../agents/dqn.ts';
import { type DqnConfig, parseDqnConfig } from '../agents/dqn-config.ts';
import { scalarValues } from '../agents/scalar.ts';
import { CachedTarget, LiveTarget } from '../agents/target/index.ts';
import type { Env } from '../core/env.ts';
import { type CreateBackgroundRunner, evaluate, interpretGraphs, modelSpec, mul } from '../graph/index.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { PrioritizedReplay, type Replay, UniformReplay } from '../replay/index.ts';
import { makeVec } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import type { DqnTrainingOptions } from './dqn-training.ts';

const config: DqnConfig = parseDqnConfig({
  ...dqnCartPole.config,
  ...{ network: { ...dqnCartPole.config.network, hiddenSizes: [8] }, bootstrap: { kind: 'greedy' }, nStep: 1 },
  ...{ batchSize: 8, bufferSize: 60, learningStarts: 20, targetUpdateInterval: 100, gradientClipNorm: 0 },
  ...{ learningRate: 1e-2, learningRateFinal: 1e-2, learningRateDecaySteps: 0, rewardBound: null, maxSteps: 10_000 },
  ...{ epsilonDecaySteps: 60, epsilonFinal: 0.1 },
});
const prioritized: DqnConfig['replay'] = {
  kind: 'prioritized',
  ...{ alpha: 0.7, betaStart: 0.3, betaFinal: 0.9, betaSteps: 200, epsilon: 1e-3, compression: 'none' },
};

const vectorOf = (make: () => unknown, environments = 1) =>
  makeVec(make as () => Env, environments, { autoresetMode: 'same-step' });
const bytes = (options: Parameters<typeof byteNetwork>[1] = {}): QNetwork => ({
  ...byteNetwork(3, options),
  values: scalarValues('huber'),
});

/** The interpreter in the guise of a background thread: what rows hold by the end of the wait is what counts. */
function background() {
  const calls = { created: 0, rows: 0 };
  const copies = (arrays: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, data.slice()]));
  const createBackgroundRunner: CreateBackgroundRunner = async (_, outputs, first) => {
    calls.created++;
    const [rows, length] = modelSpec(outputs, first).inputs['observations'].shape;
    const observations = new Uint8Array(rows * length);
    const q = new Float32Array(rows * 3);
    let constants = copies(first);
    return {
      ...{ rows, inputs: { observations }, outputs: { q } },
      setConstants: (next) => {
        constants = copies(next);
      },
      start: (count) => {
        calls.rows += count;
      },
      finish: () => q.set(evaluate([outputs['q']], { ...constants, observations })[0]),
      release: async () => {},
    };
  };
  return { calls, createBackgroundRunner };
}

const create = (change: Partial<DqnConfig> = {}, options: Partial<DqnTrainingOptions> = {}) =>
  createDqnTraining({
    config: { ...config, ...change },
    ...{ env: vectorOf(() => new ByteWalk(), change.environments), network: bytes(), seed: 3 },
    createRunner: interpretGraphs,
    ...options,
  });

/** A replay that is none of ours, though it does what ours does. */
function foreign(replay: Replay): Replay {
  return {
    capacity: replay.capacity,
    get size() {
      return replay.size;
    },
    createBatch: replay.createBatch.bind(replay),
    startEpisode: replay.startEpisode.bind(replay),
    startEpisodes: replay.startEpisodes.bind(replay),
    add: replay.add.bind(replay),
    addStep: replay.addStep.bind(replay),
    sample: replay.sample.bind(replay),
    updatePriorities: replay.updatePriorities.bind(replay),
    saveState: replay.saveState.bind(replay),
    restoreState: replay.restoreState.bind(replay),
  };
}
const storage = { bufferSize: 60, elementType: 'uint8', frameLength: 3, gamma: 0.99 } as const;

describe('the values of the target network are cached', () => {
  it.each<[string, Partial<DqnConfig>, Partial<DqnTrainingOptions>]>([
    ['with 100 updates between target syncs', {}, {}],
    ['whatever makes these 100: two updates a step', { targetUpdateInterval: 50, gradientSteps: 2 }, {}],
    ['or an update every other step', { targetUpdateInterval: 200, trainInterval: 2 }, {}],
    ['by the rule of double Q-learning', { bootstrap: { kind: 'double' } }, {}],
    ['of a prioritized replay', { replay: prioritized }, {}],
    ['of a replay that is given', {}, { replay: new UniformReplay(storage) }],
    [
      'of a network that says nothing of noise',
      {},
      { network: { ...bytes(), noise: undefined } as unknown as QNetwork },
    ],
    ['of a network that could be noisy and is not', {}, { network: { ...bytes(), noise: [] } }],
  ])('%s', async (_, change, options) => {
    expect((await create(change, options)).learner.target).toBeInstanceOf(CachedTarget);
  });

  const floats = () => vectorOf(() => new ByteWalk('float32'));
  const noisy = bytes({ layer: noisyLinear(0.5) });
  const atoms = categoricalValues({ atoms: 5, vMin: -5, vMax: 5 });
  const doubled = { ...scalarValues('huber'), expectedQ: (output: never) => mul(output, 2) };

  it.each<[string, Partial<DqnConfig>, Partial<DqnTrainingOptions>]>([
    ['with 99 updates between target syncs', { targetUpdateInterval: 99 }, {}],
    ['with 99 pairs of steps', { targetUpdateInterval: 198, trainInterval: 2 }, {}],
    ['with 49 pairs of updates', { targetUpdateInterval: 49, gradientSteps: 2 }, {}],
    ['of vectors', {}, { env: floats(), network: bytes({ inputDType: 'float32' }) }],
    ['of a noisy network', {}, { network: noisy }],
    ['of distributions', {}, { network: { ...byteNetwork(3, { width: 5 }), values: atoms } }],
    ['of numbers that are no action values yet', {}, { network: { ...bytes(), values: doubled } }],
    ["by Munchausen's rule", { bootstrap: { kind: 'munchausen', alpha: 0.9, temperature: 0.03, clip: -1 } }, {}],
    ['by an own rule', {}, { bootstrap: greedyBootstrap }],
    ['of an own replay', {}, { replay: foreign(new UniformReplay(storage)) }],
  ])('but not %s', async (_, change, options) => {
    expect((await create(change, options)).learner.target).toBeInstanceOf(LiveTarget);
  });
});

describe('where they are cached', () => {
  const weightsAfter = async (steps: number, change: Partial<DqnConfig>, options: Partial<DqnTrainingOptions> = {}) => {
    const training = await create(change, options);
    while (training.step < steps) await training.advance({});
    await training.close();
    return training.learner.online.checksum();
  };

  it.each<[string, number, Partial<DqnConfig>]>([
    ['one environment', 140, {}],
    [
      'three, two updates every fourth step',
      220,
      { environments: 3, trainInterval: 4, gradientSteps: 2, targetUpdateInterval: 200 },
    ],
  ])('weights are what they are without, in the background or not: %s', async (_, steps, change) => {
    const live = await weightsAfter(steps, change, { bootstrap: greedyBootstrap });
    expect(await weightsAfter(steps, change)).toBe(live);
    const { calls, createBackgroundRunner } = background();
    expect(await weightsAfter(steps, change, { createBackgroundRunner })).toBe(live);
    expect(calls.created).toBe(1);
    expect(calls.rows).toBeGreaterThan(20);
    // Target syncs count: there was one that moved the network.
    expect(await weightsAfter(steps, { ...change, targetUpdateInterval: 100_000 })).not.toBe(live);
  });

  it('draws by priorities are not predicted: nothing is done in the background', async () => {
    const { calls, createBackgroundRunner } = background();
    const live = await weightsAfter(150, { replay: prioritized }, { bootstrap: greedyBootstrap });
    expect(await weightsAfter(150, { replay: prioritized }, { createBackgroundRunner })).toBe(live);
    expect(calls).toEqual({ created: 0, rows: 0 });
  });

  it('batches need no next observations', async () => {
    for (const [bootstrap, length] of [
      [undefined, 0],
      [greedyBootstrap, 24],
    ] as const) {
      const replay = new UniformReplay<'uint8'>(storage);
      const { sample } = replay;
      const lengths: number[] = [];
      replay.sample = (random, batch) => {
        lengths.push(batch.nextObservations.length);
        sample.call(replay, random, batch);
      };
      await weightsAfter(22, {}, { replay: replay as Replay, bootstrap });
      expect(lengths).toEqual([length, length, length]);
    }
  });

  it('nothing is done in the background for a live target either', async () => {
    const { calls, createBackgroundRunner } = background();
    await create({ targetUpdateInterval: 10 }, { createBackgroundRunner });
    expect(calls.created).toBe(0);
  });
});

describe('a DQN training learns from bytes', () => {
  it('as from the same numbers in floats', async () => {
    const weights = async (dtype: 'uint8' | 'float32') => {
      const env = vectorOf(() => new ByteWalk(dtype), 2);
      const training = await create({ environments: 2 }, { env, network: bytes({ inputDType: dtype }) });
      while (training.step < 150) await training.advance({});
      return training.learner.online.checksum();
    };
    expect(await weights('uint8')).toBe(await weights('float32'));
  });
});

describe('what a DQN training is made of must fit', () => {
  const walk = () => vectorOf(() => new WalkEnv());
  const network = bytes({ inputDType: 'float32' });

  it.each<[string, QNetwork, string]>([
    ['type', bytes(), 'The network takes uint8 [3], the environment gives float32 [3].'],
    [
      'shape',
      { ...network, inputShape: [3, 1] },
      'The network takes float32 [3, 1], the environment gives float32 [3].',
    ],
    ['length', { ...network, inputShape: [4] }, 'The network takes float32 [4], the environment gives float32 [3].'],
    ['actions', { ...network, actions: 2 }, 'The network gives values of 2 actions, the environment has 3.'],
  ])('a network of another %s is refused', async (_, other, message) => {
    await expect(create({}, { env: walk(), network: other })).rejects.toThrow(message);
  });

  it('a network is made as the configuration says, where none is given', async () => {
    const { learner } = await create({}, { env: walk(), network: undefined });
    expect([...learner.online].map(({ name, data }) => [name, data.length])).toEqual([
      ['fc.0.weight', 24],
      ['fc.0.bias', 8],
      ['fc.2.weight', 24],
      ['fc.2.bias', 3],
    ]);
    const dueling = { network: { ...config.network, dueling: true } } as Partial<DqnConfig>;
    expect([...(await create(dueling, { env: walk(), network: undefined })).learner.online]).toHaveLength(8);
  });

  it('a replay must hold what learning starts with, and fit in memory', async () => {
    const replay = (bufferSize: number) => new UniformReplay({ ...storage, bufferSize });
    await expect(create({}, { replay: replay(19) })).rejects.toThrow('learningStarts: got 20, allowed is at most');
    await expect(create({}, { replay: replay(20) })).resolves.toBeDefined();
    await expect(create({}, { memoryLimit: 1000 })).rejects.toThrow(/^bufferSize: got 60, allowed is at most \d+/);
    await expect(create({}, { memoryLimit: 60 * (3 + 19) })).resolves.toBeDefined();
  });

  it('importance weights count with a prioritized replay alone', async () => {
    expect((await create({ replay: prioritized })).learner.reads('weights')).toBe(true);
    expect((await create({}, { replay: new PrioritizedReplay(storage) })).learner.reads('weights')).toBe(false);
  });
});
