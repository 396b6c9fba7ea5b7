/**
 * Checks which file imports which: `npm run lint` runs this. It prints a line for each import that breaks a rule.
 *
 * 1. A folder of src imports folders that stand above it in `FOLDERS`, and itself. Type imports count too: a reader of the
 *    lower folder should not need the higher one. The console stands alone but for `core`.
 * 2. `node:` modules are imported by src/node and src/cli only, so that the rest runs in a browser.
 * 3. No file imports itself by way of others.
 *
 * Tests, scripts and benches may import anything. How to run it:
 *
 *   npx tsx scripts/check-imports.ts [FOLDER]     FOLDER holds src; default this project
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of src, each below all that it may import. */
const FOLDERS: readonly string[] = [
  'core',
  'spaces',
  'draw',
  'graph',
  'nn',
  'replay',
  'envs',
  'wrappers',
  'vector',
  'atari',
  'tabular',
  'agents',
  'stats',
  'storage',
  'train',
  'foreign',
  'recipes',
  'doctor',
  'algorithms',
  'tune',
  'log',
  'runs',
  'plot',
  'video',
  'web',
  'node',
  'cli',
];

/** Rooms within a folder that may import less than it: themselves and these. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/atari/console': ['src/core'],
};

/** Where `node:` modules may be imported. */
const NODE_FOLDERS: readonly string[] = ['node', 'cli'];

/** Not modules: sources in AssemblyScript. */
const NOT_OURS = /\/assembly\//;

export interface Import {
  /** The specifier as written. */
  readonly specifier: string;
  /** The file that is meant, such as `src/core/errors.ts`; undefined for a package. */
  readonly file: string | undefined;
  /** Loaded with the file, loaded on use, or there for types alone. */
  readonly kind: 'static' | 'dynamic' | 'type';
}

/** What a module imports, as its text says. */
export function importsOf(file: string, text: string): readonly Import[] {
  const statement = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;
  return Array.from(text.matchAll(statement), ([, type, named, dynamic]) => {
    const specifier = named ?? dynamic;
    return {
      specifier,
      file: specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined,
      kind: dynamic !== undefined ? 'dynamic' : type !== undefined ? 'type' : 'static',
    };
  });
}

/**
 * The lines to print for a set of modules; none when all is well.
 * @param modules text by path, such as `src/core/errors.ts`; without tests.
 */
export function violations(modules: ReadonlyMap<string, string>): string[] {
  const imports = new Map([...modules].map(([file, text]) => [file, importsOf(file, text)]));
  const folders = new Set([...modules.keys()].flatMap((file) => folderOf(file) ?? []));
  const lines = [...folders]
    .filter((folder) => !FOLDERS.includes(folder))
    .map((folder) => `src/${folder} has no place in the order of folders: give it one in scripts/check-imports.ts.`);
  for (const [file, list] of imports) {
    for (const found of list) {
      const rule = brokenRule(file, found);
      if (rule !== undefined) lines.push(`${file} imports '${found.specifier}': ${rule}.`);
    }
  }
  for (const cycle of cycles(imports)) {
    lines.push(`${cycle.join(' -> ')} -> ${cycle[0]}: no file may import itself by way of others.`);
  }
  return lines;
}

function brokenRule(file: string, { specifier, file: target }: Import): string | undefined {
  const folder = folderOf(file);
  if (specifier.startsWith('node:')) {
    if (folder !== undefined && NODE_FOLDERS.includes(folder)) return undefined;
    return `node: modules are for ${NODE_FOLDERS.map((name) => `src/${name}`).join(' and ')}`;
  }
  // The entry of the package stands below all; packages are free.
  if (target === undefined || folder === undefined) return undefined;
  for (const [room, others] of Object.entries(ROOMS)) {
    const allowed = [room, ...others];
    if (file.startsWith(`${room}/`) && !allowed.some((path) => target.startsWith(`${path}/`))) {
      return `${room} imports nothing but itself and ${others.join(', ')}`;
    }
  }
  const above = folderOf(target);
  if (!FOLDERS.includes(folder) || (above !== undefined && !FOLDERS.includes(above))) return undefined;
  if (above === undefined) return 'src imports nothing from outside its folders';
  if (above === folder || FOLDERS.slice(0, FOLDERS.indexOf(folder)).includes(above)) return undefined;
  return `src/${above} stands below src/${folder} (order of folders: scripts/check-imports.ts)`;
}

/** `core` for `src/core/errors.ts`; undefined outside the folders of src. */
function folderOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

/** Circles of static and type imports, one for each group of files that reach each other. */
function cycles(imports: ReadonlyMap<string, readonly Import[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const { file: target, kind } of imports.get(file) ?? []) {
      if (kind !== 'dynamic' && target !== undefined) visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

/** The modules below `src`, without tests. */
export function readModules(project: string): Map<string, string> {
  const names = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !NOT_OURS.test(file))
    .sort();
  return new Map(files.map((file) => [file, readFileSync(join(project, file), 'utf8')]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const project = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
  const modules = readModules(project);
  const lines = violations(modules);
  for (const line of lines) console.error(line);
  if (lines.length > 0) process.exitCode = 1;
  else console.log(`Imports of ${modules.size} modules keep to the rules.`);
}
