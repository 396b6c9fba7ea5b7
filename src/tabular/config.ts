import type { Cells } from '../core/cells.ts';
import { OptionError } from '../core/errors.ts';
import type { ActionBins } from '../wrappers/discretize-action.ts';

export type { Cells };

/** Settings that every tabular agent has. */
export interface TabularConfig {
  /** Discount, from 0 to 1. */
  readonly gamma: number;
  /** Greedy episodes of each test. */
  readonly testEpisodes: number;
  /** Solved when the mean return of a test is above this; null trains for all of `maxIterations`. */
  readonly rewardBound: number | null;
  /** Gives up after so many iterations. */
  readonly maxIterations: number;
  /** Cuts observations that are vectors into cells; null where states are numbered already. */
  readonly cells: Cells | null;
  /** Divides actions that are vectors into cells; null where actions are numbered already. */
  readonly actionBins: ActionBins;
  /** Whether only actions that the environment's `info.action_mask` allows are taken, explored and bootstrapped from. */
  readonly actionMasks: boolean;
}

/** Settings of the two agents that learn a model from samples, value iteration and Q-iteration. */
export interface SampledModelConfig extends TabularConfig {
  /** Random environment steps at the start of each iteration. */
  readonly stepsPerIteration: number;
}

/** Settings of the agents that learn as they act. An iteration is one environment step with what is learned from it. */
export interface OnlineConfig extends TabularConfig {
  /** Share of random actions at first, and in the end. */
  readonly epsilonStart: number;
  readonly epsilonFinal: number;
  /** Environment steps over which epsilon would fall by 1; 0 has `epsilonFinal` from the start. */
  readonly epsilonDecaySteps: number;
  /** Iterations between tests. */
  readonly testInterval: number;
  /** Step size: weight of the new value in an update, above 0 to 1; null for 1 / the number of the pair's updates, by which
   * its value is the mean of all it was ever told; updates with a ratio of importance sampling count by their weight. */
  readonly alpha: number | null;
}

/** Settings of tabular Q-learning. */
export interface QLearningConfig extends OnlineConfig {
  /** `random` draws every action from the action space; `epsilon-greedy` only a share epsilon of them. */
  readonly behaviour: 'random' | 'epsilon-greedy';
}

/** Settings of the n-step methods. */
export interface NStepConfig extends OnlineConfig {
  /** Rewards that are summed before the value of a state is relied on. */
  readonly nStep: number;
}

/** Settings of the n-step methods that learn about the policy that they play, or by importance sampling about the greedy one. */
export interface SampledNStepConfig extends NStepConfig {
  /** Whether updates are weighed by how likely the greedy policy takes the actions after the first (Sutton & Barto, 2nd ed.,
   * section 7.3). */
  readonly importanceSampling: boolean;
}

/** Settings of Watkins's Q(lambda). */
export interface QLambdaConfig extends OnlineConfig {
  /** Decay of the eligibility traces, next to gamma, from 0 (Q-learning) to 1. */
  readonly lambda: number;
  /** Whether another visit adds 1 to a pair's trace or sets it to 1. */
  readonly traces: 'accumulating' | 'replacing';
}

/** Settings of Dyna-Q. */
export interface DynaQConfig extends OnlineConfig {
  /** Updates from the model after each one from the environment. */
  readonly planningSteps: number;
}

interface Rule {
  readonly allowed: string;
  readonly fits: (value: unknown) => boolean;
}

type Rules<C> = Readonly<Record<keyof C & string, Rule>>;

const number = (allowed: string, fits: (value: number) => boolean): Rule => ({
  allowed,
  fits: (value) => typeof value === 'number' && fits(value),
});
const oneOf = (...names: readonly string[]): Rule => ({
  allowed: names.join(' or '),
  fits: (value) => names.includes(value as string),
});
const fraction = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const count = number('an integer of at least 1', (value) => Number.isSafeInteger(value) && value >= 1);
const countUpTo = (most: number): Rule =>
  number(`an integer from 1 to ${most}`, (value) => Number.isSafeInteger(value) && value >= 1 && value <= most);
/** Of what happens within an iteration: a request to stop is heard between two. */
const MOST_EPISODES = 100_000;
const MOST_STEPS = 1_000_000;
const countOrNone = number('an integer of at least 0', (value) => Number.isSafeInteger(value) && value >= 0);
const flag: Rule = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' };

const tabularRules: Rules<TabularConfig> = {
  gamma: fraction,
  testEpisodes: countUpTo(MOST_EPISODES),
  rewardBound: { allowed: 'a number, or null for none', fits: (value) => value === null || Number.isFinite(value) },
  maxIterations: count,
  cells: {
    allowed:
      'null, or {"low": [...], "high": [...], "bins": [...]} of equal lengths, low below high, bins of at least 1',
    fits: (value) => value === null || isCells(value),
  },
  actionBins: {
    allowed: 'null, a whole number such as 5, or one for each number of an action, such as [5,3]',
    fits: (value) => value === null || [value].flat().every((n) => Number.isSafeInteger(n) && Number(n) >= 1),
  },
  actionMasks: flag,
};

const onlineRules: Rules<OnlineConfig> = {
  ...tabularRules,
  epsilonStart: fraction,
  epsilonFinal: fraction,
  epsilonDecaySteps: countOrNone,
  testInterval: count,
  alpha: {
    allowed: 'a number above 0, at most 1, or null to average',
    fits: (value) => value === null || (typeof value === 'number' && value > 0 && value <= 1),
  },
};

function isCells(value: unknown): boolean {
  const { low, high, bins, ...rest } = (value ?? {}) as Record<string, unknown>;
  const all = [low, high, bins];
  if (Object.keys(rest).length > 0 || !all.every((part) => Array.isArray(part) && part.every(Number.isFinite))) {
    return false;
  }
  const [lows, highs, counts] = all as number[][];
  return (
    lows.length >= 1 &&
    highs.length === lows.length &&
    counts.length === lows.length &&
    lows.every((bound, i) => bound < highs[i]) &&
    counts.every((n) => Number.isSafeInteger(n) && n >= 1)
  );
}

/** A configuration as it comes from a recipe or a command line. */
export type RawConfig = Readonly<Record<string, unknown>>;

/*
 * Each of these checks a whole configuration. They throw OptionError naming the first key that is unknown, missing or
 * out of range, what was received and what is allowed.
 */

export function parseSampledModelConfig(config: object): SampledModelConfig {
  return check<SampledModelConfig>(config, { ...tabularRules, stepsPerIteration: countUpTo(MOST_STEPS) });
}

/** Of SARSA, Expected SARSA, Double Q-learning and the kinds of Monte Carlo control. */
export function parseOnlineConfig(config: object): OnlineConfig {
  return checkEpsilon(check<OnlineConfig>(config, onlineRules));
}

export function parseQLearningConfig(config: object): QLearningConfig {
  return checkEpsilon(check<QLearningConfig>(config, { ...onlineRules, behaviour: oneOf('random', 'epsilon-greedy') }));
}

/** Of n-step tree backup. */
export function parseNStepConfig(config: object): NStepConfig {
  return checkEpsilon(check<NStepConfig>(config, { ...onlineRules, nStep: count }));
}

/** Of n-step SARSA and n-step Q-learning. */
export function parseSampledNStepConfig(config: object): SampledNStepConfig {
  return checkEpsilon(check<SampledNStepConfig>(config, { ...onlineRules, nStep: count, importanceSampling: flag }));
}

export function parseQLambdaConfig(config: object): QLambdaConfig {
  const rules = { ...onlineRules, lambda: fraction, traces: oneOf('accumulating', 'replacing') };
  return checkEpsilon(check<QLambdaConfig>(config, rules));
}

export function parseDynaQConfig(config: object): DynaQConfig {
  return checkEpsilon(check<DynaQConfig>(config, { ...onlineRules, planningSteps: countOrNone }));
}

function checkEpsilon<C extends OnlineConfig>(config: C): C {
  if (config.epsilonFinal > config.epsilonStart) {
    throw new OptionError('epsilonFinal', config.epsilonFinal, `at most epsilonStart (${config.epsilonStart})`);
  }
  return config;
}

function check<C extends object>(given: object, rules: Rules<C>): C {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError('configuration', given, 'an object of settings');
  }
  const config = given as RawConfig;
  const keys = Object.keys(rules) as (keyof C & string)[];
  const unknown = Object.keys(config).find((key) => !(keys as string[]).includes(key));
  if (unknown !== undefined) throw new OptionError('configuration', unknown, `one of ${keys.join(', ')}`);
  for (const key of keys) {
    if (!rules[key].fits(config[key])) throw new OptionError(key, config[key], rules[key].allowed);
  }
  return { ...config } as C;
}
