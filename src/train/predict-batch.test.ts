import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { LookAhead, UniformReplay } from '../replay/index.ts';
import { batchPredictor } from './predict-batch.ts';
import { UpdateSchedule } from './update-schedule.ts';

/** The loop of a training in one endless episode for each environment, in which each update is asked for the next batch. */
function updatesOf(intervals: {
  readonly environments: number;
  readonly trainInterval: number;
  readonly gradientSteps: number;
  readonly targetUpdateInterval: number;
}) {
  const { environments, trainInterval, gradientSteps, targetUpdateInterval } = intervals;
  const replay = new UniformReplay({
    ...{ bufferSize: 40, elementType: 'float32', frameLength: 1, gamma: 0.9, streams: environments },
  });
  const sampling = new Generator(3);
  const batch = replay.createBatch(8);
  let step = 0;
  const predict = batchPredictor(
    new LookAhead(replay, sampling),
    new UpdateSchedule(intervals),
    environments,
    () => step,
  );
  const observations = new Float32Array(environments);
  replay.startEpisodes(observations);
  const ends = new Uint8Array(environments);
  const updates: {
    readonly step: number;
    readonly syncs: number;
    readonly drawn: number[];
    readonly actings: number | undefined;
    readonly predicted: number[];
  }[] = [];
  let syncs = 0;
  while (step < 150) {
    for (let n = 0; n < environments; n++) {
      step++;
      if (step % targetUpdateInterval === 0) syncs++;
    }
    const actions = new Int32Array(environments);
    replay.addStep(actions, observations, { observations, terminations: ends, truncations: ends });
    if (step < 12) continue;
    for (let past = step - environments + 1; past <= step; past++) {
      if (past % trainInterval !== 0) continue;
      for (let i = 0; i < gradientSteps; i++) {
        replay.sample(sampling, batch);
        const slots = new Int32Array(8).fill(-1);
        const actings = predict(slots);
        updates.push({ step, syncs, drawn: [...batch.indices], actings, predicted: [...slots] });
      }
    }
  }
  return updates;
}

describe.each([
  { environments: 1, trainInterval: 1, gradientSteps: 1, targetUpdateInterval: 10 },
  { environments: 1, trainInterval: 4, gradientSteps: 2, targetUpdateInterval: 25 },
  { environments: 3, trainInterval: 4, gradientSteps: 2, targetUpdateInterval: 25 },
  { environments: 4, trainInterval: 2, gradientSteps: 3, targetUpdateInterval: 30 },
])('%j', (intervals) => {
  const updates = updatesOf(intervals);
  const pairs = updates.slice(1).map((next, i) => ({ ...updates[i], next }));

  it('predicts each batch that the same target network judges, and when it comes', () => {
    for (const { syncs, step, actings, predicted, next } of pairs) {
      if (next.syncs > syncs) continue;
      expect(actings).toBe((next.step - step) / intervals.environments);
      expect(predicted).toEqual(next.drawn);
    }
  });

  it('predicts nothing across a target sync', () => {
    const across = pairs.filter(({ syncs, next }) => next.syncs > syncs);
    expect(across.length).toBeGreaterThan(3);
    for (const { actings, predicted } of across) {
      expect(actings).toBeUndefined();
      expect(predicted).toEqual(new Array(8).fill(-1));
    }
  });
});
