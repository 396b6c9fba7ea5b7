/** Which pages there are, in the order in which docs/README.md names them, with the titles that they give themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Page {
  /** Below docs, such as `guide/runs.md`. */
  readonly source: string;
  /** Below the site, such as `guide/runs.html`. */
  readonly url: string;
  readonly title: string;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** Folders of docs that are sections of the site, in the menu's order. */
const SECTIONS: Readonly<Record<string, string>> = {
  guide: 'Guides',
  worksheets: 'Worksheets',
  algorithms: 'Algorithms',
  results: 'Results',
};

/** Address of a page's HTML below the site: a README is its folder's first page; that of docs itself makes room for the start page. */
export function pageUrl(source: string): string {
  if (source === 'README.md') return 'documentation.html';
  return source.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

/** @param docs path of the folder of pages. */
export function readSections(docs: string): readonly Section[] {
  const page = (source: string): Page => ({ source, url: pageUrl(source), title: titleOf(join(docs, source)) });
  const overview = readFileSync(join(docs, 'README.md'), 'utf8');
  const sections = Object.entries(SECTIONS).map(([folder, title]) => {
    const sources = readdirSync(join(docs, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`)
      .sort();
    const place = (source: string): number => {
      if (source.endsWith('README.md')) return -1;
      const at = overview.indexOf(`](${source})`);
      return at < 0 ? Number.POSITIVE_INFINITY : at;
    };
    // Sorting keeps the order of names where the overview does not say one: worksheets are numbered.
    const ordered = sources.toSorted((a, b) => Math.sign(place(a) - place(b)) || 0);
    return { title, pages: ordered.map(page) };
  });
  return [{ title: 'Overview', pages: ['README.md', 'texts.md'].map(page) }, ...sections];
}

/** The page's first heading, without markup. */
export function titleOf(path: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(path, 'utf8'));
  if (heading === null) throw new Error(`${path} has no heading.`);
  return heading[1]!.replace(/[`*]/g, '');
}
