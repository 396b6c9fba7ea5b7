/**
 * Bundles the custom elements, each a module that a page loads with one script tag, and the worker that trains for them:
 * src/web/elements/NAME/bellman-NAME.ts becomes dist/elements/bellman-NAME.js, src/web/worker/training-worker.ts
 * dist/elements/training-worker.js. What several modules of a folder use is in chunks next to them; so is what one loads on demand.
 *
 *   npx tsx scripts/build-elements.ts [FOLDER]     default dist/elements; prints each one's size
 */
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const elements = join(root, 'src', 'web', 'elements');
const workers = join(root, 'src', 'web', 'worker');
/** The page of `bellman ui`. */
const board = join(root, 'src', 'web', 'board', 'bellman-board.ts');

/** `bellman-rl/web` for pages without a bundler: `web.js`. */
const web = join(root, 'src', 'web', 'page.ts');

/** Where src/web/runtime/ort-files.ts, compiled, finds onnxruntime-web's files; bundled it lies next to their folder. */
const ORT_FROM_DIST = '../../elements/ort/';
const utf8 = new TextEncoder();

/** The modules that a page or a worker names, and so keep their names, by folder. */
function entries(): string[][] {
  const found = fs.readdirSync(elements, { recursive: true, encoding: 'utf8' });
  const named = (name: string): boolean => /^bellman-[\w-]+\.ts$/.test(basename(name)) || /-worker\.ts$/.test(name);
  const files = found.filter((name) => named(name) && !/^shared/.test(name)).map((name) => join(elements, name));
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  return [
    ...folders.map((folder) => files.filter((file) => dirname(file) === folder)),
    [join(workers, 'training-worker.ts')],
    [board],
    [web],
  ];
}

/** Each folder is bundled for itself: what two elements have in common, mostly Lit, is less than the many small files that
 * sharing it would make of every element.
 * @param only names of elements, such as `lake`, and `web` for `web.js`; all by default.
 * @returns code by file name, such as `bellman-lake.js`. */
export function buildElements(only?: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const wanted = (file: string): boolean => {
    const element = /^bellman-([\w-]+)\.ts$/.exec(basename(file))?.[1];
    if (only === undefined) return true;
    return file === web ? only.includes('web') : element === undefined || only.includes(element);
  };
  const groups = entries().map((group) => group.filter(wanted));
  return new Map(groups.filter((group) => group.length > 0).flatMap((group) => [...bundle(group)]));
}

function bundle(files: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: files.map((file) => ({ in: file, out: file === web ? 'web' : basename(file, '.ts') })),
    outdir: join(root, 'dist', 'elements'),
    // Next to the entries: `new URL('./training-worker.js', import.meta.url)` holds in a chunk too.
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    // light-dark() and nested styles: the browsers of 2024.
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
  });
  const prefix = join(root, 'dist', 'elements', '/');
  const nameOf = (path: string): string => path.slice(prefix.length).replaceAll('\\', '/');
  return new Map(
    outputFiles.map(({ path, text }) => [nameOf(path), utf8.encode(text.replaceAll(ORT_FROM_DIST, './ort/'))] as const),
  );
}

/** Bytes of script, compressed, that a page loads for an element before it shows, what it loads later left out. */
export function gzippedSize(files: ReadonlyMap<string, Uint8Array>, name: string): number {
  const loaded = new Set([name]);
  // A set keeps the order of insertion and visits what is added meanwhile.
  for (const file of loaded) {
    const code = new TextDecoder().decode(files.get(file));
    for (const [, other] of code.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) loaded.add(other);
  }
  return [...loaded].reduce((sum, file) => sum + gzipSync(files.get(file) as Uint8Array).length, 0);
}

/** Writes them into a folder, which is made where it is missing. */
export function writeElements(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = buildElements();
  for (const [name, code] of files) {
    const path = join(folder, name);
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.writeFileSync(path, code);
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(root, 'dist', 'elements');
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  const files = writeElements(folder);
  for (const [name, code] of files) {
    if (!name.startsWith('chunk-'))
      console.log(`${kB(code.length)}${kB(gzippedSize(files, name))} gzipped at first  ${name}`);
  }
}
