import { OptionError } from '../core/errors.ts';

/** Settings of the two agents that learn a model from samples, value iteration and Q-iteration. */
export interface SampledModelConfig {
  /** Discount, from 0 to 1. */
  readonly gamma: number;
  /** Random environment steps at the start of each iteration. */
  readonly stepsPerIteration: number;
  /** Greedy episodes at the end of each iteration. */
  readonly testEpisodes: number;
  /** Solved when the mean return of the test episodes is above this. */
  readonly rewardBound: number;
  /** Gives up after so many iterations. */
  readonly maxIterations: number;
}

/** Settings of tabular Q-learning, where an iteration is one environment step and one update. */
export interface QLearningConfig {
  readonly gamma: number;
  /** Weight of the new value in an update, above 0 to 1. */
  readonly alpha: number;
  /** `random` draws every action from the action space; `epsilon-greedy` only a share epsilon of them. */
  readonly behaviour: 'random' | 'epsilon-greedy';
  readonly epsilonStart: number;
  readonly epsilonFinal: number;
  /** Environment steps over which epsilon would fall by 1. */
  readonly epsilonDecaySteps: number;
  /** Iterations between tests. */
  readonly testInterval: number;
  /** Greedy episodes of each test. */
  readonly testEpisodes: number;
  /** Solved when the mean return of a test is above this. */
  readonly rewardBound: number;
  /** Gives up after so many iterations. */
  readonly maxIterations: number;
}

interface Rule {
  readonly allowed: string;
  readonly fits: (value: unknown) => boolean;
}

const number = (allowed: string, fits: (value: number) => boolean): Rule => ({
  allowed,
  fits: (value) => typeof value === 'number' && fits(value),
});
const fraction = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const count = number('an integer of at least 1', (value) => Number.isSafeInteger(value) && value >= 1);
const countOrNone = number('an integer of at least 0', (value) => Number.isSafeInteger(value) && value >= 0);
const finite = number('a number', Number.isFinite);

const sampledModelRules: Readonly<Record<keyof SampledModelConfig, Rule>> = {
  gamma: fraction,
  stepsPerIteration: count,
  testEpisodes: count,
  rewardBound: finite,
  maxIterations: count,
};

const qLearningRules: Readonly<Record<keyof QLearningConfig, Rule>> = {
  gamma: fraction,
  alpha: number('a number above 0, at most 1', (value) => value > 0 && value <= 1),
  behaviour: { allowed: 'random or epsilon-greedy', fits: (value) => value === 'random' || value === 'epsilon-greedy' },
  epsilonStart: fraction,
  epsilonFinal: fraction,
  epsilonDecaySteps: countOrNone,
  testInterval: count,
  testEpisodes: count,
  rewardBound: finite,
  maxIterations: count,
};

/** Checks a whole configuration.
 * @throws OptionError naming the first key that is unknown, missing or out of range, what was received and what is allowed. */
export function parseSampledModelConfig(config: Readonly<Record<string, unknown>>): SampledModelConfig {
  return check<SampledModelConfig>(config, sampledModelRules);
}

/** Checks a whole configuration.
 * @throws OptionError naming the first key that is unknown, missing or out of range, what was received and what is allowed. */
export function parseQLearningConfig(config: Readonly<Record<string, unknown>>): QLearningConfig {
  const parsed = check<QLearningConfig>(config, qLearningRules);
  if (parsed.epsilonFinal > parsed.epsilonStart) {
    throw new OptionError('epsilonFinal', parsed.epsilonFinal, `at most epsilonStart (${parsed.epsilonStart})`);
  }
  return parsed;
}

function check<C extends object>(
  config: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<keyof C & string, Rule>>,
): C {
  const keys = Object.keys(rules) as (keyof C & string)[];
  const unknown = Object.keys(config).find((key) => !(keys as string[]).includes(key));
  if (unknown !== undefined) throw new OptionError('configuration', unknown, `one of ${keys.join(', ')}`);
  for (const key of keys) {
    if (!rules[key].fits(config[key])) throw new OptionError(key, config[key], rules[key].allowed);
  }
  return { ...config } as C;
}
