/**
 * What npm calls after `npm ci`, and when the first `npx bellman` in a checkout installs it into npx's cache: builds what is
 * stale. Never under npx: an installation that Ctrl-C ends leaves npx's cache broken (it "could not read package.json" from then
 * on), so the command has to start at once, and to say itself where nothing is built.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

if (process.env.npm_command !== 'exec') {
  const options = { cwd: join(__dirname, '..'), stdio: 'inherit' };
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--if-stale'], options);
  process.exitCode = status ?? 1;
}
