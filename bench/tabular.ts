/**
 * Iterations of the tabular recipes over 20 seeds and times of whole processes over the first `timed` of them, as a table in
 * docs/results/tabular.md.
 *
 *   npm run build && npx tsx bench/tabular.ts [--seeds 20] [--timed 20]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTraining } from '../src/node/runs/create-training.ts';
import { resolveRun } from '../src/node/runs/resolve-run.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, timed: { type: 'string', default: '20' } },
});
const seeds = Number(values.seeds);
const timed = Math.min(seeds, Number(values.timed));
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** What the book's Python programs take as whole processes on two such cores, where it was measured. */
const cases = [
  { args: ['value-iteration', '--env', 'FrozenLake-v1'], python: '3-8' },
  { args: ['q-iteration', '--env', 'FrozenLake-v1'], python: '3-4' },
  { args: ['q-learning', '--env', 'FrozenLake-v1'], python: '11-79' },
  { args: ['value-iteration', '--env', 'FrozenLake8x8-v1'], python: '' },
  { args: ['q-iteration', '--env', 'FrozenLake8x8-v1'], python: '' },
  { args: ['q-learning-frozen-lake-dry'], python: '' },
  { args: ['q-learning', '--env', 'Taxi-v3'], python: '' },
] as const;

/** The run that a command line asks for. */
function request([recipe, , env]: readonly string[], seed: number) {
  return { recipe, env, seed, device: 'cpu', threads: 1, set: {} };
}
const silent = { scalars() {}, line() {}, best() {} };

const loads = [loadavg()[0]];
const folder = mkdtempSync(join(tmpdir(), 'bellman-bench-'));
const rows: string[] = [];
for (const { args, python } of cases) {
  const iterations: number[] = [];
  const seconds: number[] = [];
  const cpuSeconds: number[] = [];
  let solved = 0;
  for (let seed = 0; seed < seeds; seed++) {
    // What a seed comes to is the same in any process.
    const training = await createTraining(await resolveRun(request(args, seed)));
    while (training.end === undefined) await training.advance(silent);
    iterations.push(training.step);
    if (training.end.solved) solved++;
  }
  for (let seed = 0; seed < timed; seed++) {
    const started = performance.now();
    const run = join(folder, `${args.join('-').replaceAll('/', '-')}-${seed}`);
    const command = [process.execPath, main, 'train', ...args, '--seed', String(seed), '--run', run, '--json'];
    // The shell's clock of processor time: on a busy machine it says what the wall clock does not.
    const { stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command], {
      encoding: 'utf8',
    });
    seconds.push((performance.now() - started) / 1000);
    const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
    cpuSeconds.push(user + system);
    const { step } = JSON.parse(stdout) as { step: number };
    if (step !== iterations[seed]) throw new Error(`seed ${seed}: ${step} iterations, ${iterations[seed]} before`);
  }
  const counts = [median(iterations), Math.min(...iterations), Math.max(...iterations)];
  const times = [median(seconds), Math.max(...seconds), median(cpuSeconds), Math.max(...cpuSeconds)].map((s) =>
    s.toFixed(2),
  );
  rows.push(
    `| \`${args.join(' ')}\` | ${solved} of ${seeds} | ${counts.join(' | ')} | ${times.join(' | ')} | ${python} |`,
  );
  console.log(rows.at(-1));
}
rmSync(folder, { recursive: true });
loads.push(loadavg()[0]);

const table = [
  `${machine()} Times: medians of ${timed} processes each. Load average ${loads.map((load) => load.toFixed(1)).join(' at the start, ')} at the end.`,
  '',
  '| `bellman train` | solved | iterations: median | min | max | whole process, s: median | max | its processor time, s: median | max | Python, s |',
  '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  ...rows,
];
writeSection(page('results/tabular.md'), 'bench/tabular.ts', table);
