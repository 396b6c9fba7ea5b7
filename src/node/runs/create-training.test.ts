import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../core/snapshot.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import type { Training } from '../../train/training.ts';
import { createTraining } from './create-training.ts';
import { resolveRun } from './resolve-run.ts';

const sparing = { learningStarts: 500, trainInterval: 8, batchSize: 16, epsilonDecaySteps: 4000 };

/** Learning on built-in Pong in two threads that share environments, rows of batches or both. */
const trainings = [
  {
    name: 'PQN, 7,000 agent frames',
    recipe: 'pong-fast',
    set: { epochs: 1 },
    frames: 7000,
  },
  {
    // Four emulated frames for each of the agent's. Target values are kept between copies, as in the book's recipe.
    name: 'DQN, 10,000 emulated frames',
    recipe: 'dqn-pong-fast',
    set: { ...sparing, bufferSize: 2000, targetUpdateInterval: 1000 },
    frames: 2500,
  },
  {
    name: 'DQN with four environments',
    recipe: 'dqn-pong-fast',
    set: { ...sparing, environments: 4 },
    frames: 1200,
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

    const stopped = await createTraining(run);
    const sameHalf = await advance(stopped, frames / 2);
    await stopped.close();
    expect(digest(sameHalf)).toBe(digest(half));
    const resumed = await createTraining(run);
    resumed.restoreState(sameHalf);
    expect(digest(await advance(resumed, frames))).toBe(digest(end));
    await resumed.close();

    // It learned all the time, so equal states are not the states of the start.
    expect(new Set([start, half, end].map((state) => digest(learned(state)))).size).toBe(3);
  });
});

/** Of every byte: millions of them, which `toEqual` compares one by one. */
function digest(state: Snapshot): string {
  const hash = createHash('sha256');
  for (const piece of encodeCheckpoint(state, { kind: 'test', version: '', step: 0 })) hash.update(piece);
  return hash.digest('hex');
}

/** The learner's part of a saved training. */
function learned(state: Snapshot): Snapshot {
  return (state as { readonly learner: Snapshot }).learner;
}
