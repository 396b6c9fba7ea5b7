/** Trainings played by actors: held against trainings without, against a loop written out here, and against themselves however the play is shared out. */
import { describe, expect, it } from 'vitest';
import { ByteWalk } from '../../../test/support/byte-walk.ts';
import { LivesEnv } from '../../../test/support/lives-env.ts';
import { WalkEnv } from '../../../test/support/walk-env.ts';
import { type DqnConfig, parseDqnConfig } from '../../agents/dqn-config.ts';
import { type PqnConfig, parsePqnConfig } from '../../agents/pqn-config.ts';
import { QValues } from '../../agents/q-values.ts';
import { scalarValues } from '../../agents/scalar.ts';
import type { Env } from '../../core/env.ts';
import { Generator } from '../../core/random/index.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cast, interpretGraphs } from '../../graph/index.ts';
import { mlp } from '../../nn/networks/mlp.ts';
import { Parameters } from '../../nn/parameters.ts';
import { dqnCartPole } from '../../recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../../recipes/pqn.ts';
import { PrioritizedReplay } from '../../replay/index.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { makeVec } from '../../vector/index.ts';
import { FrameStack } from '../../wrappers/frame-stack.ts';
import { createDqnTraining } from '../create-dqn-training.ts';
import { createPqnTraining } from '../pqn-training.ts';
import { networkSpec } from '../preprocessing.ts';
import type { EpisodeReport, Training, UpdateReport } from '../training.ts';
import { Actor } from './actor.ts';
import type { ActorSettings, Actors, Chunk, Play } from './chunk.ts';
import { createDqnActor, createDqnActorTraining } from './dqn-actor-training.ts';
import { LocalActors } from './local-actors.ts';
import { Playback } from './playback.ts';
import { type ChunkWorker, PooledActors, WorkerLost } from './pooled-actors.ts';
import { createPqnActor, createPqnActorTraining } from './pqn-actor-training.ts';

const SEED = 3;
const dqnBase = {
  ...dqnCartPole.config,
  ...{ network: { ...dqnCartPole.config.network, hiddenSizes: [8] }, environments: 4, nStep: 2, gamma: 0.9 },
  ...{ batchSize: 8, bufferSize: 200, learningStarts: 20, targetUpdateInterval: 16, gradientClipNorm: 0 },
  ...{ learningRate: 1e-2, learningRateFinal: 1e-2, learningRateDecaySteps: 0, rewardBound: null, maxSteps: 10_000 },
  ...{ trainInterval: 4, gradientSteps: 1, epsilonStart: 1, epsilonDecaySteps: 200, epsilonFinal: 0.1 },
};
const prioritized = {
  kind: 'prioritized',
  ...{ alpha: 0.7, betaStart: 0.3, betaFinal: 0.9, betaSteps: 200, epsilon: 1e-3, compression: 'none' },
};
const pqnBase = {
  ...pqnCartPole.config,
  ...{ network: { ...pqnCartPole.config.network, hiddenSizes: [8] }, environments: 4, rolloutSteps: 8 },
  ...{ minibatches: 4, epochs: 2, learningRate: 1e-2, learningRateFinal: 1e-3, learningRateDecaySteps: 100 },
  ...{ gradientClipNorm: 0, epsilonDecaySteps: 100, epsilonFinal: 0.1, rewardBound: null, maxSteps: 10_000 },
};
type Change = Readonly<Record<string, unknown>>;
const dqnConfig = (change: Change = {}): DqnConfig => parseDqnConfig({ ...dqnBase, ...change });
const pqnConfig = (change: Change = {}): PqnConfig => parsePqnConfig({ ...pqnBase, ...change });

const walk = () => new WalkEnv() as Env;
const vectorOf = (environments: number, make: () => Env = walk) =>
  makeVec(make, environments, { autoresetMode: 'same-step' });
const spec = networkSpec(new WalkEnv());
const settingsOf = (change: Partial<ActorSettings> = {}): ActorSettings => ({
  ...{ actors: 2, steps: 8, lag: 1, epsilonSpread: 0 },
  ...change,
});

type Kind = 'dqn' | 'pqn';
/** What plays the chunks. */
function actorOf(kind: Kind, config: DqnConfig | PqnConfig, settings: ActorSettings, make?: () => Env): Promise<Actor> {
  const options = {
    spec,
    settings,
    seed: SEED,
    createRunner: interpretGraphs,
    makeEnvs: (n: number) => vectorOf(n, make),
  };
  return kind === 'dqn'
    ? createDqnActor({ ...options, config: config as DqnConfig })
    : createPqnActor({ ...options, config: config as PqnConfig });
}

function trainingOf(kind: Kind, config: DqnConfig | PqnConfig, settings: ActorSettings, actors: Actors) {
  const options = { spec, settings, actors, seed: SEED, createRunner: interpretGraphs, now: () => 0 };
  return kind === 'dqn'
    ? createDqnActorTraining({ ...options, config: config as DqnConfig })
    : createPqnActorTraining({ ...options, config: config as PqnConfig });
}

async function local(kind: Kind, config: DqnConfig | PqnConfig, settings: ActorSettings, make?: () => Env) {
  return trainingOf(kind, config, settings, new LocalActors(await actorOf(kind, config, settings, make)));
}

/** What a training says and comes to in so many steps. */
async function storyOf(training: Training & { learner: { online: Parameters } }, steps: number) {
  const episodes: Omit<EpisodeReport, never>[] = [];
  const updates: UpdateReport[] = [];
  while (training.step < steps) {
    await training.advance({
      episode: (report) => void episodes.push(report),
      update: (report) => void updates.push({ ...report }),
    });
  }
  return { episodes, updates, weights: training.learner.online.checksum() };
}

const bitsOf = (training: Training): string =>
  Buffer.concat(encodeCheckpoint(training.saveState(), { kind: '', version: '', step: training.step })).toString(
    'base64',
  );

describe('one actor that takes turns with the learner', () => {
  it.each([
    ['episodes', walk],
    ['lives of games', () => new LivesEnv() as Env],
  ])('is DQN as it is without: %s', async (_, make) => {
    const config = dqnConfig();
    const plain = await createDqnTraining({
      ...{ config, env: vectorOf(4, make), seed: SEED, createRunner: interpretGraphs, now: () => 0 },
    });
    const acted = await local('dqn', config, settingsOf({ actors: 1, steps: 1, lag: 0 }), make);
    const story = await storyOf(acted, 240);
    expect(story.updates.length).toBeGreaterThan(40);
    expect(story.episodes.length).toBeGreaterThan(10);
    expect(story).toEqual(await storyOf(plain, 240));
  });

  it('is PQN as it is without', async () => {
    const config = pqnConfig();
    const plain = await createPqnTraining({
      ...{ config, env: vectorOf(4), seed: SEED, createRunner: interpretGraphs, now: () => 0 },
    });
    const story = await storyOf(await local('pqn', config, settingsOf({ actors: 1, lag: 0 })), 320);
    expect(story.updates).toHaveLength(80);
    expect(story).toEqual(await storyOf(plain, 320));
  });
});

/** A step of one environment, as the actor knew it. */
interface Known {
  readonly q: number;
  readonly reward: number;
  readonly ended: boolean;
  readonly terminated: boolean;
  readonly next: number;
}

it('learns what a loop learns that plays two actors by hand, one round behind, with their errors as priorities', async () => {
  const [K, E, T, N] = [2, 2, 8, 4];
  const { nStep, gamma, learningStarts, trainInterval, targetUpdateInterval } = dqnBase;
  const config = dqnConfig({ replay: prioritized, bootstrap: { kind: 'double' } });
  const acted = await local('dqn', config, settingsOf({ epsilonSpread: 7 }));
  const story = await storyOf(acted, 320);

  const replay = new PrioritizedReplay({
    ...{ bufferSize: 200, elementType: 'float32' as const, frameLength: 3, nStep, gamma, streams: N },
    ...{ alpha: 0.7, beta: 0.3, betaFinal: 0.9, betaSteps: 200, priorityEpsilon: 1e-3 },
  });
  const { learner } = await createDqnTraining({
    ...{ config, env: vectorOf(N), seed: SEED, createRunner: interpretGraphs, now: () => 0 },
  });
  const [, coinSource, sampling, forDice] = new Generator(SEED).spawn(4);
  const diceSource = new Generator(forDice.integers(0, 2 ** 32));
  const own = (source: Generator, k: number) => (k === 0 ? source : source.spawn(K)[k]);
  const players = [0, 1].map((k) => {
    const env = vectorOf(E);
    const { observations } = env.reset({ seed: SEED + k * E });
    return { env, observations: observations as Float32Array, coins: own(coinSource, k), dice: own(diceSource, k) };
  });
  const acting = new Parameters(learner.network.parameters);
  const policy = await QValues.create(learner.network, acting, interpretGraphs, { rows: E });
  const batch = replay.createBatch(8);
  const known: Known[][] = Array.from({ length: N }, () => []);
  const told = new Array<number>(N).fill(0);
  const history: Float32Array[] = [];
  const losses: number[] = [];
  let step = 0;
  const best = (q: Float32Array, n: number) => Math.max(...q.subarray(3 * n, 3 * n + 3));
  for (let round = 0; step < 320; round++) {
    // Weights after round r - 2, or the first ones.
    history.push(learner.online.buffer.slice());
    acting.buffer.set(history[Math.max(0, round - 1)]);
    const rows: { actions: number[]; rewards: number[]; row: Float32Array[]; last: Float32Array[]; ends: number[] }[] =
      [];
    for (const [k, player] of players.entries()) {
      if (round === 0) {
        for (let e = 0; e < E; e++) replay.startEpisode(player.observations.slice(3 * e, 3 * e + 3), k * E + e);
      }
      for (let t = 0; t < T; t++) {
        rows[t] ??= { actions: [], rewards: [], row: [], last: [], ends: [] };
        const at = rows[t];
        const q = (await policy.of(player.observations)).slice();
        const epsilon = Math.max(0.1, 1 - (round * T * N + t * N + 1) / 200);
        const actions = new Int32Array(E);
        for (let e = 0; e < E; e++) {
          const spread = epsilon ** (1 + (7 * (k * E + e)) / (N - 1));
          const values = q.subarray(3 * e, 3 * e + 3);
          actions[e] = player.coins.random() < spread ? player.dice.integers(3) : values.indexOf(Math.max(...values));
        }
        const result = player.env.step(actions);
        const after = (await policy.of(player.observations)).slice();
        const last = (result.finalObservations as Float32Array).slice();
        const final = (await policy.of(last)).slice();
        for (let e = 0; e < E; e++) {
          const terminated = result.terminations[e] === 1;
          const ended = terminated || result.truncations[e] === 1;
          at.actions.push(actions[e]);
          at.rewards.push(result.rewards[e]);
          at.row.push(player.observations.slice(3 * e, 3 * e + 3));
          at.last.push(last.slice(3 * e, 3 * e + 3));
          at.ends.push(terminated ? 1 : ended ? 2 : 0);
          const reward = Math.fround(result.rewards[e]);
          const next = ended ? best(final, e) : best(after, e);
          known[k * E + e].push({ q: q[3 * e + actions[e]], reward, ended, terminated, next });
        }
      }
    }
    for (let t = 0; t < T; t++) {
      const { actions, rewards, row, last, ends } = rows[t];
      for (let n = 0; n < N; n++) {
        const stream = replay.store.streams[n];
        replay.add(actions[n], rewards[n], ends[n] === 1, ends[n] === 2, ends[n] > 0 ? last[n] : row[n], n);
        if (ends[n] > 0) replay.startEpisode(row[n], n);
        for (; told[n] < stream.readyEnd; told[n]++) {
          const { error } = errorFrom(known[n], told[n], nStep, gamma);
          replay.updatePriorities(Int32Array.of(replay.store.slotOf(n, told[n])), [error]);
        }
      }
      step += N;
      if (replay.size < learningStarts) continue;
      if (step % targetUpdateInterval === 0) learner.syncTarget();
      if (step % trainInterval !== 0) continue;
      replay.sample(sampling, batch, step);
      await learner.learn(batch);
      losses.push(learner.loss);
      replay.updatePriorities(batch.indices, learner.errors);
    }
  }
  expect(losses.length).toBeGreaterThan(60);
  expect(story.updates.map(({ loss }) => loss)).toEqual(losses);
  expect(story.weights).toBe(learner.online.checksum());
});

/** The TD error of the transition that begins at a step. */
function errorFrom(steps: readonly Known[], from: number, nStep: number, gamma: number): { error: number } {
  let target = 0;
  for (let i = 0; i < nStep; i++) {
    const { reward, ended, terminated, next } = steps[from + i];
    target += gamma ** i * reward;
    if (!ended && i < nStep - 1) continue;
    if (!terminated) target += gamma ** (i + 1) * next;
    break;
  }
  return { error: Math.fround(Math.abs(target - steps[from].q)) };
}

/** A worker whose answers come in any order; it dies with some chunks. */
class OddWorker implements ChunkWorker {
  readonly bytes = 0;
  readonly #actor: Actor;
  readonly #dies: () => boolean;
  readonly #random: Generator;

  constructor(actor: Actor, random: Generator, dies: () => boolean) {
    this.#actor = actor;
    this.#random = random;
    this.#dies = dies;
  }
  async play(chunk: Chunk, weights: Float32Array): Promise<Play> {
    for (let i = this.#random.integers(6); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
    if (this.#dies()) throw new WorkerLost('killed');
    return this.#actor.play(chunk, weights);
  }
  close(): Promise<void> {
    return this.#actor.close();
  }
}

/** @param dies whether a worker dies with the n-th chunk that is given out, from 0. */
async function pooled(
  kind: Kind,
  settings: ActorSettings,
  workers: number,
  dies = (_: number) => false,
  patience = 1e9,
) {
  const config = kind === 'dqn' ? dqnConfig({ replay: prioritized }) : pqnConfig();
  const random = new Generator(workers);
  let given = 0;
  let started = 0;
  const pool = await PooledActors.create({
    workers,
    patience,
    start: async () => {
      started++;
      return new OddWorker(await actorOf(kind, config, settings), random, () => dies(given++));
    },
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  });
  const training = await trainingOf(kind, config, settings, pool);
  return { training, config, given: () => given, started: () => started };
}

describe.each(['dqn', 'pqn'] as const)('%s with four actors', (kind) => {
  const STEPS = 256;
  const settings = settingsOf({ actors: 4 });
  const reference = async (lag: number) => {
    const all = { ...settings, lag };
    const training = await local(kind, kind === 'dqn' ? dqnConfig({ replay: prioritized }) : pqnConfig(), all);
    await storyOf(training, STEPS);
    const bits = bitsOf(training);
    await training.close();
    return bits;
  };

  it.each([0, 1, 3])('has the same bits with any number of workers, %i rounds behind', async (lag) => {
    const bits = await reference(lag);
    for (const workers of [1, 2, 4]) {
      const { training } = await pooled(kind, { ...settings, lag }, workers);
      await storyOf(training, STEPS);
      expect(bitsOf(training) === bits).toBe(true);
      await training.close();
    }
  });

  it('has them when workers die and when chunks are played twice', async () => {
    const bits = await reference(1);
    const killed = await pooled(kind, settings, 3, (n) => n % 5 === 2);
    await storyOf(killed.training, STEPS);
    expect(killed.started()).toBeGreaterThan(6);
    expect(bitsOf(killed.training) === bits).toBe(true);
    const twice = await pooled(kind, settings, 4, () => false, 0);
    await storyOf(twice.training, STEPS);
    expect(twice.given()).toBeGreaterThan((4 * STEPS) / 32 + 4);
    expect(bitsOf(twice.training) === bits).toBe(true);
    await Promise.all([killed.training.close(), twice.training.close()]);
  });

  it('has them when it is resumed, in another place', async () => {
    const bits = await reference(2);
    const first = await pooled(kind, { ...settings, lag: 2 }, 2);
    await storyOf(first.training, STEPS / 2);
    const saved = first.training.saveState();
    await first.training.close();
    const second = await local(kind, first.config, { ...settings, lag: 2 });
    second.restoreState(saved);
    expect(second.step).toBe(STEPS / 2);
    await storyOf(second, STEPS);
    expect(bitsOf(second) === bits).toBe(true);
  });

  it('ends with what kills every worker, and with what no other worker could do better', async () => {
    const deadly = await pooled(kind, settings, 2, () => true);
    await expect(deadly.training.advance({})).rejects.toThrow(/actor \d in round 0 was lost with 3 workers.*killed/);
    await deadly.training.close();
    const config = kind === 'dqn' ? dqnConfig() : pqnConfig();
    const actor = await actorOf(kind, config, settings);
    const wrong = new LocalActors(actor);
    const play = wrong.play.bind(wrong);
    wrong.play = async (chunk) => ({ ...(await play(chunk)), version: chunk.version + 1 });
    const training = await trainingOf(kind, config, settings, wrong);
    await expect(training.advance({})).rejects.toThrow(/weights 1; asked for actor 0, round 0, weights 0/);
    wrong.play = async (chunk) => ({ ...(await play(chunk)), frames: new Float32Array(3) });
    const cut = await trainingOf(kind, config, settings, wrong);
    await expect(cut.advance({})).rejects.toThrow(/play of actor 0 in round 0 does not fit/);
  });
});

it('puts stacks of frames together again, each frame sent once', async () => {
  const make = () => new FrameStack(new ByteWalk() as Env<Uint8Array, number>, 3) as unknown as Env;
  const shown = networkSpec(make());
  const inner = mlp({ inputShape: shown.inputShape, actions: 3, hidden: [2] });
  const settings = settingsOf({ steps: 30 });
  const random = new Generator(SEED);
  const actor = await Actor.create({
    ...{ settings, environments: 4, seed: SEED, stack: 3, nextValues: false, priorities: null },
    exploration: { epsilonStart: 1, epsilonFinal: 1, epsilonDecaySteps: 0 },
    network: {
      ...{ ...inner, inputDType: 'uint8', values: scalarValues('mse') },
      build: (x, weights) => inner.build(cast(x, 'float32'), weights),
    },
    makeEnvs: (n) => vectorOf(n, make),
    generators: () => ({ coins: random, dice: random, noise: random }),
    createRunner: interpretGraphs,
  });
  const playback = new Playback(shown, 4, 3);
  const vectors = [0, 1].map(() => vectorOf(2, make));
  const first = vectors.map((vector, k) => vector.reset({ seed: SEED + 2 * k }).observations as Uint8Array);
  const weights = new Float32Array(new Parameters(inner.parameters).size);
  let states: readonly Snapshot[] = [null, null];
  let ended = 0;
  for (const round of [0, 1]) {
    const plays: Play[] = [];
    for (const number of [0, 1])
      plays.push(await actor.play({ actor: number, round, version: 0, state: states[number] }, weights));
    states = plays.map(({ state }) => state);
    const frames = plays.reduce((sum, play) => sum + play.frames.length / 3, 0);
    const ends = plays.reduce((sum, play) => sum + play.over.length, 0);
    expect(frames).toBe(4 * 30 + ends + (round === 0 ? 4 : 0));
    playback.begin(plays);
    if (round === 0) expect(playback.observations).toEqual(Uint8Array.from(first.flatMap((some) => [...some])));
    for (let t = 0; t < 30; t++) {
      const step = playback.next();
      const results = vectors.map((vector, k) => vector.step(playback.actions.slice(2 * k, 2 * k + 2)));
      const all = (key: 'observations' | 'finalObservations') =>
        results.flatMap((result) => [...(result[key] as Uint8Array)]);
      expect([...step.observations]).toEqual(all('observations'));
      expect([...step.rewards]).toEqual(results.flatMap(({ rewards }) => [...rewards]));
      for (let n = 0; n < 4; n++) {
        if (step.terminations[n] === 0 && step.truncations[n] === 0) continue;
        ended++;
        const row = [...(step.finalObservations as Uint8Array)].slice(9 * n, 9 * n + 9);
        expect(row).toEqual(all('finalObservations').slice(9 * n, 9 * n + 9));
      }
    }
  }
  expect(ended).toBeGreaterThan(30);
});

it.each([
  [{ actors: 3 }, /environments: got 4, allowed is a multiple of the 3 actors, as --set environments=6/],
  [{ actors: 0 }, /actors: got 0/],
  [{ lag: -1 }, /actors.lag: got -1/],
  [{ steps: 0 }, /actors.steps: got 0/],
  [{ epsilonSpread: Number.NaN }, /actors.epsilonSpread: got NaN/],
])('refuses settings that do not fit: %j', async (change, message) => {
  await expect(local('dqn', dqnConfig(), settingsOf(change))).rejects.toThrow(message);
});

it('refuses a rollout of another length, masks, and environments that save no episodes', async () => {
  await expect(local('pqn', pqnConfig(), settingsOf({ steps: 4 }))).rejects.toThrow(
    /actors.steps: got 4.*rolloutSteps, 8/,
  );
  await expect(local('dqn', dqnConfig({ actionMasks: true }), settingsOf())).rejects.toThrow(/actionMasks: got true/);
  const forgetful = () =>
    Object.assign(new WalkEnv(), { metadata: { renderModes: [], renderFps: 1, savesEpisodes: false } });
  await expect(local('dqn', dqnConfig(), settingsOf(), forgetful as () => Env)).rejects.toThrow(/save their episodes/);
});
