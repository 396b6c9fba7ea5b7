import { expect, it } from 'vitest';
import { findRecipe } from '../recipes/choose-recipe.ts';
import { describe, describeSeeds, linesOf, reportOn } from './train-seeds.ts';

const outcome = {
  ...{ seed: 3, run: 'runs/a b/seed3', step: 50, solved: false, score: 1.5, seconds: 2, message: 'Not solved.' },
  ...{ interrupted: false, stopped: false, failed: false },
};
const command = "  bellman train --resume 'runs/a b/seed3'";

it.each([
  ['ended', {}, ['seed 3: Not solved. (best reward 1.500, 2.0 s, runs/a b/seed3)']],
  [
    'stopped by --stop-after',
    { stopped: true },
    ['seed 3: stopped at step 50 (best reward 1.500, 2.0 s, runs/a b/seed3)', command],
  ],
  [
    'interrupted',
    { interrupted: true, score: null },
    ['seed 3: stopped at step 50 (no reward yet, 2.0 s, runs/a b/seed3)', command],
  ],
  // There is nothing to resume, and no folder to name.
  [
    'interrupted before it began',
    { interrupted: true, run: undefined, step: undefined },
    ['seed 3: stopped before it began'],
  ],
  ['failed', { failed: true, run: undefined, message: 'no room' }, ['seed 3: failed: no room']],
])('a seed that %s', (_, changes, lines) => {
  expect(linesOf({ ...outcome, ...changes }, Number.POSITIVE_INFINITY)).toEqual(lines);
});

it('says the best reward once, and breaks between words', () => {
  const message = 'Not solved: 9 iterations (70 environment steps), best test reward 1.500.';
  expect(linesOf({ ...outcome, message }, 60)).toEqual([
    'seed 3: Not solved: 9 iterations (70 environment steps),',
    '        best test reward 1.500. (2.0 s, runs/a b/seed3)',
  ]);
});

it('no interval of steps begins below 0', () => {
  const seeds = [1842, 2986, 11_073].map((step) => ({ ...outcome, step, score: -1, solved: true }));
  const [steps] = describe(reportOn(seeds, 3), 'iterations');
  // Mean 5300.33, deviation 5032.4, Student's t 4.303 of 2: 5300 +- 12501.
  expect(steps).toMatch(/^Iterations until solved: mean 5,300, 95 % interval 0\.000 to 17,80\d \(3 seeds\)$/);
});

it.each([
  [[0, 1, 2, 3], 'seeds 0 to 3', '2 of 4'],
  [[0, 3, 7], 'seeds 0, 3, 7', '2 of 3'],
  [[5, 6], 'seeds 5, 6', '2 of 2'],
  [[4], 'seeds 4', '1 of 1'],
])('says of %j what is trained', (seeds, environment, at) => {
  const { id: recipe, algorithm, env, config } = findRecipe('dqn-cart-pole');
  const run = {
    ...{
      recipe,
      algorithm,
      env,
      config: { ...config },
      envKwargs: {},
      seed: 0,
      device: 'cpu',
      threads: 1,
      sources: {},
      evaluation: null,
    },
  };
  const request = { seeds, asked: undefined, run, sharedArguments: [], folder: 'runs/pole', quiet: false, json: false };
  const lines = describeSeeds({ ...request, jobs: 2, stop: new AbortController().signal }, 'frames', 200);
  expect(lines).toContain(`environment  CartPole-v1, ${environment}`);
  expect(lines.find((line) => line.startsWith('at a time'))).toContain(` ${at}, `);
  expect(lines.slice(-2)).toEqual(['  bellman runs runs/pole', '  tensorboard --logdir runs/pole']);
});
