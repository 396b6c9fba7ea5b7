import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../node/runs/list-runs.ts';
import { describeRuns, formatAge } from './runs.ts';
import { layTable } from './table.ts';

const run: RunSummary = {
  path: 'runs/dqn-cart-pole-seed0-1',
  state: 'stopped',
  message: 'Stopped at step 1500.',
  recipe: 'dqn-cart-pole',
  algorithm: 'dqn',
  env: 'CartPole-v1',
  protocol: null,
  seed: 0,
  score: 99.996,
  step: 1500,
  started: 0,
  changed: 0,
};

describe('describeRuns', () => {
  it('is a table with a line on how to go on', () => {
    expect(describeRuns([run, { ...run, state: 'solved', path: 'runs/x' }], 'runs', 180_000, 200)).toEqual([
      'state    run                         recipe         environment  seed   score  steps    changed',
      'stopped  runs/dqn-cart-pole-seed0-1  dqn-cart-pole  CartPole-v1     0  100.00  1,500  3 min ago',
      'solved   runs/x                      dqn-cart-pole  CartPole-v1     0  100.00  1,500  3 min ago',
      '',
      'Resume one with: bellman train --resume runs/dqn-cart-pole-seed0-1',
      'Curves: tensorboard --logdir runs',
    ]);
  });

  it.each([40, 60, 80, 100])('fits %i columns', (width) => {
    for (const line of describeRuns([run], 'runs', 0, width).slice(0, 2))
      expect(line.length).toBeLessThanOrEqual(width);
  });

  it('shows protocols where a run has one, as far as there is room', () => {
    const lines = (width: number) =>
      describeRuns([{ ...run, env: 'PongNoFrameskip-v4', protocol: 'no-ops' }, run], 'runs', 0, width).slice(0, 3);
    expect(lines(200).map((line) => line.includes('protocol') || line.includes('no-ops'))).toEqual([true, true, false]);
    expect(lines(90).join('')).not.toContain('protocol');
  });

  it('repeats why a run failed, without what would drive the terminal', () => {
    const lines = describeRuns([{ ...run, state: 'failed', message: 'bad \u001b[2J news' }], 'runs', 0, 80);
    expect(lines).toContain('runs/dqn-cart-pole-seed0-1: bad \\x1b[2J news');
  });

  it('says how to begin where there is none', () => {
    expect(describeRuns([], 'runs', 0, 80)).toEqual(['No runs in runs yet. bellman train begins one.']);
  });
});

describe('layTable', () => {
  it('shortens a text after a word, where that leaves half of its column', () => {
    const prose = [{ title: '' }];
    expect(layTable(prose, [['to a mean of 475 over 100 episodes']], 25)[1]).toBe('to a mean of 475 over…');
    expect(layTable(prose, [['to averylongword']], 12)[1]).toBe('to averylon…');
  });

  it('drops columns by their rank, then shortens the widest', () => {
    const columns = [{ title: 'a' }, { title: 'b', leaves: 1 }, { title: 'c', align: 'right' }] as const;
    const rows = [['x'.repeat(20), 'y'.repeat(10), '7']];
    expect(layTable(columns, rows, 40)[1]).toBe(`${'x'.repeat(20)}  ${'y'.repeat(10)}  7`);
    expect(layTable(columns, rows, 30)[1]).toBe(`${'x'.repeat(20)}  7`);
    expect(layTable(columns, rows, 15)[1]).toBe(`${'x'.repeat(11)}…  7`);
  });
});

describe('formatAge', () => {
  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 d'],
    [-5, '0 s'],
  ])('%i ms is %s', (time, text) => {
    expect(formatAge(time)).toBe(text);
  });
});
