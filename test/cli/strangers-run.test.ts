/** What the terminal gets of a run folder that somebody else wrote: no control character, no endless line, no long wait. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bellmanHere } from './bellman-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellman-strangers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const good = join(folder, 'good');
const evil = '\u001b]0;pwned\u0007\u009b31m\u202eX\r\nbellman: all is well';
const long = 'A'.repeat(1_000_000);

beforeAll(async () => {
  const args = ['train', 'q-learning', '--env', 'FrozenLake-v1', '--seed', '1', '--run', good, '--stop-after', '500'];
  expect((await bellmanHere(args)).code).toBe(0);
});

/** A copy with something else in one of its files. */
function runWith(file: string, changes: Readonly<Record<string, unknown>>): string {
  const run = mkdtempSync(join(folder, 'run-'));
  cpSync(good, run, { recursive: true });
  const path = join(run, file);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
  return run;
}

const commandsOn = (run: string): readonly string[][] => [
  ['runs', run],
  ['runs', run, '--json'],
  ['plot', run, '-o', join(folder, 'a.svg')],
  ['model', run],
  ['eval', run, '--episodes', '1'],
  ['train', '--resume', run, '--stop-after', '1'],
];

describe.each<[string, Record<string, unknown>]>([
  ['config.json', { recipe: evil }],
  ['config.json', { env: evil }],
  ['config.json', { algorithm: evil, id: evil, command: evil, bellman: evil }],
  ['config.json', { format: evil }],
  ['status.json', { state: 'failed', message: evil }],
  ['status.json', { state: evil, started: evil, pid: evil }],
  ['best.json', { recipe: evil, model: evil, run: evil }],
])('%s with %j', (file, changes) => {
  it('sends no control character, and adds no line of its own', async () => {
    for (const args of commandsOn(runWith(file, changes))) {
      const { stdout, stderr } = await bellmanHere(args);
      const said = stdout + stderr;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(said, args[0]).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(said, args[0]).not.toMatch(/^bellman: all is well/m);
    }
  });
});

describe.each<[string, string, Record<string, unknown>]>([
  ['a format', 'config.json', { format: long }],
  ['a recipe', 'config.json', { recipe: long }],
  ['a text for a configuration', 'config.json', { config: long, envKwargs: long }],
  ['a reason', 'status.json', { state: 'failed', message: long }],
])('%s of a million characters', (_, file, changes) => {
  it('is no line of a million characters', async () => {
    for (const args of commandsOn(runWith(file, changes))) {
      if (args.includes('--json')) continue; // which gives all of it
      const { stdout, stderr } = await bellmanHere(args);
      const longest = Math.max(...`${stdout}\n${stderr}`.split('\n').map((line) => line.length));
      expect(longest, args[0]).toBeLessThan(5000);
    }
  });
});

it('JSON of a foreign text says the text', async () => {
  const { stdout } = await bellmanHere(['runs', runWith('config.json', { recipe: evil }), '--json']);
  expect(JSON.parse(stdout)).toMatchObject([{ recipe: evil }]);
});
