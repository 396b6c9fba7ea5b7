#!/usr/bin/env node
// The command `bellman`: looks whether it can run at all, before anything is loaded that an old Node cannot even read.
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const OLDEST = 20;
const main = join(__dirname, '..', 'dist', 'cli', 'main.js');

function fail(line) {
  process.stderr.write(`bellman: ${line}\n`);
  process.exitCode = 1;
}

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  fail(`Node ${process.versions.node} is too old, at least ${OLDEST} is needed. Get one from https://nodejs.org`);
} else if (!existsSync(main)) {
  fail(`this checkout is not built. Run in ${join(__dirname, '..')}: npm ci && npm run build`);
} else {
  // Here and not in there: what cannot be loaded, because files or memory are short, cannot say so.
  import(pathToFileURL(main).href).catch((error) => fail(`the program cannot be loaded: ${String(error.message).split('\n')[0]}`));
}
