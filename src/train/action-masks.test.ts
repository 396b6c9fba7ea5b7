/**
 * Trainings with action masks against plain loops that know nothing of `allowedValues`, of masks in the replay or of masked
 * epsilon-greedy: masks by state, targets by a loop over what the target network says, random actions from a list.
 */
import { describe, expect, it } from 'vitest';
import { MaskedEnv } from '../../test/support/masked-env.ts';
import { ModelEnv } from '../../test/support/model-env.ts';
import { OneHot } from '../../test/support/one-hot.ts';
import type { Bootstrap } from '../agents/bootstrap.ts';
import { buildDqnUpdate, buildQValues } from '../agents/dqn.ts';
import { type DqnConfig, parseDqnConfig } from '../agents/dqn-config.ts';
import { parsePqnConfig } from '../agents/pqn-config.ts';
import { createQNetwork } from '../agents/q-network.ts';
import type { Env } from '../core/env.ts';
import { ActionMaskError, MismatchError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { TimeLimit } from '../core/time-limit.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { evaluate, interpretGraphs, type TypedArray } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { initializeAsPytorch } from '../nn/init.ts';
import { Parameters } from '../nn/parameters.ts';
import { dqnCartPole, pqnCartPole } from '../recipes/index.ts';
import { UniformReplay } from '../replay/index.ts';
import { SyncVectorEnv } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import { createPqnTraining } from './pqn-training.ts';
import type { Observation } from './preprocessing.ts';

const masks = [
  [0, 1, 1, 1],
  [1, 0, 1, 0],
  [0, 0, 1, 1],
  [1, 1, 1, 1],
  [0, 0, 0, 1],
  [1, 1, 0, 1],
];
const [STATES, ACTIONS] = [6, 4];

const model: TabularModel = (() => {
  const random = new Generator(5);
  const outcome = (probability: number, terminated: boolean) => {
    return { probability, nextState: random.integers(STATES), reward: random.normal(), terminated };
  };
  const transitions = Array.from({ length: STATES }, () =>
    Array.from({ length: ACTIONS }, () => [outcome(0.6, false), outcome(0.3, false), outcome(0.1, true)]),
  );
  return {
    nStates: STATES,
    nActions: ACTIONS,
    transitions,
    initialStateDistribution: new Float64Array(STATES).fill(1 / STATES),
  };
})();

/** `MaskedEnv` throws when a forbidden action is taken. */
const maskedEnv = (allowed = masks) => new OneHot(new TimeLimit(new MaskedEnv(model, allowed), 7));
const vectorOf = (environments: number, make: () => Env<Float32Array, number> = maskedEnv) =>
  new SyncVectorEnv<Float32Array>(new Array<() => Env>(environments).fill(make as () => Env), {
    autoresetMode: 'same-step',
    infos: false,
  });
const stateOf = (observation: ArrayLike<number>, from = 0) => {
  let state = 0;
  while (observation[from + state] !== 1) state++;
  return state;
};
const allowedIn = (state: number) => [0, 1, 2, 3].filter((action) => masks[state][action] === 1);

/** The allowed action with the largest value of a row, the first of equals. */
function best(q: ArrayLike<number>, row: number, state: number): number {
  let found = allowedIn(state)[0];
  for (const action of allowedIn(state)) if (q[row * ACTIONS + action] > q[row * ACTIONS + found]) found = action;
  return found;
}

const dqnConfig = (change: object = {}) =>
  parseDqnConfig({
    ...dqnCartPole.config,
    ...{ network: { ...dqnCartPole.config.network, hiddenSizes: [8] }, actionMasks: true },
    ...{ bootstrap: { kind: 'greedy' }, batchSize: 8, learningStarts: 20, bufferSize: 60, trainInterval: 1 },
    ...{ gradientSteps: 1, targetUpdateInterval: 10, gradientClipNorm: 0, nStep: 1, gamma: 0.9, clipReward: false },
    ...{ epsilonStart: 0.5, epsilonFinal: 0.5, epsilonDecaySteps: 0, learningRate: 0.01, learningRateFinal: 0.01 },
    ...{ rewardBound: null, maxSteps: 10_000 },
    ...change,
  });
const pqnConfig = (change: object = {}) =>
  parsePqnConfig({
    ...pqnCartPole.config,
    ...{ network: { ...pqnCartPole.config.network, hiddenSizes: [8] }, actionMasks: true },
    ...{ environments: 3, rolloutSteps: 8, epochs: 2, minibatches: 2, gamma: 0.9, lambda: 0.7, rewardBound: null },
    ...{ epsilonStart: 0.5, epsilonFinal: 0.5, epsilonDecaySteps: 0 },
    ...change,
  });
const createRunner = interpretGraphs;
const dqn = (change: object = {}, env = vectorOf(1)) =>
  createDqnTraining({ config: dqnConfig({ environments: env.numEnvs, ...change }), env, seed: 4, createRunner });

/** DQN's loop by itself. @returns the online weights after so many steps of every environment. */
async function plainDqn(config: DqnConfig, steps: number): Promise<Float32Array> {
  const { environments, batchSize, epsilonStart: epsilon, learningRate } = config;
  const env = vectorOf(environments);
  const network = createQNetwork(config, { inputShape: [STATES], inputDType: 'float32', actions: ACTIONS });
  const [initialisation, coins, sampling, forDice] = new Generator(4).spawn(4);
  const dice = new Generator(forDice.integers(0, 2 ** 32));
  const online = new Parameters(network.parameters);
  initializeAsPytorch(online, initialisation);
  const target = new Parameters(network.parameters);
  target.copyFrom(online);
  const optimizer = new Adam(online.size, { learningRate, epsilon: config.optimizerEpsilon });
  const { bufferSize, nStep, gamma } = config;
  const storage = { bufferSize, nStep, gamma, elementType: 'float32', frameLength: STATES } as const;
  const replay = new UniformReplay({ ...storage, streams: environments });
  const batch = replay.createBatch(batchSize);
  const q = (weights: Parameters, observations: Observation) => {
    const { outputs } = buildQValues(network, observations.length / STATES);
    return evaluate([outputs['q']], { ...weights.byPrefix(), observations })[0];
  };
  const given: Bootstrap = ({ rewards }) => ({ rewards, next: rewards.graph.input('next', 'float32', [batchSize]) });
  const { outputs } = buildDqnUpdate(network, { batchSize, bootstrap: given });

  const { observations } = env.reset({ seed: 4 });
  replay.startEpisodes(observations);
  for (let t = 1; t <= steps; t++) {
    const values = q(online, observations);
    const draws = Array.from({ length: environments }, (_, n) => {
      const state = stateOf(observations, n * STATES);
      const allowed = allowedIn(state);
      return coins.random() < epsilon ? allowed[dice.integers(allowed.length)] : best(values, n, state);
    });
    const step = env.step(Int32Array.from(draws));
    replay.addStep(Int32Array.from(draws), step.rewards, step);
    if (replay.size < config.learningStarts) continue;
    const now = t * environments;
    const due = (interval: number) => Math.floor(now / interval) - Math.floor((now - environments) / interval);
    if (due(config.targetUpdateInterval) > 0) target.copyFrom(online);
    for (let n = due(config.trainInterval); n > 0; n--) {
      replay.sample(sampling, batch);
      const judge = q(target, batch.nextObservations);
      const chooser = config.bootstrap.kind === 'double' ? q(online, batch.nextObservations) : judge;
      const next = Float32Array.from({ length: batchSize }, (_, row) => {
        return judge[row * ACTIONS + best(chooser, row, stateOf(batch.nextObservations, row * STATES))];
      });
      const feeds = { ...online.byPrefix(), ...(batch as unknown as Record<string, TypedArray>), next };
      const names = [...online].map(({ name }) => `gradient.${name}`);
      const gradients = evaluate(
        names.map((name) => outputs[name]),
        feeds,
      );
      optimizer.step(online.buffer, Float32Array.from(gradients.flatMap((part) => Array.from(part))));
    }
  }
  return online.buffer;
}

describe('DQN with action masks is a plain loop over allowed actions, to the bit', () => {
  it.each([
    ['plain', {}],
    ['double', { bootstrap: { kind: 'double' } }],
    ['3-step returns', { nStep: 3 }],
    ['three environments, updates every 4 steps', { environments: 3, trainInterval: 4 }],
    ['epsilon 1', { epsilonStart: 1, epsilonFinal: 1 }],
    ['epsilon 0', { epsilonStart: 0, epsilonFinal: 0 }],
  ])('%s', async (_name, change) => {
    const config = dqnConfig(change);
    const training = await dqn(change, vectorOf(config.environments));
    for (let i = 0; i < 90; i++) await training.advance({});
    expect(training.learner.online.buffer).toEqual(await plainDqn(config, 90));
    await training.close();
  });
});

describe('PQN with action masks', () => {
  it('learns the lambda returns of allowed actions, by a loop', async () => {
    const config = pqnConfig();
    const { environments, rolloutSteps, gamma, lambda } = config;
    const env = vectorOf(environments);
    const training = await createPqnTraining({ config, env, seed: 4, createRunner });
    /** What each step of each environment saw, in order: state, action, reward, end and the state it led to. */
    const steps: { state: number; action: number; reward: number; ended: 0 | 1 | 2; next: number }[][] = [];
    const told: { state: number; action: number; returns: number }[] = [];
    const { learner } = training;
    const learn = learner.learn.bind(learner);
    let weights = learner.online.buffer.slice();
    learner.learn = async (batch) => {
      batch.actions.forEach((action, row) => {
        told.push({ state: stateOf(batch.observations, row * STATES), action, returns: batch.returns[row] });
      });
      await learn(batch);
    };
    const network = createQNetwork(
      { network: config.network, values: { kind: 'scalar', loss: 'mse' } },
      { inputShape: [STATES], inputDType: 'float32', actions: ACTIONS },
    );
    let ends = 0;
    for (let round = 0; round < 4; round++) {
      steps.length = told.length = 0;
      weights = learner.online.buffer.slice();
      for (let t = 0; t < rolloutSteps; t++) {
        const before = (training as unknown as { observations: Float32Array }).observations.slice();
        await training.advance({
          step: ({ actions, result }) => {
            steps.push(
              Array.from(actions, (action, n) => {
                const ended = result.terminations[n] === 1 ? 1 : result.truncations[n] === 1 ? 2 : 0;
                const shown = ended === 0 ? result.observations : (result.finalObservations as Observation);
                const next = stateOf(shown, n * STATES);
                return { state: stateOf(before, n * STATES), action, reward: result.rewards[n], ended, next };
              }),
            );
          },
        });
      }
      const table = Float32Array.from({ length: STATES * STATES }, (_, i) => (i % (STATES + 1) === 0 ? 1 : 0));
      const views = learner.online.views(weights);
      const feeds = Object.fromEntries([...learner.online].map(({ name }, i) => [name, views[i]]));
      const [q] = evaluate([buildQValues(network, STATES).outputs['q']], { ...feeds, observations: table });
      const value = (state: number) => q[state * ACTIONS + best(q, state, state)];
      const expected: typeof told = [];
      for (let n = 0; n < environments; n++) {
        let following = 0;
        for (let t = rolloutSteps - 1; t >= 0; t--) {
          const { state, action, reward, ended, next } = steps[t][n];
          if (ended !== 0) ends |= ended;
          if (ended === 1) following = 0;
          else if (ended === 2 || t === rolloutSteps - 1) following = value(next);
          else following = lambda * following + (1 - lambda) * value(next);
          following = reward + gamma * following;
          expected.push({ state, action, returns: following });
        }
      }
      const sorted = (rows: typeof told) =>
        rows.toSorted((a, b) => a.state - b.state || a.action - b.action || a.returns - b.returns);
      // Two epochs: each step twice.
      const twice = sorted([...expected, ...expected]);
      const seen = sorted(told);
      expect(seen).toHaveLength(twice.length);
      seen.forEach(({ state, action, returns }, i) => {
        expect([state, action]).toEqual([twice[i].state, twice[i].action]);
        expect(returns).toBeCloseTo(twice[i].returns, 5);
      });
    }
    // Both kinds of end were among them.
    expect(ends).toBe(3);
    await training.close();
  });
  it.each([0, 1])('acts among allowed actions and tries each, epsilon %i', async (epsilon) => {
    const config = pqnConfig({ epsilonStart: epsilon, epsilonFinal: epsilon });
    const training = await createPqnTraining({ config, env: vectorOf(3), seed: 1, createRunner });
    const taken = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const before = (training as unknown as { observations: Float32Array }).observations.slice();
      await training.advance({
        step: ({ actions }) =>
          actions.forEach((action, n) => void taken.add(`${stateOf(before, n * STATES)} ${action}`)),
      });
    }
    if (epsilon === 1) expect(taken.size).toBe(masks.flat().reduce((sum, bit) => sum + bit, 0));
    await training.close();
  });
});

describe('a run that was stopped and continued', () => {
  it.each([
    ['dqn', () => dqn({ nStep: 2 }, vectorOf(2))],
    ['pqn', () => createPqnTraining({ config: pqnConfig(), env: vectorOf(3), seed: 4, createRunner })],
  ] as const)('is bit for bit one that never stopped: %s', async (_name, make) => {
    const [whole, continued] = [await make(), await make()];
    for (let i = 0; i < 45; i++) await whole.advance({});
    for (let i = 0; i < 13; i++) await continued.advance({});
    continued.restoreState(whole.saveState());
    for (let i = 0; i < 30; i++) {
      await whole.advance({});
      await continued.advance({});
    }
    expect(continued.saveState()).toEqual(whole.saveState());
    await whole.close();
    await continued.close();
  });
});

describe('what cannot be', () => {
  const none = () => new OneHot(new ModelEnv(model));
  it('an environment without masks', async () => {
    await expect(dqn({}, vectorOf(1, none))).rejects.toThrow(MismatchError);
    const options = { config: pqnConfig(), env: vectorOf(3, none), seed: 1, createRunner };
    await expect(createPqnTraining(options)).rejects.toThrow(/^actionMasks: true needs an environment that gives/);
  });
  it('a replay without masks', async () => {
    const replay = new UniformReplay({ bufferSize: 60, elementType: 'float32', frameLength: STATES, gamma: 0.9 });
    const options = { config: dqnConfig(), env: vectorOf(1), seed: 1, createRunner, replay };
    await expect(createDqnTraining(options)).rejects.toThrow(
      /^actionMasks: true needs a replay of masks \(maskLength: 4\)/,
    );
  });
  it('a mask that forbids everything, at the start or later; none is needed after a terminal state', async () => {
    const dead = masks.map((mask, state) => (state === 4 ? [0, 0, 0, 0] : mask));
    const playUntilDead = async (training: { advance(observer: object): Promise<void> }) => {
      for (let i = 0; i < 200; i++) await training.advance({});
    };
    const make = () => maskedEnv(dead);
    await expect(dqn({}, vectorOf(1, make)).then(playUntilDead)).rejects.toThrow(ActionMaskError);
    const options = { config: pqnConfig(), env: vectorOf(3, make), seed: 1, createRunner };
    await expect(createPqnTraining(options).then(playUntilDead)).rejects.toThrow(
      'action_mask: got Uint8Array(4) [0, 0, 0, 0], allowed is 4 entries of 0 and 1, not all 0.',
    );
    // Every step leads to state 4, where nothing is allowed.
    const ending = (terminated: boolean): TabularModel => ({
      ...model,
      transitions: model.transitions.map((actions) =>
        actions.map((outcomes) => outcomes.map((o) => ({ ...o, nextState: 4, terminated }))),
      ),
      initialStateDistribution: Float64Array.of(0.5, 0.5, 0, 0, 0, 0),
    });
    // The value of a truncated episode's last state counts, though nobody acts there.
    const cut = () => new OneHot(new TimeLimit(new MaskedEnv(ending(false), dead), 1));
    await expect(dqn({}, vectorOf(1, cut)).then(playUntilDead)).rejects.toThrow(ActionMaskError);
    const training = await dqn(
      {},
      vectorOf(1, () => new OneHot(new MaskedEnv(ending(true), dead))),
    );
    for (let i = 0; i < 60; i++) await training.advance({});
    expect(training.learner.online.buffer.every(Number.isFinite)).toBe(true);
  });
});
