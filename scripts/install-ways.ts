/**
 * Installs the packed package in several ways, each into an empty folder, and trains CartPole there. Prints a table in
 * Markdown (docs/results/runtimes.md); ends with 1 where a way does not train.
 *
 *   npx tsx scripts/install-ways.ts [--only WORD]      the ways whose name has the word
 *
 * It needs npm's registry. The closed network is one that reaches the registry and nothing else: onnxruntime-node's
 * install script, which asks NuGet for CUDA libraries, is led to a port where nobody listens.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

interface Way {
  readonly name: string;
  readonly install: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Started by npx from its own cache, with nothing installed in the folder. */
  readonly byNpx?: boolean;
}

const NOBODY = 'http://127.0.0.1:9';
const CLOSED = { GLOBAL_AGENT_HTTP_PROXY: NOBODY, GLOBAL_AGENT_HTTPS_PROXY: NOBODY };
const STEPS = 1500;

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'bellman-install-'));
const { only = '' } = parseArgs({ options: { only: { type: 'string' } } }).values;

const tarball = pack();
const ways: readonly Way[] = [
  { name: 'npm install', install: ['install', tarball] },
  { name: 'npm install, closed network', install: ['install', tarball], env: CLOSED },
  {
    name: 'ONNXRUNTIME_NODE_INSTALL=skip npm install',
    install: ['install', tarball],
    env: { ...CLOSED, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  },
  { name: 'npm install --ignore-scripts', install: ['install', '--ignore-scripts', tarball], env: CLOSED },
  { name: 'npm install --omit=optional', install: ['install', '--omit=optional', tarball], env: CLOSED },
  { name: 'npx, closed network', install: [], env: CLOSED, byNpx: true },
];

const rows = ways.filter(({ name }) => name.includes(only)).map(tryWay);
rmSync(work, { recursive: true });
console.log('| way | packages | MB | seconds | networks run on | trains CartPole |\n|---|---:|---:|---:|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
if (rows.some((row) => row.at(-1) !== 'yes')) process.exitCode = 1;

function pack(): string {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', work], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const name = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error(stdout);
  return join(work, name);
}

function tryWay({ name, install, env = {}, byNpx = false }: Way, index: number): string[] {
  const folder = join(work, `${index}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "tried", "private": true }');
  const { ONNXRUNTIME_NODE_INSTALL: _, ...clean } = process.env;
  const options = {
    cwd: folder,
    env: { ...clean, ...env, ...(byNpx ? { npm_config_cache: join(folder, 'cache') } : {}) },
    encoding: 'utf8',
  } as const;
  const started = performance.now();
  if (!byNpx) spawnSync('npm', [...install, '--no-audit', '--no-fund'], options);
  const seconds = Math.round((performance.now() - started) / 1000);
  const run = 'dqn-cart-pole --seed 1 --quiet --run run --stop-after'.split(' ');
  const command = [...(byNpx ? ['--yes', `--package=${tarball}`] : []), 'bellman', 'train', ...run, `${STEPS}`];
  const { status, stderr } = spawnSync('npx', command, options);
  const said = stderr.split('\n').filter((line) => line.startsWith('bellman: '));
  for (const line of said) console.error(`${name}: ${line}`);
  const device = status === 0 ? JSON.parse(readFileSync(join(folder, 'run', 'config.json'), 'utf8')).device : '';
  const engine = { cpu: 'onnxruntime-node', wasm: 'WebAssembly, said once' }[device as string] ?? 'nothing';
  const honest = said.length === (device === 'wasm' ? 1 : 0);
  const modules = byNpx ? npxModules(join(folder, 'cache', '_npx')) : join(folder, 'node_modules');
  const trains = status === 0 && honest && metricsOf(join(folder, 'run'));
  return [
    `\`${name}\``,
    `${countPackages(modules)}`,
    `${megabytes(modules)}`,
    byNpx ? '' : `${seconds}`,
    engine,
    trains ? 'yes' : 'NO',
  ];
}

/** Whether the run has played and learned. */
function metricsOf(run: string): boolean {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const last = JSON.parse(lines.at(-1)!) as { readonly step: number; readonly loss?: number };
  return last.step > STEPS / 2 && Number.isFinite(last.loss);
}

function npxModules(cache: string): string {
  return join(cache, readdirSync(cache)[0], 'node_modules');
}

function countPackages(modules: string): number {
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  return Object.keys(packages).length;
}

function megabytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const bytes = files.reduce((sum, file) => sum + lstatSync(join(folder, file)).size, 0);
  return Math.round(bytes / 2 ** 20);
}
