import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unitOf } from './distribution.ts';
import { importances, mainEffects } from './importance.ts';
import { parseSpace } from './parse-space.ts';
import { type Feature, growTree } from './random-forest.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Settings } from './search-space.ts';
import type { Trial } from './trial.ts';

/** By `test/oracle/optuna_importances.py`. */
interface Recorded {
  readonly space: readonly string[];
  readonly trials: readonly { readonly settings: Settings; readonly value: number }[];
  readonly importances: Readonly<Record<string, number>>;
}
const recorded = JSON.parse(
  readFileSync(new URL('fixtures/optuna-importances.json', import.meta.url), 'utf8'),
) as Readonly<Record<'numbers' | 'choices', Recorded>>;

const complete = (number: number, settings: Settings, value: number): Trial => ({
  ...{ number, state: 'complete', settings, value, reports: new Map() },
});

describe('main effects of a tree', () => {
  const features: readonly Feature[] = [{ kind: 'unit' }, { kind: 'choice', choices: 4 }];
  const rows = [0.2, 0.6].flatMap((x) => [0, 1, 2, 3].map((c) => [x, c]));
  const all = rows.map((_, i) => i);
  const effectsOf = (value: (x: number, c: number) => number) =>
    mainEffects(
      features,
      growTree(
        features,
        rows,
        rows.map(([x, c]) => value(x, c)),
        all,
      ),
    );

  it('are shares of the variance over the space', () => {
    // The threshold is 0.4: variance 0.24 * 25 = 6 of x, 0.1875 * 16 = 3 of the choice, of 9 in all.
    const effects = effectsOf((x, c) => (x > 0.4 ? 5 : 0) + (c === 2 ? 4 : 0))!;
    expect(effects[0]).toBeCloseTo(6 / 9, 12);
    expect(effects[1]).toBeCloseTo(3 / 9, 12);
  });

  it('leave out what two explain together', () => {
    // The sign of x - 0.4 times a sign of the choice; the mean over the choices is 0.
    const effects = effectsOf((x, c) => (x > 0.4 ? 1 : -1) * (c < 2 ? 1 : -1))!;
    expect(effects[0]).toBeCloseTo(0, 12);
    // The mean over x is (0.6 - 0.4) times the sign, of a variance of 1.
    expect(effects[1]).toBeCloseTo(0.04, 12);
  });

  it('are none of a constant', () => {
    expect(effectsOf(() => 3)).toBeUndefined();
  });
});

describe('importances', () => {
  it('are near the closed form', () => {
    const space = parseSpace(['x=-1..3', 'rate=1e-4..1:log', 'c=a,b,d', 'idle=0..1']);
    const level = { a: 0, b: 0.5, d: 1.5 } as const;
    const trials = Array.from({ length: 500 }, (_, number) => {
      const settings = new RandomSampler(1).sample(space, [], number);
      const rate = unitOf(space['rate'], settings['rate']);
      return complete(
        number,
        settings,
        (settings['x'] as number) / 4 + 2 * rate + level[settings['c'] as keyof typeof level],
      );
    });
    // Of lines over the unit 1/12 of their squared slopes; of the choices the mean square about their mean, 2/3.
    const variances = { x: 1 / 12, rate: 4 / 12, c: (0.25 + 2.25) / 3 - 4 / 9, idle: 0 };
    const total = Object.values(variances).reduce((sum, variance) => sum + variance, 0);
    const found = importances(space, trials);
    for (const [key, variance] of Object.entries(variances)) {
      expect(Math.abs(found[key] - variance / total), key).toBeLessThan(0.03);
    }
    expect(importances(space, trials)).toEqual(found);
  });

  it.each([
    ['numbers', 0.02],
    // Optuna's measure of choices is another.
    ['choices', 0.06],
  ] as const)("are near those of Optuna's fANOVA: %s", (name, near) => {
    const { space, trials, importances: theirs } = recorded[name];
    const ours = importances(
      parseSpace(space),
      trials.map(({ settings, value }, i) => complete(i, settings, value)),
    );
    for (const [key, share] of Object.entries(theirs)) expect(Math.abs(ours[key] - share), key).toBeLessThan(near);
  });

  it('are 0 where nothing can be said, and take complete trials of the space only', () => {
    const space = parseSpace(['x=0..1', 'y=0..1']);
    const none = { x: 0, y: 0 };
    expect(importances(space, [])).toEqual(none);
    expect(importances(space, [complete(0, { x: 0.1, y: 0.2 }, 1)])).toEqual(none);
    const equal = [0.1, 0.5, 0.9].map((x, i) => complete(i, { x, y: x }, 1));
    expect(importances(space, equal)).toEqual(none);
    const others = [
      { ...complete(3, { x: 0.1, y: 0.1 }, 9), state: 'pruned' as const, value: null },
      complete(4, { x: 0.1 }, 9),
      complete(5, { x: 7, y: 0.1 }, 9),
      complete(6, { x: 0.3, y: 0.1 }, Number.POSITIVE_INFINITY),
    ];
    expect(importances(space, [...equal, ...others])).toEqual(none);
  });
});
