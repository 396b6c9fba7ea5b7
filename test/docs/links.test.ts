/** Links and anchors of every page, and the repository's address, which package.json has and nothing else chooses. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryAddress, withAbsoluteLinks, withRelativeLinks } from '../../scripts/package-readme.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const address = repositoryAddress();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths of pages from the root, in folders that the repository has. */
function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === 'docs/api' ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples', '.github'].filter((folder) => existsSync(join(root, folder))).flatMap(pagesBelow),
];

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  return [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target),
    ...[...prose.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target),
  ];
}

/** Anchors as GitHub makes them of headings: lower case, punctuation dropped, spaces as hyphens, repeats numbered. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('has relative links that lead somewhere', () => {
    const dead = linksOf(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path, anchor] = decodeURI(target).split('#');
        const file = path === '' ? join(root, page) : join(root, dirname(page), path);
        if (!existsSync(file) || relative(root, file).startsWith('..')) return true;
        if (anchor === undefined) return false;
        return statSync(file).isDirectory() || !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
      });
    expect(dead).toEqual([]);
  });

  it('names files that there are', () => {
    const named = [...text.matchAll(/`((?:src|test|bench|scripts|examples|docs)\/[\w./-]+?)`/g)].map(
      ([, path]) => path,
    );
    const made = /^docs\/api\b/; // by `npm run docs:api`
    expect(named.filter((path) => !made.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });

  it('has absolute links to this repository by its address alone', () => {
    const absolute = [...text.matchAll(/https:\/\/(?:raw\.)?github[\w.]*\/[^\s)"'`<>]+/g)].map(([link]) => link);
    const ours = absolute.filter((link) => /\/bellman(?:-rl)?(?:\.git|[/#]|$)/.test(link));
    for (const link of ours) {
      expect(link.replace(/\.git$/, '')).toMatch(new RegExp(`^${address}(?:[/#]|$)`));
      const path = /\/(?:blob|raw|tree)\/main\/([^#]+)/.exec(link)?.[1];
      if (path !== undefined) expect(existsSync(join(root, path)), link).toBe(true);
    }
  });
});

describe("the repository's address", () => {
  it('is the same in the manifest, the citation file and the links of the API reference', () => {
    expect(JSON.parse(read('typedoc.json')).sourceLinkTemplate).toBe(`${address}/blob/main/src/{path}#L{line}`);
    const manifest = JSON.parse(read('package.json'));
    expect(manifest.homepage).toBe(`${address}#readme`);
    expect(manifest.bugs).toBe(`${address}/issues`);
    expect(read('CITATION.cff')).toContain(`repository-code: ${address}\n`);
    expect(read('CITATION.cff')).toContain(`version: ${manifest.version}\n`);
  });
});

describe("the package's page", () => {
  const readme = read('README.md');
  const packed = withAbsoluteLinks(readme, address);

  it('has absolute links and pictures only', () => {
    expect(linksOf(readme).length).toBeGreaterThan(5);
    for (const target of linksOf(packed)) expect(target).toMatch(/^(?:https:\/\/|#)/);
  });

  it('leads where the repository has something, pictures as they are', () => {
    expect(withAbsoluteLinks('![a](b/c.svg) [d](e.md#f) [g](#h) [i](https://j.org)', 'https://k.org/l')).toBe(
      '![a](https://k.org/l/raw/main/b/c.svg) [d](https://k.org/l/blob/main/e.md#f) [g](#h) [i](https://j.org)',
    );
  });

  it('is made when npm packs, and undone', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(scripts.prepack).toBe('tsx scripts/package-readme.ts pack');
    expect(scripts.postpack).toBe('tsx scripts/package-readme.ts unpack');
  });

  it('becomes the page of the repository again', () => {
    expect(withRelativeLinks(packed, address)).toBe(readme);
  });
});

describe('the page of contents', () => {
  it('leads to every page of docs', () => {
    const linked = new Set(linksOf(read('docs/README.md')).map((target) => join('docs', target.split('#')[0])));
    const listed = pages.filter((page) => /^docs\/(?:guide|algorithms|results)\/[^/]+$/.test(page));
    expect(listed.filter((page) => !linked.has(page))).toEqual([]);
  });
});

describe('the table of subpaths in docs/README.md', () => {
  it('has each subpath of the package once', () => {
    const { name, exports } = JSON.parse(read('package.json'));
    // Elements are files for script tags; they have their own page.
    const subpaths = Object.keys(exports).filter((path) => path !== './package.json' && !path.includes('*'));
    const listed = [...read('docs/README.md').matchAll(/^\| (`bellman-rl[^|]*`) \|/gm)].flatMap(([, cell]) =>
      cell.split(', ').map((path) => path.replaceAll('`', '')),
    );
    expect(listed.toSorted()).toEqual(subpaths.map((path) => path.replace('.', name)).toSorted());
  });
});
