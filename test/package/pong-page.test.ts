/** A page outside the project: one script tag, from another origin, which has the files that `npm pack` packs and no others. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeElements } from '../../scripts/build-elements.ts';
import { carryOrt } from '../../scripts/carry-onnxruntime.ts';
import { contentType } from '../support/content-type.ts';
import { launchChromium } from '../support/launch-chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'bellman-packed-'));
const servers: Server[] = [];
let browser: Browser;

beforeAll(async () => {
  // The project as `npm pack` sees it, with a build of the elements alone.
  const project = join(place, 'project');
  mkdirSync(project);
  for (const name of ['package.json', 'models']) cpSync(join(root, name), join(project, name), { recursive: true });
  writeElements(join(project, 'dist', 'elements'));
  carryOrt(join(project, 'dist', 'elements', 'ort'));
  const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  execFileSync('tar', ['-xzf', join(place, tarball.trim()), '-C', place]);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(place, { recursive: true, force: true });
});

/** Serves a function of the path. @returns its origin. */
async function serve(
  answer: (path: string) => { readonly type: string; readonly body: string | Uint8Array } | undefined,
) {
  const server = createServer((request, response) => {
    const found = answer(new URL(request.url ?? '/', 'http://here').pathname);
    if (found === undefined) return void response.writeHead(404).end('not here');
    response.writeHead(200, { 'Content-Type': found.type, 'Access-Control-Allow-Origin': '*' }).end(found.body);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('plays, and learns in a worker', async () => {
  const packed = join(place, 'package');
  const elsewhere = await serve((path) => {
    const file = join(packed, path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    return { type: contentType(file), body: readFileSync(file) };
  });
  const here = await serve((path) =>
    path === '/'
      ? {
          type: 'text/html',
          body: `<!doctype html><link rel="icon" href="data:,">
<script type="module" src="${elsewhere}/dist/elements/bellman-pong.js"></script>
<bellman-pong></bellman-pong>`,
        }
      : undefined,
  );
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(here);
  await expect.poll(() => page.locator('.value-bars .chosen').count()).toBe(1);
  await page.getByText('Learning here').click();
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await expect
    .poll(async () => /after [\d\s]*[1-9][\d\s]* steps/.test((await page.locator('.settings').textContent()) ?? ''))
    .toBe(true);
  expect(troubles).toEqual([]);
});
