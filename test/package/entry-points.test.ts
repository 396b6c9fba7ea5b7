/** What an import of a subpath loads, and what a bundler makes of it. */
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundleForBrowser, filesLoadedBy, packagesLoadedBy } from '../support/bundle.ts';

/** Runs a bundle with what every page has, and nothing of Node.
 * @returns what the program left in `globalThis.result`. */
function run(code: string): unknown {
  const { crypto, performance, atob } = globalThis;
  const page = createContext({ crypto, performance, atob });
  runInContext(code, page);
  return (page as { result?: unknown }).result;
}

const foldersOf = (files: readonly string[]): string[] =>
  [...new Set(files.map((file) => file.split('/')[1]))].filter((folder) => !folder.endsWith('.ts')).sort();

describe('an import of', () => {
  it.each([
    ['bellman-rl', ['agents', 'algorithms', 'core', 'draw', 'envs', 'spaces']],
    ['bellman-rl/envs', ['core', 'draw', 'envs', 'spaces']],
    ['bellman-rl/vector', ['core', 'draw', 'envs', 'spaces', 'vector', 'wrappers']],
    ['bellman-rl/tune', ['core', 'stats', 'tune']],
  ])('%s loads these folders: %s', async (subpath, folders) => {
    const files = await filesLoadedBy(subpath);
    expect(foldersOf(files)).toEqual(folders);
  });

  it.each([
    'bellman-rl/wrappers',
    'bellman-rl/tabular',
    'bellman-rl/train',
    'bellman-rl/recipes',
  ])('%s loads no games and nothing of Node', async (subpath) => {
    const folders = foldersOf(await filesLoadedBy(subpath));
    for (const folder of ['atari', 'node', 'cli']) expect(folders).not.toContain(folder);
  });

  it('bellman-rl loads the registries of agents and algorithms only, and one package', async () => {
    const files = await filesLoadedBy('bellman-rl');
    const registries = files.filter((file) => /^src\/(agents|algorithms)\//.test(file));
    expect(registries.length).toBeLessThan(6);
    expect(files.length).toBeLessThan(110);
    expect(await packagesLoadedBy('bellman-rl')).toEqual(['leven']);
  });

  it('bellman-rl/atari loads the games', async () => {
    const files = await filesLoadedBy('bellman-rl/atari');
    expect(files).toContain('src/atari/games/pong.ts');
    expect(foldersOf(files)).not.toContain('node');
  });
});

describe('a bundle for the browser', () => {
  it('solves FrozenLake, and holds no emulator', async () => {
    const { code, files } = await bundleForBrowser(`
      import { make } from 'bellman-rl';
      import { valueIteration } from 'bellman-rl/tabular';
      const env = make('FrozenLake-v1');
      globalThis.result = valueIteration(env.unwrapped.model, { gamma: 0.9 }).values[0];
    `);
    // Solved exactly: 0.0688909049 (Lapan, chapter 5, plays it with gamma 0.9).
    expect(run(code)).toBeCloseTo(0.0688909, 6);
    expect(foldersOf(files)).toEqual(['core', 'draw', 'envs', 'spaces', 'tabular']);
    expect(code.length).toBeLessThan(150_000);
  });

  it('has the environments that it imports, and names the import of others', async () => {
    const { code, files } = await bundleForBrowser(`
      import { make } from 'bellman-rl/envs/make';
      import 'bellman-rl/envs/cliff-walking';
      const told = [];
      for (const id of ['CliffWalking-v1', 'CliffWalking-v9', 'MountainCar-v0', 'bellman/Pong-v0', 'FrozenLake8x8-v1'])
        try { told.push(make(id).spec.id); } catch (error) { told.push(error.message); }
      globalThis.result = told;
    `);
    expect(run(code)).toEqual([
      'CliffWalking-v1',
      expect.stringContaining('Did you mean "CliffWalking-v1"?'),
      expect.stringContaining("import 'bellman-rl/envs/mountain-car'"),
      expect.stringContaining("import 'bellman-rl/envs/pong'"),
      expect.stringContaining("import 'bellman-rl/envs/frozen-lake'"),
    ]);
    expect(files.filter((file) => /taxi|mountain|pong|lake/.test(file))).toEqual([]);
  });

  it('with bellman-rl/atari knows the games, though nothing of it is used by name', async () => {
    const { code } = await bundleForBrowser(`
      import 'bellman-rl/atari';
      import { make } from 'bellman-rl';
      try { make('ALE/Pong-v5'); } catch (error) { globalThis.result = error.code; }
    `);
    expect(run(code)).toBe('NO_CARTRIDGE');
  });

  it('without it names the import', async () => {
    const { code } = await bundleForBrowser(`
      import { make } from 'bellman-rl';
      try { make('ALE/Pong-v5'); } catch (error) { globalThis.result = error.message; }
    `);
    expect(run(code)).toContain("import 'bellman-rl/atari' first");
  });
});
