/**
 * Looks for the settings of `atari-fast`: trains candidates on three games that no table of results has, so that tuning leaves those
 * unseen, and prints the table. One training at a time, `bellman train` in a process of its own. Started again with the same folder it goes on where it was: what has ended is not trained again, what
 * was broken off is resumed.
 *
 *   npx tsx scripts/atari-fast-search.ts FOLDER [--steps 200000] [--seeds 1] [--games assault,…] [--candidates 42,52,…] [--table]
 *
 * A candidate is a list of settings on top of `base`. The recipe's schedules follow the steps. `--table` trains nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MetricsReader } from '../src/log/metrics-reader.ts';
import { summarizeRun } from '../src/node/runs/list-runs.ts';
import { CONFIG_FILE, METRICS_FILE } from '../src/node/runs/run-layout.ts';

type Settings = Readonly<Record<string, string | number | boolean>>;

const GAMES: Readonly<Record<string, string>> = {
  assault: 'AssaultNoFrameskip-v4',
  'ms-pacman': 'MsPacmanNoFrameskip-v4',
  'yars-revenge': 'YarsRevengeNoFrameskip-v4',
};

const base: Settings = {
  'preprocessing.edition': 'third',
  'preprocessing.frameSize': 42,
  'preprocessing.episodicLife': true,
  'network.kind': 'half-42',
  'network.layerNorm': 'dense',
  'network.standardizeInput': true,
  lambda: 0.65,
  environments: 32,
  rolloutSteps: 32,
  epochs: 2,
  minibatches: 16,
  learningRate: 5e-4,
  learningRateFinal: 1e-5,
  averageDecay: 0.9995,
  epsilonFinal: 0.01,
};
const nature: Settings = { 'preprocessing.frameSize': 84, 'network.kind': 'nature' };

const CANDIDATES: Readonly<Record<string, Settings>> = {
  '42': {},
  '52': { 'preprocessing.frameSize': 52 },
  '84': nature,
  'lambda-0.9': { lambda: 0.9 },
  'slower-rate': { learningRate: 2.5e-4 },
  'norm-all': { 'network.layerNorm': 'all' },
  'bytes-as-they-are': { 'network.standardizeInput': false },
  'epochs-1': { epochs: 1 },
  'batches-of-128': { minibatches: 8 },
  '64x16': { environments: 64, rolloutSteps: 16 },
  '8x128': { environments: 8, rolloutSteps: 128 },
  // vwxyzjn/cleanrl, cleanrl/pqn_atari_envpool.py, whole.
  cleanrl: {
    ...nature,
    'network.layerNorm': 'all',
    'network.standardizeInput': false,
    environments: 8,
    rolloutSteps: 128,
    epochs: 4,
    minibatches: 4,
    learningRate: 2.5e-4,
    learningRateFinal: 1e-8,
    averageDecay: 0,
  },
};

const { values, positionals } = parseArgs({
  options: {
    steps: { type: 'string', default: '200000' },
    seeds: { type: 'string', default: '1' },
    games: { type: 'string', default: Object.keys(GAMES).join(',') },
    candidates: { type: 'string', default: Object.keys(CANDIDATES).join(',') },
    recipe: { type: 'string', default: 'atari-fast' },
    bellman: { type: 'string', default: fileURLToPath(new URL('../bin/bellman.cjs', import.meta.url)) },
    table: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder of the runs.');
const steps = Number(values.steps);
const games = values.games.split(',');
const candidates = values.candidates.split(',');
const unknown = [...games.filter((name) => !(name in GAMES)), ...candidates.filter((name) => !(name in CANDIDATES))];
if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}.`);

const pathOf = (candidate: string, game: string, seed: number) => join(folder, candidate, `${game}-seed${seed}`);

function trainOne(candidate: string, game: string, seed: number): void {
  const path = pathOf(candidate, game, seed);
  const begun = existsSync(join(path, CONFIG_FILE));
  if (begun && summarizeRun(path).state === 'ended') return;
  const settings: Settings = {
    ...base,
    ...CANDIDATES[candidate],
    rewardBound: 'null',
    maxSteps: steps,
  };
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const fresh = [values.recipe, '--env', GAMES[game], '--seed', `${seed}`, '--run', path, ...set];
  const evaluation = ['--eval-every', `${steps}`, '--eval-episodes', '10'];
  const args = begun ? ['--resume', path] : [...fresh, ...evaluation];
  const { status, signal } = spawnSync(process.execPath, [values.bellman, 'train', ...args, '--quiet'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${path}: ${signal ?? `exit code ${status}`}`);
}

/** What a run scored at its end, and in how many minutes; undefined before it. */
function resultOf(path: string): { evaluated: number; training: number; minutes: number } | undefined {
  if (!existsSync(join(path, METRICS_FILE)) || summarizeRun(path).state !== 'ended') return undefined;
  const reader = new MetricsReader(path);
  reader.push(readFileSync(join(path, METRICS_FILE)));
  reader.end();
  const finite = (name: string) => [...(reader.table.column(name) ?? [])].filter(Number.isFinite);
  const times = finite('time');
  return {
    evaluated: finite('eval_reward').at(-1) ?? Number.NaN,
    training: finite('reward_mean').at(-1) ?? Number.NaN,
    minutes: (times.at(-1)! - times[0]) / 60,
  };
}

const count = (n: number) => n.toLocaleString('en', { maximumFractionDigits: 0 });

/** Of each candidate and game the mean score of evaluations over its seeds, that of training in brackets. */
function table(): string[] {
  const rows = [`| candidate | ${games.join(' | ')} | minutes a run |`, `|---|${'--:|'.repeat(games.length + 1)}`];
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  for (const candidate of candidates) {
    const all = games.map((game) =>
      Array.from({ length: Number(values.seeds) }, (_, seed) => resultOf(pathOf(candidate, game, seed))).filter(
        (result) => result !== undefined,
      ),
    );
    const cells = all.map((results) =>
      results.length === 0
        ? ''
        : `${count(mean(results.map(({ evaluated }) => evaluated)))} (${count(mean(results.map(({ training }) => training)))})`,
    );
    const minutes = all.flat().map((result) => result.minutes);
    rows.push(`| ${candidate} | ${cells.join(' | ')} | ${minutes.length === 0 ? '' : mean(minutes).toFixed(1)} |`);
  }
  return rows;
}

if (!values.table) {
  for (let seed = 0; seed < Number(values.seeds); seed++)
    for (const candidate of candidates) for (const game of games) trainOne(candidate, game, seed);
}
for (const row of table()) console.log(row);
