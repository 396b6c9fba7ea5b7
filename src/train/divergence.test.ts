import { describe, expect, it } from 'vitest';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { parseDqnConfig } from '../agents/dqn-config.ts';
import { parsePqnConfig } from '../agents/pqn-config.ts';
import type { Env, StepResult } from '../core/env.ts';
import { DivergenceError } from '../core/errors.ts';
import { interpretGraphs } from '../graph/index.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../recipes/pqn.ts';
import { makeVec, type VectorStep } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import { checkStepIsFinite } from './divergence.ts';
import { createPqnTraining } from './pqn-training.ts';
import type { Observation } from './preprocessing.ts';

/** A walk in which a step goes wrong. */
class TroubledWalk extends WalkEnv {
  readonly #trouble: (result: StepResult<Float32Array>, step: number) => void;
  #taken = 0;
  constructor(trouble: (result: StepResult<Float32Array>, step: number) => void) {
    super();
    this.#trouble = trouble;
  }
  override step(action: number): StepResult<Float32Array> {
    const result = super.step(action);
    this.#trouble(result, ++this.#taken);
    return result;
  }
}

const small = { rewardBound: null, maxSteps: 400, learningRateDecaySteps: 0 };
const dqnConfig = parseDqnConfig({
  ...dqnCartPole.config,
  ...small,
  network: { ...dqnCartPole.config.network, hiddenSizes: [8] },
  ...{ batchSize: 8, bufferSize: 100, learningStarts: 20, learningRateFinal: dqnCartPole.config.learningRate },
});
const pqnConfig = parsePqnConfig({
  ...pqnCartPole.config,
  ...small,
  network: { ...pqnCartPole.config.network, hiddenSizes: [8] },
  ...{
    environments: 1,
    rolloutSteps: 8,
    minibatches: 2,
    epochs: 1,
    learningRateFinal: pqnCartPole.config.learningRate,
  },
});

type Trouble = ConstructorParameters<typeof TroubledWalk>[0];
const options = (trouble: Trouble) => ({
  env: makeVec(() => new TroubledWalk(trouble) as Env, 1, { autoresetMode: 'same-step' }),
  seed: 1,
  createRunner: interpretGraphs,
});
const create = {
  DQN: (trouble: Trouble) => createDqnTraining({ config: dqnConfig, ...options(trouble) }),
  PQN: (trouble: Trouble) => createPqnTraining({ config: pqnConfig, ...options(trouble) }),
};

describe.each(['DQN', 'PQN'] as const)('%s', (name) => {
  const messageOf = async (trouble: Trouble): Promise<string> => {
    const training = await create[name](trouble);
    try {
      while (training.end === undefined) await training.advance({});
    } catch (error) {
      expect(error).toBeInstanceOf(DivergenceError);
      return (error as Error).message;
    }
    return 'ended';
  };

  it('stops at the step of a reward that is not finite', async () => {
    expect(await messageOf(() => {})).toBe('ended');
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const message = await messageOf((result, step) => {
        if (step === 37) result.reward = bad;
      });
      expect(message).toBe(
        `Diverged at step 37: environment 0 gave the reward ${bad}. Mend the environment; the last checkpoint and the best model are from before.`,
      );
    }
  });

  it('stops at the step of an observation that is not finite, also where it is the last of an episode', async () => {
    for (const last of [false, true]) {
      let at = 0;
      const message = await messageOf((result, step) => {
        if (at > 0 || step < 30 || (result.terminated || result.truncated) !== last) return;
        at = step;
        result.observation[2] = Number.POSITIVE_INFINITY;
      });
      expect(message).toContain(`Diverged at step ${at}: environment 0 gave an observation with Infinity at 2.`);
    }
  });

  it('does not save or hand out weights that are not finite', async () => {
    const training = await create[name](() => {});
    await training.advance({});
    training.saveState();
    training.exportModel();
    const [first] = training.learner.online;
    first.data[3] = Number.NaN;
    const message = `Diverged at step 1: weight 3 of ${first.name} is NaN. Try a lower learningRate, `;
    expect(() => training.saveState()).toThrow(message);
    expect(() => training.exportModel()).toThrow(message);
  });
});

it('a prioritized replay is not asked to hold errors of a loss that is not finite', async () => {
  const config = parseDqnConfig({
    ...dqnConfig,
    clipReward: false,
    replay: {
      kind: 'prioritized',
      alpha: 0.6,
      betaStart: 0.4,
      betaFinal: 1,
      betaSteps: 100,
      epsilon: 1e-6,
      compression: 'none',
    },
    values: { kind: 'scalar', loss: 'mse' },
    gradientClipNorm: 0,
  });
  // The square of its error is no float32.
  const large = options((result) => {
    result.reward = 1e30;
  });
  const training = await createDqnTraining({ config, ...large });
  await expect(async () => {
    while (training.end === undefined) await training.advance({});
  }).rejects.toThrow(/^Diverged at step 2\d: the loss of an update is (NaN|Infinity)\. /);
});

describe('checkStepIsFinite', () => {
  const none = Number.NaN;
  /** Two environments that show two numbers each. */
  const check = (change: Partial<VectorStep<Observation>>) => () =>
    checkStepIsFinite(8, {
      ...{ rewards: Float64Array.of(1, 2), observations: Float32Array.of(1, 2, 3, 4), infos: {} },
      ...{ terminations: Uint8Array.of(0, 0), truncations: Uint8Array.of(0, 0) },
      ...change,
    });

  it('names the environment and the place', () => {
    expect(check({})).not.toThrow();
    expect(check({ rewards: Float64Array.of(1, none) })).toThrow('at step 8: environment 1 gave the reward NaN.');
    const observations = Float32Array.of(1, 2, 3, none);
    expect(check({ observations })).toThrow('environment 1 gave an observation with NaN at 1.');
  });

  it('looks at the last observation of an episode where one ended, not at what is left of others', () => {
    const finalObservations = Float32Array.of(none, none, 3, 4);
    expect(check({ finalObservations })).not.toThrow();
    const second = Uint8Array.of(0, 1);
    expect(check({ finalObservations, terminations: second })).not.toThrow();
    const first = Uint8Array.of(1, 0);
    const message = 'environment 0 gave an observation with NaN at 0.';
    expect(check({ finalObservations, terminations: first })).toThrow(message);
    expect(check({ finalObservations, truncations: first })).toThrow(message);
    expect(check({ terminations: first })).not.toThrow();
  });
});
