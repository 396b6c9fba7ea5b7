/** The parts that agents are made of: counters, numbered states, tables of transitions, pictures. */
import { describe, expect, it } from 'vitest';
import { ModelEnv } from '../../test/support/model-env.ts';
import { agentIn, onlineConfigs, randomModel } from '../../test/support/online-agents.ts';
import type { Env } from '../core/env.ts';
import { MismatchError, ShapeError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import type { StateGrid } from '../envs/state-grid.ts';
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple } from '../spaces/index.ts';
import { tabularAlgorithms } from './algorithms.ts';
import { type GridDescription, layOut } from './grid.ts';
import { numberingOf, withNumberedStates } from './numbered-states.ts';
import { policyEvaluation, policyEvaluationExact } from './policy-evaluation.ts';
import { solveLinear } from './solve-linear.ts';
import { RunCounters } from './tabular-agent.ts';
import { TransitionTable } from './transition-table.ts';
import { sampledActionValue, sampledGreedyAction, ValueIterationAgent } from './value-iteration.ts';
import { drawValueTable } from './value-picture.ts';

describe('RunCounters', () => {
  it('count steps and episodes, average returns between tests, and know the best test', () => {
    const counters = new RunCounters();
    counters.step(1, false);
    counters.step(2, true);
    counters.step(5, false);
    const unknown = { testReward: undefined, trainingReward: undefined, previousBest: undefined };
    expect(counters.complete(undefined, 0)).toEqual({
      ...{ iteration: 1, steps: 3, episodes: 1, ...unknown, bestReward: undefined, testCut: false, solved: false },
    });
    counters.step(6, true);
    // Returns 1 + 2 and 5 + 6.
    expect(counters.complete(4, 4)).toEqual({
      ...{ iteration: 2, steps: 4, episodes: 2, testReward: 4, trainingReward: 7 },
      ...{ previousBest: undefined, bestReward: 4, testCut: false, solved: false },
    });
    counters.step(-9, false);
    // No training episode ended since; the bound is passed by less than the best.
    expect(counters.complete(3, 2)).toMatchObject({ trainingReward: undefined, previousBest: 4, bestReward: 4 });
    counters.test({ cut: true });
    counters.test({ cut: false });
    expect(counters.complete(9, null)).toMatchObject({ testCut: true, previousBest: 4, bestReward: 9, solved: false });
    expect(counters.complete(9.5, 9)).toMatchObject({ previousBest: 9, bestReward: 9.5, solved: true });
    const copy = new RunCounters();
    copy.restoreState(counters.saveState());
    for (const one of [counters, copy]) {
      one.step(1, true);
      expect(one.complete(0, 9)).toEqual({
        ...{ iteration: 6, steps: 6, episodes: 3, testReward: 0, trainingReward: -8 },
        ...{ previousBest: 9.5, bestReward: 9.5, testCut: false, solved: false },
      });
    }
  });
});

describe('numbers of states', () => {
  it('are those of the members in order, the last part fastest', () => {
    const numbers = (space: Space, members: readonly unknown[]) => {
      const numbering = numberingOf(space)!;
      return [numbering.size, ...members.map((member) => numbering.indexOf(member as never))];
    };
    expect(numbers(new Discrete(4, { start: 3 }), [3, 4, 6])).toEqual([4, 0, 1, 3]);
    expect(
      numbers(new MultiDiscrete([2, 3]), [
        [0, 0],
        [0, 2],
        [1, 0],
        [1, 2],
      ]),
    ).toEqual([6, 0, 2, 3, 5]);
    expect(
      numbers(new MultiDiscrete([2, 3], { start: [5, -1] }), [
        [5, -1],
        [6, 1],
      ]),
    ).toEqual([6, 0, 5]);
    expect(
      numbers(new MultiBinary(3), [
        [0, 0, 1],
        [1, 0, 0],
        [1, 1, 1],
      ]),
    ).toEqual([8, 1, 4, 7]);
    const tuple = new Tuple([new Discrete(3), new MultiBinary(2)]);
    expect(
      numbers(tuple, [
        [0, [0, 1]],
        [2, [1, 1]],
      ]),
    ).toEqual([12, 1, 11]);
    const dict = new Dict({ b: new Discrete(2), a: new Discrete(5) });
    // Keys in the order of the alphabet, as in Gymnasium.
    const members = [
      { a: 0, b: 0 },
      { a: 0, b: 1 },
      { a: 1, b: 0 },
      { a: 4, b: 1 },
    ];
    expect(numbers(dict, members)).toEqual([10, 0, 1, 2, 9]);
  });
  it('there are none for what is not finite, or too much', () => {
    expect(numberingOf(new Box(0, 1, [2], 'float32'))).toBeUndefined();
    expect(numberingOf(new Tuple([new Discrete(2), new Box(0, 1, [2], 'float32')]))).toBeUndefined();
    expect(numberingOf(new Discrete(100_000_000))?.size).toBe(100_000_000);
    expect(numberingOf(new Discrete(100_000_001))).toBeUndefined();
    expect(numberingOf(new MultiBinary(40))).toBeUndefined();
  });
  it('stand in for observations at resets and steps', () => {
    const model = randomModel(1, 5, 2, 0);
    const plain = new ModelEnv(model);
    class Shifted extends Wrapper<number, number, number> {
      override get observationSpace() {
        return new Discrete(5, { start: 10 });
      }
      reset(options?: object) {
        const { observation, info } = this.env.reset(options);
        return { observation: observation + 10, info };
      }
      step(action: number) {
        const result = this.env.step(action);
        return { ...result, observation: result.observation + 10, info: { seen: true } };
      }
    }
    const env = withNumberedStates(new Shifted(new ModelEnv(model)) as Env<unknown, number>, null);
    expect(env.observationSpace.toString()).toBe('Discrete(5)');
    expect(env.reset({ seed: 3 }).observation).toBe(plain.reset({ seed: 3 }).observation);
    for (let t = 0; t < 20; t++) {
      expect(env.step(t % 2)).toEqual({ ...plain.step(t % 2), info: { seen: true } });
    }
    expect(withNumberedStates(plain as Env<unknown, number>, null)).toBe(plain);
    const shifted = { env: new Shifted(plain), testEnv: new Shifted(plain), seed: 1 };
    expect(() => tabularAlgorithms.sarsa.create({ ...shifted, config: onlineConfigs.sarsa } as never)).toThrow(
      MismatchError,
    );
    class Wide extends Wrapper<number, number, number> {
      override get observationSpace() {
        return new MultiDiscrete([5]) as unknown as Discrete;
      }
      reset(options?: object) {
        return this.env.reset(options);
      }
      step(action: number) {
        return this.env.step(action);
      }
    }
    const wide = { env: new Wide(plain), testEnv: new Wide(plain), seed: 1 };
    expect(() => tabularAlgorithms.sarsa.create({ ...wide, config: onlineConfigs.sarsa } as never)).toThrow(
      /^A table needs numbered observations, Discrete\(n\); this environment has /,
    );
  });
});

describe('tables of transitions', () => {
  /** Outcomes of a pair beyond the room of its row, so that the rows are moved. */
  function crowded() {
    const table = new TransitionTable(20, 2);
    for (const pair of [6, 7, 8]) {
      for (let next = 0; next < 3; next++) table.record(pair >> 1, pair & 1, pair + next, next, false);
    }
    for (let next = 0; next < 20; next++) table.record(3, 1, 100 + next, next, next === 19);
    return table;
  }
  const values = Float64Array.from({ length: 20 }, (_, s) => s);
  const value = (table: TransitionTable, pair: number) => sampledActionValue(table, values, 0.5, pair >> 1, pair & 1);
  it('keep the outcomes of neighbours apart', () => {
    const table = crowded();
    // Rewards 6, 7, 8 and states 0, 1, 2: 7 + 0.5. The neighbour likewise.
    expect([value(table, 6), value(table, 8)].map((x) => x.toFixed(9))).toEqual(['7.500000000', '9.500000000']);
    // Of 23 seen: states 0 to 2 twice, 3 to 18 once, and an end.
    let sum = 119;
    for (let next = 0; next < 19; next++) sum += (next < 3 ? 2 : 1) * (100 + next + 0.5 * next);
    expect(value(table, 7)).toBeCloseTo(sum / 23, 9);
  });
  it('save states that stay as they were, and share nothing with their owners', () => {
    const table = crowded();
    const state = table.saveState();
    const before = structuredClone(state);
    const copy = new TransitionTable(20, 2);
    copy.restoreState(state);
    for (const one of [table, copy]) {
      one.record(3, 1, 500, 0, false);
      one.record(4, 0, 500, 2, false);
      one.record(4, 1, 500, 3, false);
    }
    expect(state).toEqual(before);
    expect(copy.saveState()).toEqual(table.saveState());
  });
  it('tell the best action, ties to the lowest, among those of a mask', () => {
    const table = new TransitionTable(1, 4);
    for (const [action, reward] of [-3, -1, -1, -2].entries()) table.record(0, action, reward, 0, true);
    const best = (mask?: Int8Array) => sampledGreedyAction(table, values, 1, 0, mask);
    expect([best(), best(Int8Array.of(1, 0, 1, 1)), best(Int8Array.of(1, 0, 0, 0))]).toEqual([1, 2, 0]);
  });
  it('give the action values of value iteration', () => {
    const model = randomModel(2, 6, 3);
    const config = {
      ...{ gamma: 0.9, testEpisodes: 1, rewardBound: null, maxIterations: 9, stepsPerIteration: 50 },
      ...{ cells: null, actionBins: null, actionMasks: false },
    };
    const make = () => new ModelEnv(model);
    const agent = new ValueIterationAgent({ env: make(), testEnv: make(), config, seed: 4 });
    for (let i = 0; i < 5; i++) agent.iterate();
    const state = agent.stateValues();
    const q = agent.actionValues();
    for (let pair = 0; pair < 18; pair++) {
      const expected = sampledActionValue(agent.table, state, 0.9, Math.floor(pair / 3), pair % 3);
      expect(q[pair]).toBe(expected);
    }
    state.fill(7);
    expect(agent.stateValues()).not.toEqual(state);
  });
});

describe('Watkins’s traces, by hand: three states in a loop', () => {
  const goes = (nextState: number, reward: number) => [{ probability: 1, nextState, reward, terminated: false }];
  const loop = {
    ...{ nStates: 2, nActions: 2, initialStateDistribution: Float64Array.of(1, 0) },
    transitions: [
      [goes(1, 4), goes(0, -100)],
      [goes(0, 0), goes(1, -100)],
    ],
  };
  it.each([
    // e(s0) is 1/16 and 1 more, or 1 again.
    ['accumulating', 1 + 1 / 16],
    ['replacing', 1],
  ] as const)('%s', (traces, second) => {
    const agent = agentIn(loop, 'q-lambda', { traces });
    agent.q.set([0, -100, 0, -100]);
    const seen = Array.from({ length: 3 }, () => {
      agent.iterate();
      return [agent.q[0], agent.q[2]];
    });
    // delta 4: s0 by 2. Then 0.5 * 2 = 1: s1 by 0.5, s0 by a quarter of that. Then 4 + 0.25 - 2.125.
    const delta = 4 + 0.5 * 0.5 - 2.125;
    expect(seen).toEqual([
      [2, 0],
      [2.125, 0.5],
      [2.125 + 0.5 * delta * second, 0.5 + 0.5 * delta * 0.25],
    ]);
  });
});

describe('linear systems', () => {
  it('are solved for large and small numbers, and are left alone', () => {
    const n = 5;
    for (const scale of [1e-12, 1, 1e12]) {
      const a = Float64Array.from(
        { length: n * n },
        (_, i) => scale * (((i * 7919) % 13) - 6 + (i % 6 === 0 ? 20 : 0)),
      );
      const x = Float64Array.from({ length: n }, (_, i) => i - 2);
      const b = Float64Array.from({ length: n }, (_, i) => x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0));
      const [matrix, right] = [a.slice(), b.slice()];
      const found = solveLinear(a, b)!;
      for (let i = 0; i < n; i++) expect(found[i]).toBeCloseTo(x[i], 10);
      expect([a, b]).toEqual([matrix, right]);
    }
    expect(() => solveLinear(new Float64Array(3), new Float64Array(2))).toThrow('need 4 coefficients, got 3.');
    // Rows that differ by rounding alone, and some that nothing but a later one can lead.
    expect(solveLinear(Float64Array.of(1, 2, 1, 2 + 4e-16), Float64Array.of(1, 1))).toBeUndefined();
    const exchange = Float64Array.of(0, 0, 1, /**/ 0, 2, 0, /**/ 4, 0, 0);
    expect(solveLinear(exchange, Float64Array.of(3, 4, 8))).toEqual(Float64Array.of(2, 2, 3));
  });
  it('a policy is refused that is no distribution, and its evaluation begins where it is told', () => {
    const model = randomModel(1, 3, 2);
    const rows = (...first: number[]) => Float64Array.of(...first, 0.5, 0.5, 1, 0);
    expect(() => policyEvaluation(model, new Float64Array(5), 0.9)).toThrow(ShapeError);
    expect(() => policyEvaluation(model, new Float64Array(5), 0.9)).toThrow('need 6 probabilities, got 5.');
    expect(() => policyEvaluation(model, rows(1.5, -0.5), 0.9)).toThrow(/^policy of state 0/);
    expect(() => policyEvaluation(model, rows(Number.NaN, 1), 0.9)).toThrow(/^policy of state 0/);
    expect(() => policyEvaluation(model, rows(1, 0), -0.1)).toThrow(/gamma: got -0.1/);
    expect(() => policyEvaluation(model, Int32Array.of(0, 0, 2), 0.9)).toThrow('allowed is actions from 0 to 1');
    const exact = policyEvaluationExact(model, rows(0.25, 0.75), 0.9)!;
    const start = exact.slice();
    const again = policyEvaluation(model, rows(0.25, 0.75), 0.9, { start, tolerance: 1e-9 });
    expect(again).toMatchObject({ sweeps: 1, converged: true });
    expect(policyEvaluation(model, rows(1, 0), 0.9, { start, maxSweeps: 3 })).toMatchObject({
      sweeps: 3,
      converged: false,
    });
    expect(start).toEqual(exact);
    // With gamma 0 the first sweep is exact and the second one changes nothing: a change of the tolerance, 0.
    expect(policyEvaluation(model, rows(1, 0), 0, { tolerance: 0 })).toMatchObject({ sweeps: 2, converged: true });
  });
});

describe('pictures of value tables', () => {
  const layout: StateGrid = {
    ...{ rows: 2, cols: 3, nStates: 6, states: [0, 1, 2, 3, 4, 5], actionArrows: ['←', '↓', '→', '↑', 'P'] },
    cellKinds: ['start', 'floor', 'hole', 'passenger', 'destination', 'goal'],
  };
  const values = Float64Array.of(0.25, 0.5, 0, 0.125, 1, 0);
  const [grid] = layOut([layout], values, Int32Array.of(0, 1, 0, 4, 3, 0));

  /** Attributes and text of the elements of a kind; `group` is the number of the group that each stands in, or empty. */
  function elements(svg: string, kind: string): Readonly<Record<string, string>>[] {
    let count = 0;
    let group = '';
    return svg.split('\n').flatMap((line) => {
      if (line.startsWith('<g ')) group = `${count++}`;
      if (line === '</g>') group = '';
      const match = new RegExp(`^<${kind} ([^>]*?)/?>([^<]*)`).exec(line);
      if (match === null) return [];
      const attributes = [...match[1].matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
      return [{ ...Object.fromEntries(attributes), text: match[2], group }];
    });
  }
  const groups = (svg: string) =>
    [...svg.matchAll(/<g transform="translate\(([\d.-]+) ([\d.-]+)\)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const size = (svg: string) => /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.slice(1).map(Number);
  const tiles = (svg: string) =>
    elements(svg, 'rect').filter(({ stroke, rx, group }) => stroke !== undefined && rx === undefined && group !== '');

  it.each([1, 5])('have tiles of the grid side by side, in rows of grids that do not overlap: %i', (count) => {
    const several = Array.from({ length: count }, (_, i): GridDescription => ({ ...grid, title: `map ${i}` }));
    const svg = drawValueTable(count === 1 ? several[0] : several, { perRow: 2, title: 'T', subtitle: 'S' });
    const side = count === 1 ? 84 : 40;
    const [width, height] = size(svg);
    const all = tiles(svg);
    expect(all).toHaveLength(6 * count);
    for (const [i, { x, y, width: w, height: h }] of all.entries()) {
      const cell = i % 6;
      expect([x, y, w, h].map(Number)).toEqual([(cell % 3) * side, Math.floor(cell / 3) * side, side, side]);
    }
    const places = groups(svg);
    expect(places).toHaveLength(count);
    for (const [i, [x, y]] of places.entries()) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + 3 * side).toBeLessThanOrEqual(width);
      expect(y + 2 * side).toBeLessThanOrEqual(height);
      // In reading order, two in a row, with a gap and room for a title above.
      const [column, row] = [i % 2, Math.floor(i / 2)];
      expect(x - places[0][0]).toBe(column * (3 * side + 28));
      expect(y - places[0][1]).toBe(row * (2 * side + 26 + 28));
    }
    const titles = elements(svg, 'text').filter(({ text }) => text.startsWith('map'));
    for (const [i, { x, y }] of titles.entries()) {
      expect(Number(x)).toBe(places[i][0]);
      expect(Number(y)).toBeLessThan(places[i][1]);
      expect(Number(y)).toBeGreaterThan(places[i][1] - 26);
    }
    const [heading, below] = ['T', 'S'].map((wanted) => elements(svg, 'text').find(({ text }) => text === wanted)!);
    expect(Number(heading.y)).toBeGreaterThan(22);
    expect(Number(below.y)).toBeGreaterThan(Number(heading.y) + 13);
    expect(Number(below.y)).toBeLessThan(places[0][1] - 26);
  });

  it('have everything of a cell within its tile', () => {
    for (const cellSize of [40, 59, 60, 84]) {
      const svg = drawValueTable({ ...grid, labels: ['', 'R', '', '', '', ''] }, { cellSize });
      const [middleX, middleY] = [
        (column: number) => (column + 0.5) * cellSize,
        (row: number) => (row + 0.5) * cellSize,
      ];
      const inside = (x: number, y: number, cell: number) => {
        expect(x).toBeGreaterThan((cell % 3) * cellSize);
        expect(x).toBeLessThan(((cell % 3) + 1) * cellSize);
        expect(y).toBeGreaterThan(Math.floor(cell / 3) * cellSize);
        expect(y).toBeLessThan((Math.floor(cell / 3) + 1) * cellSize);
      };
      const texts = elements(svg, 'text').filter(({ group, text }) => group === '0' && text !== 'value of the state');
      const labels = texts.filter(({ text }) => ['S', 'R', 'P'].includes(text));
      expect(labels.map(({ text }) => text)).toEqual(['S', 'R', 'P']);
      for (const { x, y, text } of labels) inside(Number(x), Number(y), 'SR P'.indexOf(text));
      // Values where there is room for them: under the arrow, in the middle.
      const shown = texts.filter(
        ({ text, 'text-anchor': anchor, x }) =>
          /^\d\.\d{3}$/.test(text) && anchor !== 'end' && [0, 1, 2].some((c) => Number(x) === middleX(c)),
      );
      expect(shown.map(({ text }) => text)).toEqual(cellSize < 60 ? [] : ['0.250', '0.500', '0.125', '1.000']);
      for (const [i, { x, y }] of shown.entries()) {
        const cell = [0, 1, 3, 4][i];
        inside(Number(x), Number(y), cell);
        expect(Number(y)).toBeGreaterThan(middleY(Math.floor(cell / 3)));
      }
      const marks = [...svg.matchAll(/translate\(([\d.]+) ([\d.]+)\) rotate\((\d+)\)/g)].map((match) =>
        match.slice(1).map(Number),
      );
      expect(marks.map(([, , turn]) => turn)).toEqual([180, 90, 270]);
      for (const [i, [x, y]] of marks.entries()) {
        const cell = [0, 1, 4][i];
        expect(x).toBe(middleX(cell % 3));
        inside(x, y, cell);
        if (cellSize < 60) expect(y).toBe(middleY(Math.floor(cell / 3)));
        else expect(y).toBeLessThan(middleY(Math.floor(cell / 3)));
      }
      const [hole] = elements(svg, 'ellipse');
      expect([hole.cx, hole.cy].map(Number)).toEqual([middleX(2), middleY(0)]);
      expect(Number(hole.rx) * 2).toBeLessThan(cellSize);
      expect(Number(hole.ry)).toBeLessThan(Number(hole.rx));
      const rings = elements(svg, 'rect').filter(({ fill, group }) => fill === 'none' && group === '0');
      expect(rings.map(({ stroke }) => stroke)).toEqual(['#d94f70', '#f4be42']);
      for (const [i, { x, y, width, height }] of rings.entries()) {
        expect([Number(x) + Number(width) / 2, Number(y) + Number(height) / 2]).toEqual([middleX(i), middleY(1)]);
        expect(Number(width)).toBeLessThan(cellSize);
        expect(Number(width)).toBeGreaterThan(cellSize * 0.8);
      }
    }
  });

  it('have walls at the right of their cells, and labels beside the grid and below it', () => {
    const walled = { ...grid, wallOnRight: [true, false, false, false, true, false] };
    const svg = drawValueTable({ ...walled, rowLabels: ['a', 'b'], colLabels: ['x', 'y', 'z'] }, { cellSize: 50 });
    const walls = [...svg.matchAll(/<path d="M(\d+) (\d+)v(\d+)"/g)].map((match) => match.slice(1).map(Number));
    expect(walls).toEqual([
      [50, 0, 50],
      [100, 50, 50],
    ]);
    const texts = elements(svg, 'text');
    for (const [row, label] of ['a', 'b'].entries()) {
      const { x, y } = texts.find(({ text }) => text === label)!;
      expect(Number(x)).toBeLessThan(0);
      expect(Math.abs(Number(y) - (row + 0.5) * 50)).toBeLessThan(8);
    }
    for (const [column, label] of ['x', 'y', 'z'].entries()) {
      const { x, y } = texts.find(({ text }) => text === label)!;
      expect(Number(x)).toBe((column + 0.5) * 50);
      expect(Number(y)).toBeGreaterThan(100);
      expect(Number(y)).toBeLessThan(126);
    }
    // Labels of rows move the grid to the right, those of columns make the page higher.
    const plain = drawValueTable(grid, { cellSize: 50 });
    expect(groups(svg)[0]).toEqual([groups(plain)[0][0] + 26, groups(plain)[0][1]]);
    expect(size(svg)[1]).toBe(size(plain)[1] + 26);
    expect(size(drawValueTable(grid, { cellSize: 500 }))[0]).toBe(1500 + 48);
    expect(size(plain)).toEqual([348, 24 + 100 + 58 + 24]);
  });

  it('have a scale below, from the smallest value to the largest', () => {
    const svg = drawValueTable(grid);
    const [width, height] = size(svg);
    const bars = elements(svg, 'rect').filter(({ height: h }) => h === '10');
    expect(bars).toHaveLength(48);
    expect(Number(bars[0].x)).toBe(24);
    for (const [i, { x, y, width: w }] of bars.entries()) {
      // Each reaches to the next one, the last one to the margin.
      const end = i === 47 ? width - 24 : Number(bars[i + 1].x);
      expect(Number(x) + Number(w)).toBeGreaterThanOrEqual(end - 0.01);
      expect(Number(x) + Number(w)).toBeLessThan(end + 1.5);
      expect(Number(y)).toBeGreaterThan(24 + 2 * 84);
      expect(Number(y)).toBeLessThan(height - 24);
    }
    expect([bars[0].fill, bars[47].fill]).toEqual(['#eef5fa', '#08285a']);
    const ends = elements(svg, 'text').filter(({ y }) => Number(y) > Number(bars[0].y));
    expect(ends.map(({ text }) => text)).toEqual(['0.125', 'value of the state', '1.000']);
    expect(ends.map(({ x }) => Number(x))).toEqual([24, width / 2, width - 24]);
  });
});

it.each([
  [new Discrete(3, { start: 5 }), 8, 'with 8, which its space does not have: allowed are 5 to 7.'],
  [new Discrete(3, { start: 5 }), 4, 'with 4,'],
  [new MultiDiscrete([2, 3]), Int32Array.of(0, 3), 'with 3, which its space does not have: allowed are 0 to 2.'],
  [new MultiBinary(2), Int8Array.of(0, 2), 'with 2,'],
  [new Tuple([new Discrete(2), new Discrete(3)]), [0, 3], 'with 3,'],
  [new Tuple([new Discrete(2), new Discrete(3)]), [undefined, 0], 'with undefined,'],
])('an observation that %s does not have has no number, not that of another one', (space, value, message) => {
  expect(() => numberingOf(space as unknown as Space)?.indexOf(value as never)).toThrow(message);
});
