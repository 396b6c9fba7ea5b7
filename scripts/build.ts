/**
 * Compiles src to dist, which appears whole or not at all: an interrupted build leaves the last one, and a training that
 * runs from it.
 *
 *   npx tsx scripts/build.ts [--if-stale]     with --if-stale only where sources differ from those of the last build
 *
 * With --if-stale, as `npm ci` calls it (prepare.cjs), it also links the commands into node_modules/.bin, where scripts of npm
 * find them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeElements } from './build-elements.ts';
import { carryOrt } from './carry-onnxruntime.ts';
import { dist, hashSources, isBuiltFrom, stampName } from './source-hash.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Builds into an empty folder what `dist` holds. */
export async function buildInto(folder: string): Promise<void> {
  await compile(folder);
  unwrapImports(folder);
  copyOthers(folder);
  writeElements(join(folder, 'elements'));
  carryOrt(join(folder, 'elements', 'ort'));
}

async function build(sources: string): Promise<void> {
  const building = `${dist}.${process.pid}.tmp`;
  const old = `${dist}.${process.pid}.old.tmp`;
  try {
    await buildInto(building);
    fs.writeFileSync(join(building, stampName), sources);
    if (fs.existsSync(dist)) fs.renameSync(dist, old);
    fs.renameSync(building, dist);
  } finally {
    for (const folder of [building, old]) fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function compile(folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('typescript/package.json');
  const { bin } = require(manifest) as { readonly bin: { readonly tsc: string } };
  const tsc = join(dirname(manifest), bin.tsc);
  // The compiler proper is a child of this one, lives on without it, and would go on writing: a group ends as a whole.
  const group = process.platform !== 'win32';
  const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder], {
    cwd: root,
    stdio: 'inherit',
    detached: group,
  });
  let interrupted = false;
  const end = () => {
    interrupted = true;
    if (group) process.kill(-compiler.pid!, 'SIGKILL');
    else compiler.kill();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const [status] = (await once(compiler, 'exit')) as [number | null];
  for (const signal of SIGNALS) process.off(signal, end);
  if (interrupted) throw new Error('The build was ended; the last one is as it was.');
  if (status !== 0) throw new Error('tsc failed');
  fs.chmodSync(join(folder, 'cli', 'main.js'), 0o755);
  unwrapImport(join(folder, 'web', 'runtime', 'load-ort.js'));
}

/** The compiler puts a function around what `import()` is given, where bundlers do not see the comments that tell them to leave it. */
function unwrapImport(file: string): void {
  const code = fs.readFileSync(file, 'utf8');
  const plain = code.replace(/import\(__rewriteRelativeImportExtension\(((?:\/\*.*?\*\/ )+\w+)\)\)/, 'import($1)');
  if (plain === code) throw new Error(`${file}: no import() that the compiler has wrapped`);
  fs.writeFileSync(file, plain);
}

/**
 * The compiler wraps imports whose address is computed, to turn a relative `.ts` into `.js`. Ours are addresses of users, which stay
 * as they are, and its helper asks for a `this` that modules lack: Rollup warns of it.
 */
function unwrapImports(folder: string): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const code = fs.readFileSync(join(folder, name), 'utf8');
    const helper = /^var __rewriteRelativeImportExtension = [\s\S]*?\n};\n/m;
    if (!helper.test(code)) continue;
    const bare = code.replace(helper, '').replace(/import\(__rewriteRelativeImportExtension\((.*?)\)\)/g, 'import($1)');
    if (bare.includes('__rewriteRelativeImportExtension')) throw new Error(`${name}: an import that stays wrapped`);
    fs.writeFileSync(join(folder, name), bare);
  }
}

/** Programs in another language. */
function copyOthers(folder: string): void {
  for (const name of fs.readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.py')) fs.copyFileSync(join(root, 'src', name), join(folder, name));
  }
}

function linkCommands(): void {
  const folder = join(root, 'node_modules', '.bin');
  // Windows has no such links without rights.
  if (process.platform === 'win32' || !fs.existsSync(folder)) return;
  for (const name of ['bellman', 'bellman-rl']) {
    const link = join(folder, name);
    fs.rmSync(link, { force: true });
    fs.symlinkSync(join('..', '..', 'bin', 'bellman.cjs'), link);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = hashSources();
  const ifStale = process.argv.includes('--if-stale');
  try {
    if (!ifStale || !isBuiltFrom(sources)) await build(sources);
    if (ifStale) linkCommands();
  } catch (error) {
    // The compiler has said what is wrong.
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
