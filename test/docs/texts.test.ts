/** The table of what the textbooks have: every command runs, every line of code is evaluated, and gives what the table says. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as agents from '../../src/agents/index.ts';
import * as envs from '../../src/envs/index.ts';
import * as core from '../../src/index.ts';
import * as nn from '../../src/nn/index.ts';
import * as recipes from '../../src/recipes/index.ts';
import * as stats from '../../src/stats/index.ts';
import * as tabular from '../../src/tabular/index.ts';
import * as train from '../../src/train/index.ts';
import * as video from '../../src/video/index.ts';
import * as wrappers from '../../src/wrappers/index.ts';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { pythonPath } from '../platform/programs.ts';
import { aleCartridgeFolder } from '../support/ale-cartridges.ts';
import { runCommand } from './documented-commands.ts';

const page = readFileSync(new URL('../../docs/texts.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| (\d+|\+) \| (.*?) \| (.*) \| (.*?) ?\|$/gm)].map(
  ([, number, have, type, gives]) => ({
    number: Number(number),
    have,
    typed: [...type.matchAll(/`([^`]+)`/g)].map(([, text]) => text).filter((text) => !text.startsWith('tensorboard')),
    links: [...type.matchAll(/\]\(([^)]+)\)/g)],
    expected: /^`([^`]+)`$/.exec(gives)?.[1],
  }),
);

/** What lines of code may name. */
function scope(): Readonly<Record<string, unknown>> {
  const lake = core.make('FrozenLake-v1', { isSlippery: false });
  const names = {
    ...core,
    ...envs,
    ...agents,
    ...nn,
    ...recipes,
    ...stats,
    ...tabular,
    ...train,
    ...video,
    ...wrappers,
  };
  return { ...names, lake, model: lake.unwrapped.model, pong: core.make('bellman/Pong-v0') };
}

async function evaluated(code: string): Promise<unknown> {
  const names = scope();
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...values: unknown[]) => unknown;
  return await new AsyncFunction(...Object.keys(names), `return (${code});`)(...Object.values(names));
}

it('has the 115 rows of the audit, each with something to type or to read', () => {
  const numbers = rows.flatMap(({ number }) => (Number.isNaN(number) ? [] : number));
  expect(numbers).toEqual(Array.from({ length: 115 }, (_, i) => i + 1));
  for (const { number, typed, links } of rows) expect(typed.length + links.length, `row ${number}`).toBeGreaterThan(0);
});

describe('what the table says to type', () => {
  const cwd = temporaryFolder();
  beforeAll(() => {
    process.env['BELLMAN_ROMS'] = aleCartridgeFolder();
    process.env['BELLMAN_PYTHON'] ??= pythonPath();
  });
  const all = rows.flatMap(({ number, typed, expected }) => typed.map((text) => [number, text, expected] as const));
  it.each(all)('%s: %s', async (_, text, expected = '') => {
    if (text.startsWith('npx ')) expect(await runCommand(text, cwd)).toContain(expected);
    else expect(String(await evaluated(text))).toBe(expected);
  });
});
