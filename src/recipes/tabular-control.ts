import type {
  DynaQConfig,
  NStepConfig,
  OnlineConfig,
  QLambdaConfig,
  QLearningConfig,
  SampledNStepConfig,
} from '../tabular/config.ts';
import { cite, deviation, measured, numberedActions, type Recipe, type Source } from './recipe.ts';
import { givesUp, numbered, unmasked } from './tabular.ts';
import { usualOfTable } from './usual-tables.ts';

/*
 * The agents that learn as they act, on five problems. A recipe is a problem's settings with those of a method; both
 * carry their sources.
 */

const book = (place: string) => cite(`Sutton & Barto, Reinforcement Learning, 2nd ed., ${place}`);
const lapan = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., ${place}`);
const results = measured('docs/results/tabular-agents.md');

type Sources<C> = { readonly [K in keyof C]-?: Source };

/** What a problem asks of every method. */
interface Problem {
  /** Last part of a recipe's id. */
  readonly slug: string;
  readonly name: string;
  readonly env: string;
  readonly config: Omit<OnlineConfig, 'alpha'>;
  readonly sources: Sources<Omit<OnlineConfig, 'alpha'>>;
}

/** What a method adds, and what of a problem's settings it replaces. */
interface Method<C extends OnlineConfig> {
  readonly algorithm: string;
  readonly name: string;
  readonly envOptions?: Readonly<Record<string, unknown>>;
  readonly config: Omit<C, keyof OnlineConfig> & Pick<OnlineConfig, 'alpha'> & Partial<OnlineConfig>;
  readonly sources: Sources<Omit<C, keyof OnlineConfig> & Pick<OnlineConfig, 'alpha'>> & Partial<Sources<OnlineConfig>>;
}

/** A method with other values in places. */
function change<C extends OnlineConfig>(
  method: Method<C>,
  config: Partial<C>,
  sources: Partial<Sources<C>>,
): Method<C> {
  return { ...method, config: { ...method.config, ...config }, sources: { ...method.sources, ...sources } };
}

function recipe<C extends OnlineConfig>(problem: Problem, method: Method<C>): Recipe<C> {
  const { slug, name, env, config, sources } = problem;
  const { envOptions } = method;
  const id = `${method.algorithm}-${slug}`;
  const usual = usualOfTable(id);
  return {
    id,
    title: `${name} by ${method.name}`,
    algorithm: method.algorithm,
    env,
    ...(envOptions === undefined ? {} : { envOptions }),
    config: { ...config, ...method.config } as unknown as C,
    sources: { ...sources, ...method.sources } as unknown as Recipe<C>['sources'],
    ...(usual === undefined ? {} : { usual }),
  };
}

const frozenLake: Problem = {
  slug: 'frozen-lake',
  name: 'FrozenLake',
  env: 'FrozenLake-v1',
  config: {
    gamma: 0.99,
    epsilonStart: 1,
    epsilonFinal: 0.05,
    epsilonDecaySteps: 50_000,
    testInterval: 500,
    testEpisodes: 20,
    rewardBound: 0.8,
    maxIterations: 1_000_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: results,
    epsilonStart: lapan('chapter 6: from 1.0 to 5 %'),
    epsilonFinal: lapan('chapter 6: from 1.0 to 5 %'),
    epsilonDecaySteps: results,
    testInterval: results,
    testEpisodes: lapan('chapter 5, TEST_EPISODES'),
    rewardBound: lapan('chapter 5, reward > 0.80'),
    maxIterations: givesUp,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
};

const greedyPath = 'the optimal path takes 13 steps';
const cliffWalking: Problem = {
  slug: 'cliff-walking',
  name: 'CliffWalking',
  env: 'CliffWalking-v1',
  config: {
    gamma: 1,
    epsilonStart: 0.1,
    epsilonFinal: 0.1,
    epsilonDecaySteps: 0,
    testInterval: 100,
    testEpisodes: 1,
    rewardBound: -13.5,
    maxIterations: 300_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: book('Example 6.6, p. 132'),
    epsilonStart: book('Example 6.6, p. 132: epsilon = 0.1'),
    epsilonFinal: book('Example 6.6, p. 132: epsilon = 0.1'),
    epsilonDecaySteps: book('Example 6.6, p. 132: epsilon is constant'),
    testInterval: results,
    testEpisodes: cite('nothing in this world is left to chance: one greedy episode tells all'),
    rewardBound: book(`Example 6.6, p. 132: ${greedyPath}`),
    maxIterations: givesUp,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
};

const taxi: Problem = {
  slug: 'taxi',
  name: 'Taxi',
  env: 'Taxi-v3',
  config: {
    gamma: 0.99,
    epsilonStart: 1,
    epsilonFinal: 0,
    epsilonDecaySteps: 500_000,
    testInterval: 50_000,
    testEpisodes: 3000,
    rewardBound: 7.8,
    maxIterations: 5_000_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: results,
    epsilonStart: lapan('chapter 6: from 1.0'),
    epsilonFinal: book('p. 129: SARSA is optimal when the policy becomes greedy in the limit'),
    epsilonDecaySteps: results,
    testInterval: results,
    testEpisodes: cite('ten from each of the 300 starts on average, so that none is left out'),
    rewardBound: cite('V* of the starts is 7.93; one start that is never delivered costs 0.7'),
    maxIterations: givesUp,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
};

const cartPole: Problem = {
  slug: 'cart-pole',
  name: 'CartPole in cells',
  env: 'CartPole-v1',
  config: {
    gamma: 0.99,
    epsilonStart: 1,
    epsilonFinal: 0.05,
    epsilonDecaySteps: 200_000,
    testInterval: 10_000,
    testEpisodes: 100,
    rewardBound: 250,
    maxIterations: 2_000_000,
    cells: { low: [-2.4, -3, -0.21, -3], high: [2.4, 3, 0.21, 3], bins: [3, 3, 6, 8] },
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: results,
    epsilonStart: lapan('chapter 6: from 1.0 to 5 %'),
    epsilonFinal: lapan('chapter 6: from 1.0 to 5 %'),
    epsilonDecaySteps: results,
    testInterval: results,
    testEpisodes: cite('Gymnasium, CartPole: a mean over 100 episodes'),
    rewardBound: deviation(
      'Gymnasium, CartPole-v0: reward_threshold=195.0',
      'a mean of 100 episodes varies by 10 or so: who just passes once may fall short of it elsewhere',
    ),
    maxIterations: givesUp,
    cells: results,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
};

const blackjack: Problem = {
  slug: 'blackjack',
  name: 'Blackjack',
  env: 'Blackjack-v1',
  config: {
    gamma: 1,
    epsilonStart: 0.1,
    epsilonFinal: 0.1,
    epsilonDecaySteps: 0,
    testInterval: 500_000,
    testEpisodes: 100_000,
    rewardBound: null,
    maxIterations: 10_000_000,
    cells: null,
    actionBins: null,
    actionMasks: false,
  },
  sources: {
    gamma: book('Example 5.1, p. 93: no discount'),
    epsilonStart: results,
    epsilonFinal: results,
    epsilonDecaySteps: results,
    testInterval: results,
    testEpisodes: cite('a game is won or lost: 100,000 give the mean to 0.006'),
    rewardBound: deviation(
      'a bound',
      'a few wrong decisions cost less than the test can see, so that it trains to the end',
    ),
    maxIterations: results,
    cells: numbered,
    actionBins: numberedActions,
    actionMasks: unmasked,
  },
};

const tdConfig = (alpha: number, source: Source) => ({ config: { alpha }, sources: { alpha: source } });
const half = tdConfig(0.5, book('Example 6.6 and Figure 6.3, p. 132'));

const qLearning: Method<QLearningConfig> = {
  algorithm: 'q-learning',
  name: 'Q-learning',
  config: { ...half.config, behaviour: 'epsilon-greedy' },
  sources: { ...half.sources, behaviour: book('section 6.5, p. 131') },
};
const sarsa: Method<OnlineConfig> = { algorithm: 'sarsa', name: 'SARSA', ...half };
const expectedSarsa: Method<OnlineConfig> = { algorithm: 'expected-sarsa', name: 'Expected SARSA', ...half };
const doubleQLearning: Method<OnlineConfig> = { algorithm: 'double-q-learning', name: 'Double Q-learning', ...half };

const nSteps = { config: { ...half.config, nStep: 3 }, sources: { ...half.sources, nStep: results } };
const sampledNSteps = {
  config: { ...nSteps.config, importanceSampling: false },
  sources: { ...nSteps.sources, importanceSampling: book('Eq. 7.4, p. 146: on-policy') },
};
const nStepSarsa: Method<SampledNStepConfig> = { algorithm: 'n-step-sarsa', name: 'n-step SARSA', ...sampledNSteps };
const nStepQ: Method<SampledNStepConfig> = { algorithm: 'n-step-q', name: 'n-step Q-learning', ...sampledNSteps };
const nStepTreeBackup: Method<NStepConfig> = {
  algorithm: 'n-step-tree-backup',
  name: 'n-step tree backup',
  ...nSteps,
};
const qLambda: Method<QLambdaConfig> = {
  algorithm: 'q-lambda',
  name: "Watkins's Q(lambda)",
  config: { ...half.config, lambda: 0.8, traces: 'replacing' },
  sources: { ...half.sources, lambda: results, traces: results },
};
const dynaQ: Method<DynaQConfig> = {
  algorithm: 'dyna-q',
  name: 'Dyna-Q',
  config: { ...half.config, planningSteps: 5 },
  sources: { ...half.sources, planningSteps: book('Example 8.1, p. 165: 5 of 0, 5 and 50') },
};
const averages = { config: { alpha: null }, sources: { alpha: book('p. 101: average(Returns)') } };
const monteCarlo: Method<OnlineConfig> = { algorithm: 'monte-carlo', name: 'Monte Carlo control', ...averages };
const monteCarloEs: Method<OnlineConfig> = {
  algorithm: 'monte-carlo-es',
  name: 'Monte Carlo with exploring starts',
  config: { ...averages.config, epsilonStart: 0, epsilonFinal: 0 },
  sources: {
    ...averages.sources,
    epsilonStart: book('p. 99: greedy after the first action'),
    epsilonFinal: book('p. 99: greedy after the first action'),
  },
};

const offPolicyMonteCarlo: Method<OnlineConfig> = {
  algorithm: 'off-policy-monte-carlo',
  name: 'off-policy Monte Carlo control',
  config: averages.config,
  sources: { alpha: book('p. 111: W / C(S, A)') },
};

/** A method with another step size. */
function withAlpha<C extends OnlineConfig>(method: Method<C>, alpha: number): Method<C> {
  return change(method, { alpha } as Partial<C>, { alpha: results } as Partial<Sources<C>>);
}

/** Explores widely at first, for off-policy methods whose zeros alone do not lead them everywhere. */
function explorer<C extends OnlineConfig>(method: Method<C>): Method<C> {
  const values = { epsilonStart: 1, epsilonDecaySteps: 100_000, testInterval: 1000 } as Partial<C>;
  const sources = { epsilonStart: results, epsilonDecaySteps: results, testInterval: results };
  return change(method, values, sources as Partial<Sources<C>>);
}

/** Learns what its own exploring costs: keeps away from the edge of the cliff. */
function careful<C extends OnlineConfig>(method: Method<C>): Method<C> {
  const bound = book('Example 6.6, p. 132: SARSA takes the longer, safer path; the safest is 17 steps');
  return change(method, { rewardBound: -17.5 } as Partial<C>, { rewardBound: bound } as Partial<Sources<C>>);
}

/** Ends greedy, so that an on-policy method learns the greedy policy too. */
function calming<C extends OnlineConfig>(method: Method<C>): Method<C> {
  const values = { epsilonFinal: 0, epsilonDecaySteps: 100_000 } as Partial<C>;
  const greedyInTheEnd = book('p. 132: with epsilon reduced gradually both methods converge to the optimal policy');
  const sources = { epsilonFinal: greedyInTheEnd, epsilonDecaySteps: results } as Partial<Sources<C>>;
  return change(withAlpha(method, 0.05), values, sources);
}

/** Learns about the greedy policy whatever it tries. */
function weighed(method: Method<SampledNStepConfig>): Method<SampledNStepConfig> {
  const why = book('section 7.3, p. 149: off-policy n-step SARSA');
  return change(method, { importanceSampling: true }, { importanceSampling: why });
}

/** Explores all the time, since its own exploring costs it nothing. */
function alongTheEdge(method: Method<SampledNStepConfig>): Method<SampledNStepConfig> {
  const values = { epsilonStart: 0.2, epsilonFinal: 0.2, maxIterations: 2_000_000 };
  const sources = { epsilonStart: results, epsilonFinal: results, maxIterations: results };
  return change(withAlpha(weighed(method), 0.1), values, sources);
}

/** The one-step and n-step methods, for problems where one step size does for all. */
const tdRecipes = (problem: Problem, alpha: number): Recipe[] => [
  recipe(problem, withAlpha(sarsa, alpha)),
  recipe(problem, withAlpha(expectedSarsa, alpha)),
  recipe(problem, withAlpha(doubleQLearning, alpha)),
  recipe(problem, withAlpha(nStepSarsa, alpha)),
  recipe(problem, withAlpha(nStepQ, alpha)),
  recipe(problem, withAlpha(nStepTreeBackup, alpha)),
  recipe(problem, withAlpha(qLambda, alpha)),
];

/** Not in the book's Example 6.6: Monte Carlo needs an end, and values that late falls still move. */
const monteCarloOnTheCliff: Method<OnlineConfig> = {
  ...monteCarlo,
  envOptions: { max_episode_steps: 100 },
  config: { alpha: 0.1, testInterval: 1000, maxIterations: 100_000_000 },
  sources: { alpha: results, testInterval: results, maxIterations: results },
};

/** The same world, and a policy that is greedy in the end. */
const cliffEdge: Problem = { ...cliffWalking, slug: 'cliff-edge', name: 'CliffWalking along the edge' };

export const cliffWalkingRecipes: readonly Recipe[] = [
  recipe(cliffWalking, qLearning),
  recipe(cliffWalking, careful(sarsa)),
  recipe(cliffEdge, calming(sarsa)),
  recipe(cliffWalking, careful(expectedSarsa)),
  recipe(cliffEdge, calming(expectedSarsa)),
  recipe(cliffWalking, explorer(doubleQLearning)),
  recipe(cliffWalking, careful(withAlpha(nStepSarsa, 0.1))),
  recipe(cliffEdge, alongTheEdge(nStepSarsa)),
  recipe(cliffWalking, careful(withAlpha(nStepQ, 0.1))),
  recipe(cliffEdge, alongTheEdge(nStepQ)),
  recipe(cliffWalking, explorer(nStepTreeBackup)),
  recipe(cliffWalking, explorer(qLambda)),
  recipe(cliffWalking, dynaQ),
  recipe(cliffWalking, monteCarloOnTheCliff),
];

/** A short memory tells a way that leads nowhere from one that arrives, and keeps the returns of circles small. */
const monteCarloTaxi: Method<OnlineConfig> = {
  ...monteCarlo,
  config: { alpha: 0.05, gamma: 0.9, epsilonStart: 0.5, epsilonDecaySteps: 30_000_000, maxIterations: 20_000_000 },
  sources: {
    alpha: results,
    gamma: results,
    epsilonStart: results,
    epsilonDecaySteps: results,
    maxIterations: results,
  },
};

/** `qLearningTaxi` has the textbook's settings and stops above 0.8; this one trains to the end. */
const fullTaxi: Problem = { ...taxi, slug: 'full-taxi', name: 'Taxi to the end' };
export const taxiRecipes: readonly Recipe[] = [
  recipe(fullTaxi, withAlpha(qLearning, 0.1)),
  ...tdRecipes(taxi, 0.1),
  recipe(taxi, withAlpha(dynaQ, 0.5)),
  recipe(taxi, monteCarloTaxi),
];

export const cartPoleRecipes: readonly Recipe[] = [
  recipe(cartPole, withAlpha(qLearning, 0.1)),
  ...tdRecipes(cartPole, 0.1),
  recipe(cartPole, withAlpha(dynaQ, 0.1)),
  recipe(cartPole, change(monteCarlo, { alpha: 0.05 }, { alpha: results })),
];

export const frozenLakeRecipes: readonly Recipe[] = [
  ...tdRecipes(frozenLake, 0.1),
  recipe(frozenLake, withAlpha(dynaQ, 0.1)),
  recipe(frozenLake, monteCarlo),
];

/** Averages what it is told, as Monte Carlo does: a game is short, and what it pays is mostly luck. */
function averaging<C extends OnlineConfig>(method: Method<C>): Method<C> {
  const why = book('Eq. 2.7, p. 33: 1 / n, which converges');
  return change(method, { alpha: null } as Partial<C>, { alpha: why } as Partial<Sources<C>>);
}

const offPolicy = book('section 6.5, p. 131: all that is required is that all pairs continue to be updated');

/** Tries every decision as often as any other: what is learned is the greedy policy, whatever is played. */
function atRandom<C extends OnlineConfig>(method: Method<C>): Method<C> {
  const values = { epsilonStart: 1, epsilonFinal: 1 } as Partial<C>;
  const sources = { epsilonStart: offPolicy, epsilonFinal: offPolicy } as Partial<Sources<C>>;
  return change(averaging(method), values, sources);
}

/** For methods that see little of what they play: one of two tables, or the ends of games alone. */
function longer<C extends OnlineConfig>(method: Method<C>, maxIterations = 50_000_000): Method<C> {
  return change(method, { maxIterations } as Partial<C>, { maxIterations: results } as Partial<Sources<C>>);
}

/** Greedy in the end, for methods that learn about the policy by which they play: epsilon falls from 0.1 to 0. */
function slowlyCalming<C extends OnlineConfig>(method: Method<C>, maxIterations = 50_000_000): Method<C> {
  const values = { epsilonFinal: 0, epsilonDecaySteps: 10 * maxIterations } as Partial<C>;
  const sources = { epsilonFinal: results, epsilonDecaySteps: results };
  return change(longer(averaging(method), maxIterations), values, sources as Partial<Sources<C>>);
}

export const blackjackRecipes: readonly Recipe[] = [
  recipe(blackjack, monteCarloEs),
  recipe(blackjack, slowlyCalming(monteCarlo, 100_000_000)),
  recipe(blackjack, longer(atRandom(offPolicyMonteCarlo))),
  recipe(blackjack, change(averaging(qLearning), { behaviour: 'random' }, { behaviour: offPolicy })),
  recipe(blackjack, slowlyCalming(sarsa)),
  recipe(blackjack, slowlyCalming(expectedSarsa)),
  recipe(blackjack, longer(atRandom(doubleQLearning))),
  recipe(blackjack, longer(atRandom(weighed(nStepSarsa)))),
  recipe(blackjack, longer(atRandom(weighed(nStepQ)))),
  recipe(blackjack, atRandom(nStepTreeBackup)),
  recipe(blackjack, atRandom(qLambda)),
  recipe(blackjack, change(atRandom(dynaQ), { planningSteps: 1 }, { planningSteps: results })),
];

/** All of them; where several are of one algorithm, the first is what the algorithm's name alone means. */
export const tabularControlRecipes: readonly Recipe[] = [
  ...cliffWalkingRecipes,
  ...blackjackRecipes,
  ...taxiRecipes,
  ...cartPoleRecipes,
  ...frozenLakeRecipes,
];
