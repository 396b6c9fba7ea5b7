import type { QLearningConfig, SampledModelConfig } from '../tabular/config.ts';
import { cite, deviation, numberedActions, type Recipe, usually } from './recipe.ts';

const book = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 5, ${place}`);
const chapter6 = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6, ${place}`);
const notebook = (place: string) => cite(`a public course notebook on Q-learning: ${place}`);
export const numbered = cite('not used: the states are numbered');
export const unmasked = cite('the textbooks, whose agents choose among all actions');
export const givesUp = deviation("the book's programs, which never give up", 'far more than any seed tried has needed');

/** FrozenLake by value iteration from samples; `--env FrozenLake8x8-v1` for the larger lake, with the same settings. */
export const valueIterationFrozenLake = {
  id: 'value-iteration-frozen-lake',
  usual: usually(39, 0.4 / 60, 'docs/results/tabular.md'),
  title: 'FrozenLake by value iteration from sampled transitions',
  algorithm: 'value-iteration',
  env: 'FrozenLake-v1',
  alsoFor: ['FrozenLake8x8-v1'],
  config: {
    gamma: 0.9,
    stepsPerIteration: 100,
    testEpisodes: 20,
    rewardBound: 0.8,
    maxIterations: 100_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: book('GAMMA'),
    stepsPerIteration: book('play_n_random_steps(100)'),
    testEpisodes: book('TEST_EPISODES'),
    rewardBound: book('reward > 0.80'),
    maxIterations: givesUp,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
} as const satisfies Recipe<SampledModelConfig>;

/** FrozenLake by Q-iteration from samples: the same, with action values. */
export const qIterationFrozenLake = {
  ...valueIterationFrozenLake,
  id: 'q-iteration-frozen-lake',
  usual: usually(35, 0.4 / 60, 'docs/results/tabular.md'),
  title: 'FrozenLake by Q-iteration from sampled transitions',
  algorithm: 'q-iteration',
} as const satisfies Recipe<SampledModelConfig>;

const unusedWhenRandom = chapter6('on epsilon-greedy: from 1.0 to 5% or 2%; not used by random behaviour');

/** FrozenLake by tabular Q-learning, tested after every step as in the book. */
export const qLearningFrozenLake = {
  id: 'q-learning-frozen-lake',
  usual: usually(7240, 0.6 / 60, 'docs/results/tabular.md'),
  title: 'FrozenLake by tabular Q-learning, acting at random',
  algorithm: 'q-learning',
  env: 'FrozenLake-v1',
  alsoFor: ['FrozenLake8x8-v1'],
  config: {
    gamma: 0.9,
    alpha: 0.2,
    behaviour: 'random',
    epsilonStart: 1,
    epsilonFinal: 0.05,
    epsilonDecaySteps: 10_000,
    testInterval: 1,
    testEpisodes: 20,
    rewardBound: 0.8,
    maxIterations: 1_000_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: book('GAMMA'),
    alpha: book('ALPHA'),
    behaviour: book('sample_env: action_space.sample()'),
    epsilonStart: unusedWhenRandom,
    epsilonFinal: unusedWhenRandom,
    epsilonDecaySteps: { measured: 'docs/results/tabular.md' },
    testInterval: book('a test in every iteration'),
    testEpisodes: book('TEST_EPISODES'),
    rewardBound: book('test_reward > 0.80'),
    maxIterations: givesUp,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
} as const satisfies Recipe<QLearningConfig>;

/** FrozenLake that does not slip, tested every 3000 steps, as a course teaches it. */
export const qLearningFrozenLakeDry = {
  ...qLearningFrozenLake,
  id: 'q-learning-frozen-lake-dry',
  usual: usually(3000, 0.35 / 60, 'docs/results/tabular.md'),
  title: 'FrozenLake without slipping by tabular Q-learning, tested every 3000 steps',
  envOptions: { isSlippery: false },
  config: { ...qLearningFrozenLake.config, testInterval: 3000 },
  sources: { ...qLearningFrozenLake.sources, testInterval: notebook('TEST_TIME = 3000') },
} as const satisfies Recipe<QLearningConfig>;

/** Taxi by tabular Q-learning. */
export const qLearningTaxi = {
  ...qLearningFrozenLake,
  id: 'q-learning-taxi',
  usual: usually(161_000, 0.54 / 60, 'docs/results/tabular.md'),
  title: 'Taxi by tabular Q-learning, acting at random',
  env: 'Taxi-v3',
  alsoFor: ['Taxi-v4'],
  config: {
    ...qLearningFrozenLake.config,
    gamma: 0.8,
    alpha: 0.3,
    epsilonDecaySteps: 100_000,
    testInterval: 1000,
    testEpisodes: 50,
    maxIterations: 10_000_000,
  },
  sources: {
    ...qLearningFrozenLake.sources,
    gamma: notebook('Taxi-v3, GAMMA = 0.8'),
    alpha: notebook('Taxi-v3, ALPHA = 0.3'),
    testInterval: deviation(
      'the notebook, which plays 50 test episodes after every step',
      'a test of up to 10,000 steps after each single one: minutes instead of a second, for the same values',
    ),
    testEpisodes: notebook('Taxi-v3, TEST_EPISODES = 50'),
  },
} as const satisfies Recipe<QLearningConfig>;

export const tabularRecipes = [
  valueIterationFrozenLake,
  qIterationFrozenLake,
  qLearningFrozenLake,
  qLearningFrozenLakeDry,
  qLearningTaxi,
] as const satisfies readonly Recipe[];
