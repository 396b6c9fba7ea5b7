import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOT_BUILT = /^bellman: this checkout is not built\. Run in .+: npm ci && npm run build\n$/;
let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'bellman-stub-'));
  cpSync(join(root, 'bin'), join(checkout, 'bin'), { recursive: true });
  const { name, version, bin, type, scripts } = manifest;
  writeFileSync(
    join(checkout, 'package.json'),
    JSON.stringify({ name, version, bin, type, scripts: { prepare: scripts.prepare } }),
  );
});

it('is the command under both names', () => {
  expect(manifest.bin).toEqual({ bellman: 'bin/bellman.cjs', 'bellman-rl': 'bin/bellman.cjs' });
});

it('says in one line what to do in a checkout that is not built', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/bellman.cjs', 'train'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(NOT_BUILT);
});

it('says in one line that the program cannot be loaded', () => {
  const place = mkdtempSync(join(tmpdir(), 'bellman-stub-'));
  cpSync(checkout, place, { recursive: true });
  mkdirSync(join(place, 'dist', 'cli'), { recursive: true });
  writeFileSync(join(place, 'dist', 'cli', 'main.js'), "import './gone.js';");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(place, 'bin', 'bellman.cjs')], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^bellman: the program cannot be loaded: Cannot find module .*gone\.js.*\n$/);
});

it('says so through npx too, which builds nothing: Ctrl-C meanwhile would break its cache', () => {
  mkdirSync(join(checkout, 'scripts'));
  cpSync(join(root, 'scripts', 'prepare.cjs'), join(checkout, 'scripts', 'prepare.cjs'));
  const prepare = (npmCommand: string) =>
    spawnSync(process.execPath, ['scripts/prepare.cjs'], {
      cwd: checkout,
      encoding: 'utf8',
      env: { ...process.env, npm_command: npmCommand },
    });
  expect(prepare('exec')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  // There is nothing to build with in this checkout.
  expect(prepare('ci').status).not.toBe(0);
  const cache = mkdtempSync(join(tmpdir(), 'bellman-npx-'));
  const outcome = spawnSync('npx', ['--yes', '--offline', 'bellman', 'train'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, npm_config_cache: cache },
  });
  expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({ status: 1, stdout: '' });
  expect(outcome.stderr).toMatch(NOT_BUILT);
});

it('refuses a Node that is too old before it loads anything', () => {
  const pretence = join(checkout, 'old.cjs');
  writeFileSync(pretence, "Object.defineProperty(process, 'versions', { value: { node: '18.20.8' } });");
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', pretence, 'bin/bellman.cjs'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe('bellman: Node 18.20.8 is too old, at least 20 is needed. Get one from https://nodejs.org\n');
});

it('hands its arguments to the program', () => {
  const built = mkdtempSync(join(tmpdir(), 'bellman-stub-'));
  cpSync(join(root, 'bin'), join(built, 'bin'), { recursive: true });
  mkdirSync(join(built, 'dist', 'cli'), { recursive: true });
  writeFileSync(join(built, 'dist', 'package.json'), '{"type":"module"}');
  writeFileSync(join(built, 'dist', 'cli', 'main.js'), 'console.log(process.argv.slice(2).join());');
  expect(execFileSync(process.execPath, ['bin/bellman.cjs', 'a', 'b'], { cwd: built, encoding: 'utf8' })).toBe('a,b\n');
});
