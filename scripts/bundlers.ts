/**
 * Builds pages with esbuild, Vite, Rollup and webpack, as their users do: from the compiled package, with each bundler's usual settings
 * for a page. Prints kilobytes that load at once, minified, and what the bundler warned of; runs the videos in Chromium.
 *
 *   npx tsx scripts/bundlers.ts [--rest FOLDER] [NAME]     after `npm run build`; FOLDER has webpack and Rollup from an earlier
 *                                                          time, NAME is the only page to try
 *
 * webpack and Rollup come by npm into a temporary folder. docs/results/bundlers.md has the table.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { subpathSources } from '../test/support/bundle.ts';
import { launchChromium } from '../test/support/launch-chromium.ts';
import { smallPages } from './page-sizes.ts';

interface Built {
  /** Files by name, the entry `main.js` first of all that load at once. */
  readonly folder: string;
  readonly atOnce: readonly string[];
  readonly warnings: readonly string[];
}

type Bundler = (entry: string, folder: string) => Promise<Built>;

const root = fileURLToPath(new URL('..', import.meta.url));
const work = folderOfBundlers();
const require = createRequire(join(work, 'package.json'));
const load = async <T>(name: string): Promise<T> => (await import(pathToFileURL(require.resolve(name)).href)) as T;

/** A project with the bundlers that this one lacks, and the package. */
function folderOfBundlers(): string {
  const at = process.argv.indexOf('--rest');
  const folder = at > 0 ? resolve(process.argv[at + 1]) : mkdtempSync(join(tmpdir(), 'bellman-bundlers-'));
  if (existsSync(join(folder, 'node_modules', 'webpack'))) return folder;
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const names = [
    'webpack@5',
    'rollup@4',
    '@rollup/plugin-node-resolve',
    '@rollup/plugin-commonjs',
    '@rollup/plugin-terser',
  ];
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...names], { cwd: folder });
  symlinkSync(root, join(folder, 'node_modules', 'bellman-rl'));
  return folder;
}

/** Those that an entry imports statically. */
function reached(entry: string, importsOf: (name: string) => readonly string[]): string[] {
  const found = new Set<string>();
  const follow = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of importsOf(name)) follow(next);
  };
  follow(entry);
  return [...found];
}

/** As both Rollup and Rolldown tell. */
interface Chunk {
  readonly type: string;
  readonly fileName: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

function reachedChunks(output: readonly Chunk[]): string[] {
  const entry = output.find(({ isEntry }) => isEntry)?.fileName as string;
  return reached(entry, (name) => output.find(({ fileName }) => fileName === name)?.imports ?? []);
}

const bundlers: Readonly<Record<string, Bundler>> = {
  async esbuild(entry, folder) {
    const { warnings } = await esbuild({
      entryPoints: { main: entry },
      outdir: folder,
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      logLevel: 'silent',
    });
    return { folder, atOnce: ['main.js'], warnings: warnings.map(({ text }) => text) };
  },
  async Vite(entry, folder) {
    const warnings: string[] = [];
    const built = await vite({
      root: work,
      configFile: false,
      customLogger: {
        ...{ info() {}, clearScreen() {}, hasErrorLogged: () => false, hasWarned: false },
        warn: (text) => void warnings.push(text),
        warnOnce: (text) => void warnings.push(text),
        error: (text) => void warnings.push(text),
      },
      build: {
        ...{
          outDir: folder,
          emptyOutDir: true,
          reportCompressedSize: false,
          target: 'es2022',
          modulePreload: false,
          chunkSizeWarningLimit: 1e6,
        },
        rolldownOptions: { input: entry, output: { entryFileNames: 'main.js' } },
      },
    });
    return { folder, atOnce: reachedChunks((built as { output: readonly Chunk[] }).output), warnings };
  },
  async Rollup(entry, folder) {
    const warnings: string[] = [];
    const { rollup } = await load<{ rollup(options: object): Promise<RollupBundle> }>('rollup');
    const plugin = async (name: string, options?: object) =>
      (await load<{ default(given?: object): unknown }>(`@rollup/plugin-${name}`)).default(options);
    const bundle = await rollup({
      input: { main: entry },
      plugins: [await plugin('node-resolve', { browser: true }), await plugin('commonjs')],
      onwarn: ({ message }: { readonly message: string }) => void warnings.push(message),
    });
    const { output } = await bundle.write({ dir: folder, format: 'es', plugins: [await plugin('terser')] });
    return { folder, atOnce: reachedChunks(output), warnings };
  },
  async webpack(entry, folder) {
    const { default: webpack } = await load<{ default: Webpack }>('webpack');
    const stats = await new Promise<WebpackStats>((done, fail) => {
      const settings = {
        ...{ mode: 'production', entry, context: work, target: 'web', experiments: { outputModule: true } },
        output: { path: folder, filename: 'main.js', module: true, publicPath: './' },
        // It says so of every page above 244 KiB.
        performance: { hints: false },
      };
      webpack(settings, (error, result) => (error ? fail(error) : done(result as WebpackStats)));
    });
    const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
    if (errors.length > 0) throw new Error(errors[0].message);
    return { folder, atOnce: ['main.js'], warnings: warnings.map(({ message }) => message) };
  },
};

interface RollupBundle {
  write(options: object): Promise<{ readonly output: readonly Chunk[] }>;
}
type Webpack = (settings: object, done: (error: Error | null, stats?: WebpackStats) => void) => void;
interface WebpackStats {
  toJson(options: object): {
    readonly errors?: readonly { readonly message: string }[];
    readonly warnings?: readonly { readonly message: string }[];
  };
}

// Without an `await` at the top: Rollup may put what a chunk needs into the entry, and then each waits for the other.
const video = (format: string): string => `
  import { createVideoEncoder } from 'bellman-rl/video';
  const show = async () => {
  const encoder = await createVideoEncoder('${format}', { fps: 25 });
  for (let i = 0; i < 30; i++) encoder.frame({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(8 * i) });
  const blob = new Blob([await encoder.finish()], { type: '${format === 'gif' ? 'image/gif' : 'video/mp4'}' });
  const element = document.createElement('${format === 'gif' ? 'img' : 'video'}');
  element.src = URL.createObjectURL(blob);
  element.onerror = () => (document.title = 'not shown');
  element.${format === 'gif' ? 'onload' : 'onloadeddata'} = () => (document.title = 'shown');
  };
  show();`;

const everything = Object.keys(subpathSources)
  .filter((path) => path !== './node')
  .map((path, i) => `import * as part${i} from 'bellman-rl${path.slice(1)}'; globalThis.part${i} = part${i};`);

/** Other packages, what a page that imports all at once cannot load later, and how long the build takes. */
const OTHERS = /\/node_modules\/|INEFFECTIVE_DYNAMIC_IMPORT|PLUGIN_TIMINGS/;

interface Tried {
  readonly name: string;
  readonly program: string;
  /** Whether it is run: it then says `shown` in its title. */
  readonly runs?: boolean;
}

const tried: readonly Tried[] = [
  ...smallPages.filter(({ name }) => ['lake', 'lake-of-all', 'dqn', 'dqn-ort'].includes(name)),
  { name: 'GIF', program: video('gif'), runs: true },
  { name: 'MP4', program: video('mp4'), runs: true },
  { name: 'all portable subpaths', program: everything.join('\n') },
];

/** What the page's title becomes. */
async function shownBy({ folder }: Built): Promise<string> {
  const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '': 'text/html' };
  const server = createServer(({ url = '/' }, response) => {
    const type = types[extname(url)] ?? 'text/plain';
    if (url === '/favicon.ico') return response.writeHead(404).end();
    response.setHeader('Content-Type', type);
    return response.end(
      url === '/' ? '<script type="module" src="/main.js"></script>' : readFileSync(join(folder, url)),
    );
  }).listen(0, '127.0.0.1');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const error = new Promise<string>((told) => page.on('pageerror', ({ message }) => told(message)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const shown = page.waitForFunction(() => document.title !== '').then(() => page.title());
    return await Promise.race([shown, error]);
  } finally {
    await browser.close();
    server.close();
  }
}

console.log(`| page | ${Object.keys(bundlers).join(' | ')} |\n|---|${'--:|'.repeat(Object.keys(bundlers).length)}`);
const only = process.argv.slice(2).find((word, i, all) => !word.startsWith('--') && all[i - 1] !== '--rest');
for (const { name, program, runs } of tried.filter((page) => only === undefined || page.name === only)) {
  const cells: string[] = [];
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const folder = join(work, 'built', `${name}-${bundler}`.replaceAll(' ', '-'));
    mkdirSync(folder, { recursive: true });
    const entry = join(work, `${name.replaceAll(' ', '-')}.js`);
    writeFileSync(entry, program);
    try {
      const built = await bundle(entry, folder);
      const bytes = built.atOnce.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
      const shown = runs === true ? [await shownBy(built)] : [];
      const ours = built.warnings.filter((warning) => !OTHERS.test(warning));
      const warned = ours.length === 0 ? [] : [`${ours.length} warnings`];
      for (const warning of ours) console.error(`${bundler}, ${name}: ${warning}`);
      cells.push([(bytes / 1000).toFixed(0), ...shown, ...warned].join(', '));
    } catch (error) {
      console.error(`${bundler}, ${name}: ${(error as Error).message}`);
      cells.push('fails');
    }
  }
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
