import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type CreateBackgroundRunner, createInterpreterRunner, evaluate, modelSpec } from '../graph/index.ts';
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

interface Trial {
  readonly keep?: boolean;
  readonly doubleQ?: boolean;
  readonly resumeAt?: number;
  readonly withValues?: boolean;
  /** Whether some rows are computed beside. */
  readonly beside?: boolean;
}

/** Learns from a small replay that is overwritten all the time, with a copy to the target network every 10 steps. */
async function weightsAfter(steps: number, trial: Trial) {
  const { keep = true, doubleQ = false, resumeAt = -1, withValues = true, beside = false } = trial;
  let passes = 0;
  let rowsBeside = 0;
  const createBackgroundRunner: CreateBackgroundRunner = async (_, outputs, first) => {
    const spec = modelSpec(outputs, first);
    const [rows, length] = spec.inputs['observations'].shape;
    const observations = new Float32Array(rows * length);
    const q = new Float32Array(rows * spec.outputs['q'].shape[1]);
    let constants = copies(first);
    return {
      rows,
      inputs: { observations },
      outputs: { q },
      setConstants(next) {
        constants = copies(next);
      },
      start(count) {
        rowsBeside += count;
      },
      // From what the rows are by now: they have to be left alone until then.
      finish: () => q.set(evaluate([outputs['q']], { ...constants, observations })[0]),
      async release() {},
    };
  };
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
      createBackgroundRunner: beside ? createBackgroundRunner : undefined,
    });
  let learner = await make();
  replay.onReady = (slot) => learner.forgetTarget(slot);
  const [random, sampling] = [new Generator(2), new Generator(3)];
  const next = { slots: new Int32Array(config.batchSize), actings: 1 };
  const observation = () => Float32Array.from({ length: 3 }, () => random.normal());
  const batch = replay.createBatch(config.batchSize, { nextObservations: learner.needsNextObservations });
  replay.startEpisode(observation());
  for (let step = 1; step <= steps; step++) {
    const ends = random.random() < 0.1;
    replay.add(random.integers(4), random.normal(), ends, false, observation());
    if (ends) replay.startEpisode(observation());
    if (replay.size < 20) continue;
    if (step % 10 === 0) learner.syncTarget();
    replay.sample(sampling, batch);
    // Ends of episodes and copies to the target network make some of it wrong.
    replay.foresee(sampling, 1, next.slots);
    await learner.learn(batch, next);
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
  return { weights: learner.online.checksum(), passes, rowsBeside };
}

function copies(arrays: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, data.slice()]));
}

describe('kept values of the target network', () => {
  it.each([false, true])('change nothing (double: %s), and repeat fewer passes', async (doubleQ) => {
    const plain = await weightsAfter(200, { keep: false, doubleQ });
    const kept = await weightsAfter(200, { doubleQ });
    expect(kept.weights).toBe(plain.weights);
    expect(plain.passes).toBe(0); // its target network is part of the update
    // 18 copies, each of them with 40 transitions to value again, 32 at a time; at most one pass in each of 180 updates.
    expect(kept.passes).toBeGreaterThan(36);
    expect(kept.passes).toBeLessThan(150);
  });

  it('change nothing when some are computed beside, and leave fewer passes', async () => {
    const plain = await weightsAfter(200, { keep: false });
    const own = await weightsAfter(200, {});
    const beside = await weightsAfter(200, { beside: true });
    expect(beside.weights).toBe(plain.weights);
    expect(own.rowsBeside).toBe(0);
    // Of some 25 transitions that are new in an interval and that its first pass leaves, two in three are drawn before the next.
    expect(beside.rowsBeside).toBeGreaterThan(100);
    expect(beside.passes).toBeLessThan(0.8 * own.passes);
  });

  it.each([false, true])('go with a saved state (beside: %s)', async (beside) => {
    const straight = await weightsAfter(120, { beside });
    const resumed = await weightsAfter(120, { beside, resumeAt: 77 });
    expect(resumed).toEqual(straight);
  });

  it('are made anew after a state without them', async () => {
    const straight = await weightsAfter(120, {});
    const resumed = await weightsAfter(120, { resumeAt: 77, withValues: false });
    expect(resumed.weights).toBe(straight.weights);
  });
});
