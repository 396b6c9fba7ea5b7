import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { subpathSources } from '../support/bundle.ts';
import { moduleUrl } from '../support/program.ts';
import { loadsModules, runCommand } from './documented-commands.ts';

/*
 * A page whose blocks run, in its order and in one folder:
 *
 *     ```sh             commands, one a line
 *     ```ts             a program, run as it stands
 *     ```ts NAME.ts     a file that later commands use; any language
 *     ```text           lines that the commands or the program above print; … stands for anything within a line
 */

/** A block that runs. */
interface Part {
  readonly commands: readonly string[];
  /** Lines that the commands print. */
  expected: readonly string[];
}

interface Page {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly parts: readonly Part[];
}

/** Imports what the program in these tests consists of, instead of the installed package. */
export function runnable(content: string): string {
  return content.replace(
    /(from|import) 'bellman-rl((?:\/[\w-]+)*)'/g,
    (_, word: string, path: string) => `${word} '${moduleUrl(subpathSources[`.${path}`])}'`,
  );
}

export function readPage(path: string): Page {
  const name = basename(path);
  const files: { name: string; content: string }[] = [];
  const parts: Part[] = [];
  for (const [, language, file, content] of readFileSync(path, 'utf8').matchAll(
    /^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm,
  )) {
    if (file !== undefined) files.push({ name: file, content: runnable(content) });
    else if (language === 'sh') parts.push({ commands: content.trim().split('\n'), expected: [] });
    else if (language === 'ts') {
      const program = `program-${files.length + 1}.mts`; // a module wherever it lies
      files.push({ name: program, content: runnable(content) });
      parts.push({ commands: [`node ${program}`], expected: [] });
    } else if (language === 'text' && parts.length > 0) parts.at(-1)!.expected = content.trimEnd().split('\n');
    // Parts of pages: test/elements has whole ones.
    else if (language === 'html' || language === 'css') continue;
    else throw new Error(`${name}: a block of "${language}" that nothing runs`);
  }
  return { name, files, parts };
}

/** Tests that everything on a page runs in `cwd` and prints what the page shows.
 * @returns what each part printed, complete once the tests have run. */
export function describePage({ name, files, parts }: Page, cwd: string): string[] {
  const printed: string[] = [];
  const modules = loadsModules(parts.flatMap(({ commands }) => commands));
  describe(name, () => {
    beforeAll(() => {
      for (const file of files) writeFileSync(join(cwd, file.name), file.content);
    });
    it.each(parts.map((part) => [part.commands[0], part] as const))('%s', async (_, part) => {
      let output = '';
      for (const command of part.commands) output += await runCommand(command, cwd, modules);
      printed.push(output);
      for (const line of part.expected) {
        const pattern = line
          .split('…')
          .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*');
        expect(output).toMatch(new RegExp(`^.*${pattern}`, 'm'));
      }
    });
  });
  return printed;
}
