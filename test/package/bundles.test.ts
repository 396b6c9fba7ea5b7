/** Every subpath that runs in a page, whole, as bundlers see it. */
import { expect, it } from 'vitest';
import { bundleAll, subpathSources } from '../support/bundle.ts';

const portable = Object.keys(subpathSources).filter((subpath) => subpath !== './node');

it('esbuild bundles all of them for a page without an error or a warning', async () => {
  const { warnings, outside } = await bundleAll(portable);
  expect(warnings).toEqual([]);
  // Nothing is left to be found by the page.
  expect(outside).toEqual([]);
});

it('it would tell of one that needs Node', async () => {
  await expect(bundleAll(['./node'])).rejects.toThrow('Could not resolve');
});
