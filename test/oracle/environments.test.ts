/** Our environments against records of Gymnasium's; `environments.py` made them, `compare-traces.ts` goes further. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import {
  type CliffWalkingEnv,
  type FrozenLakeEnv,
  generateRandomMap,
  type TaxiEnv,
  traceEnvironment,
} from '../../src/envs/index.ts';
import { digest, numbers } from './digest.ts';
import { makeCase, type TraceCase, traceCases } from './trace-cases.ts';

interface Fixtures {
  traces: {
    case: string;
    seed: number;
    steps: number;
    sha256?: string;
    modelSha256?: string;
    every?: number;
    lines?: number[][];
  }[];
  maps: { size: number; p: number; seed: number; map: string }[];
  ansi: { case: string; seed: number; steps: number; texts: string[] }[];
  taxiTextsSha256: string;
}

const fixtures: Fixtures = JSON.parse(readFileSync(new URL('fixtures/environments.json', import.meta.url), 'utf8'));

function caseNamed(name: string): TraceCase {
  const found = traceCases.find((traceCase) => traceCase.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

function lines(name: string, seed: number, steps: number): unknown[] {
  const traceCase = caseNamed(name);
  return Array.from(traceEnvironment(makeCase(traceCase), { seed, steps, options: traceCase.reset }), (line) =>
    JSON.parse(line),
  );
}

const exact = fixtures.traces.filter((trace) => trace.sha256 !== undefined);
const approximate = fixtures.traces.filter((trace) => trace.lines !== undefined);

describe('traces', () => {
  it.each(exact)('$case: every number of $steps steps is equal', ({ case: name, seed, steps, sha256 }) => {
    expect(digest(lines(name, seed, steps))).toBe(sha256);
  });

  it.each(approximate)('$case: $steps steps agree', ({ case: name, seed, steps, every = 1, lines: expected = [] }) => {
    const actual = lines(name, seed, steps)
      .filter((_, i) => i % every === 0)
      .map(numbers);
    expect(actual.map((row) => row.length)).toEqual(expected.map((row) => row.length));
    const largest = Math.max(
      ...actual.flatMap((row, t) => row.map((x, i) => Math.abs(x - expected[t][i]) / Math.max(1, Math.abs(x)))),
    );
    expect(largest).toBeLessThan(1e-6);
  });

  it('Taxi-v3 is that of Gymnasium 1.0', () => {
    // gymnasium 1.0.0: environments.py digest taxi-v3 --seed 3 --steps 600
    const recorded = '6e70118d34ddba2802a791b2b1e2809ff05ae19757e665864e5e777aae740164';
    expect(digest(lines('taxi-v3', 3, 600))).toBe(recorded);
  });

  it('tells different runs apart', () => {
    expect(digest(lines('taxi', 3, 600))).not.toBe(digest(lines('taxi', 4, 600)));
  });
});

describe('models', () => {
  it.each(exact.filter(({ modelSha256 }) => modelSha256 !== undefined))('$case: P is equal', ({
    case: name,
    modelSha256,
  }) => {
    const { model } = makeCase(caseNamed(name)).unwrapped as CliffWalkingEnv | FrozenLakeEnv | TaxiEnv;
    // An outcome as Gymnasium's tuple: probability, next state, reward, terminated.
    const tuples = model.transitions.map((actions) =>
      actions.map((list) => list.map((o) => [o.probability, o.nextState, o.reward, o.terminated])),
    );
    expect(digest(tuples)).toBe(modelSha256);
  });
});

describe('random maps', () => {
  it.each(fixtures.maps)('size $size, p $p, seed $seed', ({ size, p, seed, map }) => {
    expect(generateRandomMap(size, p, seed).join('/')).toBe(map);
  });
});

describe('texts', () => {
  it.each(fixtures.ansi)('$case is written as by Gymnasium', ({ case: name, seed, steps, texts }) => {
    const env: Env = makeCase(caseNamed(name), { render_mode: 'ansi' });
    env.actionSpace.seed(seed);
    env.reset({ seed });
    const actual = [env.render()];
    for (let t = 0; t < steps; t++) {
      const { terminated, truncated } = env.step(env.actionSpace.sample());
      actual.push(env.render());
      if (terminated || truncated) {
        env.reset();
        actual.push(env.render());
      }
    }
    expect(actual).toEqual(texts);
  });

  it('of all 500 states of Taxi are equal', () => {
    const env = makeCase(caseNamed('taxi'), { render_mode: 'ansi' }).unwrapped;
    env.reset({ seed: 0 });
    const saved = env.saveState() as { own: Record<string, never> };
    const all = Array.from({ length: 500 }, (_, state) => {
      env.restoreState({ ...saved, own: { ...saved.own, state } });
      return env.render();
    });
    expect(createHash('sha256').update(all.join('')).digest('hex')).toBe(fixtures.taxiTextsSha256);
  });
});
