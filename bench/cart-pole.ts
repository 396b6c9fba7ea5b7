/**
 * DQN on CartPole-v1 over five seeds, as a table in docs/results/cart-pole.md.
 *
 *   npm run build && npx tsx bench/cart-pole.ts [--seeds 5]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBellman } from './peers.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '5' } } });
const folder = mkdtempSync(join(tmpdir(), 'bellman-bench-'));
const rows: string[] = [];
const minutes: number[] = [];
const steps: number[] = [];
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const run = join(folder, String(seed));
  const train = ['train', 'dqn-cart-pole', '--seed', String(seed), '--threads', '1', '--run', run, '--json'];
  const outcome = runBellman<{ step: number; solved: boolean; seconds: number }>(train);
  const test = ['eval', run, '--episodes', '100', '--epsilon', '0', '--seed', '1000', '--json'];
  const { mean, std } = runBellman<{ mean: number; std: number }>(test);
  minutes.push(outcome.seconds / 60);
  steps.push(outcome.step);
  const solved = outcome.solved ? 'yes' : 'no';
  rows.push(
    `| ${seed} | ${solved} | ${outcome.step} | ${(outcome.seconds / 60).toFixed(1)} | ${mean.toFixed(1)} (${std.toFixed(1)}) |`,
  );
  console.log(rows.at(-1));
}
rmSync(folder, { recursive: true });
writeSection(page('results/cart-pole.md'), 'bench/cart-pole.ts', [
  `${machine()} One thread. Medians: ${median(steps)} steps, ${median(minutes).toFixed(1)} minutes.`,
  '',
  '| seed | mean of 100 training episodes above 475 | steps | minutes | best model, 100 greedy episodes: mean (std) |',
  '|--:|---|--:|--:|--:|',
  ...rows,
]);
