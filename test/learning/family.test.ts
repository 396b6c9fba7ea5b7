/**
 * Every member of the family learns a walk of three rooms to the known answer in seconds: from the room in the middle to
 * the right, against a smaller reward at the left, so that one has to look two steps ahead.
 *
 *     1 ◀── 0 ─▶ 1 ─▶ 2 ──▶ 3        rewards 1 at the left end, 3 at the right end, gamma 0.9
 *
 * Q(0) = (left 1, right 0.9² · 3 = 2.43), Q(1) = (0.9 · 2.43, 2.7), Q(2) = (0.9 · 2.7, 3).
 */
import { describe, expect, it } from 'vitest';
import { type DqnConfig, parseDqnConfig } from '../../src/agents/dqn-config.ts';
import type { Env, StepResult } from '../../src/core/env.ts';
import { ortRunnerFactory } from '../../src/node/onnxruntime/ort-runner-factory.ts';
import { type ConfigChange, changed } from '../../src/recipes/change.ts';
import { dqnCartPole } from '../../src/recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../../src/recipes/pqn.ts';
import * as variants from '../../src/recipes/variants.ts';
import { Box, Discrete } from '../../src/spaces/index.ts';
import { createDqnTraining } from '../../src/train/create-dqn-training.ts';
import { createPqnTraining } from '../../src/train/pqn-training.ts';
import { makeTrainingEnv } from '../../src/train/training-env.ts';

const KNOWN = [
  [1, 2.43],
  [2.187, 2.7],
  [2.43, 3],
] as const;

/** One-hot observations of the room. */
class Rooms {
  readonly observationSpace = new Box(0, 1, [3], 'float32');
  readonly actionSpace = new Discrete(2);
  #room = 0;
  #see(): Float32Array {
    return Float32Array.from({ length: 3 }, (_, i) => Number(i === this.#room));
  }
  reset() {
    this.#room = 0;
    return { observation: this.#see(), info: {} };
  }
  step(action: number): StepResult<Float32Array> {
    const leaves = (this.#room === 0 && action === 0) || (this.#room === 2 && action === 1);
    const reward = leaves ? (action === 0 ? 1 : 3) : 0;
    if (!leaves) this.#room += action === 0 ? -1 : 1;
    return { observation: this.#see(), reward, terminated: leaves, truncated: false, info: {} };
  }
  saveState() {
    return this.#room;
  }
  restoreState() {}
  close() {}
}
const rooms = () => new Rooms() as unknown as Env<unknown, number>;
const common = {
  envId: 'Rooms',
  envKwargs: {},
  seed: 0,
  createRunner: ortRunnerFactory('cpu', 1),
  now: () => 0,
};
const base: ConfigChange<DqnConfig> = {
  bootstrap: { kind: 'greedy' },
  nStep: 1,
  gamma: 0.9,
  network: { hiddenSizes: [32] },
  batchSize: 32,
  bufferSize: 1000,
  learningStarts: 100,
  targetUpdateInterval: 25,
  learningRate: 5e-3,
  learningRateFinal: 1e-4,
  learningRateDecaySteps: 1500,
  epsilonStart: 1,
  epsilonFinal: 1,
  maxSteps: 2000,
  rewardBound: 1e9,
};
const support: ConfigChange<DqnConfig> = { values: { vMin: 0, vMax: 4 } };
const atRandom: ConfigChange<DqnConfig> = { epsilonStart: 1, epsilonFinal: 1 };
/** Always at random where the part allows it: then all rooms are seen, and Q-learning finds the best play all the same. */
const members: Record<string, readonly ConfigChange<DqnConfig>[]> = {
  DQN: [],
  'DQN in four environments at once': [{ environments: 4 }],
  double: [variants.doubleChange.config],
  dueling: [variants.duelingChange.config],
  prioritized: [variants.prioritizedChange.config],
  noisy: [variants.noisyChange.config, atRandom],
  C51: [variants.categoricalChange.config, support],
  'HL-Gauss': [variants.hlGaussChange.config, support],
  'QR-DQN': [variants.quantileChange.config, { values: { quantiles: 20 } }],
  IQN: [variants.implicitChange.config, { values: { taus: 8, targetTaus: 8, actingTaus: 16 } }],
  'Rainbow with one-step returns': [
    ...variants.rainbowChanges.map(({ config }) => config),
    support,
    { nStep: 1 },
    atRandom,
  ],
};

async function learnedQ(...changes: readonly ConfigChange<DqnConfig>[]): Promise<number[][]> {
  const config = parseDqnConfig(changed(dqnCartPole.config, base, ...changes));
  const training = await createDqnTraining({
    ...common,
    env: makeTrainingEnv(rooms, config.preprocessing, config.environments),
    config,
  });
  while (training.end === undefined) await training.advance({});
  // Noise is another every time: a mean over some.
  const passes = config.network.noisy === null ? 1 : 20;
  const table: number[][] = [];
  for (let room = 0; room < 3; room++) {
    const mean = [0, 0];
    for (let pass = 0; pass < passes; pass++) {
      // Every environment in the same room: the first row is as good as any.
      const seen = Float32Array.from({ length: 3 * config.environments }, (_, i) => Number(i % 3 === room));
      const q = await training.learner.qValues(seen);
      for (const a of [0, 1]) mean[a] += q[a] / passes;
    }
    table.push(mean);
  }
  await training.close();
  return table;
}

describe('the known action values', () => {
  it.each(Object.entries(members))('%s', async (_, changes) => {
    const q = await learnedQ(...changes);
    for (const [room, known] of KNOWN.entries()) {
      for (const a of [0, 1])
        expect(Math.abs(q[room][a] - known[a]), `Q(${room}, ${a}) = ${q[room][a]}`).toBeLessThan(0.2);
    }
  });

  it('n-step returns on the way that is played greedily', async () => {
    // Behaviour at random would bias 3-step returns: here the last steps are greedy.
    const q = await learnedQ({ nStep: 3, epsilonFinal: 0.05, epsilonDecaySteps: 600 });
    expect(Math.abs(q[0][1] - 2.43), `${q[0]}`).toBeLessThan(0.3);
    for (const room of [0, 1, 2]) expect(q[room][1]).toBeGreaterThan(q[room][0]);
  });

  it('Munchausen: the best way, and a value below the plain one by the log-policy', async () => {
    const q = await learnedQ(variants.munchausenChange.config);
    for (const room of [0, 1, 2]) expect(q[room][1]).toBeGreaterThan(q[room][0]);
    // Where nothing follows only the clipped term is missing: 3 + 0.9 tau log pi, with log pi close to 0.
    expect(Math.abs(q[2][1] - 3)).toBeLessThan(0.2);
    expect(q[2][0]).toBeLessThan(KNOWN[2][0] - 0.3);
  });

  it('PQN', async () => {
    const config = changed(pqnCartPole.config, {
      gamma: 0.9,
      lambda: 0,
      network: { hiddenSizes: [32] },
      environments: 8,
      rolloutSteps: 16,
      epochs: 2,
      minibatches: 4,
      learningRate: 3e-3,
      learningRateDecaySteps: 20_000,
      epsilonFinal: 1,
      rewardBound: 1e9,
      maxSteps: 20_000,
    });
    const training = await createPqnTraining({
      ...common,
      config,
      env: makeTrainingEnv(rooms, config.preprocessing, config.environments),
    });
    while (training.end === undefined) await training.advance({});
    const observations = new Float32Array(8 * 3);
    for (let row = 0; row < 8; row++) observations[row * 3 + (row % 3)] = 1;
    const q = await training.learner.qValues(observations);
    for (const [room, known] of KNOWN.entries()) {
      for (const a of [0, 1]) expect(Math.abs(q[room * 2 + a] - known[a]), `Q(${room}, ${a})`).toBeLessThan(0.2);
    }
    await training.close();
  });
});
