import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env, ResetOptions } from '../core/env.ts';
import { make } from '../envs/index.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { ThreadedVectorEnv } from '../node/threads/threaded-vector-env.ts';
import { changed } from '../recipes/change.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../recipes/pqn.ts';
import { UniformReplay } from '../replay/index.ts';
import { type MakeVecOptions, makeVec, type VectorEnv } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import { createPqnTraining } from './pqn-training.ts';
import { checkTrainingEnv, makeTrainingEnv } from './training-env.ts';

const common = { seed: 3, createRunner: ortRunnerFactory('cpu', 1), now: () => 0 };
const poles = (options: MakeVecOptions = {}) =>
  makeVec('CartPole-v1', 2, { autoresetMode: 'same-step', infos: false, ...options });
const pqnConfig = changed(pqnCartPole.config, {
  network: { hiddenSizes: [8] },
  environments: 2,
  rolloutSteps: 4,
  minibatches: 2,
});
const pqn = (env: VectorEnv) => createPqnTraining({ ...common, env, config: pqnConfig });

describe('the environments of a training', () => {
  it.each([
    [
      'another mode',
      () => poles({ autoresetMode: 'next-step' }),
      /takes a vector with autoresetMode 'same-step', got 'next-step'\./,
    ],
    ['copies', () => poles({ copy: true }), /arrays are fixed \(copy: false\), got copy: true\./],
    [
      'another number',
      () => makeVec('CartPole-v1', 3, { autoresetMode: 'same-step' }),
      /environments: got 2, allowed is 3, /,
    ],
    [
      'states by number',
      () => makeVec('FrozenLake-v1', 2, { autoresetMode: 'same-step' }),
      /Box of uint8 or float32.*Discrete\(16\)/,
    ],
    [
      'actions that are no numbers',
      () => makeVec('MountainCarContinuous-v0', 2, { autoresetMode: 'same-step' }),
      /actions that are Discrete\(n\).*Box/,
    ],
    [
      'a single one',
      () => make('CartPole-v1') as unknown as VectorEnv,
      /^env: got [a-zA-Z ]+, allowed is a VectorEnv, as makeVec/,
    ],
    ['none', () => undefined as unknown as VectorEnv, /^env: got undefined, allowed is a VectorEnv, as makeVec/],
  ])('are refused in one line: %s', async (_, env, message) => {
    expect(() => checkTrainingEnv(env(), 2)).toThrow(message);
    await expect(pqn(env())).rejects.toThrow(message);
    const config = changed(dqnCartPole.config, { environments: 2 });
    await expect(createDqnTraining({ ...common, env: env(), config })).rejects.toThrow(message);
  });

  it('needs a replay that can hold what learning starts with', async () => {
    const replay = new UniformReplay({ bufferSize: 10, elementType: 'float32', frameLength: 4, gamma: 0.99 });
    const env = makeVec('CartPole-v1', 1, { autoresetMode: 'same-step' });
    await expect(createDqnTraining({ ...common, env, replay, config: dqnCartPole.config })).rejects.toThrow(
      'learningStarts: got 1000, allowed is at most the capacity of the replay (10), or learning would never start.',
    );
  });

  it('may be of any kind: infos, threads and wrappers change no weight', async () => {
    const plain = await pqn(poles());
    const threads = new ThreadedVectorEnv('CartPole-v1', 2, { autoresetMode: 'same-step', infos: true, threads: 2 });
    const others = [await pqn(threads), await pqn(poles({ infos: true, wrappers: [(env: Env) => env] }))];
    for (const training of [plain, ...others]) while (training.step < 60) await training.advance({});
    for (const training of others) expect(training.saveState()).toEqual(plain.saveState());
    for (const training of [plain, ...others]) await training.close();
  });

  it('go on from the state of a group, as earlier versions saved it', async () => {
    const training = await pqn(poles());
    while (training.step < 60) await training.advance({});
    const saved = training.saveState() as { group: { envs: never; observations: never } };
    const { envs, observations } = saved.group;
    const old = await pqn(poles());
    old.restoreState({ ...saved, group: { envs, observations } });
    for (const one of [training, old]) while (one.step < 120) await one.advance({});
    expect(old.saveState()).toEqual(training.saveState());
  });
});

describe('makeTrainingEnv', () => {
  it('makes as many environments, each in the wrappers of the configuration, for a training', () => {
    let made = 0;
    const make = () => {
      made++;
      return new FakeGame({ shape: [210, 160, 3] }) as Env<unknown, number>;
    };
    const view = {
      edition: 'third',
      frameSize: 20,
      noopMax: 0,
      stickyActions: 0,
      fireReset: true,
      frameSkip: 1,
      frameStack: 2,
      episodicLife: false,
    };
    const env = makeTrainingEnv(make, { kind: 'atari', ...view } as PreprocessingConfig, 3);
    expect([env.numEnvs, made]).toEqual([3, 3]);
    expect(new Set(env.envs).size).toBe(3);
    expect(checkTrainingEnv(env, 3)).toEqual({ inputShape: [2, 20, 20], inputDType: 'uint8', actions: 4 });
  });

  it('collects no infos, which a training does not read', () => {
    class Telling extends WalkEnv {
      override reset(options?: ResetOptions) {
        return { ...super.reset(options), info: { told: 1 } };
      }
      override step(action: number) {
        return { ...super.step(action), info: { told: 1 } };
      }
    }
    const env = makeTrainingEnv(() => new Telling() as Env<unknown, number>, { kind: 'none', actionBins: null }, 2);
    expect(env.reset({ seed: 1 }).infos).toEqual({});
    expect(env.step(Int32Array.of(0, 0)).infos).toEqual({});
  });
});
