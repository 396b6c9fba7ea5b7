/** An app outside the project: the guide's program, built by Vite from the packed package as it is, trains in Chromium. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { buildInto } from '../../scripts/build.ts';
import { readOnnx } from '../../src/graph/index.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { isBuilt } from '../support/program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'bellman-vite-'));
const app = join(place, 'app');
let server: PreviewServer;
let browser: Browser;

/** Installs what `npm pack` packs, with the project's own copies of its dependencies. */
async function install(folder: string): Promise<void> {
  const project = join(place, 'project');
  mkdirSync(join(project, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(project, 'package.json'));
  // A build takes as long as the rest of this file: that of the sources as they are will do.
  if (isBuilt) cpSync(join(root, 'dist'), join(project, 'dist'), { recursive: true });
  else await buildInto(join(project, 'dist'));
  const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  mkdirSync(join(folder, 'bellman-rl'), { recursive: true });
  const unpacked = ['-xzf', join(place, tarball.trim()), '-C', join(folder, 'bellman-rl'), '--strip-components=1'];
  execFileSync('tar', unpacked);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, name));
  }
}

beforeAll(async () => {
  await install(join(app, 'node_modules'));
  const guide = readFileSync(join(root, 'docs', 'guide', 'browser.md'), 'utf8');
  const program = /```ts main\.ts\n([\s\S]*?)```/.exec(guide)![1];
  expect(program.trim().split('\n').length).toBeLessThan(24);
  const call = "startTraining({ recipe: 'pqn-cart-pole', seed: 1 })";
  expect(program).toContain(call);
  // Cut short, and on the runtime that the address asks for.
  const short =
    "{ recipe: 'pqn-cart-pole', seed: 1, set: { maxSteps: 4000 } }, { runtime: location.hash.slice(1) as 'auto' }";
  writeFileSync(join(app, 'main.ts'), program.replace(call, `startTraining(${short})`));
  writeFileSync(
    join(app, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><canvas></canvas><pre></pre><script type="module" src="/main.ts"></script>',
  );
  await build({ root: app, logLevel: 'error' });
  server = await preview({ root: app, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(place, { recursive: true, force: true });
});

it.each(['auto', 'onnxruntime'])('trains CartPole, shows it, and offers the network: %s', async (runtime) => {
  const page = await browser.newPage();
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const troubles: string[] = [];
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(`${server.resolvedUrls!.local[0]}#${runtime}`);
  const link = page.locator('a');
  await link.waitFor();
  expect(await link.innerText()).toBe('Not solved in 4000 frames.');
  expect(await page.locator('pre').innerText()).toMatch(/\d+: done \d+ games, mean reward \d+/);
  // The picture of CartPole, not an empty canvas.
  const shown = await page.evaluate(() => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return { width: canvas.width, height: canvas.height, colours: new Set(new Uint32Array(data.buffer)).size };
  });
  expect(shown).toMatchObject({ width: 600, height: 400 });
  expect(shown.colours).toBeGreaterThan(3);
  const bytes = await link.evaluate(async (anchor) => [
    ...new Uint8Array(await (await fetch((anchor as HTMLAnchorElement).href)).arrayBuffer()),
  ]);
  expect(Object.keys(readOnnx(Uint8Array.from(bytes)).outputs)).toEqual(['q']);
  expect(troubles).toEqual([]);
  // Fourteen megabytes, when a network wants them and not before.
  expect(fetched.some((url) => url.endsWith('.wasm'))).toBe(runtime === 'onnxruntime');
});
