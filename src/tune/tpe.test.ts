/** Against Optuna: `test/oracle/optuna_tpe.py` records what it says of fixed histories. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { contains, unitOf } from './distribution.ts';
import { logNormalBelow, logNormalBetween, truncatedNormalQuantile } from './normal.ts';
import { parseSpace } from './parse-space.ts';
import { ParzenEstimator } from './parzen-estimator.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Settings } from './search-space.ts';
import { splitTrials, TpeSampler } from './tpe-sampler.ts';
import type { Direction, Trial, TrialState } from './trial.ts';

interface History {
  readonly direction: Direction;
  readonly constantLiar: boolean;
  readonly trials: readonly {
    readonly number: number;
    readonly state: TrialState;
    readonly settings: Settings;
    readonly value: number | null;
    readonly reports: readonly (readonly [number, number | null])[];
  }[];
  readonly good: readonly number[];
  readonly bad: readonly number[];
  readonly points: readonly Settings[];
  readonly logL: readonly number[];
  readonly logG: readonly number[];
}
const recorded = JSON.parse(readFileSync(new URL('fixtures/optuna-tpe.json', import.meta.url), 'utf8')) as {
  readonly space: readonly string[];
  readonly histories: readonly History[];
  readonly quantiles: readonly (readonly [share: number, a: number, b: number, x: number, logBetween: number])[];
};
const space = parseSpace(recorded.space);
const histories = recorded.histories.map((history) => ({
  ...history,
  trials: history.trials.map((trial): Trial => {
    const reports = trial.reports.map(([step, value]): [number, number] => [step, value ?? Number.NaN]);
    return { ...trial, reports: new Map(reports) };
  }),
}));

const expectNear = (ours: number, theirs: number, digits: number): void => {
  expect(Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs)), `${ours}, not ${theirs}`).toBeLessThan(digits);
};

describe('the normal distribution', () => {
  it('has the probabilities of tables, far out too', () => {
    // Abramowitz & Stegun 1964, tables 26.1 and 26.2, the last from mpmath.
    expect(Math.exp(logNormalBelow(1))).toBeCloseTo(0.841344746068543, 14);
    expect(Math.exp(logNormalBelow(-1.96))).toBeCloseTo(0.0249978951482204, 14);
    expectNear(logNormalBelow(-40), -804.6084420137538, 1e-14);
    expect(logNormalBelow(9) / -1.128588405953441e-19).toBeCloseTo(1, 12);
  });

  it.each(recorded.quantiles)('truncated: share %d between %d and %d', (share, a, b, x, logBetween) => {
    expectNear(logNormalBetween(a, b), logBetween, 1e-12);
    expectNear(truncatedNormalQuantile(share, a, b), x, 1e-10);
  });
});

describe.each(histories)('of $trials.length trials, $direction, constant liar $constantLiar', (history) => {
  const trials = history.trials.filter(({ state }) => history.constantLiar || state !== 'running');
  const { good, bad } = splitTrials(trials, history.direction);

  it("splits them as Optuna's TPE does", () => {
    expect(good.map(({ number }) => number)).toEqual(history.good);
    expect(bad.map(({ number }) => number)).toEqual(history.bad);
  });

  it.each([
    ['l', good, history.logL],
    ['g', bad, history.logG],
  ] as const)("%s has the density of Optuna's estimator", (_, of, logs) => {
    const estimator = new ParzenEstimator(
      space,
      of.map(({ settings }) => settings),
    );
    history.points.forEach((point, i) => {
      expectNear(estimator.logDensity(point), logs[i], 1e-9);
    });
  });
});

describe('an estimator', () => {
  const small = parseSpace(['x=0..1', 'y=1e-3..1:log', 'n=1..9:int', 'c=a,b,c']);
  const points: Settings[] = [
    { x: 0.1, y: 0.002, n: 2, c: 'a' },
    { x: 0.15, y: 0.8, n: 2, c: 'b' },
    { x: 0.9, y: 0.5, n: 9, c: 'a' },
  ];

  it('draws points of its own density', () => {
    const estimator = new ParzenEstimator(small, points);
    const random = new Generator(5);
    const draws = Array.from({ length: 2000 }, () => estimator.sample(random));
    for (const draw of draws)
      for (const [key, range] of Object.entries(small)) expect(contains(range, draw[key])).toBe(true);
    // A box's share of the draws is the integral of the density, here by the midpoint rule.
    const boxes = { n: [1, 2, 3], c: ['a'] } as const;
    const cells = 40;
    let integral = 0;
    for (let i = 0; i < cells; i++) {
      for (let j = 0; j < cells; j++) {
        const y = Math.exp(Math.log(1e-3) * (1 - (j + 0.5) / cells));
        for (const n of boxes.n) {
          const log = estimator.logDensity({ x: (0.5 * (i + 0.5)) / cells, y, n, c: 'a' });
          integral += (Math.exp(log) * 0.5 * Math.log(1e3)) / cells ** 2;
        }
      }
    }
    const inBox = draws.filter(({ x, n, c }) => (x as number) < 0.5 && (n as number) <= 3 && c === 'a').length / 2000;
    expect(Math.abs(inBox - integral)).toBeLessThan(4 * Math.sqrt((integral * (1 - integral)) / 2000) + 0.002);
  });

  it('of no points is the prior', () => {
    const estimator = new ParzenEstimator(small, []);
    const middle = estimator.logDensity({ x: 0.5, y: Math.sqrt(1e-3), n: 5, c: 'a' });
    expect(estimator.logDensity({ x: 0.5, y: Math.sqrt(1e-3), n: 5, c: 'b' })).toBe(middle);
    expect(estimator.logDensity({ x: 0, y: 1e-3, n: 1, c: 'c' })).toBeLessThan(middle);
  });
});

describe('the sampler', () => {
  const plane = parseSpace(['x=-5..5', 'y=-5..5']);
  const run = (direction: Direction, seed: number, trials: number): Trial[] => {
    const sampler = new TpeSampler(seed);
    const done: Trial[] = [];
    for (let number = 0; number < trials; number++) {
      const settings = sampler.sample(plane, done, number, direction);
      const bowl = ((settings['x'] as number) - 2) ** 2 + ((settings['y'] as number) + 1) ** 2;
      const value = direction === 'minimize' ? bowl : -bowl;
      done.push({ number, state: 'complete', settings, value, reports: new Map() });
    }
    return done;
  };

  it('finds the bottom of a bowl, or the top of a hill, where random search does not', () => {
    // 60 random points are within 0.1 of the bottom with a chance of 17 %.
    for (const direction of ['minimize', 'maximize'] as const) {
      const best = [1, 2, 3, 4, 5].map((seed) =>
        Math.min(...run(direction, seed, 60).map((trial) => Math.abs(trial.value as number))),
      );
      expect(best.toSorted((a, b) => a - b)[2]).toBeLessThan(0.1);
    }
  });

  it('begins at random, and depends on seed, trials and number alone', () => {
    const trials = run('minimize', 1, 15);
    const random = new RandomSampler(1);
    for (let n = 0; n < 10; n++) expect(trials[n].settings).toEqual(random.sample(plane, [], n));
    expect(trials[10].settings).not.toEqual(random.sample(plane, [], 10));
    const again = new TpeSampler(1);
    expect(again.sample(plane, trials.slice(0, 14), 14, 'minimize')).toEqual(trials[14].settings);
    // Its own entry, as running, changes nothing.
    const own: Trial = { ...trials[14], state: 'running', value: null };
    expect(again.sample(plane, [...trials.slice(0, 14), own], 14, 'minimize')).toEqual(trials[14].settings);
  });

  it('keeps away from trials that run, and knows nothing of failed ones', () => {
    const trials = run('minimize', 1, 30);
    const spot: Settings = { x: 1.9, y: -1.1 };
    const running = Array.from(
      { length: 12 },
      (_, i): Trial => ({
        ...{ number: 40 + i, state: 'running', settings: spot, value: null, reports: new Map() },
      }),
    );
    const failed = running.map((trial): Trial => ({ ...trial, state: 'failed' }));
    const distance = (others: readonly Trial[], constantLiar: boolean): number =>
      [30, 31, 32, 33, 34].reduce((sum, number) => {
        const point = new TpeSampler(1, { constantLiar }).sample(plane, [...trials, ...others], number, 'minimize');
        return sum + Math.abs(unitOf(plane['x'], point['x']) - unitOf(plane['x'], 1.9));
      }, 0);
    expect(distance(running, true)).toBeGreaterThan(2 * distance([], true));
    expect(distance(running, false)).toBe(distance([], true));
    expect(distance(failed, true)).toBe(distance([], true));
  });

  it('leaves out trials of other spaces', () => {
    const trials = run('minimize', 1, 20);
    const foreign = ([{ x: 1 }, { x: 1, y: 7 }, { x: 'one', y: 1 }] as Settings[]).map(
      (settings, i): Trial => ({
        ...{ number: 50 + i, state: 'running', settings, value: null, reports: new Map() },
      }),
    );
    const sampler = new TpeSampler(1);
    expect(sampler.sample(plane, [...trials, ...foreign], 20, 'minimize')).toEqual(
      sampler.sample(plane, trials, 20, 'minimize'),
    );
  });

  it.each([
    [{ startupTrials: -1 }, 'startupTrials'],
    [{ candidates: 0 }, 'candidates'],
  ])('refuses %j', (options, name) => {
    expect(() => new TpeSampler(1, options)).toThrow(name);
  });
});
