/** The site as visitors have it: built whole, served from a folder of another name, in a real Chromium; then without its server. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeScript, violationsOn } from '../support/axe.ts';
import { contentType } from '../support/content-type.ts';
import { launchChromium } from '../support/launch-chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'bellman-site-'));
const folder = join(temporary, 'site');
const pages = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));

let server: Server;
let address: string;
let browser: Browser;

beforeAll(async () => {
  const built = spawnSync('npx', ['tsx', 'site/build.ts', '--no-api', '--out', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(built.stderr + built.stdout).toMatch(/The site is in /);
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname).replace(
      /^\/some\/folder\//,
      '',
    );
    const file = join(folder, path === '' ? 'index.html' : path);
    if (!existsSync(file)) return response.writeHead(404).end('not here');
    return response.writeHead(200, { 'Content-Type': contentType(file) }).end(readFileSync(file));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/folder/`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(temporary, { recursive: true, force: true });
});

/** A page that keeps what goes wrong on it. */
async function open(context: BrowserContext, path: string): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
      errors.push(`asked ${request.url()}`);
  });
  await page.goto(address + path);
  return { page, errors };
}

it('has a page for each page of docs, and every link in it leads somewhere', () => {
  const sources = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('api'))
    .map((name) =>
      name === 'README.md' ? 'documentation.html' : name.replace(/README\.md$/, 'index.md').replace(/md$/, 'html'),
    );
  expect(pages()).toEqual(expect.arrayContaining([...sources, 'index.html']));
  const text = new Map(pages().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const dead = [...text].flatMap(([name, html]) =>
    Array.from(html.matchAll(/\s(?:href|src)="([^"]+)"/g), ([, link]) => link!)
      .filter((link) => !/^(https?:|mailto:)/.test(link))
      .filter((link) => {
        const [path = '', anchor] = decodeURI(link).split('#');
        const target = path === '' ? name : posix.join(posix.dirname(name), path);
        // The reference is made apart, by TypeDoc, which has a test of its own.
        if (target.startsWith('api/')) return false;
        if (link.startsWith('/') || !existsSync(join(folder, target))) return true;
        return anchor !== undefined && text.has(target) && !text.get(target)!.includes(` id="${anchor}"`);
      })
      .map((link) => `${name}: ${link}`),
  );
  expect(dead).toEqual([]);
});

it('shows indented lines of docs as code, as GitHub does', () => {
  const html = readFileSync(join(folder, 'guide/elements.html'), 'utf8');
  expect(html).toMatch(/<pre><code>Content-Security-Policy: script-src/);
});

it('has a menu on a phone, the start page too, and themes where the browser keeps nothing', async () => {
  const context = await browser.newContext({
    ...{ colorScheme: 'light', serviceWorkers: 'block', hasTouch: true, viewport: { width: 320, height: 640 } },
  });
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  const { page, errors } = await open(context, 'index.html');
  await page.getByRole('button', { name: 'Dark colours' }).tap();
  expect(await page.locator('bellman-pole').getAttribute('theme')).toBe('dark');
  await page.getByRole('button', { name: 'Menu' }).tap();
  await page.locator('#menu').getByText('Worksheets').first().tap();
  await page.locator('#menu').getByText('3. Value iteration').tap();
  await page.waitForURL(/03-value-iteration/);
  expect(errors).toEqual([]);
  await context.close();
});

it('opens from any folder: search, theme, no word to another server', async () => {
  const context = await browser.newContext({ colorScheme: 'light', serviceWorkers: 'block' });
  const { page, errors } = await open(context, 'guide/runs.html');
  await page.keyboard.press('/');
  await page.keyboard.type('prioritized');
  const first = page.locator('dialog.search li a').first();
  await first.waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/prioritized\.html/);
  expect(await page.locator('h1').innerText()).toBe('Prioritized replay');

  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Dark colours' }).click();
  expect(await background()).not.toBe(light);
  await page.reload();
  expect(await background()).not.toBe(light);
  expect(errors).toEqual([]);
  await context.close();
});

it('is for everyone: axe, and nothing wider than a small phone', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      colorScheme,
      serviceWorkers: 'block',
      viewport: { width: 320, height: 640 },
      bypassCSP: true,
    });
    for (const path of [
      'index.html',
      'documentation.html',
      'worksheets/03-value-iteration.html',
      'results/pong.html',
      'results/atari-speed.html',
    ]) {
      const { page, errors } = await open(context, path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      await page.evaluate(axeScript());
      const violations = await violationsOn(page);
      expect([path, violations, errors]).toEqual([path, [], []]);
      await page.close();
    }
    await context.close();
  }
});

it('has its pages without a network after the first visit', async () => {
  const context = await browser.newContext();
  const { page } = await open(context, 'index.html');
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await context.setOffline(true);
  await page.goto(`${address}results/pong.html`);
  expect(await page.locator('h1').innerText()).toContain('Pong');
  await page.goto(address);
  expect(await page.locator('h1').innerText()).toBe('See it learn.');
  await context.close();
});
