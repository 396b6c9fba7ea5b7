/** The cross-entropy method against a plain loop that shares neither its batches nor its draws, by the interpreter. */
import { describe, expect, it } from 'vitest';
import { BYTE_NETWORK, ByteWalk } from '../../test/support/byte-walk.ts';
import { MaskedEnv } from '../../test/support/masked-env.ts';
import { OneHot } from '../../test/support/one-hot.ts';
import { randomModel } from '../../test/support/online-agents.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { buildCrossEntropyUpdate } from '../agents/cross-entropy.ts';
import { type CrossEntropyConfig, parseCrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import { buildQValues } from '../agents/dqn.ts';
import { createQNetwork } from '../agents/q-network.ts';
import type { Env, Info } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import { TimeLimit } from '../core/time-limit.ts';
import { evaluate, interpretGraphs } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { initializeAsPytorch } from '../nn/init.ts';
import { Parameters } from '../nn/parameters.ts';
import { crossEntropyCartPole } from '../recipes/cross-entropy.ts';
import { SyncVectorEnv } from '../vector/index.ts';
import { createCrossEntropyTraining } from './cross-entropy-training.ts';
import type { Observation } from './preprocessing.ts';
import type { EpisodeReport, UpdateReport } from './training.ts';

const SEED = 6;
const STATES = 5;
const masks = Array.from({ length: STATES }, (_, state) => [1, state % 2, 1, 0]);

interface World {
  readonly make: () => Env<Observation, number>;
  readonly actions: number;
  readonly inputShape: readonly number[];
  readonly inputDType: 'float32' | 'uint8';
  readonly change: object;
}
const worlds: Record<string, World> = {
  vectors: { make: () => new WalkEnv(), actions: 3, inputShape: [3], inputDType: 'float32', change: {} },
  bytes: {
    make: () => new ByteWalk(),
    actions: 3,
    inputShape: [3],
    inputDType: 'uint8',
    change: { network: { kind: BYTE_NETWORK, hidden: 8 } },
  },
  'action masks': {
    // Forbidden actions throw.
    make: () => new OneHot(new TimeLimit(new MaskedEnv(randomModel(3, STATES, 4), masks), 9)),
    actions: 4,
    inputShape: [STATES],
    inputDType: 'float32',
    change: { actionMasks: true },
  },
};

const configOf = ({ change }: World, more: object = {}): CrossEntropyConfig =>
  parseCrossEntropyConfig({
    ...crossEntropyCartPole.config,
    ...{ network: { ...crossEntropyCartPole.config.network, hiddenSizes: [8] } },
    ...{ batchEpisodes: 5, elitePercentile: 60, batchSize: 8, rewardBound: null, maxSteps: 100_000 },
    ...change,
    ...more,
  });
const vectorOf = ({ make }: World) =>
  new SyncVectorEnv<Observation>([make as () => Env], { autoresetMode: 'same-step', infos: false });
const created = (world: World, more: object = {}, seed = SEED) =>
  createCrossEntropyTraining({
    ...{ config: configOf(world, more), env: vectorOf(world), seed, createRunner: interpretGraphs, now: () => 0 },
  });

/** The weights after so many steps, for each update how many of the elite's steps there were, and the generator that drew some. */
async function plain(world: World, more: object, steps: number) {
  const config = configOf(world, more);
  const { batchSize, learningRate, optimizerEpsilon: epsilon } = config;
  const network = createQNetwork({ network: config.network, values: { kind: 'scalar', loss: 'mse' } }, world);
  const [initialisation, dice, selection] = new Generator(SEED).spawn(3);
  const online = new Parameters(network.parameters);
  initializeAsPytorch(online, initialisation);
  const optimizer = new Adam(online.size, { learningRate, epsilon });
  const policy = buildQValues(network, 1).outputs['q'];
  const update = buildCrossEntropyUpdate(network, batchSize).outputs;
  const eliteSteps: number[] = [];

  const env = world.make();
  let shown: { readonly observation: Observation; readonly info: Info } = env.reset({ seed: SEED });
  let episodes: { total: number; readonly played: { readonly seen: number[]; readonly action: number }[] }[] = [];
  let episode: (typeof episodes)[number] = { total: 0, played: [] };
  for (let step = 0; step < steps; step++) {
    const seen = Array.from(shown.observation);
    const [scores] = evaluate([policy], { ...online.byPrefix(), observations: seen });
    const mask = config.actionMasks ? (shown.info['action_mask'] as Int8Array) : new Int8Array(world.actions).fill(1);
    const shares = Array.from(scores, (score, a) => (mask[a] === 1 ? Math.exp(score) : 0));
    const total = shares.reduce((sum, share) => sum + share);
    const draw = dice.random();
    let action = -1;
    for (let below = 0; below <= draw * total; ) below += shares[++action];
    const result = env.step(action);
    episode.played.push({ seen, action });
    episode.total += result.reward;
    shown = result;
    if (!result.terminated && !result.truncated) continue;
    shown = env.reset();
    episodes.push(episode);
    episode = { total: 0, played: [] };
    if (episodes.length < config.batchEpisodes) continue;
    const returns = episodes.map(({ total }) => total).sort((a, b) => a - b);
    const at = ((returns.length - 1) * config.elitePercentile) / 100;
    const low = returns[Math.floor(at)];
    const bound = low + ((returns[Math.floor(at) + 1] ?? low) - low) * (at % 1);
    const elite = episodes.filter(({ total }) => total >= bound).flatMap(({ played }) => played);
    eliteSteps.push(elite.length);
    const order = elite.length > batchSize ? (selection.permutation(elite.length) as number[]) : [...elite.keys()];
    const rows = order.slice(0, batchSize).map((i) => elite[i]);
    const blanks = batchSize - rows.length;
    const gradients = evaluate(
      [...online].map(({ name }) => update[`gradient.${name}`]),
      {
        ...online.byPrefix(),
        observations: [
          ...rows.flatMap(({ seen }) => seen),
          ...new Array<number>(blanks * shown.observation.length).fill(0),
        ],
        actions: [...rows.map(({ action }) => action), ...new Array<number>(blanks).fill(0)],
        weights: [...rows.map(() => batchSize / rows.length), ...new Array<number>(blanks).fill(0)],
      },
    );
    optimizer.step(online.buffer, Float32Array.from(gradients.flatMap((part) => [...part])));
    episodes = [];
  }
  return { weights: online.buffer, eliteSteps, drawn: selection.saveState() };
}

describe.each(Object.entries(worlds))('the cross-entropy method, %s', (_, world) => {
  it.each([
    ['as it is', {}],
    ['the best alone', { elitePercentile: 100 }],
    ['a batch for every elite', { batchSize: 60 }],
  ])('is a plain loop, to the bit: %s', async (name, more) => {
    const training = await created(world, more);
    for (let i = 0; i < 120; i++) await training.advance({});
    const { weights, eliteSteps, drawn } = await plain(world, more, 120);
    expect(training.learner.online.buffer).toEqual(weights);
    expect(training.saveState()).toMatchObject({ selection: drawn });
    expect(eliteSteps.length).toBeGreaterThan(2);
    // Elites that are too long for a batch, and batches that are not full.
    const { batchSize } = configOf(world, more);
    if (name === 'as it is') expect(eliteSteps.some((count) => count > batchSize)).toBe(true);
    if (batchSize === 60) expect(eliteSteps.every((count) => count < batchSize)).toBe(true);
    await training.close();
  });

  it('draws no steps of an elite that just fits', async () => {
    const large = await plain(world, { batchSize: 60 }, 40);
    const [batchSize] = large.eliteSteps;
    const training = await created(world, { batchSize });
    let updates = 0;
    while (updates === 0) await training.advance({ update: () => void updates++ });
    expect(training.saveState()).toMatchObject({ selection: new Generator(SEED).spawn(3)[2].saveState() });
  });

  it('saved in the middle of a batch and restored, it has the bits of one that went on', async () => {
    const straight = await created(world);
    while (straight.step < 53) await straight.advance({});
    const saved = structuredClone(straight.saveState());
    const resumed = await created(world, {}, 99);
    for (let i = 0; i < 9; i++) await resumed.advance({});
    resumed.restoreState(saved);
    expect(resumed.saveState()).toEqual(saved);
    const before = straight.learner.online.checksum();
    for (const training of [straight, resumed]) while (training.step < 110) await training.advance({});
    expect(resumed.saveState()).toEqual(straight.saveState());
    // Something was learned in between.
    expect(straight.learner.online.checksum()).not.toBe(before);
  });
});

describe('the cross-entropy method', () => {
  it('reports each episode, and an update after each batch of them', async () => {
    const training = await created(worlds['vectors'], { batchEpisodes: 4 });
    const told: string[] = [];
    const rows: Readonly<Record<string, number>>[] = [];
    const returns: number[] = [];
    let total = 0;
    const observer = {
      step: ({ step, epsilon, result }: { step: number; epsilon: number; result: { rewards: Float64Array } }) => {
        expect([step, epsilon]).toEqual([training.step, 0]);
        total += result.rewards[0];
      },
      episode: ({ reward, environment }: EpisodeReport) => {
        expect([reward, environment]).toEqual([total, 0]);
        returns.push(total);
        total = 0;
        told.push('episode');
      },
      update: ({ step, loss }: UpdateReport) => {
        expect(step).toBe(training.step);
        told.push('update');
        // Three actions whose scores begin near each other: a loss near ln 3.
        expect(Math.abs(loss - Math.log(3))).toBeLessThan(0.4);
      },
      scalars: (_: number, values: Readonly<Record<string, number>>) => void rows.push(values),
    };
    while (told.length < 15) await training.advance(observer);
    const batch = ['episode', 'episode', 'episode', 'episode', 'update'];
    expect(told).toEqual([...batch, ...batch, ...batch]);
    expect(rows.map(({ reward }) => reward)).toEqual(returns);
    // The update's loss stands in the row of the first episode after it.
    expect(rows.flatMap((row, i) => ('loss' in row ? [i] : []))).toEqual([4, 8]);
  });

  it('ends at its limit, or above its bound', async () => {
    const limited = await created(worlds['vectors'], { maxSteps: 30 });
    expect(limited.maxSteps).toBe(30);
    while (limited.end === undefined) await limited.advance({});
    expect([limited.step, limited.end]).toEqual([30, { solved: undefined, message: 'Trained for 30 frames.' }]);
    const easy = await created(worlds['vectors'], { rewardBound: -1e9, rewardWindow: 3 });
    let episodes = 0;
    while (easy.end === undefined) await easy.advance({ episode: () => void episodes++ });
    expect(easy.end).toMatchObject({ solved: true });
    expect(episodes).toBe(3);
  });

  it('does not save weights that are not finite', async () => {
    const training = await created(worlds['vectors']);
    const [first] = training.learner.online;
    first.data[0] = Number.NaN;
    expect(() => training.saveState()).toThrow(`Diverged at step 0: weight 0 of ${first.name} is NaN.`);
  });

  it('takes one environment', async () => {
    const { make } = worlds['vectors'];
    const env = new SyncVectorEnv<Observation>([make, make] as (() => Env)[], { autoresetMode: 'same-step' });
    const options = { config: configOf(worlds['vectors']), env, seed: 1, createRunner: interpretGraphs };
    await expect(createCrossEntropyTraining(options)).rejects.toThrow('environments: got 1, allowed is 2');
  });
});
