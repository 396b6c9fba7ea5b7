import { expect, it } from 'vitest';
import { findRecipe } from '../recipes/choose-recipe.ts';
import { describeSeeds, linesOf } from './train-seeds.ts';

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
  expect(linesOf({ ...outcome, ...changes })).toEqual(lines);
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
