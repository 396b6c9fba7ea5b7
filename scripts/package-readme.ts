/**
 * The package's page shows README.md where relative links lead nowhere. `pack` makes them absolute before npm packs, `unpack`
 * makes them relative again. The repository's address stands in package.json alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Where a Markdown link or picture goes: what precedes the target, the target, what follows. */
const LINK = /(!?\[[^\]]*\]\()([^)\s]+)(\))/g;

/** The repository's address of package.json as a browser opens it. */
export function repositoryAddress(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Makes relative links absolute: pages below `blob/main`, pictures below `raw/main`. Anchors of the page itself stay. */
export function withAbsoluteLinks(markdown: string, address: string): string {
  return markdown.replace(LINK, (link, before: string, target: string, after: string) => {
    if (/^(?:[a-z]+:|#)/.test(target)) return link;
    return `${before}${address}/${before.startsWith('!') ? 'raw' : 'blob'}/main/${target}${after}`;
  });
}

/** The inverse of `withAbsoluteLinks`. */
export function withRelativeLinks(markdown: string, address: string): string {
  return markdown.replace(LINK, (link, before: string, target: string, after: string) => {
    const base = `${address}/${before.startsWith('!') ? 'raw' : 'blob'}/main/`;
    return target.startsWith(base) ? `${before}${target.slice(base.length)}${after}` : link;
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const change = { pack: withAbsoluteLinks, unpack: withRelativeLinks }[process.argv[2] ?? ''];
  if (change === undefined) throw new Error(`package-readme: got ${process.argv[2]}, allowed is pack or unpack`);
  const path = new URL('../README.md', import.meta.url);
  writeFileSync(path, change(readFileSync(path, 'utf8'), repositoryAddress()));
}
