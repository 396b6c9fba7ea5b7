import { describe, expect, expectTypeOf, it } from 'vitest';
import { corridor, type ModelEnv } from '../../test/support/model-env.ts';
import { agentIn, type OnlineName, onlineConfigs, onlineNames, randomModel } from '../../test/support/online-agents.ts';
import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { makeFromKwargs } from '../envs/index.ts';
import { tabularControlRecipes } from '../recipes/tabular-control.ts';
import { tabularAlgorithm, tabularAlgorithms } from './algorithms.ts';
import { epsilonGreedyValue } from './expected-sarsa.ts';
import { withNumberedStates } from './numbered-states.ts';
import type { OnlineAgent } from './online-agent.ts';

/** Has an agent that always explores take these actions. */
function follow(agent: OnlineAgent, walk: number[]): void {
  (agent as unknown as { env: ModelEnv }).env.actionSpace.sample = () => walk.shift() as number;
}

/** Q after each of so many steps. */
function history(agent: OnlineAgent, steps: number): number[][] {
  return Array.from({ length: steps }, () => {
    agent.iterate();
    return Array.from(agent.actionValues());
  });
}

describe('updates by hand: a corridor that pays 0 and then 8, gamma 0.5, alpha 0.5, always to the right', () => {
  const model = corridor([0, 8], -100);
  // Pairs: s0 right, s0 stay, s1 right, s1 stay, end, end. Staying is made bad beforehand, so that greedy goes right. An end
  // is worth nothing, whatever the table says of it.
  const start = [0, -100, 0, -100, 50, 70];
  const run = (name: OnlineName, steps: number, change: object = {}) => {
    const agent = agentIn(model, name, change);
    agent.q.set(start);
    return history(agent, steps).map(([first, , second]) => [first, second]);
  };
  const oneStep = [
    [0, 0],
    // 0 + 0.5 (8 - 0)
    [0, 4],
    // 0 + 0.5 (0.5 * 4 - 0)
    [1, 4],
    // 4 + 0.5 (8 - 4)
    [1, 6],
  ];
  it.each(['q-learning', 'sarsa', 'expected-sarsa'] as const)('%s', (name) => {
    expect(run(name, 4)).toEqual(oneStep);
  });
  it('Dyna-Q without planning is Q-learning', () => {
    expect(run('dyna-q', 4, { planningSteps: 0 })).toEqual(oneStep);
  });
  it.each(['n-step-sarsa', 'n-step-q', 'n-step-tree-backup'] as const)('%s with n = 1 is a one-step method', (name) => {
    expect(run(name, 4, { nStep: 1 })).toEqual(oneStep);
  });
  it.each([
    'n-step-sarsa',
    'n-step-q',
    'n-step-tree-backup',
  ] as const)('%s with n = 2 learns both at the end', (name) => {
    // G0 = 0 + 0.5 * 8 = 4, G1 = 8, halfway each.
    expect(run(name, 4)).toEqual([
      [0, 0],
      [2, 4],
      [2, 4],
      [3, 6],
    ]);
  });
  it.each([
    'n-step-sarsa',
    'n-step-q',
    'n-step-tree-backup',
  ] as const)('%s learns step by step, and the rest at the end', (name) => {
    const agent = agentIn(corridor([1, 2, 4, 8], -100), name);
    agent.q.set([0, -100, 0, -100, 0, -100, 0, -100, 50, 70]);
    const right = (q: number[]) => [q[0], q[2], q[4], q[6]];
    expect(history(agent, 4).map(right)).toEqual([
      [0, 0, 0, 0],
      // 1 + 0.5 * 2, halfway; 2 + 0.5 * 4; 4 + 0.5 * 8 and 8.
      [1, 0, 0, 0],
      [1, 2, 0, 0],
      [1, 2, 4, 4],
    ]);
    // n = 9: returns of the whole episode.
    const long = agentIn(corridor([1, 2, 4, 8], -100), name, { nStep: 9, alpha: 1 });
    long.q.set([0, -100, 0, -100, 0, -100, 0, -100, 50, 70]);
    expect(history(long, 4).map(right)).toEqual([...Array(3).fill([0, 0, 0, 0]), [4, 6, 8, 8]]);
  });
  it.each([
    'n-step-sarsa',
    'n-step-q',
  ] as const)('%s weighs by the greedy policy, and leaves out what explored', (name) => {
    const agent = agentIn(corridor([0, 8], 0), name, { epsilonStart: 1, epsilonFinal: 1, importanceSampling: true });
    const [right, stay] = [0, 1];
    follow(agent, [right, right, right, stay, right]);
    for (let i = 0; i < 2; i++) agent.iterate();
    // b takes either action half of the time: rho of s0's update is 1 / 0.5, which doubles alpha. G0 = 4, G1 = 8.
    expect(Array.from(agent.q.subarray(0, 4))).toEqual([4, 0, 4, 0]);
    for (let i = 0; i < 3; i++) agent.iterate();
    // Right is best in s1, so that s0 learns nothing from a stay there; the stay learns 0.5 * 8 by a rho of 2.
    expect(Array.from(agent.q.subarray(0, 4))).toEqual([4, 0, 6, 4]);
  });
  it('Q(lambda) reaches back by gamma lambda', () => {
    // At the end delta = 8: s1 by 0.5 * 8, s0, whose trace is 0.5 * 0.5, by a quarter of that.
    // Then delta = 0.5 * 4 - 1 = 1: s0 by 0.5; then delta = 8 - 4 = 4: s1 by 2, s0 by 0.5.
    expect(run('q-lambda', 4)).toEqual([
      [0, 0],
      [1, 4],
      [1.5, 4],
      [2, 6],
    ]);
  });
  it('Monte Carlo averages whole returns, or moves by alpha', () => {
    expect(run('monte-carlo', 4)).toEqual([
      [0, 0],
      [4, 8],
      [4, 8],
      [4, 8],
    ]);
    expect(run('monte-carlo', 4, { alpha: 0.5 })).toEqual([
      [0, 0],
      [2, 4],
      [2, 4],
      [3, 6],
    ]);
  });
  it('an alpha of null averages what a pair is told', () => {
    // s0 is told 0 and then 0.5 * 8.
    expect(run('q-learning', 4, { alpha: null })).toEqual([
      [0, 0],
      [0, 8],
      [2, 8],
      [2, 8],
    ]);
  });
  it('a cut episode has a next state, whose value counts; Monte Carlo takes its rewards as all there are', () => {
    const cut = (name: OnlineName) => {
      const agent = agentIn(model, name, {}, 0, 1);
      agent.q.set([0, -100, 6, -100, 0, 0]);
      agent.iterate();
      return agent.q[0];
    };
    for (const name of ['q-learning', 'sarsa', 'expected-sarsa', 'n-step-sarsa', 'n-step-q', 'q-lambda'] as const)
      expect([name, cut(name)]).toEqual([name, 1.5]);
    expect(cut('monte-carlo')).toBe(0);
  });
});

describe('what tells the methods apart', () => {
  it('Expected SARSA weighs all next actions', () => {
    // epsilon 0.4, three actions: 0.6 of the best, 0.4 of the mean.
    expect(epsilonGreedyValue(Float64Array.of(9, 9, 9, 3, 6, 0), 3, 1, 0.4)).toBeCloseTo(0.6 * 6 + 0.4 * 3, 12);
  });
  it('Dyna-Q carries a reward back without walking there again', () => {
    const rewards = [0, 0, 0, 0, 8];
    const learned = (planningSteps: number) => {
      const agent = agentIn(corridor(rewards, -100), 'dyna-q', { planningSteps });
      for (let i = 1; i < agent.q.length; i += 2) agent.q[i] = -100;
      for (let i = 0; i < rewards.length; i++) agent.iterate();
      return agent.q[0];
    };
    expect(learned(0)).toBe(0);
    expect(learned(500)).toBeCloseTo(8 * 0.5 ** 4, 3);
  });
  it('a trace is cut by an exploring action', () => {
    // Right, a stay in s1 that is not greedy, right: the reward of the end must not reach s0, whose error was 0.5 * 1 - 1.
    const agent = agentIn(corridor([0, 8], 0), 'q-lambda', { epsilonStart: 1, epsilonFinal: 1 });
    agent.q.set([1, 0, 1, 0, 0, 0]);
    follow(agent, [0, 1, 0, 0]);
    expect(history(agent, 3).map(([first]) => first)).toEqual([0.75, 0.75, 0.75]);
    // Without the stay it does.
    follow(agent, [0, 0, 0, 0]);
    const [, before, after] = [agent.q[0], ...history(agent, 2).map(([first]) => first)];
    expect(after).toBeGreaterThan(before);
  });
  it('tree backup takes the table’s word where an exploring action was taken', () => {
    const agent = agentIn(corridor([0, 8], 2), 'n-step-tree-backup', { epsilonStart: 1, epsilonFinal: 1 });
    agent.q.set([0, 0, 6, 0, 50, 70]);
    const [right, stay] = [0, 1];
    follow(agent, [right, stay, right, right]);
    expect(history(agent, 3).map((q) => q.slice(0, 4))).toEqual([
      [0, 0, 6, 0],
      // In s1 it stayed, where right is best: 0 + 0.5 * 6, halfway.
      [1.5, 0, 6, 0],
      // The stay: 2 + 0.5 * 8, halfway. Right: 8, halfway from 6.
      [1.5, 0, 7, 3],
    ]);
  });
  it('first visits alone count', () => {
    // Stay, stay, right, right: the return of the first stay is taken, not that of the second.
    const agent = agentIn(corridor([0, 8], 1), 'monte-carlo', { gamma: 1, epsilonStart: 1, epsilonFinal: 1 }, 0);
    follow(agent, [1, 1, 0, 0]);
    for (let i = 0; i < 4; i++) agent.iterate();
    expect(Array.from(agent.q.subarray(0, 4))).toEqual([8, 10, 8, 0]);
    // Nothing of that episode is left in a shorter one.
    follow(agent, [0, 0]);
    for (let i = 0; i < 2; i++) agent.iterate();
    expect(Array.from(agent.q.subarray(0, 4))).toEqual([8, 10, 8, 0]);
  });
  it('exploring starts draw the first action and no other', () => {
    const agent = agentIn(corridor([0, 0, 0, 0], -1), 'monte-carlo-es', {}, 5);
    const env = (agent as unknown as { env: ModelEnv }).env;
    let draws = 0;
    const sample = env.actionSpace.sample.bind(env.actionSpace);
    env.actionSpace.sample = () => {
      draws++;
      return sample();
    };
    while (agent.progress.episodes < 20) agent.iterate();
    expect(draws).toBe(20);
  });
});

/** Has an agent draw these numbers: of one kind, or whatever it asks for. */
function draw(agent: OnlineAgent, kind: 'random' | 'integers', numbers: number[]): void {
  const { generator } = agent as unknown as { generator: Record<typeof kind, (below?: number) => number> };
  generator[kind] = () => numbers.shift() as number;
}

describe('Double Q-learning by hand: a corridor that pays 0 and then 8, gamma 0.5, alpha 0.5', () => {
  const [heads, tails, greedy] = [0.49, 0.5, 1];
  const tablesOf = (agent: OnlineAgent) => (agent as unknown as { tables: [Float64Array, Float64Array] }).tables;
  it('a coin says which table learns; Q is their mean', () => {
    const agent = agentIn(corridor([0, 8], -100), 'double-q-learning');
    agent.q.set([0, -100, 0, -100, 50, 70]);
    draw(
      agent,
      'random',
      [heads, heads, tails, tails, heads].flatMap((coin) => [greedy, coin]),
    );
    const [one, two] = tablesOf(agent);
    for (const table of [one, two]) table.set([50, 70], 4);
    const seen = Array.from({ length: 5 }, () => {
      agent.iterate();
      return [one[0], one[2], two[0], two[2], agent.q[0], agent.q[2]];
    });
    expect(seen).toEqual([
      [0, 0, 0, 0, 0, 0],
      // 0 + 0.5 (8 - 0)
      [0, 4, 0, 0, 0, 2],
      // Of s1 the other table says 4: 0 + 0.5 (0.5 * 4 - 0)
      [0, 4, 1, 0, 0.5, 2],
      [0, 4, 1, 4, 0.5, 4],
      [1, 4, 1, 4, 1, 4],
    ]);
  });
  it.each([
    // Its own best is to stay, of which the other says 1; the other way round it is to go, of which the first says 6.
    [heads, [10 + 0.5 * 1, 0]],
    [tails, [0, 10 + 0.5 * 6]],
  ])('the table that learns names the best action, the other one values it: coin %d', (coin, expected) => {
    const agent = agentIn(corridor([10, 8], -100), 'double-q-learning', { alpha: 1 });
    draw(agent, 'random', [greedy, coin]);
    const [one, two] = tablesOf(agent);
    one.set([6, 7], 2);
    two.set([5, 1], 2);
    agent.iterate();
    expect([one[0], two[0]]).toEqual(expected);
  });
});

describe('Dyna-Q by hand: alpha 0.5, gamma 0.5, one planned update for each step', () => {
  it('repeats what it saw, to an end and to the first state too', () => {
    const agent = agentIn(corridor([0, 8], 2), 'dyna-q', { planningSteps: 1, epsilonStart: 1, epsilonFinal: 1 });
    agent.q.set([0, 0, 0, 0, 50, 70]);
    const [right, stay] = [0, 1];
    follow(agent, [stay, right, right, right]);
    // Which of the states that were tried, and which of the actions that were tried there.
    draw(agent, 'integers', [0, 0, 0, 1, 1, 0, 0, 0]);
    const seen = history(agent, 4).map((q) => q.slice(0, 4));
    expect(seen).toEqual([
      // Stay: 0.5 * 2 = 1; again: 1 + 0.5 (2 + 0.5 * 1 - 1) = 1.75
      [0, 1.75, 0, 0],
      // Right pays 0, twice.
      [0, 1.75, 0, 0],
      // The end: 0.5 * 8 = 4, again 6.
      [0, 1.75, 6, 0],
      // Right: 0.5 * 0.5 * 6 = 1.5. The stay, of state 0, whose best is 1.75: 1.75 + 0.5 (2 + 0.875 - 1.75).
      [1.5, 2.3125, 6, 0],
    ]);
  });
});

describe('long episodes', () => {
  it.each(['monte-carlo', 'off-policy-monte-carlo'] as const)('%s learns from all of it', (name) => {
    // More steps than the arrays have at first, and than twice those.
    const rewards = Array.from({ length: 600 }, (_, i) => i % 7);
    const agent = agentIn(corridor(rewards, -1), name, { gamma: 1 });
    for (let i = 0; i < 300; i++) agent.iterate();
    const copy = agentIn(corridor(rewards, -1), name, { gamma: 1 });
    copy.restoreState(agent.saveState());
    for (const one of [agent, copy]) {
      for (let i = 300; i < 600; i++) one.iterate();
      let left = 0;
      for (let state = 599; state >= 0; state--) {
        left += rewards[state];
        expect(one.q[2 * state]).toBe(left);
      }
    }
  });
});

describe('a run that was stopped and continued is bit for bit one that never stopped', () => {
  it.each(onlineNames)('%s', (name) => {
    const model = randomModel(3, 8, 3);
    const change = { epsilonStart: 0.9, epsilonFinal: 0.1, epsilonDecaySteps: 500, testInterval: 50, testEpisodes: 3 };
    const whole = agentIn(model, name, change, 3);
    for (let i = 0; i < 123; i++) whole.iterate();
    const snapshot = whole.saveState();
    const expected = Array.from({ length: 300 }, () => whole.iterate());
    const continued = agentIn(model, name, change, 4);
    for (let i = 0; i < 37; i++) continued.iterate();
    continued.restoreState(snapshot);
    expect(Array.from({ length: 300 }, () => continued.iterate())).toEqual(expected);
    expect(continued.saveState()).toEqual(whole.saveState());
    expect(snapshot).not.toEqual(whole.saveState());
  });
});

describe('numbered states', () => {
  it('numbers tuples, and every cell of a box once', () => {
    const blackjack = withNumberedStates(makeFromKwargs('Blackjack-v1') as Env<unknown, number>, null);
    expect(blackjack.observationSpace.toString()).toBe('Discrete(704)');
    const { observation } = blackjack.reset({ seed: 1 });
    const raw = makeFromKwargs('Blackjack-v1').reset({ seed: 1 }).observation as number[];
    expect(observation).toBe((raw[0] * 11 + raw[1]) * 2 + raw[2]);
  });
  it('counts what lies outside to the outermost cells', () => {
    const cells = { low: [-1, -1, 0, 0], high: [1, 1, 1, 1], bins: [2, 3, 1, 1] };
    const env = withNumberedStates(makeFromKwargs('CartPole-v1') as Env<unknown, number>, cells);
    const { indexOf } = env as unknown as { indexOf: (values: readonly number[]) => number };
    const index = (a: number, b: number) => indexOf([a, b, 9, -9]);
    expect([index(-5, -5), index(-0.1, 0), index(0, 0.34), index(5, 5)]).toEqual([0, 1, 5, 5]);
    expect(env.observationSpace.toString()).toBe('Discrete(6)');
  });
  it('refuses what cannot be numbered', () => {
    const cartPole = makeFromKwargs('CartPole-v1') as Env<unknown, number>;
    expect(() => withNumberedStates(cartPole, null)).toThrow(MismatchError);
    const cells = { low: [0], high: [1], bins: [3] };
    expect(() => withNumberedStates(cartPole, cells)).toThrow(OptionError);
    expect(() => withNumberedStates(makeFromKwargs('FrozenLake-v1') as Env<unknown, number>, cells)).toThrow(
      OptionError,
    );
  });
});

describe('configuration', () => {
  it('every recipe is complete and in range', () => {
    for (const recipe of tabularControlRecipes) {
      const { config } = recipe;
      const { parse, create } = tabularAlgorithm(recipe.algorithm)!;
      expect(parse(config)).toEqual(config);
      // A checked configuration goes back in without a cast.
      expectTypeOf<ReturnType<typeof parse>>().toExtend<Parameters<typeof create>[0]['config']>();
      expect(Object.keys(recipe.sources).sort()).toEqual(Object.keys(config).sort());
    }
    expect(new Set(tabularControlRecipes.map(({ id }) => id)).size).toBe(tabularControlRecipes.length);
  });
  it.each([
    ['n-step-q', { nStep: 0 }, /nStep: got 0, allowed is an integer of at least 1/],
    ['q-lambda', { lambda: 1.5 }, /lambda: got 1.5/],
    ['q-lambda', { traces: 'dutch' }, /traces: got "dutch", allowed is accumulating or replacing/],
    ['dyna-q', { planningSteps: -1 }, /planningSteps: got -1/],
    ['monte-carlo', { alpha: 0 }, /alpha: got 0, .* or null to average/],
    ['sarsa', { cells: { low: [0], high: [0], bins: [1] } }, /cells: got .*allowed is null, or/],
    ['sarsa', { gamma: -0.1 }, /gamma: got -0.1/],
    ['sarsa', { gamma: '0.5' }, /gamma: got "0.5"/],
    ['sarsa', { alpha: '0.5' }, /alpha: got "0.5"/],
    ['sarsa', { alpha: 1.01 }, /alpha: got 1.01/],
    ['sarsa', { testEpisodes: 0 }, /testEpisodes: got 0/],
    ['sarsa', { epsilonDecaySteps: -1 }, /epsilonDecaySteps: got -1/],
    ['sarsa', { actionMasks: 'yes' }, /actionMasks: got "yes", allowed is true or false/],
    ['sarsa', { rewardBound: Number.NaN }, /rewardBound: got NaN/],
    ['n-step-sarsa', { importanceSampling: 1 }, /importanceSampling: got 1/],
    ['sarsa', { behaviour: 'random' }, /configuration: got "behaviour"/],
  ] as const)('%s refuses %j', (name, change, message) => {
    expect(() => tabularAlgorithms[name].parse({ ...onlineConfigs[name], ...change })).toThrow(message);
  });
  const cells = { low: [0, -1], high: [1, 1], bins: [1, 4] };
  it('accepts the ends of ranges, and cells', () => {
    const config = { ...onlineConfigs.sarsa, alpha: 1, gamma: 1, epsilonStart: 1, epsilonDecaySteps: 0, cells };
    expect(tabularAlgorithms.sarsa.parse(config)).toEqual(config);
    expect(tabularAlgorithms['dyna-q'].parse({ ...config, gamma: 0, planningSteps: 0 })).toMatchObject({ gamma: 0 });
    const one = { ...config, cells: { low: [0], high: [1], bins: [1] } };
    expect(tabularAlgorithms.sarsa.parse(one)).toEqual(one);
  });
  it.each([
    { low: [], high: [], bins: [] },
    { ...cells, more: 1 },
    { low: cells.low, high: cells.high },
    { ...cells, low: 0 },
    { ...cells, low: ['0', -1] },
    { ...cells, low: [0, Number.NaN] },
    { ...cells, low: [0] },
    { ...cells, high: [1, 1, 1] },
    { ...cells, bins: [1, 4, 1] },
    { ...cells, low: [0, 1] },
    { ...cells, bins: [0, 4] },
    { ...cells, bins: [1, 4.5] },
    7,
  ])('refuses the cells %j', (wrong) => {
    expect(() => tabularAlgorithms.sarsa.parse({ ...onlineConfigs.sarsa, cells: wrong })).toThrow(/^cells: got /);
  });
});

describe('an environment without a time limit', () => {
  it.each(onlineNames)('%s ends an episode after 10,000 steps', (name) => {
    const change = { epsilonStart: 1, epsilonFinal: 1, testInterval: 1_000_000 };
    const agent = agentIn(corridor([0, 8], -1), name, change);
    const { env } = agent as unknown as { env: ModelEnv };
    // Always stays.
    env.actionSpace.sample = () => 1;
    for (let i = 0; i < 9_999; i++) agent.iterate();
    expect(agent.progress.episodes).toBe(0);
    agent.iterate();
    expect(agent.progress.episodes).toBe(1);
    for (let i = 0; i < 10_000; i++) agent.iterate();
    expect(agent.progress.episodes).toBe(2);
  });
});

it.each(onlineNames)('%s stops at a reward that is not finite', (name) => {
  const agent = agentIn(corridor([Number.NaN, 8], -1), name, { epsilonStart: 1, epsilonFinal: 1 });
  const walk = [1, 1, 0, 0];
  (agent as unknown as { env: ModelEnv }).env.actionSpace.sample = () => walk.shift() as number;
  agent.iterate();
  agent.iterate();
  expect(() => agent.iterate()).toThrow('Diverged at step 3: the environment gave the reward NaN.');
});
