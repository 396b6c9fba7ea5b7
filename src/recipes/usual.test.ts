import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allRecipes } from './registry.ts';

const measured = allRecipes.flatMap(({ id, config, usual }) => (usual === undefined ? [] : [{ id, config, usual }]));
const textOf = (page: string): string => readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');

it.each(measured)('what $id usually takes is within its limits, and has a page', ({ config, usual }) => {
  const { maxSteps, maxIterations } = config as { readonly maxSteps?: number; readonly maxIterations?: number };
  expect(usual.steps).toBeGreaterThan(0);
  expect(usual.steps).toBeLessThanOrEqual((maxSteps ?? maxIterations)!);
  expect(usual.minutes).toBeGreaterThan(0);
  expect(usual.source).toHaveProperty('measured');
  expect(textOf((usual.source as { measured: string }).measured).length).toBeGreaterThan(100);
});

it('of tables is the median that the results have, for every recipe there that most seeds solve', () => {
  const rows = [
    ...textOf('docs/results/tabular-agents.md').matchAll(/^\| `([\w-]+)` \| \S+ \| (\d+) of 10 \| (\d+) \|/gm),
  ];
  const medians = rows.flatMap(([, id, solved, median]) => (Number(solved) > 5 ? [[id, Number(median)]] : []));
  expect(medians.length).toBeGreaterThan(40);
  const told = measured.filter(({ usual }) => JSON.stringify(usual.source).includes('tabular-agents'));
  expect(Object.fromEntries(told.map(({ id, usual }) => [id, usual.steps]))).toEqual(Object.fromEntries(medians));
});

it('is not that of the recipe that another one was made from', () => {
  const usual = new Map(allRecipes.map((recipe) => [recipe.id, recipe.usual]));
  for (const id of ['dqn-pong-early', 'double-dqn-pong', 'rainbow-pong']) expect(usual.get(id)).toBeUndefined();
  expect(usual.get('dqn-pong')).toBeDefined();
});
