/**
 * The trainings against their one-page twins: with the reference interpreter and the same seeds they end with equal weights,
 * bit for bit, whatever a configuration switches on. What the twins do not share with the trainings is the loop: when to act,
 * store, sync and learn, on what, with what.
 */
import { describe, expect, it } from 'vitest';
import { type DqnConfig, parseDqnConfig } from '../src/agents/dqn-config.ts';
import { doubleBootstrap, greedyBootstrap, munchausenBootstrap, scalarValues } from '../src/agents/index.ts';
import { parsePqnConfig } from '../src/agents/pqn-config.ts';
import { parseStreamQConfig } from '../src/agents/stream-q-config.ts';
import type { Env } from '../src/core/index.ts';
import { interpretGraphs, leakyRelu } from '../src/graph/index.ts';
import { make } from '../src/index.ts';
import { mlp } from '../src/nn/index.ts';
import { dqnCartPole } from '../src/recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../src/recipes/pqn.ts';
import { streamQCartPole } from '../src/recipes/stream-q.ts';
import { PrioritizedReplay, type Replay, UniformReplay } from '../src/replay/index.ts';
import { QLearningAgent } from '../src/tabular/index.ts';
import {
  createDqnTraining,
  createPqnTraining,
  createStreamQTraining,
  type TrainingObserver,
} from '../src/train/index.ts';
import { makeVec, type VectorEnv } from '../src/vector/index.ts';
import { LivesEnv } from '../test/support/lives-env.ts';
import { WalkEnv } from '../test/support/walk-env.ts';
import { qLearning } from './01-q-learning.ts';
import { dqn } from './02-dqn.ts';
import { pqn } from './03-pqn.ts';
import { streamQ } from './04-stream-q.ts';

const walks = (environments: number) => () =>
  makeVec(() => new WalkEnv() as Env, environments, { autoresetMode: 'same-step' }) as VectorEnv<Float32Array>;
const hidden = [8];
const silent = { onEpisode: () => undefined, createRunner: interpretGraphs };

const base: DqnConfig = parseDqnConfig({
  ...dqnCartPole.config,
  network: { ...dqnCartPole.config.network, hiddenSizes: hidden },
  bootstrap: { kind: 'greedy' },
  nStep: 1,
  batchSize: 8,
  bufferSize: 60,
  learningStarts: 20,
  learningRate: 1e-2,
  learningRateFinal: 1e-2,
  learningRateDecaySteps: 0,
  targetUpdateInterval: 10,
  gradientClipNorm: 0,
  epsilonDecaySteps: 60,
  epsilonFinal: 0.1,
  rewardBound: null,
  maxSteps: 240,
});
const prioritized = {
  kind: 'prioritized',
  alpha: 0.7,
  betaStart: 0.3,
  betaFinal: 0.9,
  betaSteps: 200,
  epsilon: 1e-3,
  compression: 'none',
} as const;

async function trained(config: DqnConfig, seed: number) {
  const env = walks(config.environments)();
  const training = await createDqnTraining({ config, env, seed, createRunner: interpretGraphs });
  while (training.end === undefined) await training.advance({});
  return training.learner.online.checksum();
}

async function twin(config: DqnConfig, seed: number) {
  const { replay: kind, bootstrap, gamma, nStep, bufferSize, environments } = config;
  const storage = { bufferSize, elementType: 'float32', frameLength: 3, gamma, nStep, streams: environments } as const;
  const isPrioritized = kind.kind === 'prioritized';
  const online = await dqn({
    ...config,
    ...silent,
    seed,
    env: walks(environments),
    network: { ...mlp({ inputShape: [3], actions: 3, hidden }), values: scalarValues('huber') },
    replay: (): Replay =>
      isPrioritized
        ? new PrioritizedReplay({ ...storage, alpha: kind.alpha, priorityEpsilon: kind.epsilon })
        : new UniformReplay(storage),
    bootstrap:
      bootstrap.kind === 'munchausen'
        ? munchausenBootstrap(bootstrap)
        : bootstrap.kind === 'double'
          ? doubleBootstrap
          : greedyBootstrap,
    ...(isPrioritized
      ? {
          beta: (step: number) =>
            kind.betaStart + (kind.betaFinal - kind.betaStart) * Math.min(1, step / kind.betaSteps),
        }
      : {}),
  });
  return online.checksum();
}

describe('DQN', () => {
  const plain = twin(base, 7);

  it.each<[string, Partial<DqnConfig>]>([
    ['as it is', {}],
    ['rewards clipped', { clipReward: true }],
    ['an update every 3 steps', { trainInterval: 3 }],
    ['2 gradient steps', { gradientSteps: 2 }],
    ['a falling learning rate', { learningRateFinal: 1e-4, learningRateDecaySteps: 200 }],
    ['a clipped gradient norm', { gradientClipNorm: 0.05 }],
    ['3-step returns', { nStep: 3 }],
    ['double', { bootstrap: { kind: 'double' } }],
    ["Munchausen's term", { bootstrap: { kind: 'munchausen', alpha: 0.9, temperature: 0.03, clip: -1 } }],
    ['prioritized replay', { replay: prioritized }],
    ['4 environments', { environments: 4 }],
    [
      '4 environments, an update every 3 steps, 2 gradient steps',
      { environments: 4, trainInterval: 3, gradientSteps: 2 },
    ],
    [
      '3 environments, prioritized, 2-step, double',
      { environments: 3, replay: prioritized, nStep: 2, bootstrap: { kind: 'double' } },
    ],
    ['soft target updates', { targetUpdateInterval: 1, targetUpdateRate: 0.05 }],
    ['a longer start and exploration', { learningStarts: 50, epsilonDecaySteps: 400 }],
  ])('%s', async (name, change) => {
    const config = parseDqnConfig({ ...base, ...change });
    const expected = await twin(config, 7);
    expect(await trained(config, 7)).toBe(expected);
    // What a change does must show, or the row says nothing of it.
    if (name !== 'as it is') expect(expected).not.toBe(await plain);
  });

  it('depends on the seed', async () => {
    expect(await trained(base, 8)).toBe(await twin(base, 8));
    expect(await trained(base, 8)).not.toBe(await plain);
  });
});

it('DQN with truncatedAsTerminal learns as if time limits terminated', async () => {
  class TerminalWalk extends WalkEnv {
    override step(action: number) {
      const result = super.step(action);
      return { ...result, terminated: result.terminated || result.truncated, truncated: false };
    }
  }
  const config = parseDqnConfig({ ...base, environments: 2 });
  const env = makeVec(() => new TerminalWalk() as Env, 2, { autoresetMode: 'same-step' });
  const training = await createDqnTraining({ config, env, seed: 7, createRunner: interpretGraphs });
  while (training.end === undefined) await training.advance({});
  const expected = training.learner.online.checksum();
  expect(await trained(parseDqnConfig({ ...config, truncatedAsTerminal: true }), 7)).toBe(expected);
  expect(await trained(config, 7)).not.toBe(expected);
});

describe('PQN', () => {
  const environments = 4;
  const base = parsePqnConfig({
    ...pqnCartPole.config,
    network: { ...pqnCartPole.config.network, hiddenSizes: hidden },
    environments,
    rolloutSteps: 8,
    minibatches: 4,
    epochs: 2,
    learningRate: 1e-2,
    learningRateFinal: 1e-2,
    learningRateDecaySteps: 0,
    gradientClipNorm: 0,
    averageDecay: 0,
    epsilonDecaySteps: 100,
    epsilonFinal: 0.1,
    rewardBound: null,
    maxSteps: 192,
  });

  async function trained(config: typeof base) {
    const env = walks(environments)();
    const training = await createPqnTraining({ config, env, seed: 7, createRunner: interpretGraphs });
    while (training.end === undefined) await training.advance({});
    return training.learner.online.checksum();
  }
  async function twin(config: typeof base) {
    const network = { ...mlp({ inputShape: [3], actions: 3, hidden, layerNorm: true }), values: scalarValues('mse') };
    return (await pqn({ ...config, ...silent, seed: 7, env: walks(environments), network })).checksum();
  }
  const plain = twin(base);

  it.each<[string, Partial<typeof base>]>([
    ['as it is', {}],
    ['rewards clipped', { clipReward: true }],
    ['one epoch, one minibatch', { epochs: 1, minibatches: 1 }],
    ['one-step targets', { lambda: 0 }],
    ['a falling learning rate', { learningRateFinal: 1e-4, learningRateDecaySteps: 150 }],
    ['a clipped gradient norm', { gradientClipNorm: 0.05 }],
  ])('%s', async (name, change) => {
    const config = parsePqnConfig({ ...base, ...change });
    const expected = await twin(config);
    expect(await trained(config)).toBe(expected);
    if (name !== 'as it is') expect(expected).not.toBe(await plain);
  });
});

describe('StreamQ', () => {
  const base = parseStreamQConfig({
    ...streamQCartPole.config,
    network: { ...streamQCartPole.config.network, hiddenSizes: hidden },
    sparsity: 0.5,
    epsilonDecaySteps: 100,
    epsilonFinal: 0.1,
    rewardBound: null,
    maxSteps: 200,
  });

  async function trained(config: typeof base) {
    const training = await createStreamQTraining({ config, env: walks(1)(), seed: 7, createRunner: interpretGraphs });
    while (training.end === undefined) await training.advance({});
    return training.learner.online.checksum();
  }
  async function twin({ learningRate: alpha, ...config }: typeof base) {
    const layers = { layerNorm: true, affineNorm: false, activation: leakyRelu };
    const network = { ...mlp({ inputShape: [3], actions: 3, hidden, ...layers }), values: scalarValues('mse') };
    return (await streamQ({ ...config, alpha, ...silent, seed: 7, env: walks(1), network })).checksum();
  }
  const plain = twin(base);

  it.each<[string, Partial<typeof base>]>([
    ['as it is', {}],
    ['rewards clipped', { clipReward: true, scaleReward: false }],
    ['rewards and observations as they are', { scaleReward: false, standardizeObservations: false }],
    ['one-step targets', { lambda: 0 }],
    ['small steps', { learningRate: 0.01, kappa: 1 }],
    ['every weight from the start', { sparsity: 0 }],
  ])('%s', async (name, change) => {
    const config = parseStreamQConfig({ ...base, ...change });
    const expected = await twin(config);
    expect(await trained(config)).toBe(expected);
    if (name !== 'as it is') expect(expected).not.toBe(await plain);
  });
});

describe('where an episode is a life', () => {
  const lives = (environments: number) =>
    makeVec(() => new LivesEnv() as Env, environments, { autoresetMode: 'same-step' }) as VectorEnv<Float32Array>;
  /** Steps and scores of the games that a training and its twin tell of. */
  async function scoresOf(
    training: { readonly end: unknown; advance(observer: TrainingObserver): Promise<void> },
    twin: (onEpisode: (step: number, total: number) => void) => Promise<unknown>,
  ) {
    const [told, expected]: [number, number][][] = [[], []];
    const observer: TrainingObserver = { episode: ({ step, reward }) => void told.push([step, reward]) };
    while (training.end === undefined) await training.advance(observer);
    await twin((step, total) => void expected.push([step, total]));
    // The twin of DQN stops before its last step.
    return [told.slice(0, expected.length), expected];
  }

  it('DQN tells the scores of whole games, and learns as before', async () => {
    const env = lives(2);
    const config = parseDqnConfig({ ...base, environments: 2 });
    const training = await createDqnTraining({ config, env, seed: 7, createRunner: interpretGraphs });
    const [told, expected] = await scoresOf(training, (onEpisode) =>
      dqn({
        ...config,
        ...silent,
        ...{ seed: 7, env: () => lives(2), bootstrap: greedyBootstrap, onEpisode },
        network: { ...mlp({ inputShape: [3], actions: 3, hidden }), values: scalarValues('huber') },
        replay: (): Replay =>
          new UniformReplay({
            ...{ bufferSize: 60, elementType: 'float32', frameLength: 3, gamma: config.gamma, streams: 2 },
          }),
      }),
    );
    expect(told).toEqual(expected);
    // 240 steps of two walks of at most 6 steps, three to a game.
    expect(told.length).toBeGreaterThan(10);
    expect(training.learner.online.checksum()).toBe(await trained(config, 7));
  });

  it('PQN too', async () => {
    const config = parsePqnConfig({
      ...pqnCartPole.config,
      ...{ network: { ...pqnCartPole.config.network, hiddenSizes: hidden }, environments: 2, rolloutSteps: 8 },
      ...{ minibatches: 2, epochs: 1, rewardBound: null, maxSteps: 192, averageDecay: 0 },
    });
    const training = await createPqnTraining({ config, env: lives(2), seed: 7, createRunner: interpretGraphs });
    const network = { ...mlp({ inputShape: [3], actions: 3, hidden, layerNorm: true }), values: scalarValues('mse') };
    const [told, expected] = await scoresOf(training, (onEpisode) =>
      pqn({ ...config, ...silent, seed: 7, env: () => lives(2), network, onEpisode }),
    );
    expect(told).toEqual(expected);
    expect(told.length).toBeGreaterThan(10);
  });
});

describe('Q-learning', () => {
  it.each([
    { alpha: 0.3, gamma: 0.9, epsilonStart: 1, epsilonFinal: 0.1, epsilonDecaySteps: 3000 },
    { alpha: 0.05, gamma: 1, epsilonStart: 0.5, epsilonFinal: 0.5, epsilonDecaySteps: 0 },
  ])('%j', (settings) => {
    const env = () => make('FrozenLake-v1') as unknown as Env<number, number>;
    const steps = 20_000;
    const expected = qLearning({
      ...settings,
      env,
      steps,
      states: 16,
      actions: 4,
      seed: 3,
      onEpisode: () => undefined,
    });
    const agent = new QLearningAgent({
      env: env(),
      testEnv: env(),
      seed: 3,
      config: {
        ...settings,
        actionMasks: false,
        behaviour: 'epsilon-greedy',
        testInterval: 50_000,
        testEpisodes: 1,
        rewardBound: null,
        maxIterations: steps,
        cells: null,
        actionBins: null,
      },
    });
    for (let i = 0; i < steps; i++) agent.iterate();
    expect(agent.actionValues()).toEqual(expected);
    expect(expected.some((value) => value > 0)).toBe(true);
  });
});
