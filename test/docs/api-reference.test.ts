/** The reference that TypeDoc makes from the doc comments, against what the subpaths export. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run-bellman.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// Other subpaths hold a part of one of these, or what pages load by a tag.
const modules = Object.entries<{ readonly default?: string }>(exports)
  .filter(([, target]) => target.default?.endsWith('/index.js'))
  .map(([path]) => path)
  .map((path) => (path === '.' ? 'index' : path.slice(2)));

interface Reflection {
  readonly name: string;
  readonly sources?: readonly { readonly fileName: string; readonly url?: string }[];
  readonly children?: readonly Reflection[];
}

describe('the API reference', () => {
  const folder = temporaryFolder();
  let printed = '';
  const documented = new Map<string, Set<string>>();
  const links = new Set<string>();

  beforeAll(async () => {
    const typedoc = 'scripts/api-reference/node_modules/typedoc/bin/typedoc';
    const json = join(folder, 'api.json');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [typedoc, '--json', json], { cwd: root });
    printed = stdout + stderr;
    const project: Reflection = JSON.parse(readFileSync(json, 'utf8'));
    for (const { name, children = [] } of project.children ?? []) {
      documented.set(name, new Set(children.map((child) => child.name)));
      for (const { sources = [] } of children) for (const { url } of sources) links.add(`${url}`);
    }
  });

  it('is made without a warning', () => {
    expect(printed.split('\n').filter((line) => /warning|error/i.test(line))).toEqual([]);
  });

  it('links to sources that exist', () => {
    const paths = [...links].map((url) => /\/blob\/main\/([^#]+)#L\d+$/.exec(url)?.[1]);
    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter((path) => path === undefined || !existsSync(join(root, path)))).toEqual([]);
  });

  it('has a page for each subpath', () => {
    expect([...documented.keys()].toSorted()).toEqual(modules.toSorted());
  });

  it.each(modules)('has each value that %s exports', async (name) => {
    const file = name === 'index' ? '../../src/index.ts' : `../../src/${name}/index.ts`;
    const exported = Object.keys(await import(file));
    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter((value) => !documented.get(name)?.has(value))).toEqual([]);
  });
});
