/**
 * Pong from a random network: trains the recipe `pong-fast` with several seeds, one after the other, and afterwards looks
 * for the first kept model of each run whose evaluation reaches 19 (30 games, up to 30 no-ops at their start, epsilon
 * 0.01). Writes the table and the picture of docs/results/pong.md.
 *
 *   npm run build && npx tsx bench/pong-fast.ts [--env PongNoFrameskip-v4] [--seeds 20..24] [--runs FOLDER] [--recipe ID]
 *
 * Runs that are there already are only evaluated.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seedList } from '../src/cli/seed-list.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    env: { type: 'string', default: 'PongNoFrameskip-v4' },
    recipe: { type: 'string', default: 'pong-fast' },
    /** Seeds on which nothing was tuned. */
    seeds: { type: 'string', default: '20..24' },
    runs: { type: 'string', default: '/tmp/bellman-pong-fast' },
    every: { type: 'string', default: '20000' },
    /** A run ends here, or when the mean of its last 100 games reaches 19. */
    steps: { type: 'string', default: '1500000' },
    write: { type: 'boolean', default: false },
  },
});
const BOUND = 19;
/** Models whose last training games were worse than this are not evaluated. */
const HOPELESS = 18;
const GAMES = 10;

interface Row {
  readonly seed: number;
  /** Of the first kept model that reaches the bound. */
  readonly first:
    | { readonly step: number; readonly minutes: number; readonly mean: number; readonly std: number }
    | undefined;
  /** Where the mean of the last 100 training games reached it. */
  readonly trailing: { readonly step: number; readonly minutes: number } | undefined;
  readonly steps: number;
  readonly minutes: number;
}

const bellman = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bellman, ...args], { encoding: 'utf8' });
  // A training that ends below its bound says so by 1, without a word on stderr.
  if (status !== 0 && stderr !== '') throw new Error(`bellman ${args.join(' ')}: ${stderr}`);
  return stdout;
}

interface Metrics {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly reward: number;
  readonly reward_mean: number;
}

const folderOf = (seed: number) => join(args.runs, `seed${seed}`);

function trainOnce(seed: number): void {
  const folder = folderOf(seed);
  if (!existsSync(folder)) {
    const to = ['--env', args.env, '--seed', `${seed}`, '--reward', `${BOUND}`, '--run', folder];
    run(['train', args.recipe, ...to, '--snapshot-every', args.every, '--set', `maxSteps=${args.steps}`, '--quiet']);
  }
}

function row(seed: number): Row {
  const folder = folderOf(seed);
  const metrics = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Metrics)
    .filter(({ reward }) => reward !== undefined);
  // The first thing that a run writes, when its environments and networks stand.
  const started = statSync(join(folder, 'config.json')).mtimeMs;
  const minutes = (milliseconds: number) => (milliseconds - started) / 60_000;
  const models = readdirSync(join(folder, 'models'))
    .map((name) => ({ path: join(folder, 'models', name), step: Number(name.match(/\d+/)![0]) }))
    .sort((a, b) => a.step - b.step);
  let first: Row['first'];
  for (const { path, step } of models) {
    const games = metrics.filter((game) => game.step <= step).slice(-GAMES);
    if (games.length < GAMES || games.reduce((sum, { reward }) => sum + reward, 0) / GAMES < HOPELESS) continue;
    const evaluation = ['--episodes', '30', '--epsilon', '0.01', '--noops', '30', '--seed', '1000'];
    const { mean, std } = JSON.parse(run(['eval', path, ...evaluation, '--json'])) as { mean: number; std: number };
    console.log(`seed ${seed}: ${step} steps, ${minutes(statSync(path).mtimeMs).toFixed(1)} min, evaluation ${mean}`);
    if (mean < BOUND) continue;
    first = { step, minutes: minutes(statSync(path).mtimeMs), mean, std };
    break;
  }
  const above = metrics.find((game, i) => i >= 99 && game.reward_mean >= BOUND);
  const last = metrics[metrics.length - 1];
  return {
    seed,
    first,
    trailing: above && { step: above.step, minutes: minutes(above.time * 1000) },
    steps: last.step,
    minutes: minutes(last.time * 1000),
  };
}

const seeds = seedList('--seeds')(args.seeds);
// Evaluations would take time from a training that runs at the same time.
for (const seed of seeds) trainOnce(seed);
const rows = seeds.map(row);
const reached = rows.flatMap(({ first }) => first ?? []);
const thousands = (step: number) => `${(step / 1000).toFixed(0)}k`;
const lines = [
  `${args.env}, recipe ${args.recipe}. ${machine()}`,
  '',
  '| seed | evaluation reaches 19 after | steps | that evaluation | last 100 training games reach 19 after | steps |',
  '|--:|--:|--:|--:|--:|--:|',
  ...rows.map(({ seed, first, trailing, steps, minutes }) => {
    const evaluated = first
      ? `${first.minutes.toFixed(1)} min | ${thousands(first.step)} | ${first.mean.toFixed(1)} ± ${first.std.toFixed(1)}`
      : `not in ${minutes.toFixed(1)} min | ${thousands(steps)} | `;
    const trained = trailing ? `${trailing.minutes.toFixed(1)} min | ${thousands(trailing.step)}` : 'not | ';
    return `| ${seed} | ${evaluated} | ${trained} |`;
  }),
  '',
  reached.length === rows.length
    ? `Median ${median(reached.map(({ minutes }) => minutes)).toFixed(1)} minutes, worst ${Math.max(...reached.map(({ minutes }) => minutes)).toFixed(1)}.`
    : `${reached.length} of ${rows.length} seeds reach it.`,
];
console.log(lines.join('\n'));
if (args.write) {
  writeSection(page('results/pong.md'), 'bench/pong-fast.ts', lines);
  const levels = ['--level', '19=solved', '--y-range', '-21,21', '--smooth', '1'];
  for (const axis of ['time', 'steps']) {
    const title = `${args.env}: mean of the last 100 games`;
    const out = ['-o', page(`results/pong-fast-${axis}.svg`), '--x', axis, '--title', title];
    run(['plot', `${args.recipe}=${args.runs}`, ...out, ...levels]);
  }
}
