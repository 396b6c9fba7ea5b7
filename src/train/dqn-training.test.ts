/** When a DQN training does what, and that it goes on from a saved state. What it learns: examples/twins.test.ts. */
import { describe, expect, it } from 'vitest';
import { BYTE_NETWORK, ByteWalk } from '../../test/support/byte-walk.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { type DqnConfig, parseDqnConfig } from '../agents/dqn-config.ts';
import type { Env } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { interpretGraphs } from '../graph/index.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { makeVec } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import type { StepReport, UpdateReport } from './training.ts';

const base = {
  ...dqnCartPole.config,
  ...{ network: { ...dqnCartPole.config.network, hiddenSizes: [8] }, bootstrap: { kind: 'greedy' }, nStep: 1 },
  ...{ batchSize: 8, bufferSize: 60, learningStarts: 20, targetUpdateInterval: 10, gradientClipNorm: 0 },
  ...{ learningRate: 1e-2, learningRateFinal: 1e-3, learningRateDecaySteps: 100, rewardBound: null, maxSteps: 10_000 },
  ...{ epsilonDecaySteps: 60, epsilonFinal: 0.1 },
};
type Change = Partial<Record<keyof DqnConfig, unknown>>;

function create(change: Change = {}, make: () => unknown = () => new WalkEnv(), seed = 3) {
  const config = parseDqnConfig({ ...base, ...change });
  const env = makeVec(make as () => Env, config.environments, { autoresetMode: 'same-step' });
  return createDqnTraining({ config, env, seed, createRunner: interpretGraphs, now: () => 0 });
}

describe('updates of a DQN training', () => {
  /** Steps at which there were updates, as often as there were any. */
  async function updateSteps(change: Change, until = 40): Promise<number[]> {
    const training = await create(change);
    const steps: number[] = [];
    while (training.step < until && training.end === undefined) {
      await training.advance({
        update: ({ step }: UpdateReport) => {
          expect(step).toBe(training.step);
          steps.push(step);
        },
      });
    }
    return steps;
  }

  it('follow each step from the one on with which the replay holds enough', async () => {
    expect(await updateSteps({}, 24)).toEqual([20, 21, 22, 23, 24]);
    // The walk's episodes have six steps at most, after which returns of two steps are cut short.
    const [first] = await updateSteps({ nStep: 2 }, 24);
    expect([20, 21]).toContain(first);
  });

  it('follow each multiple of the train interval, as often as the configuration says', async () => {
    expect(await updateSteps({ trainInterval: 6, gradientSteps: 2 })).toEqual([24, 24, 30, 30, 36, 36]);
  });

  it('follow a step of all environments for each multiple that it passes', async () => {
    expect(await updateSteps({ environments: 4, trainInterval: 3 }, 36)).toEqual([20, 24, 24, 28, 32, 36, 36]);
  });

  it('are left out once the training has ended', async () => {
    expect(await updateSteps({ maxSteps: 23 })).toEqual([20, 21, 22]);
  });

  it('have the learning rate of their step', async () => {
    const training = await create();
    const rates: number[] = [];
    while (training.step < 130) {
      await training.advance({ update: () => void rates.push(training.learner.optimizer.learningRate) });
    }
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(1e-2 - 9e-3 * Math.min(1, (20 + i) / 100), 12);
    });
    expect(rates).toHaveLength(111);
  });

  it('may be done alone, to be measured', async () => {
    const training = await create();
    while (training.step < 20) await training.advance({});
    const before = training.learner.online.checksum();
    await training.learnOnce();
    expect(training.learner.online.checksum()).not.toBe(before);
    expect(training.step).toBe(20);
  });
});

describe('target syncs of a DQN training', () => {
  it('copy the weights before the updates of a step that passes the interval', async () => {
    const training = await create({ targetUpdateInterval: 7 });
    const { learner } = training;
    const synced: number[] = [];
    while (training.step < 50) {
      const before = learner.online.checksum();
      const target = learner.target.weights.checksum();
      await training.advance({});
      if (learner.target.weights.checksum() === target) continue;
      expect(learner.target.weights.checksum()).toBe(before);
      synced.push(training.step);
    }
    // At 21 there has been one update since the networks were equal.
    expect(synced).toEqual([21, 28, 35, 42, 49]);
  });

  it('move the target network by the rate of a soft update', async () => {
    const training = await create({ targetUpdateInterval: 1, targetUpdateRate: 0.25 });
    const { online, target } = training.learner;
    while (training.step < 30) await training.advance({});
    const [weights, before] = [online.buffer.slice(), target.weights.buffer.slice()];
    await training.advance({});
    before.forEach((weight, i) => {
      expect(target.weights.buffer[i]).toBeCloseTo(0.75 * weight + 0.25 * weights[i], 6);
    });
  });
});

describe('truncated episodes in a DQN training', () => {
  it.each([false, true])('have no value only where the configuration says so: %s', async (asTerminal) => {
    class Endless extends WalkEnv {
      override step(action: number) {
        const { observation, reward, truncated, info } = super.step(action);
        return { observation, reward, terminated: false, truncated, info };
      }
    }
    const training = await create({ truncatedAsTerminal: asTerminal, environments: 2 }, () => new Endless());
    const discounts = new Set<number>();
    const { learner } = training;
    const learn = learner.learn.bind(learner);
    learner.learn = async (batch) => {
      for (const discount of batch.discounts) discounts.add(discount);
      await learn(batch);
    };
    while (training.step < 80) await training.advance({});
    const gamma = Math.fround(0.99);
    expect(discounts).toEqual(new Set(asTerminal ? [gamma, 0] : [gamma]));
  });
});

describe('exploration of a DQN training', () => {
  it("falls by each step's number, counted from 1; environments share it", async () => {
    const training = await create({ environments: 3 });
    const seen: [number, number][] = [];
    while (training.step < 90) {
      await training.advance({ step: ({ step, epsilon }: StepReport) => void seen.push([step, epsilon]) });
    }
    seen.forEach(([step, epsilon], i) => {
      expect(step).toBe(3 * (i + 1));
      expect(epsilon).toBeCloseTo(Math.max(0.1, 1 - (3 * i + 1) / 60), 12);
    });
    expect(seen).toHaveLength(30);
  });

  it('asks the network only where an action is greedy', async () => {
    const asked = async (epsilon: number) => {
      const training = await create({ epsilonStart: epsilon, epsilonFinal: epsilon });
      let calls = 0;
      const { learner } = training;
      const qValues = learner.qValues.bind(learner);
      learner.qValues = (observations) => {
        calls++;
        return qValues(observations);
      };
      for (let i = 0; i < 12; i++) await training.advance({});
      return calls;
    };
    expect([await asked(1), await asked(0)]).toEqual([0, 12]);
  });
});

describe('a DQN training that is saved and restored', () => {
  const prioritized = {
    ...{ kind: 'prioritized', alpha: 0.7, betaStart: 0.3, betaFinal: 0.9, betaSteps: 200, epsilon: 1e-3 },
    compression: 'none',
  };
  it.each<[string, Change, (() => unknown)?]>([
    ['as it is', {}],
    ['three environments, 2-step returns', { environments: 3, nStep: 2, trainInterval: 4 }],
    ['prioritized', { replay: prioritized }],
    [
      'bytes whose target values are cached',
      { targetUpdateInterval: 100, network: { kind: BYTE_NETWORK, hidden: 8 } },
      () => new ByteWalk(),
    ],
  ])('goes on bit for bit: %s', async (_, change, make) => {
    const straight = await create(change, make);
    while (straight.step < 45) await straight.advance({});
    const saved = structuredClone(straight.saveState());
    const resumed = await create(change, make, 77);
    while (resumed.step < 30) await resumed.advance({});
    resumed.restoreState(saved);
    expect(resumed.saveState()).toEqual(saved);
    const before = straight.learner.online.checksum();
    for (const training of [straight, resumed]) while (training.step < 130) await training.advance({});
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(straight.learner.online.checksum()).not.toBe(before);
  });

  it('goes on from what version 0.1.0 saved, which knew one environment', async () => {
    const straight = await create();
    while (straight.step < 45) await straight.advance({});
    const { group, exploring, episodeReturns, episodeSteps, ...others } = straight.saveState() as Record<string, never>;
    const { envs, observations } = group as { envs: Snapshot[]; observations: Snapshot };
    const old = {
      ...others,
      ...{ env: envs[0], observation: observations, actionSpace: exploring },
      ...{ episodeReturn: episodeReturns[0], episodeSteps: episodeSteps[0] },
    };
    const resumed = await create({}, undefined, 77);
    resumed.restoreState(structuredClone(old));
    for (const training of [straight, resumed]) while (training.step < 80) await training.advance({});
    expect(resumed.saveState()).toEqual(straight.saveState());
  });
});
