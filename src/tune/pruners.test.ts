/** Against Optuna: `test/oracle/optuna_pruners.py` records its decisions in random studies. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { MedianPruner } from './median-pruner.ts';
import { SuccessiveHalvingPruner } from './successive-halving-pruner.ts';
import type { Direction, Pruner, Trial, TrialState } from './trial.ts';

const recorded = JSON.parse(readFileSync(new URL('fixtures/optuna-pruners.json', import.meta.url), 'utf8')) as {
  readonly trials: number;
  readonly slots: number;
  readonly decisions: readonly string[];
};

interface Running {
  trial: Trial & { reports: Map<number, number> };
  step: number;
  end: number;
  level: number;
}

/** The study of the script, with the same draws. */
function study(seed: number): { readonly decisions: string; readonly kind: string } {
  const random = new Generator(seed);
  const draw = (n: number) => random.integers(n);
  const direction: Direction = (['minimize', 'maximize'] as const)[draw(2)];
  let pruner: Pruner;
  let gap: number;
  if (draw(2) === 0) {
    const [startupTrials, warmupSteps, interval, leastTrials] = [draw(5), draw(6), 1 + draw(4), 1 + draw(3)];
    pruner = new MedianPruner({ startupTrials, warmupSteps, interval, leastTrials });
    gap = 1 + draw(2);
  } else {
    const [minResource, reductionFactor, minEarlyStoppingRate] = [1 + draw(3), 2 + draw(3), draw(2)];
    pruner = new SuccessiveHalvingPruner({ minResource, reductionFactor, minEarlyStoppingRate });
    gap = minResource;
  }
  const trials: Trial[] = [];
  const running: (Running | undefined)[] = new Array(recorded.slots).fill(undefined);
  let decisions = '';
  const end = ({ number }: Trial, state: TrialState) => {
    trials[number] = { ...trials[number], state, value: state === 'complete' ? 1 : null };
  };
  while (trials.length < recorded.trials || running.some((one) => one !== undefined)) {
    const slot = draw(recorded.slots);
    const one = running[slot];
    if (one === undefined) {
      if (trials.length === recorded.trials) continue;
      const trial = { number: trials.length, state: 'running', settings: {}, value: null, reports: new Map() } as const;
      trials.push(trial);
      running[slot] = { trial, step: 0, end: 4 + draw(30), level: draw(40) };
      continue;
    }
    one.step += 1 + draw(gap);
    const value = (one.level + draw(20)) / 10;
    one.trial.reports.set(one.step, draw(12) === 0 ? Number.NaN : value);
    const pruned = pruner.prunes(one.trial, trials, direction);
    decisions += pruned ? '1' : '0';
    if (pruned || one.step >= one.end) {
      end(one.trial, pruned ? 'pruned' : 'complete');
      running[slot] = undefined;
    }
  }
  return { decisions, kind: pruner.constructor.name };
}

it("pruners decide as Optuna's in 200 random studies", () => {
  const ours = recorded.decisions.map((_, seed) => study(seed));
  expect(ours.map(({ decisions }) => decisions)).toEqual(recorded.decisions);
  for (const kind of ['MedianPruner', 'SuccessiveHalvingPruner']) {
    expect(ours.filter((one) => one.kind === kind).length).toBeGreaterThan(70);
  }
});

const trial = (
  number: number,
  reports: readonly (readonly [number, number])[],
  state: TrialState = 'running',
): Trial => ({
  ...{ number, state, settings: {}, value: state === 'complete' ? 1 : null, reports: new Map(reports) },
});

describe('successive halving', () => {
  const halving = new SuccessiveHalvingPruner({ minResource: 10, reductionFactor: 2 });

  it('has rungs at 10, 20, 40 ... steps', () => {
    const better = trial(
      0,
      [10, 20, 30, 40].map((step) => [step, 5]),
      'complete',
    );
    const own = (...steps: number[]) =>
      trial(
        1,
        steps.map((step) => [step, 1]),
      );
    const decide = (...steps: number[]) => halving.prunes(own(...steps), [better], 'maximize');
    expect([
      decide(9),
      decide(10),
      decide(9, 12),
      decide(10, 19),
      decide(10, 20),
      decide(10, 20, 39),
      decide(10, 20, 40),
    ]).toEqual([false, true, true, false, true, false, true]);
  });

  it('lets the better half of a rung go on', () => {
    const others = [1, 2, 3].map((value, number) => trial(number, [[10, value]], number === 0 ? 'pruned' : 'running'));
    const decide = (value: number, direction: Direction) => halving.prunes(trial(3, [[10, value]]), others, direction);
    expect([2.5, 2, 1].map((value) => decide(value, 'maximize'))).toEqual([false, false, true]);
    expect([0, 1.5, 2, 2.5].map((value) => decide(value, 'minimize'))).toEqual([false, false, false, true]);
  });

  it('knows nothing of failed trials', () => {
    const failed = trial(0, [[10, 5]], 'failed');
    expect(halving.prunes(trial(1, [[10, 1]]), [failed], 'maximize')).toBe(false);
  });

  it('counts a pruned trial once where its last report reached several rungs', () => {
    const jumped = (state: TrialState) => trial(0, [[40, 5]], state);
    // At 40 steps trial 1 is the best of those on the rungs of 20 and 40, if trial 0 was pruned on that of 10.
    const own = trial(1, [
      [10, 9],
      [40, 1],
    ]);
    expect(halving.prunes(own, [jumped('pruned')], 'maximize')).toBe(false);
    expect(halving.prunes(own, [jumped('complete')], 'maximize')).toBe(true);
  });

  it.each([
    [{ minResource: 0 }, 'minResource: got 0, allowed is a whole number from 1 up.'],
    [{ minResource: 1, reductionFactor: 1 }, 'reductionFactor: got 1'],
    [{ minResource: 1, minEarlyStoppingRate: -1 }, 'minEarlyStoppingRate: got -1'],
  ])('refuses %j', (options, message) => {
    expect(() => new SuccessiveHalvingPruner(options)).toThrow(message);
  });
});

describe('the median rule', () => {
  const complete = [1, 2, 3, 4].map((value, number) => trial(number, [[10, value]], 'complete'));

  it('is the median at the same step, of reports that are numbers', () => {
    const rule = new MedianPruner({ startupTrials: 4 });
    const decide = (value: number, others: readonly Trial[] = complete) =>
      rule.prunes(trial(9, [[10, value]]), others, 'maximize');
    expect([2.4, 2.5].map((value) => decide(value))).toEqual([true, false]);
    expect(decide(Number.NaN)).toBe(true);
    expect(decide(0, complete.slice(1))).toBe(false);
    expect(rule.prunes(trial(9, [[11, 0]]), complete, 'maximize')).toBe(false);
    // The best report counts, not the last.
    const fell = trial(9, [
      [5, 8],
      [10, 0],
    ]);
    expect(rule.prunes(fell, complete, 'maximize')).toBe(false);
    expect(rule.prunes(fell, complete, 'minimize')).toBe(false);
    expect(rule.prunes(trial(9, []), complete, 'maximize')).toBe(false);
  });

  it.each([
    [{ interval: 0 }, 'interval: got 0'],
    [{ leastTrials: 0 }, 'leastTrials: got 0'],
    [{ warmupSteps: 1.5 }, 'warmupSteps: got 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => new MedianPruner(options)).toThrow(message);
  });
});
