import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { listRuns, summarizeRun } from './list-runs.ts';
import { createRun } from './run-directory.ts';
import type { RunStatus } from './run-status.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellman-list-'));
});

const config = { recipe: 'dqn-cart-pole', algorithm: 'dqn', env: 'CartPole-v1', seed: 3 };
const status: RunStatus = {
  state: 'running',
  message: null,
  step: 100,
  maxSteps: 500,
  started: '2026-01-02T03:04:05.000Z',
  updated: '2026-01-02T03:05:05.000Z',
  pid: process.pid,
};
const begin = (name: string, now = 1e12) =>
  createRun({ config, version: '0', path: join(folder, name), now: () => now });

describe('summarizeRun', () => {
  it('calls a run running while a living program holds it, whatever its status says', () => {
    const run = begin('a');
    run.saveStatus({ ...status, state: 'stopped', message: 'Stopped at step 100.' });
    expect(summarizeRun(run.path)).toMatchObject({
      ...config,
      state: 'running',
      message: null,
      step: 100,
      score: null,
    });
    run.close();
    expect(summarizeRun(run.path)).toMatchObject({ state: 'stopped', message: 'Stopped at step 100.' });
  });

  it('calls a run killed that says running and has no living program', () => {
    const run = begin('a');
    run.saveStatus(status);
    run.close(); // as after a kill whose lock was taken away
    expect(summarizeRun(run.path).state).toBe('killed');
    // As kill -9 leaves it: the lock of a process of this host that is gone.
    writeFileSync(join(run.path, '.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '', host: hostname() }));
    expect(summarizeRun(run.path).state).toBe('killed');
  });

  it.each(['solved', 'ended', 'failed'] as const)('repeats %s with its message', (state) => {
    const run = begin('a');
    run.saveStatus({ ...status, state, message: 'As it was.' });
    run.close();
    expect(summarizeRun(run.path)).toMatchObject({
      state,
      message: 'As it was.',
      started: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
  });

  it('takes the step from the log where that is ahead, past half a line', () => {
    const run = begin('a');
    run.saveStatus(status);
    run.log.scalars(240, { reward: 1 });
    run.close();
    appendFileSync(join(run.path, 'metrics.jsonl'), '{"step":25');
    expect(summarizeRun(run.path).step).toBe(240);
  });

  it('knows the score of the best model', () => {
    const run = begin('a');
    run.saveBest('{}', { score: 12.5 }, 'best-table.json');
    run.close();
    expect(summarizeRun(run.path)).toMatchObject({ state: 'unknown', score: 12.5 });
  });

  it('says what is damaged instead of failing', () => {
    const run = begin('a');
    run.close();
    writeFileSync(join(run.path, 'config.json'), '{"seed":');
    const { state, message } = summarizeRun(run.path);
    expect(state).toBe('damaged');
    expect(message).toMatch(/config\.json: the file is damaged/);
  });
});

describe('listRuns', () => {
  it('finds runs and folders of seeds, seeds in their order, and passes over other folders', () => {
    for (const name of ['one', 'seeds/seed10', 'seeds/seed2', 'deep/er/run']) begin(name).close();
    mkdirSync(join(folder, 'notes'));
    writeFileSync(join(folder, 'notes', 'metrics.jsonl'), '');
    const paths = listRuns(folder).map(({ path }) => path.slice(folder.length + 1));
    expect([...paths].sort()).toEqual(['deep/er/run', 'one', 'seeds/seed10', 'seeds/seed2']);
    expect(paths.indexOf('seeds/seed10')).toBe(paths.indexOf('seeds/seed2') + 1);
  });

  it('takes a run for a folder of one, and has none in a folder without any', () => {
    begin('one').close();
    expect(listRuns(join(folder, 'one')).map(({ seed }) => seed)).toEqual([3]);
    expect(listRuns(join(folder, 'nothing'))).toEqual([]);
  });
});
