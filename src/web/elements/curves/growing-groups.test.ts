import { expect, it } from 'vitest';
import type { CurveGroup } from './curve-data.ts';
import { GrowingGroups } from './growing-groups.ts';

const shape = (groups: readonly CurveGroup[]) => groups.map(({ name, runs }) => [name, ...runs.map((run) => run.name)]);

it('adds rows to runs, and leaves others as they are', () => {
  const growing = new GrowingGroups();
  const one = growing.withRows([], 'lake', 'seed0', { step: [1], reward: [0] });
  const two = growing.withRows(one, 'pole', 'seed0', { step: [1], reward: [9] });
  const three = growing.withRows(two, 'lake', 'seed0', { step: [2], reward: [1] });
  expect(shape(three)).toEqual([
    ['lake', 'seed0'],
    ['pole', 'seed0'],
  ]);
  expect(Array.from(three[0].runs[0].columns['reward'])).toEqual([0, 1]);
  expect(three[1]).toBe(two[1]);
  // Groups that were replaced from outside grow from what they hold.
  const replaced = growing.withRows([], 'lake', 'seed0', { step: [5], reward: [7] });
  expect(Array.from(replaced[0].runs[0].columns['reward'])).toEqual([7]);
});

it('puts files where their paths say, under names that are free', () => {
  const growing = new GrowingGroups();
  let groups: readonly CurveGroup[] = [];
  for (const path of ['lake/seed0/metrics.jsonl', 'lake/seed1/metrics.jsonl', 'lake/seed1/metrics.jsonl']) {
    groups = growing.withFile(groups, path, { step: [1] });
  }
  expect(shape(groups)).toEqual([['lake', 'seed0', 'seed1', 'seed1 (2)']]);
});
