import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedList } from '../../src/cli/seed-list.ts';
import { reportOn } from '../../src/cli/train-seeds.ts';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { readRunConfig } from '../../src/node/runs/run-directory.ts';
import { bellman, temporaryFolder, typed } from './run-bellman.ts';

describe('a list of seeds', () => {
  it.each([
    ['0..3', [0, 1, 2, 3]],
    ['0,3,7', [0, 3, 7]],
    ['5', [5]],
    ['0..1, 8', [0, 1, 8]],
  ])('%s', (text, seeds) => {
    expect(seedList('--seeds')(text)).toEqual(seeds);
  });
  it.each(['', '3..1', '1,1', '0..2,2', '-1', '1.5', 'a', '0..100000', '1,'])('refuses "%s"', (text) => {
    expect(() => seedList('--seeds')(text)).toThrow(/^--seeds: got .* allowed is seeds such as 0\.\.9 or 0,3,7/);
  });
});

it('means and intervals are those of the solved seeds, and of all rewards', () => {
  const outcome = { run: 'x', seconds: 1, message: '', interrupted: false, stopped: false, failed: false };
  const report = reportOn(
    [
      { ...outcome, seed: 0, step: 10, solved: true, score: 1 },
      { ...outcome, seed: 1, step: 14, solved: true, score: 2 },
      { ...outcome, seed: 2, step: 99, solved: false, score: 0 },
      { ...outcome, seed: 3, step: undefined, solved: null, score: null, failed: true },
    ],
    5,
  );
  // t for one degree of freedom is 12.706, for two 4.303; the standard deviations are sqrt(8) and 1.
  expect(report).toMatchObject({ asked: 5, finished: 3, failed: 1, interrupted: 1, solved: 2, unbounded: 0 });
  expect(report.steps?.mean).toBe(12);
  expect(report.steps?.ci95?.[1]).toBeCloseTo(12 + 12.7062 * 2, 3);
  expect(report.score?.mean).toBe(1);
  expect(report.score?.ci95?.[0]).toBeCloseTo(1 - 4.30265 / Math.sqrt(3), 3);
});

describe('train --seeds', () => {
  const folder = temporaryFolder();

  it('trains each seed in a run of its own, as it would be trained alone', async () => {
    const all = join(folder, 'all');
    const outcome = await bellman(['train', 'value-iteration', '--seeds', '1..3', '--run', all, '--json']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(outcome.stdout);
    expect(report).toMatchObject({ recipe: 'value-iteration-frozen-lake', asked: 3, solved: 3, failed: 0 });
    // 23 iterations is what the README's run of seed 1 takes.
    expect(report.seeds.map(({ seed, step }: { seed: number; step: number }) => [seed, step])[0]).toEqual([1, 23]);
    expect(readdirSync(all).sort()).toEqual(['seed1', 'seed2', 'seed3']);
    expect(readRunConfig(join(all, 'seed3'))['seed']).toBe(3);
    const text = await bellman(['train', 'value-iteration', '--seeds', '1', '--run', join(folder, 'one')]);
    expect(text.stdout).toMatch(
      /^seed 1: Solved in 23 iterations! .*\nIterations until solved: mean 23\.000 \(1 seed\)/m,
    );
    expect(text.stdout).toMatch(/^1 of 1 seeds solved\.$/m);
  });

  it('reports a seed that fails, and its exit code is not 0', async () => {
    const runs = join(folder, 'partly');
    mkdirSync(join(runs, 'seed1'), { recursive: true });
    writeFileSync(join(runs, 'seed1', 'thesis.txt'), 'not to be lost');
    const outcome = await bellman(['train', 'value-iteration', '--seeds', '0,1', '--run', runs]);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/seed 1: failed: .*seed1 is not empty\. Name a new folder\./);
    expect(outcome.stdout).toMatch(/seed 0: Solved in \d+ iterations!/);
    expect(outcome.stdout).toMatch(/^1 of 2 seeds solved, 1 failed\.$/m);
  });

  it('Ctrl-C saves every seed that runs and begins no other', async () => {
    const runs = join(folder, 'stopped');
    const args = ['train', 'q-learning', '--reward', '1.1', '--seeds', '0..4', '--jobs', '2', '--run', runs];
    const trains = (name: string) => {
      const run = join(runs, name);
      return existsSync(run) && (listCheckpoints(run)[0]?.step ?? 0) > 0;
    };
    let timer: NodeJS.Timeout | undefined;
    const outcome = await bellman([...args, '--checkpoint-every', '0'], {
      onStart: (kill) => {
        timer = setInterval(() => {
          if (!['seed0', 'seed1'].every(trains)) return;
          clearInterval(timer);
          kill('SIGINT');
        }, 50);
      },
    });
    clearInterval(timer);
    expect(outcome.code).toBe(130);
    expect(readdirSync(runs).sort()).toEqual(['seed0', 'seed1']);
    for (const name of ['seed0', 'seed1']) {
      const run = join(runs, name);
      expect(listCheckpoints(run)[0].step).toBeGreaterThan(0);
      expect(outcome.stdout).toContain(`\n  ${typed()} train --resume ${run}\n`);
    }
    expect(outcome.stdout).toMatch(/^0 of 5 seeds solved, 5 stopped or not begun\.$/m);
  });

  it('wants one run with --resume, and --seeds with --jobs', async () => {
    expect((await bellman(['train', '--resume', 'x', '--seeds', '1'])).stderr).toContain('--resume: got "x"');
    expect((await bellman(['train', 'q-learning', '--jobs', '2'])).stderr).toContain(
      '--jobs: got 2, allowed is an option',
    );
  });
});
