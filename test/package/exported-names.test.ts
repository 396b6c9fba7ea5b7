/** One word, one thing: what the subpaths of the package call things. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BellmanError } from '../../src/core/errors.ts';
import { subpathSources } from '../support/bundle.ts';
import { exportedNames } from '../support/exported-names.ts';

/** Homonyms that are meant: of numbers or of an agent in one subpath, of tensors in bellman-rl/graph. */
const OF_TENSORS: readonly string[] = ['argMax', 'evaluate'];
/** The same functions, in bellman-rl/envs/make of a registry that has what is imported only. */
const OF_SMALL_REGISTRY: readonly string[] = ['make', 'makeFromKwargs', 'register'];

/** Every export: subpath, name, place of its declaration. */
const exported = Object.entries(subpathSources).flatMap(([subpath, file]) =>
  [...exportedNames(file)].map(([name, origin]) => ({ subpath, name, origin })),
);

const load = (file: string): Promise<Readonly<Record<string, unknown>>> =>
  import(/* @vite-ignore */ fileURLToPath(new URL(`../../${file}`, import.meta.url)));

describe('exported names', () => {
  it.each(Object.entries(subpathSources))('%s exports the values that its text says', async (_, file) => {
    const values = Object.keys(await load(file));
    const names = exportedNames(file);
    expect(values.filter((name) => !names.has(name))).toEqual([]);
    expect(values.length).toBeGreaterThan(0);
  });

  it('mean one thing each', () => {
    const meanings = new Map<string, Map<string, string>>();
    for (const { subpath, name, origin } of exported) {
      const known = meanings.get(name) ?? new Map<string, string>();
      meanings.set(name, known.set(origin, `${subpath} ${name}`));
    }
    const homonyms = [...meanings].filter(
      ([name, known]) => known.size > 1 && ![...OF_TENSORS, ...OF_SMALL_REGISTRY].includes(name),
    );
    expect(homonyms.map(([, known]) => [...known.values()])).toEqual([]);
  });

  it('of values differ by more than a capital', async () => {
    const values = new Set<string>();
    for (const file of Object.values(subpathSources))
      for (const name of Object.keys(await load(file))) values.add(name);
    const lower = [...values].map((name) => name.toLowerCase());
    expect([...values].filter((name, i) => lower.indexOf(name.toLowerCase()) !== i)).toEqual([]);
  });
});

describe('errors', () => {
  const classes = exported.filter(({ name }) => name.endsWith('Error'));

  it('that a subpath exports are all BellmanErrors, with a code of their own', async () => {
    expect(classes.length).toBeGreaterThan(10);
    for (const { name, origin } of classes) {
      const type = (await load(origin.split(' ')[0]))[name] as { readonly prototype: unknown };
      expect(name === 'BellmanError' || type.prototype instanceof BellmanError, name).toBe(true);
    }
  });
});
