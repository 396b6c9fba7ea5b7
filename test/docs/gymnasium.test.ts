/** The table of what is here of Gymnasium, against the real Gymnasium and our own registry. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coveragePage, type GymnasiumNames } from '../../scripts/gymnasium-coverage.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import { environmentEntry, environmentIds, make } from '../../src/envs/index.ts';
import * as vectors from '../../src/vector/index.ts';
import * as wrappers from '../../src/wrappers/index.ts';
import { python } from '../platform/programs.ts';
import { exportedNames } from '../support/exported-names.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const names: GymnasiumNames = JSON.parse(read('../oracle/fixtures/gymnasium-names.json'));

interface Row {
  readonly section: string;
  readonly gymnasium: string;
  /** Our name; undefined where the page says no. */
  readonly here: string | undefined;
}

/** The tables of the page, read from its text alone. */
const rows: readonly Row[] = read('../../docs/guide/gymnasium.md')
  .split(/^## /m)
  .slice(1)
  .flatMap((part) => {
    const [section, ...lines] = part.split('\n');
    const cells = lines.flatMap((line) => {
      const [, gymnasium, here] = /^\| ([\w/-]+) \| (no|`[\w/-]+`) \|/.exec(line) ?? [];
      return gymnasium === undefined ? [] : [{ gymnasium, here: here === 'no' ? undefined : here.slice(1, -1) }];
    });
    return cells.map((cell) => ({ section, ...cell }));
  });
const rowsOf = (wanted: string): readonly Row[] => rows.filter(({ section }) => section === wanted);
const namedHere = (section: string) =>
  rowsOf(section).flatMap(({ gymnasium, here = '' }) => (here ? [[gymnasium, here] as const] : []));

describe('each name on the page', () => {
  it('stands in a table as long as Gymnasium has names', () => {
    expect(rowsOf('Environments')).toHaveLength(Object.keys(names.environments).length);
    expect(rowsOf('Wrappers')).toHaveLength(names.wrappers.length);
    expect(rowsOf('Vector environments')).toHaveLength(names.vector.length);
    expect(rowsOf('Wrappers of vectors')).toHaveLength(names.vectorWrappers.length);
  });

  it.each(namedHere('Environments'))('%s is the registered %s', (gymnasium, here) => {
    expect(here).toBe(gymnasium);
    expect(make(here).spec?.id).toBe(here);
  });

  it.each(
    namedHere('Wrappers'),
  )('%s is the class %s of bellman-rl/wrappers, which wraps an environment', (gymnasium, here) => {
    // Where we have a class of Gymnasium's very name, that is the one.
    if (gymnasium in wrappers) expect(here).toBe(gymnasium);
    const type = (wrappers as Readonly<Record<string, unknown>>)[here] as { readonly prototype: unknown };
    expect(type.prototype).toBeInstanceOf(Wrapper);
  });

  it.each(namedHere('Vector environments'))('%s is %s of bellman-rl/vector', (gymnasium, here) => {
    const origin = exportedNames('src/vector/index.ts').get(here);
    expect(origin).toBeDefined();
    if (exportedNames('src/vector/index.ts').has(gymnasium)) expect(here).toBe(gymnasium);
  });

  it.each(namedHere('Wrappers of vectors'))('%s is %s of bellman-rl/vector', (_, here) => {
    expect(vectors).toHaveProperty(here, expect.any(Function));
  });

  it.each(rows.filter(({ here }) => here === undefined))('$gymnasium ($section) is not here under its own name', ({
    section,
    gymnasium,
  }) => {
    if (section === 'Environments') expect(environmentIds()).not.toContain(gymnasium);
    if (section === 'Wrappers') expect(wrappers).not.toHaveProperty(gymnasium);
    if (section.endsWith('ectors') || section.startsWith('Vector')) expect(vectors).not.toHaveProperty(gymnasium);
  });
});

describe('docs/guide/gymnasium.md', () => {
  it('lists what Gymnasium really has', () => {
    expect(JSON.parse(python('test/oracle/gymnasium_names.py', []))).toEqual(names);
  });

  it('is what the script writes, with a reason for everything that is not here', () => {
    expect(read('../../docs/guide/gymnasium.md')).toBe(coveragePage(names));
  });
});

const shared = Object.entries(names.environments).filter(([id]) => environmentIds().includes(id));

describe('time limits and thresholds', () => {
  it.each(shared)('%s has those of Gymnasium', (id, expected) => {
    const { maxEpisodeSteps = null, rewardThreshold = null } = environmentEntry(id);
    expect({ maxEpisodeSteps, rewardThreshold }).toEqual(expected);
  });

  it('covers toy text and classic control', () => {
    expect(shared.map(([id]) => id)).toEqual([
      'Acrobot-v1',
      'Blackjack-v1',
      'CartPole-v0',
      'CartPole-v1',
      'CliffWalking-v1',
      'CliffWalkingSlippery-v1',
      'FrozenLake-v1',
      'FrozenLake8x8-v1',
      'MountainCar-v0',
      'MountainCarContinuous-v0',
      'Pendulum-v1',
      'Taxi-v4',
    ]);
  });
});
