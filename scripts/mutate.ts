/**
 * Mutation tests: changes one operator, condition or block of the sources at a time and runs the tests that reach it.
 * A mutant that no test notices shows a line that could be wrong unseen.
 *
 *   npm run mutate                          every folder of FOLDERS, for hours
 *   npm run mutate -- core nn               these
 *   npm run mutate -- src/core/trig.ts      this file
 *   npm run mutate -- nn --concurrency 1    one process of tests
 *   npm run mutate -- nn --table            no run: the table again, from the results of the last one
 *   npm run mutate -- src/core/trig.ts --tests src/core/trig.test.ts
 *                                           a quick look with some tests: prints survivors, changes no page
 *
 * Results are kept in .cache/mutation, so that a second run tests only what has changed: FOLDER.html to read,
 * FOLDER.json, FOLDER.survivors.txt. The tables of docs/results/mutation.md are written; rows of other folders stay.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { transformSync } from 'esbuild';
import { page, writeSection } from '../bench/report.ts';
import { IN_PROCESS, LEFT_OUT, TEST_PATHS } from './mutation/in-process-runner.ts';

const FOLDERS = ['agents', 'train', 'replay', 'tabular', 'core', 'nn', 'storage', 'vector', 'wrappers'] as const;
type Folder = (typeof FOLDERS)[number];

/**
 * Mutants that prove nothing. A string is a message (test/cli/bad-input.test.ts and the tables of bad input read those)
 * or a kind that the compiler compares: `kind === ''` does not compile where kinds are a union.
 */
const EXCLUDED = ['StringLiteral'];

const VECTOR_TESTS = ['test/oracle/vectors.test.ts', 'test/oracle/vector-infos.test.ts'];

/** Suites and tests of threads, to which no mutant comes, since they load the sources by themselves, and of cartridges. */
const LEFT_OUT_NAMES = 'Threaded|threads\\b|AtariVectorEnv';

/** Tests that run for each folder: those beside its sources, and others that are quick and reach it. */
const TESTS: Readonly<Record<Folder, readonly string[]>> = {
  agents: [
    'src/agents',
    ...['action-masks', 'create-dqn-training', 'cross-entropy-training', 'evaluated-training'].map(
      (name) => `src/train/${name}.test.ts`,
    ),
    'examples',
  ],
  train: ['src/train'],
  replay: ['src/replay', 'test/contract/replay.test.ts'],
  tabular: ['src/tabular'],
  core: [
    ...['src/core', 'src/spaces', 'src/envs/registry.test.ts'],
    ...['src/graph/protobuf-message.test.ts', 'src/log/tensorboard.test.ts'],
  ],
  nn: ['src/nn', 'src/agents/btr.test.ts', 'src/agents/stream-q.test.ts'],
  storage: ['src/storage'],
  vector: ['src/vector', ...VECTOR_TESTS, 'test/contract/vector-env.test.ts'],
  wrappers: ['src/wrappers', 'test/oracle/wrappers.test.ts', ...VECTOR_TESTS, 'src/envs/action-meanings.test.ts'],
};

/**
 * Tests that learn for seconds. A mutant that survives costs every test that reaches it; what these show, a quick test of
 * the same formula must show too.
 */
const SLOW = [/-learning\.test\.ts$/, /-resume\.test\.ts$/, /tabular\/environments\.test\.ts$/];

const RESULTS = '.cache/mutation';
const PAGE = page('results/mutation.md');
const SECTION = 'scripts/mutate.ts';

interface Mutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly location: Record<'start' | 'end', { readonly line: number; readonly column: number }>;
}
interface Report {
  readonly files: Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>;
}

const resultsOf = (folder: Folder): string => `${RESULTS}/${folder}.json`;
/** Of a quick look; overwritten by the next. */
const GLIMPSE = `${RESULTS}/glimpse.json`;

/** Test files of a folder or file, without those that take long. */
function testsIn(path: string): string[] {
  if (path.endsWith('.ts')) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => name.endsWith('.test.ts')).map((name) => `${path}/${name}`);
  return files.filter((file) => !SLOW.some((slow) => slow.test(file)));
}

/** @param file for the results. */
async function run(
  file: string,
  mutate: readonly string[],
  tests: readonly string[],
  concurrency: number,
): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  // For the processes that Stryker starts: runner and tests are TypeScript.
  process.env['NODE_OPTIONS'] = '--import tsx';
  await new Stryker({
    testRunner: IN_PROCESS,
    plugins: [fileURLToPath(new URL('mutation/in-process-runner.ts', import.meta.url))],
    [TEST_PATHS]: tests.flatMap(testsIn),
    [LEFT_OUT]: LEFT_OUT_NAMES,
    // Fresh modules for mutants of module code are never freed: a new process from time to time.
    maxTestRunnerReuse: 500,
    coverageAnalysis: 'perTest',
    mutate: [...mutate],
    mutator: { excludedMutations: EXCLUDED },
    ignorePatterns: ['/dist', '/docs', '/bench', '/site', '/.venv', '/runs', '/.cache'],
    // Stryker's own reading of tsconfig.json needs a TypeScript older than 7. Types are stripped, not checked.
    tsconfigFile: 'none',
    concurrency,
    // Endless loops are found by counting; this is for those that pass no mutant, on a machine that does other work.
    timeoutMS: 30_000,
    // Counting visits slows the busiest loops down many times.
    dryRunTimeoutMinutes: 30,
    incremental: true,
    incrementalFile: file,
    reporters: ['html', 'progress-append-only'],
    htmlReporter: { fileName: file.replace(/json$/, 'html') },
    tempDirName: '.cache/stryker',
    allowConsoleColors: false,
    warnings: false,
  }).runMutationTest();
}

const COLUMNS = ['Killed', 'Survived', 'Timeout', 'NoCoverage'] as const;
type Counts = Record<(typeof COLUMNS)[number], number>;

function count(mutants: readonly Mutant[]): Counts {
  const of = (status: string) => mutants.filter((mutant) => mutant.status === status).length;
  return { Killed: of('Killed'), Survived: of('Survived'), Timeout: of('Timeout'), NoCoverage: of('NoCoverage') };
}

/** Cells of a table: all, killed, survived, timeouts, no coverage, score. A timeout is a mutant found: an endless loop. */
function cells(counts: Counts): string {
  const { Killed, Survived, Timeout, NoCoverage } = counts;
  const all = Killed + Survived + Timeout + NoCoverage;
  const score = all === 0 ? '' : `${((100 * (Killed + Timeout)) / all).toFixed(1)} %`;
  return [all, Killed, Survived, Timeout, NoCoverage, score].join(' | ');
}

const HEADER = ['| mutants | killed | survived | timeouts | no coverage | score |', '|--:|--:|--:|--:|--:|--:|'];

/** One row of a table for each thing it knows; the rows of others are read from the page. */
function merge(rows: Map<string, string>, section: string): string[] {
  for (const line of readSection(section)) {
    const name = /^\| `([^`]+)` \|/.exec(line)?.[1];
    if (name !== undefined && !rows.has(name) && existsSync(name)) rows.set(name, line);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

function readSection(section: string): string[] {
  const text = readFileSync(PAGE, 'utf8');
  const from = text.indexOf(`<!-- begin: ${section} -->`);
  return from < 0 ? [] : text.slice(from, text.indexOf('<!-- end -->', from)).split('\n');
}

type FileReport = Report['files'][string];

/** Files of a run that still exist, by name. */
function filesOf(results: string): [string, FileReport][] {
  const { files } = JSON.parse(readFileSync(results, 'utf8')) as Report;
  return Object.entries(files)
    .filter(([name]) => existsSync(name))
    .map(([name, file]) => [name, { ...file, mutants: file.mutants.map(withCrashAsDeath) }]);
}

/** A mutant that ends the process of its tests, each of three times, is noticed by whoever runs them. */
function withCrashAsDeath(mutant: FileReport['mutants'][number]): FileReport['mutants'][number] {
  const crashed = mutant.status === 'RuntimeError' && /^Test runner crashed/.test(mutant.statusReason ?? '');
  return crashed ? { ...mutant, status: 'Killed' } : mutant;
}

/** A mutant that the runner could not judge would be missing from the counts. */
function refuseErrors(name: string, { mutants }: FileReport): void {
  const errors = mutants.filter(({ status }) => status === 'RuntimeError' || status === 'Pending');
  if (errors.length === 0) return;
  console.error(
    `mutate: ${errors.length} mutants of ${name} were not judged: ${errors[0].statusReason ?? 'no reason'}.`,
  );
  process.exit(1);
}

/** A line for each mutant that no test noticed. */
function survivorsOf(name: string, { source, mutants }: FileReport): string[] {
  const lines = source.split('\n');
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ status, location: { start, end }, mutatorName, replacement }) => {
      const original = lines[start.line - 1].slice(start.column - 1, end.line === start.line ? end.column - 1 : 999);
      return `${name}:${start.line}:${start.column} ${status} ${mutatorName}: ${original} -> ${replacement}`;
    });
}

function report(folders: readonly Folder[]): void {
  const byFile = new Map<string, string>();
  for (const folder of folders.filter((folder) => existsSync(resultsOf(folder)))) {
    const date = statSync(resultsOf(folder)).mtime.toISOString().slice(0, 10);
    const survivors: string[] = [];
    for (const [name, file] of filesOf(resultsOf(folder))) {
      refuseErrors(name, file);
      byFile.set(name, `| \`${name}\` | ${date} | ${cells(count(file.mutants))} |`);
      survivors.push(...survivorsOf(name, file));
    }
    writeFileSync(`${RESULTS}/${folder}.survivors.txt`, `${survivors.join('\n')}\n`);
  }
  const fileRows = merge(byFile, `${SECTION} files`);
  const folderRows = FOLDERS.flatMap((folder) => sumOf(folder, fileRows)).sort();
  const table = (name: string, rows: string[]) => [`| ${name} | run ${HEADER[0]}`, `|---|---${HEADER[1]}`, ...rows];
  const folderTable = table('folder', folderRows);
  console.log(folderTable.join('\n'));
  const without = filesWithoutRow(fileRows);
  const note =
    without.length === 0
      ? []
      : ['', `Without a row, and in no sum: ${without.map((name) => `\`${name}\``).join(', ')}.`];
  writeSection(PAGE, SECTION, [...folderTable, ...note]);
  writeSection(PAGE, `${SECTION} files`, table('file', fileRows));
}

/** Files with code that no run has mutated yet, or in which there is nothing to change. */
function filesWithoutRow(fileRows: readonly string[]): string[] {
  const known = new Set(fileRows.map((row) => /`([^`]+)`/.exec(row)?.[1]));
  return FOLDERS.flatMap(sourcesIn)
    .filter((name) => !known.has(name))
    .filter((name) => /\S/.test(transformSync(readFileSync(name, 'utf8'), { loader: 'ts' }).code.replace(WIRING, '')));
}

/** What is mutated of a folder. AssemblyScript is compiled by another compiler; its results are held where they are used. */
function sourcesIn(folder: Folder): string[] {
  return readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${folder}/${name}`)
    .filter((name) => /(?<!\.test|\.generated)\.ts$/.test(name) && !name.includes('/assembly/'))
    .sort();
}

/** What imports and passes on. */
const WIRING = /^(?:import|export)\b[^;{]*(?:\{[^}]*\}[^;]*)?;$/gm;

/** The row of a folder: the sum of its files' rows, with the last of their dates. */
function sumOf(folder: Folder, fileRows: readonly string[]): string[] {
  const rows = fileRows.map((row) => row.split('|').map((cell) => cell.trim()));
  const own = rows.filter(([, name]) => name.startsWith(`\`src/${folder}/`));
  if (own.length === 0) return [];
  const sum = (column: number) => own.reduce((total, row) => total + Number(row[column]), 0);
  const counts = { Killed: sum(4), Survived: sum(5), Timeout: sum(6), NoCoverage: sum(7) };
  const date = own
    .map((row) => row[2])
    .sort()
    .at(-1);
  return [`| \`src/${folder}\` | ${date} | ${cells(counts)} |`];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: '2' },
    table: { type: 'boolean', default: false },
    tests: { type: 'string', multiple: true, default: [] },
  },
});
const names = positionals.length > 0 ? positionals : FOLDERS;
/** What to mutate in each folder. */
const wanted = new Map<Folder, string[]>();
for (const name of names) {
  const folder = FOLDERS.find((known) => name === known || name.startsWith(`src/${known}/`));
  if (folder === undefined || (name !== folder && !sourcesIn(folder).includes(name))) {
    console.error(`mutate: got "${name}", allowed is a file of one of these folders, or ${FOLDERS.join(', ')}.`);
    process.exit(1);
  }
  const files = wanted.get(folder) ?? [];
  wanted.set(folder, [...files, ...(name === folder ? sourcesIn(folder) : [name])]);
}
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const concurrency = Number(values.concurrency);
if (values.tests.length > 0) {
  rmSync(GLIMPSE, { force: true });
  await run(GLIMPSE, [...wanted.values()].flat(), values.tests, concurrency);
  for (const [name, file] of filesOf(GLIMPSE)) {
    console.log([...survivorsOf(name, file), `${name} | ${cells(count(file.mutants))}`].join('\n'));
  }
} else {
  if (!values.table) {
    for (const [folder, mutate] of wanted) await run(resultsOf(folder), mutate, TESTS[folder], concurrency);
  }
  report([...wanted.keys()]);
}
