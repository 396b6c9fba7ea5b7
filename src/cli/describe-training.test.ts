import { expect, it } from 'vitest';
import { findRecipe } from '../recipes/choose-recipe.ts';
import type { Training } from '../train/training.ts';
import { describeBegun, describeOutcome, describeRun } from './describe-training.ts';

function runOf(
  id: string,
  changes: { readonly env?: string; readonly config?: Readonly<Record<string, unknown>> } = {},
) {
  const { id: recipe, algorithm, env, config } = findRecipe(id);
  return {
    ...{ recipe, algorithm, env, envKwargs: {}, seed: 3, device: 'cpu', threads: 2, sources: {}, evaluation: null },
    ...changes,
    config: { ...config, ...changes.config },
  };
}

const training = (facts: Partial<Training>) => ({ step: 3000, end: undefined, ...facts }) as Training;
const best = { model: 'runs/a b/best.onnx', info: { score: 471.25, step: 2900 }, matches: true };

it('says before a training what it is, when it counts as solved and how long it usually takes', () => {
  expect(describeRun(runOf('dqn-cart-pole'), undefined, 'frames', Number.POSITIVE_INFINITY)).toEqual([
    'recipe       dqn-cart-pole: DQN on CartPole-v1 to a mean of 475 over 100 episodes',
    'environment  CartPole-v1, seed 3',
    'solved       when the mean reward of the last 100 episodes is above 475, within 300,000 frames',
    'takes        usually 30 s, 58,000 frames (docs/results/cart-pole.md)',
  ]);
});

it.each([
  ['another environment', { env: 'Acrobot-v1' }],
  ['another bound', { config: { rewardBound: 400 } }],
  ['a run that ends before', { config: { maxSteps: 20_000 } }],
  ['schedules of another length', { config: { maxSteps: 1_000_000 } }, 'pqn-cart-pole'],
])('does not say what is usual elsewhere: %s', (_, changes, id = 'dqn-cart-pole') => {
  const lines = describeRun(runOf(id, changes), undefined, 'frames', 200);
  expect(lines.join('\n')).not.toContain('takes');
});

it('says why this recipe, where another name was asked for', () => {
  const run = runOf('q-learning-frozen-lake');
  expect(describeRun(run, 'q-learning', 'iterations', 200)[1]).toBe(
    '             The settings of q-learning for FrozenLake-v1.',
  );
  const noted = { ...run, note: 'For lake the recipe is x.\nAnd more.' };
  expect(describeRun(noted, 'lake', 'iterations', 200).slice(1, 3)).toEqual([
    '             For lake the recipe is x.',
    '             And more.',
  ]);
});

it('ends by the limit alone where there is no bound', () => {
  const run = runOf('dqn-cart-pole', { config: { rewardBound: null } });
  expect(describeRun(run, undefined, 'frames', 200)).toContain('ends         after 300,000 frames');
});

it.each([20, 39, 40, 60, 80])('breaks facts at %i columns, commands never', (width) => {
  const run = { ...runOf('pong-built-in'), note: 'For pong the recipe is pong-built-in.' };
  const network = { inputShape: [4], inputDType: 'float32', parameters: [{ name: 'fc.0.weight', shape: [2, 4] }] };
  const told = {
    path: 'runs/a b',
    run,
    training: training({ network: network as unknown as Training['network'] & {} }),
  };
  const lines = [...describeRun(run, 'pong', 'frames', width), ...describeBegun(told, width)];
  const [words, commands] = [lines.slice(0, -2), lines.slice(-2)];
  expect(commands).toEqual(["  bellman play 'runs/a b'", "  tensorboard --logdir 'runs/a b'"]);
  const long = words.filter((line) => line.length > width);
  // What is longer is a single word, or the path.
  for (const line of long)
    expect(
      line
        .trim()
        .replace(/^run +/, '')
        .replace('a b', ''),
    ).not.toMatch(/ /);
  expect(words.join(' ').replace(/\s+/g, ' ')).toContain('network 4 float32, dense 2; 8 parameters');
});

it('says after a training what was reached and what to type next', () => {
  const outcome = { path: 'runs/a b', run: runOf('dqn-cart-pole'), unit: 'frames', best, seconds: 65, steps: 2000 };
  expect(describeOutcome({ ...outcome, training: training({}) }, 80)).toEqual([
    'Stopped at step 3000.',
    'best reward  471.250, at step 2,900, the bound is 475',
    'best model   runs/a b/best.onnx',
    'trained      2,000 frames in 1 min 5 s',
    'run          runs/a b',
    'Next:',
    "  bellman train --resume 'runs/a b'",
    "  bellman play 'runs/a b'",
    "  bellman eval 'runs/a b'",
  ]);
  const end = { solved: true, message: 'Solved in 3000 frames!' };
  const solved = describeOutcome({ ...outcome, training: training({ end }) }, 80);
  expect(solved[0]).toBe('Solved in 3000 frames!');
  expect(solved.slice(-3)).toEqual([
    "  bellman play 'runs/a b'",
    "  bellman eval 'runs/a b'",
    "  bellman plot 'runs/a b'",
  ]);
  const early = describeOutcome({ ...outcome, best: undefined, training: training({}) }, 80);
  expect(early).toContain('best reward  none yet: no episode has ended');
  expect(early.slice(-2)).toEqual(['Next:', "  bellman train --resume 'runs/a b'"]);
});

it('says over how many steps of this run its schedules go, where they are shares of it', () => {
  const changes = { maxSteps: 2_500_000, epsilonDecaySteps: 250_000, learningRateDecaySteps: 2_500_000 };
  expect(describeRun(runOf('atari-fast', { config: changes }), undefined, 'frames', 200)).toContain(
    'schedules    epsilon 1 to 0.01 over 250,000 frames, learning rate 0.0005 to 0.00001 over 2,500,000 frames',
  );
  expect(describeRun(runOf('btr'), undefined, 'frames', 200)).toContain(
    'schedules    epsilon 1 to 0.01 over 2,000,000 frames, beta 0.4 to 1 over 50,000,000 frames',
  );
  // A learning rate that stays is none.
  expect(describeRun(runOf('pqn-pong'), undefined, 'frames', 200)).toContain(
    'schedules    epsilon 1 to 0.001 over 500,000 frames',
  );
});
