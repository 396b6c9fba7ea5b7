import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { runCommand } from './documented-commands.ts';

/*
 * Every command of the worksheets runs, in the order of its page, and prints the lines that the page shows below it. In such
 * a line … stands for anything. A block with a file's name in its first line is a file that the commands use.
 */

const folder = fileURLToPath(new URL('../../docs/worksheets/', import.meta.url));
const source = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;

interface Part {
  readonly commands: readonly string[];
  /** Lines that the commands print. */
  expected: string[];
}

interface Page {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly parts: readonly Part[];
}

function readPage(name: string): Page {
  const text = readFileSync(join(folder, name), 'utf8');
  const files: { name: string; content: string }[] = [];
  const parts: Part[] = [];
  for (const [, language, file, content] of text.matchAll(/```(\w+)(?: (\S+))?\n([\s\S]*?)```/g)) {
    if (file !== undefined) files.push({ name: file, content: runnable(content) });
    else if (language === 'sh') parts.push({ commands: content.trim().split('\n'), expected: [] });
    else if (language === 'text') parts.at(-1)!.expected = content.trimEnd().split('\n');
    else throw new Error(`${name}: a block of ${language} that nothing runs`);
  }
  return { name, files, parts };
}

/** Imports from the sources instead of the installed package. */
function runnable(content: string): string {
  return content.replace(
    /from 'bellman-rl(?:\/([\w-]+))?'/g,
    (_, part: string | undefined) => `from '${source(part === undefined ? 'index.ts' : `${part}/index.ts`)}'`,
  );
}

const pages = readdirSync(folder)
  .filter((name) => /^\d\d-.*\.md$/.test(name))
  .sort()
  .map(readPage);

it('are all on the first page', () => {
  const first = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(pages).toHaveLength(10);
  for (const { name } of pages) expect(first).toContain(`](${name})`);
});

describe.each(pages)('worksheet $name', ({ name, files, parts }) => {
  const cwd = temporaryFolder();
  const printed: string[] = [];
  it('has questions and answers', () => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).toMatch(/^1\. /m);
    expect(text).toContain('<details><summary>Answers</summary>');
    for (const file of files) writeFileSync(join(cwd, file.name), file.content);
  });
  it.each(parts.map((part) => [part.commands[0], part] as const))('%s', { timeout: 300_000 }, async (_, part) => {
    let output = '';
    for (const command of part.commands) output += await runCommand(command, cwd);
    printed.push(output);
    for (const line of part.expected) {
      const pattern = line
        .split('…')
        .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*');
      expect(output).toMatch(new RegExp(`^.*${pattern}`, 'm'));
    }
  });
  if (name.startsWith('09')) {
    it('gives the same mean reward in both programs', () => {
      const means = printed.flatMap((text) => /Mean reward ([\d.]+)/.exec(text)?.[1] ?? []);
      expect(means).toHaveLength(2);
      expect(means[0]).toBe(means[1]);
    });
  }
});
