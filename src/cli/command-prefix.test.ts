import { expect, it } from 'vitest';
import { commandPrefix } from './command-prefix.ts';

const PATH = '/usr/bin:/home/me/bin';
const start = { execArgv: [], env: { PATH }, cwd: '/home/me/work' };
const exec = { PATH, npm_command: 'exec' };

it.each([
  ['npx', { file: '/home/me/.npm/_npx/1/node_modules/.bin/bellman', env: exec }, 'npx bellman'],
  ['npx by the second name', { file: '/home/me/work/node_modules/.bin/bellman-rl', env: exec }, 'npx bellman-rl'],
  ['a global installation', { file: '/home/me/bin/bellman' }, 'bellman'],
  [
    'a script of npm',
    {
      file: '/home/me/work/node_modules/.bin/bellman',
      env: { PATH: `/home/me/work/node_modules/.bin:${PATH}`, npm_command: 'run-script' },
    },
    'npx bellman',
  ],
  ['a path', { file: '/home/me/work/node_modules/.bin/bellman' }, 'node_modules/.bin/bellman'],
  ['its own folder', { file: '/home/me/work/bellman' }, './bellman'],
  ['node', { file: '/home/me/work/dist/cli/main.js' }, 'node dist/cli/main.js'],
  ['node, elsewhere', { file: '/opt/the bellman/bin/bellman.cjs' }, "node '/opt/the bellman/bin/bellman.cjs'"],
  [
    'tsx, itself run by npx',
    { file: '/home/me/work/src/cli/main.ts', execArgv: ['--import', 'file:///x/tsx/loader.mjs'], env: exec },
    'npx tsx src/cli/main.ts',
  ],
  ['a Node that reads TypeScript', { file: '/home/me/work/src/cli/main.ts' }, 'node src/cli/main.ts'],
])('started by %s', (_, how, typed) => {
  expect(commandPrefix({ ...start, ...how })).toBe(typed);
});
