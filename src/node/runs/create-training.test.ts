import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../core/snapshot.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import type { Training } from '../../train/training.ts';
import { createTraining } from './create-training.ts';
import { resolveRun } from './resolve-run.ts';

const sparing = { learningStarts: 200, trainInterval: 8, batchSize: 16, epsilonDecaySteps: 1600 };

/** Learning on built-in Pong in two threads that share environments, rows of batches or both. */
const trainings = [
  {
    // Rounds of 1,024 frames: one before the half, which falls within the second, and two after it.
    name: 'PQN',
    recipe: 'pong-fast',
    set: { epochs: 1 },
    frames: 3200,
  },
  {
    // Target values are kept between copies, as in the book's recipe; the buffer overflows after the half.
    name: 'DQN',
    recipe: 'dqn-pong-fast',
    set: { ...sparing, bufferSize: 800, targetUpdateInterval: 400 },
    frames: 1000,
  },
  {
    name: 'DQN with four environments',
    recipe: 'dqn-pong-fast',
    set: { ...sparing, environments: 4 },
    frames: 800,
  },
] as const;

async function advance(training: Training, frames: number): Promise<Snapshot> {
  while (training.step < frames) await training.advance({});
  return training.saveState();
}

describe.each(trainings)('$name', ({ recipe, set, frames }) => {
  it('come to the same bits in a run and in one that was stopped halfway', async () => {
    const run = await resolveRun({ recipe, seed: 3, device: 'cpu', threads: 2, set });
    const straight = await createTraining(run);
    const start = straight.saveState();
    const half = await advance(straight, frames / 2);
    const end = await advance(straight, frames);
    await straight.close();

    const resumed = await createTraining(run);
    expect(digest(resumed.saveState())).toBe(digest(start));
    resumed.restoreState(half);
    expect(digest(await advance(resumed, frames))).toBe(digest(end));
    await resumed.close();

    // It learned all the time, so equal states are not the states of the start.
    expect(new Set([start, half, end].map((state) => digest(learned(state)))).size).toBe(3);
  });
});

/** Of every byte. */
function digest(state: Snapshot): string {
  const hash = createHash('sha256');
  for (const piece of encodeCheckpoint(state, { kind: 'test', version: '', step: 0 })) hash.update(piece);
  return hash.digest('hex');
}

/** The learner's part of a saved training. */
function learned(state: Snapshot): Snapshot {
  return (state as { readonly learner: Snapshot }).learner;
}
