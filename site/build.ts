/**
 * Makes the site: the pages of docs, the elements that live in them, the API reference. It needs no server of its own and works
 * in any folder of any host, since every address in it is relative; after the first visit it works without a network.
 *
 *   npx tsx site/build.ts [--out FOLDER] [--no-api] [--serve]
 *
 * FOLDER is `site/build` by default; --no-api leaves the API reference out (it takes most of the time), --serve watches the pages and
 * shows them on this machine.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Eleventy, { type EleventyConfig } from '@11ty/eleventy';
import { buildSync } from 'esbuild';
import { pageUrl, readSections, type Section } from './contents.ts';
import { elementsIn, loadHighlighter, setMarkdown } from './markdown.ts';
import { searchIndex } from './search-index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = join(root, 'docs');
const here = join(root, 'site');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(here, 'build') },
    'no-api': { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
  },
});
const out = resolve(options.out);

const manifest = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly homepage: string;
};
const highlighter = await loadHighlighter();
const repository = manifest.homepage.replace(/#.*$/, '');

/** Where a page stands among its neighbours. */
function placeOf(url: string, sections: readonly Section[]) {
  const inOrder = sections.flatMap((section) => section.pages.map((page) => ({ ...page, section: section.title })));
  const at = inOrder.findIndex((page) => page.url === url);
  return { url, section: inOrder[at]?.section, previous: inOrder[at - 1], next: at < 0 ? undefined : inOrder[at + 1] };
}

interface PageData {
  readonly page: { readonly inputPath: string };
  readonly title?: string;
}

function configure(config: EleventyConfig): void {
  const sections = readSections(docs);
  config.setUseGitIgnore(false);
  config.setQuietMode(true);
  config.ignores.add('docs/api/**');
  config.setIncludesDirectory('../site/layouts');
  config.setTemplateFormats(['md', 'html', 'svg', 'png', 'gif', 'jpg', 'mp4']);
  // Pages hold no templates: what looks like one in them is an example.
  config.addGlobalData('templateEngineOverride', 'md');
  config.amendLibrary('md', (library) => setMarkdown(library, highlighter, docs, repository));
  for (const [name, value] of Object.entries({
    sections,
    repository,
    version: manifest.version,
    layout: 'page.liquid',
  })) {
    config.addGlobalData(name, value);
  }
  const urlOf = ({ page }: PageData): string => {
    const source = posix.relative(docs, resolve(page.inputPath));
    return source === 'start.html' ? 'index.html' : pageUrl(source);
  };
  config.addGlobalData('eleventyComputed', {
    permalink: urlOf,
    root: (data: PageData) => '../'.repeat(urlOf(data).split('/').length - 1),
    place: (data: PageData) => placeOf(urlOf(data), sections),
    title: (data: PageData) =>
      data.title ?? sections.flatMap(({ pages }) => pages).find(({ url }) => url === urlOf(data))?.title,
  });
  const start = fs.readFileSync(join(here, 'pages', 'start.html'), 'utf8');
  config.addTemplate('start.html', start, { title: 'bellman', layout: 'start.liquid', templateEngineOverride: 'html' });
  config.addTransform('elements', withElements);
}

/** Adds the scripts of the elements that a page uses. */
function withElements(html: string): string {
  const prefix = /data-root="([^"]*)"/.exec(html)?.[1] ?? '';
  const scripts = elementsIn(html).map(
    (name) => `  <script type="module" src="${prefix}dist/elements/${name}.js"></script>\n`,
  );
  return html.replace('</head>', `${scripts.join('')}</head>`);
}

/** The site's own scripts, style, icon; the elements and what they load. */
function addOthers(folder: string): void {
  buildSync({
    entryPoints: ['theme', 'site', 'sw'].map((name) => join(here, 'client', `${name}.ts`)),
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  for (const name of ['site.css', 'icon.svg']) fs.copyFileSync(join(here, 'client', name), join(folder, name));
  // As they lie in the package: elements know the way to its models.
  fs.cpSync(join(root, 'dist', 'elements'), join(folder, 'dist', 'elements'), { recursive: true });
  fs.cpSync(join(root, 'models'), join(folder, 'models'), { recursive: true });
  fs.writeFileSync(join(folder, 'search.json'), searchIndex(docs, readSections(docs)));
}

/** The list of what a visitor has without a network, with a name that changes when any of it does. */
function writeOfflineList(folder: string): void {
  const hash = createHash('sha256');
  const files = filesBelow(folder).filter((path) => !/^(sw\.js|offline\.json|api\/)/.test(path) && !LARGE.test(path));
  for (const path of files) hash.update(path).update(fs.readFileSync(join(folder, path)));
  fs.writeFileSync(join(folder, 'offline.json'), JSON.stringify({ version: hash.digest('hex').slice(0, 16), files }));
}

/** Loaded when it is wanted, and kept from then on. */
const LARGE = /\.(wasm|mp4)$|\/ort\/|\.map$/;

function filesBelow(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => fs.statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

/** Runs another program of the project. */
function runProgram(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${args[0]} failed`);
}

async function build(): Promise<void> {
  process.chdir(root);
  runProgram(join('node_modules', 'tsx', 'dist', 'cli.mjs'), 'scripts/build.ts', '--if-stale');
  const building = options.serve ? out : `${out}.${process.pid}.tmp`;
  const eleventy = new Eleventy('docs', building, {
    quietMode: true,
    configPath: null,
    config: configure,
  });
  try {
    await eleventy.write();
    if (!options['no-api']) {
      runProgram(
        'scripts/api-reference/node_modules/typedoc/bin/typedoc',
        '--out',
        join(building, 'api'),
        '--logLevel',
        'Error',
      );
    }
    addOthers(building);
    writeOfflineList(building);
    if (options.serve) {
      await eleventy.watch();
      await eleventy.serve(8080);
      return;
    }
    fs.rmSync(out, { recursive: true, force: true });
    fs.renameSync(building, out);
  } finally {
    if (!options.serve) fs.rmSync(building, { recursive: true, force: true });
  }
  console.log(`The site is in ${out}: ${filesBelow(out).length} files. Put the folder on any server of files.`);
}

await build();
