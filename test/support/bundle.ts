import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { Rolldown } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>;
};

/** The source file of each subpath that holds code, such as `./vector`: `src/vector/index.ts`; not the elements, which are bundles. */
export const subpathSources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === 'string' || subpath.includes('*')
      ? []
      : [[subpath, target.default.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts')]],
  ),
);

/** Lets a program import `bellman-rl/...` from the sources. */
const packageFromSources: Plugin = {
  name: 'package-from-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^bellman-rl(\/|$)/ }, ({ path }) => {
      const source = subpathSources[path.replace(/^bellman-rl/, '.')];
      if (source === undefined) return { errors: [{ text: `${path} is not exported` }] };
      return { path: resolve(root, source) };
    });
  },
};

export interface Bundle {
  readonly code: string;
  /** Files of this project with code in the bundle, such as `src/core/errors.ts`. */
  readonly files: readonly string[];
}

/** Bundles a program for the browser, minified, as esbuild does by default: what is not used is left out. */
export async function bundleForBrowser(program: string): Promise<Bundle> {
  const { outputFiles, metafile } = await bundle(program, {
    platform: 'browser',
    format: 'iife',
    minify: true,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0].text, files: files.map(([file]) => file).filter((file) => file.startsWith('src/')) };
}

/** Minified kilobytes (1000 bytes) of a page's code, and what is left when the server compresses it. */
export interface PageSize {
  readonly minified: number;
  readonly gzip: number;
  /** Of the files that the page loads later, if at all. */
  readonly later: number;
  /** Bytes of each file that loads at once before they are minified, the largest first. */
  readonly parts: readonly (readonly [file: string, bytes: number])[];
}

/** Measures a page's program as Vite builds it: what loads at once is the entry and what it imports statically. */
export async function pageSize(program: string): Promise<PageSize> {
  const entry = resolve(root, 'page.js');
  const { build: buildPage } = await import('vite');
  const built = await buildPage({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', modulePreload: false, rolldownOptions: { input: entry } },
    plugins: [
      {
        name: 'package-from-sources',
        enforce: 'pre',
        resolveId(id) {
          const source = subpathSources[id.replace(/^bellman-rl/, '.')];
          return id === entry
            ? entry
            : source === undefined || !id.startsWith('bellman-rl')
              ? null
              : resolve(root, source);
        },
        load: (id) => (id === entry ? program : null),
      },
    ],
  });
  const chunks = (built as Rolldown.RolldownOutput).output.filter((output) => output.type === 'chunk');
  const atOnce = new Set<string>();
  const follow = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (chunk === undefined || atOnce.has(chunk.fileName)) return;
    atOnce.add(chunk.fileName);
    for (const name of chunk.imports) follow(chunks.find(({ fileName }) => fileName === name));
  };
  follow(chunks.find(({ isEntry }) => isEntry));
  const loaded = chunks.filter(({ fileName }) => atOnce.has(fileName));
  const total = (bytes: readonly number[]): number => bytes.reduce((sum, n) => sum + n, 0) / 1000;
  const parts = loaded
    .flatMap(({ modules }) => Object.entries(modules))
    .map(
      ([file, { renderedLength }]) => [relative(root, file).replace(/^.*node_modules\//, ''), renderedLength] as const,
    );
  return {
    minified: total(loaded.map(({ code }) => Buffer.byteLength(code))),
    gzip: total(loaded.map(({ code }) => gzipSync(code).length)),
    later: total(chunks.filter((chunk) => !loaded.includes(chunk)).map(({ code }) => Buffer.byteLength(code))),
    parts: parts.sort(([, a], [, b]) => b - a),
  };
}

/** Bundles a module of this project, such as `test/browser/in-page.ts`, as a module for a page. */
export async function bundlePage(file: string): Promise<string> {
  const { outputFiles } = await build({
    ...settings,
    // As an entry: as an import it would be left out, being no side effect of the package.
    entryPoints: [file],
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
  });
  return outputFiles[0].text;
}

/** Bundles all that some subpaths export for a page.
 * @returns what esbuild warns of, and the specifiers that it leaves to the page. @throws Error on what it cannot resolve. */
export async function bundleAll(
  subpaths: readonly string[],
): Promise<{ readonly warnings: readonly string[]; readonly outside: readonly string[] }> {
  const imports = subpaths.map((path, i) => `export * as part${i} from 'bellman-rl${path.slice(1)}';`);
  const { warnings, metafile } = await build({
    ...settings,
    external: [],
    stdin: { contents: imports.join('\n'), resolveDir: root, loader: 'ts' },
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    splitting: true,
    outdir: 'page',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports: list }) =>
    list.filter(({ external }) => external),
  );
  return { warnings: warnings.map(({ text }) => text), outside: outside.map(({ path }) => path) };
}

/** The same of a module's text. */
export async function bundleModule(text: string): Promise<string> {
  return (await bundle(text, { platform: 'browser', target: 'es2022' })).outputFiles[0].text;
}

/** Files of this project that an import of a subpath loads at once, dynamic imports left out. */
export async function filesLoadedBy(subpath: string): Promise<readonly string[]> {
  return (await loadedBy(subpath)).filter((file) => file.startsWith('src/'));
}

/** Names of the packages that it loads at once. */
export async function packagesLoadedBy(subpath: string): Promise<readonly string[]> {
  const files = await loadedBy(subpath);
  const names = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

async function loadedBy(subpath: string): Promise<readonly string[]> {
  const { metafile } = await bundle(`import '${subpath}';`, { platform: 'node', ignoreAnnotations: true });
  const loaded = new Set<string>();
  const follow = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { kind, path, external } of metafile.inputs[file].imports) {
      if (kind === 'import-statement' && !external) follow(path);
    }
  };
  const entry = Object.keys(metafile.inputs).find((file) => file.endsWith('<stdin>')) as string;
  follow(entry);
  return [...loaded];
}

const settings = {
  absWorkingDir: resolve(root),
  bundle: true,
  write: false,
  metafile: true,
  logLevel: 'silent',
  external: ['onnxruntime-node', '@napi-rs/canvas'],
  plugins: [packageFromSources],
} satisfies BuildOptions;

async function bundle(
  program: string,
  options: BuildOptions,
): Promise<{ outputFiles: { text: string }[]; metafile: Metafile }> {
  return build({
    format: 'esm',
    ...options,
    ...settings,
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
  });
}
