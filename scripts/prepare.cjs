/**
 * What npm calls after `npm ci`, and when the first `npx bellman` in a checkout installs it into npx's cache: builds what is
 * stale. Under npx only where nothing is built: an installation that Ctrl-C ends leaves npx's cache broken (it "could not read
 * package.json" from then on), so the command has to start at once.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
if (process.env.npm_command !== 'exec' || !existsSync(join(root, 'dist', 'cli', 'main.js'))) {
  const options = { cwd: root, stdio: 'inherit' };
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--if-stale'], options);
  process.exitCode = status ?? 1;
}
