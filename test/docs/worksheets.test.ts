/** The worksheets run: every command, and it prints the lines that the page shows below it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { describePage, readPage } from './page.ts';

const folder = fileURLToPath(new URL('../../docs/worksheets/', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => /^\d\d-.*\.md$/.test(name))
  .sort();

it('are all on the first page', () => {
  const first = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(names).toHaveLength(11);
  for (const name of names) expect(first).toContain(`](${name})`);
});

it('follow each other, and the README, in one folder: no two commands name the same run', () => {
  const pages = [
    ...names.map((name) => join(folder, name)),
    fileURLToPath(new URL('../../README.md', import.meta.url)),
  ];
  const runs = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/--run (\S+)/g)].map(([, run]) => run));
  expect(runs.length).toBeGreaterThan(40);
  expect(runs.filter((run, i) => runs.indexOf(run) !== i)).toEqual([]);
});

describe.each(names)('worksheet %s', (name) => {
  const cwd = temporaryFolder();
  it('has questions and answers', () => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).toMatch(/^1\. /m);
    expect(text).toContain('<details><summary>Answers</summary>');
  });
  const printed = describePage(readPage(join(folder, name)), cwd);
  if (name.startsWith('09')) {
    it('gives the same mean reward in both programs', () => {
      const means = printed.flatMap((text) => /Mean reward ([\d.]+)/.exec(text)?.[1] ?? []);
      expect(means).toHaveLength(2);
      expect(means[0]).toBe(means[1]);
    });
  }
});
