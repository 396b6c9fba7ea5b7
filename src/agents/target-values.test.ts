import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createInterpreterRunner, modelSpec } from '../graph/index.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { UniformReplay } from '../replay/index.ts';
import { PLAIN_DQN } from './dqn-config.ts';
import { type CreateRunner, DqnLearner, type LearnerConfig } from './dqn-learner.ts';
import { scalarValues } from './scalar.ts';

const config: LearnerConfig = {
  ...PLAIN_DQN,
  batchSize: 16,
  doubleQ: false,
  optimizer: 'adam',
  learningRate: 1e-2,
  optimizerEpsilon: 1e-8,
  gradientClipNorm: 0,
};
const network = { ...mlp({ inputShape: [3], actions: 4, hidden: [8] }), values: scalarValues('mse') };

/** Learns from a small replay that is overwritten all the time, with a copy to the target network every 10 steps. */
async function weightsAfter(steps: number, keep: boolean, doubleQ = false, resumeAt = -1, withValues = true) {
  let passes = 0;
  const createRunner: CreateRunner = async (_, outputs, { constants } = {}) => {
    const runner = createInterpreterRunner(outputs, constants);
    const isTarget = !('loss' in outputs) && modelSpec(outputs).inputs['observations'].shape[0] > 1;
    return {
      ...runner,
      run: (feeds: Parameters<typeof runner.run>[0]) => {
        if (isTarget) passes++;
        return runner.run(feeds);
      },
    };
  };
  const newReplay = () =>
    new UniformReplay({ bufferSize: 40, elementType: 'float32', frameLength: 3, nStep: 2, gamma: 0.9 });
  let replay = newReplay();
  const make = () =>
    DqnLearner.create(network, { ...config, doubleQ }, new Generator(1), createRunner, {
      keepFor: keep ? replay : undefined,
    });
  let learner = await make();
  replay.onReady = (slot) => learner.forgetTarget(slot);
  const random = new Generator(2);
  const observation = () => Float32Array.from({ length: 3 }, () => random.normal());
  const batch = replay.createBatch(config.batchSize, { nextObservations: learner.needsNextObservations });
  replay.startEpisode(observation());
  for (let step = 1; step <= steps; step++) {
    const ends = random.random() < 0.1;
    replay.add(random.integers(4), random.normal(), ends, false, observation());
    if (ends) replay.startEpisode(observation());
    if (replay.size < 20) continue;
    if (step % 10 === 0) learner.syncTarget();
    replay.sample(random, batch);
    await learner.learn(batch);
    if (step === resumeAt) {
      const saved = { learner: learner.saveState(), replay: replay.saveState() };
      replay = newReplay();
      learner = await make();
      replay.onReady = (slot) => learner.forgetTarget(slot);
      replay.restoreState(saved.replay);
      learner.restoreState(
        withValues ? saved.learner : ({ ...(saved.learner as object), targetValues: null } as Snapshot),
      );
    }
  }
  return { weights: learner.online.checksum(), passes };
}

describe('kept values of the target network', () => {
  it.each([false, true])('change nothing (double: %s), and repeat fewer passes', async (doubleQ) => {
    const plain = await weightsAfter(200, false, doubleQ);
    const kept = await weightsAfter(200, true, doubleQ);
    expect(kept.weights).toBe(plain.weights);
    expect(plain.passes).toBe(0); // its target network is part of the update
    // 18 copies, each of them with 40 transitions to value again, 32 at a time; at most one pass in each of 180 updates.
    expect(kept.passes).toBeGreaterThan(36);
    expect(kept.passes).toBeLessThan(150);
  });

  it('go with a saved state', async () => {
    const straight = await weightsAfter(120, true);
    const resumed = await weightsAfter(120, true, false, 77);
    expect(resumed).toEqual(straight);
  });

  it('are made anew after a state without them', async () => {
    const straight = await weightsAfter(120, true);
    const resumed = await weightsAfter(120, true, false, 77, false);
    expect(resumed.weights).toBe(straight.weights);
  });
});
