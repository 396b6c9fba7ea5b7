/** Our wrappers against records of Gymnasium's, to the bit; `wrappers.py` made them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import { copyValue } from '../../src/core/trajectory.ts';
import type { EpisodeStatistics } from '../../src/wrappers/index.ts';
import { digest, numbers } from './digest.ts';
import { makeWrapped, type WrapperCase, wrapperCases } from './wrapper-cases.ts';

interface Run {
  case: string;
  observationSpace: string;
  actionSpace: string;
  sha256: string;
  first: number[];
  queues: [number[], number[]];
}
const { runs, steps }: { runs: Run[]; steps: number } = JSON.parse(
  readFileSync(new URL('fixtures/wrappers.json', import.meta.url), 'utf8'),
);

/** Arrays and dictionaries as lists, keys sorted. */
function tidy(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, part]) => tidy(part));
}

/** Random actions and what came of them, as `wrappers.py` lists it. */
function continueRun(env: Env, count: number, resets: boolean): unknown[] {
  const lines: unknown[] = [];
  for (let t = 0; t < count; t++) {
    const action = env.actionSpace.sample();
    const { observation, reward, terminated, truncated, info } = env.step(action);
    const { r, l } = (info['episode'] ?? { r: 0, l: 0 }) as { r: number; l: number };
    lines.push([tidy(action), tidy(observation), [reward], terminated, truncated, r, l]);
    if (resets && (terminated || truncated)) lines.push([tidy(env.reset().observation)]);
  }
  return lines;
}

function play(env: Env, resets: boolean): unknown[] {
  env.actionSpace.seed(5);
  const first = [tidy(env.reset({ seed: 5 }).observation)];
  return [first, ...continueRun(env, steps, resets)];
}

const resetsItself = ({ wrappers }: WrapperCase) => wrappers.some(([name]) => name === 'Autoreset');

describe.each(wrapperCases)('$name', (wrapperCase) => {
  const run = runs.find((candidate) => candidate.case === wrapperCase.name) as Run;

  it('does what Gymnasium does, to the bit', () => {
    const env = makeWrapped(wrapperCase);
    // 64-bit integers are 32-bit here.
    expect(String(env.observationSpace)).toBe(run.observationSpace.replaceAll('int64', 'int32'));
    expect(String(env.actionSpace)).toBe(run.actionSpace);
    const lines = play(env, !resetsItself(wrapperCase));
    const first = numbers(lines[1]).slice(0, run.first.length);
    for (const [i, value] of run.first.entries())
      expect(Math.abs(first[i] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
    expect(digest(lines)).toBe(run.sha256);
    const { returnQueue = [], lengthQueue = [] } = env as Partial<EpisodeStatistics>;
    expect([returnQueue, lengthQueue]).toEqual(run.queues);
  });

  it('gives observations of its space and goes on from a saved state', () => {
    const env = makeWrapped(wrapperCase);
    env.actionSpace.seed(1);
    expect(env.observationSpace.contains(env.reset({ seed: 1 }).observation)).toBe(true);
    const resets = !resetsItself(wrapperCase);
    continueRun(env, 61, resets);
    const saved = env.saveState();
    const copy = copyValue(saved);
    const expected = continueRun(env, 60, resets);
    expect(saved).toEqual(copy);
    const other = makeWrapped(wrapperCase);
    other.restoreState(saved);
    expect(continueRun(other, 60, resets)).toEqual(expected);
  });
});
