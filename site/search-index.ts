/** What the search of the site looks through: each section of each page under its heading. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { SEARCH_OPTIONS } from './client/search-options.ts';
import type { Section } from './contents.ts';
import { slug } from './slug.ts';

/** The index as JSON, which `site.js` loads when a visitor opens the search. */
export function searchIndex(docs: string, sections: readonly Section[]): string {
  const index = new MiniSearch(SEARCH_OPTIONS);
  for (const { pages } of sections) {
    for (const { source, url, title } of pages) {
      readFileSync(join(docs, source), 'utf8')
        .split(/^(?=#{1,3} )/m)
        .forEach((part) => {
          const heading = /^#+ (.+)$/m.exec(part)?.[1]?.replace(/[`*]/g, '') ?? title;
          const text = part.replace(/^#+ .+$/m, '').replace(/<[^>]*>|[`*_|[\]]|\]\([^)]*\)/g, ' ');
          const id = `${url}#${heading === title ? '' : slug(heading)}`;
          if (!index.has(id)) index.add({ id, page: title, heading, text });
        });
    }
  }
  return JSON.stringify(index);
}
