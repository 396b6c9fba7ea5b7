import { describe, expect, it } from 'vitest';
import { boardRun } from '../../../test/support/board-run.ts';
import { groupRuns, searchGroups } from './group-runs.ts';
import type { BoardRun } from './messages.ts';

const names = (runs: BoardRun[]) => groupRuns(runs).map(({ name, runs: list }) => [name, list.map(({ id }) => id)]);

describe('groupRuns', () => {
  it('puts seeds of one training together, in the order of their seeds', () => {
    const runs = [
      boardRun('sarsa/seed10', { seed: 10 }),
      boardRun('sarsa/seed9', { seed: 9 }),
      boardRun('sarsa/seed0'),
    ];
    expect(names(runs)).toEqual([['sarsa', ['sarsa/seed0', 'sarsa/seed9', 'sarsa/seed10']]]);
  });

  it('keeps folders apart, and settings', () => {
    const runs = [boardRun('a/seed0'), boardRun('b/seed0'), boardRun('a/other', { group: 'b' })];
    expect(names(runs).map(([, list]) => list)).toEqual([['a/seed0'], ['a/other'], ['b/seed0']]);
  });

  it('names runs in one folder by what their names have in common, else by their recipe', () => {
    const alike = [boardRun('dqn-pong-seed1-1', { seed: 1 }), boardRun('dqn-pong-seed2-1', { seed: 2 })];
    expect(names(alike)[0]![0]).toBe('dqn-pong');
    expect(names([boardRun('first'), boardRun('second')])[0]![0]).toBe('dqn');
  });

  it('numbers groups of one name', () => {
    const runs = [boardRun('s/1', { changed: 2 }), boardRun('s/2', { changed: 2 })];
    const others = runs.map((run) => ({ ...run, id: `${run.id}b`, group: 'b', changed: 1 }));
    expect(names([...runs, ...others]).map(([name]) => name)).toEqual(['s', 's (2)']);
  });

  it('puts what trains first, then what changed last', () => {
    const runs = [
      boardRun('old', { group: '1', changed: 1 }),
      boardRun('new', { group: '2', changed: 3 }),
      boardRun('trains', { group: '3', changed: 2, state: 'running' }),
    ];
    expect(names(runs).map(([name]) => name)).toEqual(['trains', 'new', 'old']);
  });

  it('leaves what trains in its place and with its name, whichever has logged last', () => {
    const at = (one: number, other: number) =>
      names([
        boardRun('s/1', { state: 'running', started: 1, changed: one }),
        boardRun('s/2', { state: 'running', started: 1, changed: one }),
        boardRun('s/3', { group: 'b', state: 'running', started: 2, changed: other }),
        boardRun('s/4', { group: 'b', state: 'running', started: 2, changed: other }),
      ]);
    expect(at(10, 11)).toEqual([
      ['s (2)', ['s/3', 's/4']],
      ['s', ['s/1', 's/2']],
    ]);
    expect(at(12, 11)).toEqual(at(10, 11));
  });
});

it('searches by words in any order, of runs and what they train', () => {
  const groups = groupRuns([boardRun('s/1', { seed: 1 }), boardRun('s/2', { seed: 2, state: 'failed' })]);
  const found = (text: string) => searchGroups(groups, text).flatMap(({ runs }) => runs.map(({ id }) => id));
  expect(found('')).toEqual(['s/1', 's/2']);
  expect(found('cartpole FAILED')).toEqual(['s/2']);
  expect(found('seed 2')).toEqual(['s/2']);
  expect(found('pong')).toEqual([]);
});
