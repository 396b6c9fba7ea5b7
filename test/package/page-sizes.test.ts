import { expect, it } from 'vitest';
import { smallPages } from '../../scripts/page-sizes.ts';
import { pageSize } from '../support/bundle.ts';

it.each(
  smallPages.flatMap((page) => (page.limit === undefined ? [] : [[page.name, page.limit, page.program] as const])),
)('the page %s has at most %i kB', async (_, limit, program) => {
  const { minified, parts } = await pageSize(program);
  const largest = parts.slice(0, 12).map(([file, bytes]) => `${file} ${bytes}`);
  expect(minified, `largest files: ${largest.join(', ')}`).toBeLessThan(limit);
  // It is the page that was meant, not an empty one.
  expect(minified).toBeGreaterThan(2);
});

it('a page of one environment and a small registry holds no other environment, no console, no zod', async () => {
  const { parts } = await pageSize(smallPages.find(({ name }) => name === 'lake')?.program ?? '');
  const files = parts.map(([file]) => file);
  expect(files).toContain('src/envs/toy-text/frozen-lake.ts');
  expect(files.filter((file) => /taxi|cart-pole|pong|atari|zod/.test(file))).toEqual([]);
});
