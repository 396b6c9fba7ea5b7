import { describe, expect, it } from 'vitest';
import { Generator } from '../../core/random/index.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import {
  type CreateBackgroundRunner,
  type CreateRunner,
  evaluate,
  interpretGraphs,
  modelSpec,
} from '../../graph/index.ts';
import { Adam } from '../../nn/adam.ts';
import { mlp } from '../../nn/networks/mlp.ts';
import { LookAhead, UniformReplay } from '../../replay/index.ts';
import { doubleBootstrap } from '../double.ts';
import { DqnLearner } from '../dqn-learner.ts';
import { scalarValues } from '../scalar.ts';
import { CachedTarget, LiveTarget } from './index.ts';

const batchSize = 16;
const network = { ...mlp({ inputShape: [3], actions: 4, hidden: [8] }), values: scalarValues('mse') };

interface Trial {
  readonly cached?: boolean;
  readonly doubleQ?: boolean;
  readonly resumeAt?: number;
  readonly withValues?: boolean;
  /** Whether some rows are computed in the background. */
  readonly background?: boolean;
  /** Of the target network at each sync. */
  readonly rate?: number;
  /** Whether actions are masked. */
  readonly masked?: boolean;
}

/** Learns from a small replay that is overwritten all the time, with a target sync every 10 steps. */
async function weightsAfter(steps: number, trial: Trial) {
  const {
    cached = true,
    doubleQ = false,
    resumeAt = -1,
    withValues = true,
    background = false,
    rate = 1,
    masked = false,
  } = trial;
  let passes = 0;
  let backgroundRows = 0;
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
        backgroundRows += count;
      },
      // From what the rows are by now: they have to be left alone until then.
      finish: () => q.set(evaluate([outputs['q']], { ...constants, observations })[0]),
      async release() {},
    };
  };
  const createRunner: CreateRunner = async (graph, outputs, options) => {
    const runner = await interpretGraphs(graph, outputs, options);
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
    new UniformReplay({
      bufferSize: 40,
      elementType: 'float32',
      frameLength: 3,
      nStep: 2,
      gamma: 0.9,
      maskLength: masked ? 4 : 0,
    });
  let replay = newReplay();
  const [random, sampling] = [new Generator(2), new Generator(3)];
  const make = () => {
    const lookAhead = new LookAhead(replay, sampling);
    // Ends of episodes and target syncs make some of it wrong.
    const predictBatch = (slots: Int32Array) => {
      lookAhead.peek(1, slots);
      return 1;
    };
    const runners = { createRunner, ...(background ? { createBackgroundRunner, predictBatch } : {}) };
    return DqnLearner.create({
      network,
      batchSize,
      bootstrap: doubleQ ? doubleBootstrap : undefined,
      actionMasks: masked,
      createOptimizer: (size, memory) => new Adam(size, { learningRate: 1e-2, memory }),
      createTarget: (online) =>
        cached ? CachedTarget.create(online, { network, batchSize, replay, ...runners }) : new LiveTarget(online),
      random: new Generator(1),
      createRunner,
    });
  };
  let learner = await make();
  const observation = () => Float32Array.from({ length: 3 }, () => random.normal());
  const batch = replay.createBatch(batchSize, { nextObservations: learner.reads('nextObservations') });
  const mask = () => Uint8Array.of(1, random.integers(2), random.integers(2), random.integers(2));
  const maskOrNone = () => (masked ? mask() : undefined);
  replay.startEpisode(observation(), 0, maskOrNone());
  for (let step = 1; step <= steps; step++) {
    const ends = random.random() < 0.1;
    replay.add(random.integers(4), random.normal(), ends, false, observation(), 0, maskOrNone());
    if (ends) replay.startEpisode(observation(), 0, maskOrNone());
    if (replay.size < 20) continue;
    if (step % 10 === 0) learner.syncTarget(rate);
    replay.sample(sampling, batch);
    await learner.learn(batch);
    if (step === resumeAt) {
      const saved = { learner: learner.saveState(), replay: replay.saveState() };
      replay = newReplay();
      learner = await make();
      replay.restoreState(saved.replay);
      learner.restoreState(
        withValues ? saved.learner : ({ ...(saved.learner as object), targetValues: null } as Snapshot),
      );
    }
  }
  return { weights: learner.online.checksum(), passes, backgroundRows };
}

function copies(arrays: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, data.slice()]));
}

describe('cached values of the target network', () => {
  it.each([
    { doubleQ: false },
    { doubleQ: true },
    { rate: 0.5 },
  ])('change nothing, and repeat fewer passes: %j', async (trial) => {
    const live = await weightsAfter(200, { cached: false, ...trial });
    const cached = await weightsAfter(200, trial);
    expect(cached.weights).toBe(live.weights);
    expect(live.weights).not.toBe((await weightsAfter(10, { cached: false })).weights); // it learns
    expect(live.passes).toBe(0); // its target network is part of the update
    // 18 syncs, each of them with 40 transitions to value again, 32 at a time; at most one pass in each of 180 updates.
    expect(cached.passes).toBeGreaterThan(36);
    expect(cached.passes).toBeLessThan(150);
  });

  it('change nothing when some are computed in the background, and leave fewer passes', async () => {
    const live = await weightsAfter(200, { cached: false });
    const direct = await weightsAfter(200, {});
    const background = await weightsAfter(200, { background: true });
    expect(background.weights).toBe(live.weights);
    expect(direct.backgroundRows).toBe(0);
    // Of some 25 transitions that are new in an interval and that its first pass leaves, two in three are drawn before the next.
    expect(background.backgroundRows).toBeGreaterThan(100);
    expect(background.passes).toBeLessThan(0.8 * direct.passes);
  });

  it.each([false, true])('change nothing with action masks (background: %s)', async (background) => {
    const live = await weightsAfter(120, { cached: false, masked: true });
    const cached = await weightsAfter(120, { masked: true, background });
    expect(cached.weights).toBe(live.weights);
  });

  it.each([false, true])('go with a saved state (background: %s)', async (background) => {
    const straight = await weightsAfter(120, { background });
    const resumed = await weightsAfter(120, { background, resumeAt: 77 });
    expect(resumed).toEqual(straight);
  });

  it('are computed anew after a state without them', async () => {
    const straight = await weightsAfter(120, {});
    const resumed = await weightsAfter(120, { resumeAt: 77, withValues: false });
    expect(resumed.weights).toBe(straight.weights);
  });

  it('are of a network that a soft update moves part of the way', async () => {
    const hard = await weightsAfter(60, {});
    const soft = await weightsAfter(60, { rate: 0.5 });
    expect(soft.weights).not.toBe(hard.weights);
  });
});
