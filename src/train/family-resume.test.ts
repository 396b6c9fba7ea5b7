/** Every member of the family: a training saved and restored in the middle ends with the bits of one that went on. */
import { describe, expect, it } from 'vitest';
import { type DqnConfig, parseDqnConfig } from '../agents/dqn-config.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import type { Env, StepResult } from '../core/env.ts';
import { make } from '../envs/index.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { btr } from '../recipes/btr.ts';
import { type ConfigChange, changed } from '../recipes/change.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../recipes/pqn.ts';
import { streamQCartPole } from '../recipes/stream-q.ts';
import * as variants from '../recipes/variants.ts';
import { Box, Discrete } from '../spaces/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import { createPqnTraining } from './pqn-training.ts';
import { createRecurrentDqnTraining } from './recurrent-dqn-training.ts';
import { createStreamQTraining } from './stream-q-training.ts';
import type { Training } from './training.ts';
import { makeTrainingEnv } from './training-env.ts';

const common = { envKwargs: {}, seed: 5, createRunner: ortRunnerFactory('cpu', 1), now: () => 0 };
const small: ConfigChange<DqnConfig> = {
  network: { hiddenSizes: [16] },
  bootstrap: { kind: 'greedy' },
  learningStarts: 100,
  bufferSize: 300,
  batchSize: 16,
  nStep: 1,
};
const implicit: ConfigChange<DqnConfig> = {
  network: { hiddenSizes: [16, 16] },
  values: { taus: 8, targetTaus: 6, actingTaus: 4 },
};
const cartPole = () => make('CartPole-v1') as unknown as Env<unknown, number>;

const dqn =
  (...changes: readonly ConfigChange<DqnConfig>[]) =>
  () => {
    const config = parseDqnConfig(changed(dqnCartPole.config, small, ...changes));
    const env = makeTrainingEnv(cartPole, config.preprocessing, config.environments);
    return createDqnTraining({ ...common, envId: 'CartPole-v1', env, config });
  };

/** Pictures that change with each step. */
class Flicker {
  readonly observationSpace = new Box(0, 255, [2, 12, 12], 'uint8');
  readonly actionSpace = new Discrete(2);
  #step = 0;
  #see(): Uint8Array {
    return Uint8Array.from({ length: 288 }, (_, i) => (i * 31 + this.#step * 97) % 256);
  }
  reset() {
    this.#step = 0;
    return { observation: this.#see(), info: {} };
  }
  step(action: number): StepResult<Uint8Array> {
    this.#step++;
    const terminated = this.#step === 17;
    return {
      observation: this.#see(),
      reward: this.#step % 2 === action ? 1 : 0,
      terminated,
      truncated: false,
      info: {},
    };
  }
  saveState() {
    return this.#step;
  }
  restoreState(state: unknown) {
    this.#step = state as number;
  }
  close() {}
}

/** All parts of BTR, in small. */
const smallBtr = () => {
  const { network, values, bootstrap, replay, nStep } = btr.config;
  const config = parseDqnConfig({
    ...changed(dqnCartPole.config, small),
    ...{ bootstrap, nStep, environments: 2, trainInterval: 10, targetUpdateInterval: 50, batchSize: 4 },
    network: { ...network, scale: 1, hiddenSize: 8, pool: 2 },
    values: { ...values, cosines: 4, taus: 3, targetTaus: 3, actingTaus: 2 },
    replay: { ...replay, compression: 'none' },
  });
  const env = makeTrainingEnv(() => new Flicker() as unknown as Env<unknown, number>, config.preprocessing, 2);
  return createDqnTraining({ ...common, envId: 'Flicker', env, config });
};

const rainbow = variants.rainbowChanges.map(({ config }) => config);
const smallPqn: ConfigChange<PqnConfig> = {
  network: { hiddenSizes: [16] },
  environments: 4,
  rolloutSteps: 8,
  minibatches: 2,
};

const members: Record<string, () => Promise<Training>> = {
  DQN: dqn(),
  'DQN with five environments': dqn({ environments: 5, nStep: 2 }),
  'n-step double dueling': dqn(
    variants.nStepChange.config,
    variants.doubleChange.config,
    variants.duelingChange.config,
  ),
  prioritized: dqn(variants.prioritizedChange.config),
  noisy: dqn(variants.noisyChange.config),
  C51: dqn(variants.categoricalChange.config),
  'HL-Gauss': dqn(variants.hlGaussChange.config),
  'QR-DQN': dqn(variants.quantileChange.config, { values: { quantiles: 8 } }),
  IQN: dqn(variants.implicitChange.config, implicit),
  'Munchausen IQN with noise': dqn(
    variants.munchausenChange.config,
    variants.implicitChange.config,
    implicit,
    variants.noisyChange.config,
  ),
  Munchausen: dqn(variants.munchausenChange.config),
  Rainbow: dqn(...rainbow),
  'BTR in two environments': smallBtr,
  'Rainbow in three environments': dqn(...rainbow, { environments: 3 }),
  StreamQ: () =>
    createStreamQTraining({
      ...common,
      envId: 'CartPole-v1',
      env: makeTrainingEnv(cartPole, streamQCartPole.config.preprocessing, 1),
      config: changed(streamQCartPole.config, { network: { hiddenSizes: [16] } }),
    }),
  PQN: () =>
    createPqnTraining({
      ...common,
      envId: 'CartPole-v1',
      env: makeTrainingEnv(cartPole, pqnCartPole.config.preprocessing, 4),
      config: changed(pqnCartPole.config, smallPqn),
    }),
  'recurrent DQN': () => {
    const replay = { kind: 'sequences', length: 6, burnIn: 3, overlap: 2, initialState: 'stored' } as const;
    const { network, ...rest } = changed(dqnCartPole.config, small, { environments: 4, nStep: 2, batchSize: 4 });
    const config = parseDqnConfig({ ...rest, replay, network: { ...network, lstm: { units: 8 } } });
    return createRecurrentDqnTraining({
      ...common,
      envId: 'CartPole-v1',
      env: makeTrainingEnv(cartPole, config.preprocessing, 4),
      config,
    });
  },
  'recurrent PQN': () =>
    createPqnTraining({
      ...common,
      envId: 'CartPole-v1',
      env: makeTrainingEnv(cartPole, pqnCartPole.config.preprocessing, 4),
      config: changed(pqnCartPole.config, smallPqn, { network: { lstm: { units: 8 } } }),
    }),
};

/** Until the step, so that a save falls inside a rollout of PQN too. */
async function advance(training: Training, step: number): Promise<void> {
  while (training.step < step) await training.advance({});
}

describe.each(Object.entries(members))('%s', (_, create) => {
  it('goes on bit for bit', async () => {
    const straight = await create();
    await advance(straight, 220);
    const saved = straight.saveState();
    await advance(straight, 340);
    const resumed = await create();
    await advance(resumed, 150);
    resumed.restoreState(saved);
    expect(resumed.saveState()).toEqual(saved);
    await advance(resumed, 340);
    expect(resumed.saveState()).toEqual(straight.saveState());
    // It learned in between, so equal states are not the states of the start.
    expect(saved).not.toEqual(straight.saveState());
    await straight.close();
    await resumed.close();
  });
});

it('wants as many environments as the configuration says', async () => {
  const config = parseDqnConfig(changed(dqnCartPole.config, small, { environments: 3 }));
  const env = makeTrainingEnv(cartPole, config.preprocessing, 2);
  await expect(createDqnTraining({ ...common, envId: 'CartPole-v1', env, config })).rejects.toThrow(
    'environments: got 3, allowed is 2, the number of environments of `env`.',
  );
});

it('stops at its limit', async () => {
  for (const create of [
    dqn({ maxSteps: 120 }),
    () =>
      createPqnTraining({
        ...common,
        envId: 'CartPole-v1',
        env: makeTrainingEnv(cartPole, pqnCartPole.config.preprocessing, 4),
        config: changed(pqnCartPole.config, smallPqn, { maxSteps: 120 }),
      }),
  ]) {
    const training = await create();
    while (training.end === undefined) await training.advance({});
    expect(training.end).toEqual({ solved: false, message: 'Not solved in 120 frames.' });
    expect(training.step).toBe(120);
    await training.close();
  }
});
