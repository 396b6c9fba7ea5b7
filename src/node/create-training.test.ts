import { expect, it } from 'vitest';
import { createTraining } from './create-training.ts';
import { resolveRun } from './resolve-run.ts';

const silent = { scalars() {}, line() {}, best() {} };

it('trains PQN in two threads to the same bits every time', { timeout: 120_000 }, async () => {
  const small = { environments: 4, rolloutSteps: 8, minibatches: 2, epsilonDecaySteps: 100 };
  const run = await resolveRun({ recipe: 'pong-fast', seed: 3, device: 'cpu', threads: 2, set: small });
  const states = [];
  for (let i = 0; i < 2; i++) {
    const training = await createTraining(run);
    const first = training.saveState();
    while (training.step < 160) await training.advance(silent);
    states.push(training.saveState());
    expect(states[i]).not.toEqual(first);
    training.close();
  }
  expect(states[0]).toEqual(states[1]);
});
