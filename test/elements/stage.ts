/**
 * A page with elements in a real Chromium: built from the sources, served on this machine under the Content-Security-Policy
 * that the guide promises. Any error of the page, its console or its network fails the test at `close`.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildElements } from '../../scripts/build-elements.ts';
import { axeScript, violationsOn } from '../support/axe.ts';
import { contentType } from '../support/content-type.ts';
import { launchChromium } from '../support/launch-chromium.ts';

const require = createRequire(import.meta.url);
const CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'";
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export interface Scene {
  /** What the page's body holds, such as `<bellman-lake></bellman-lake>`. */
  readonly body: string;
  /** Of the window; default 1280 x 900. */
  readonly width?: number;
  readonly height?: number;
  /** Default light. */
  readonly scheme?: 'light' | 'dark';
  /** A phone's: touch events and no mouse. Default false. */
  readonly touch?: boolean;
  readonly reducedMotion?: boolean;
  /** Whether threads may share memory. Default false. */
  readonly isolated?: boolean;
  /** Part of the address after `#`. */
  readonly fragment?: string;
  /** Errors of the console that belong to the scene. */
  readonly expectedErrors?: RegExp;
}

export interface ShownPage {
  readonly page: Page;
  /** What went wrong so far, a line each. */
  readonly troubles: readonly string[];
  /** Violations of axe, a line each; none when all is well. */
  axe(): Promise<string[]>;
  /** A picture of an element, or of the window. @returns where it lies. */
  picture(name: string, selector?: string): Promise<string>;
  /** Ends the page. @throws Error of everything that went wrong on it. */
  close(): Promise<void>;
}

export interface Stage {
  readonly address: string;
  /** More files by path, such as `/model.onnx`. */
  readonly files: Map<string, Uint8Array | string>;
  open(scene: Scene): Promise<ShownPage>;
  close(): Promise<void>;
}

/** Builds elements, starts a server and a browser.
 * @param only names of elements, such as `lake`. */
export async function openStage(only?: readonly string[]): Promise<Stage> {
  const built = buildElements(only);
  const files = new Map<string, Uint8Array | string>();
  const ortFolder = dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  const scenes = new Map<string, Scene>();
  const tags = [...built.keys()]
    .filter((name) => /^bellman-[\w-]+\.js$/.test(name))
    .map((name) => `<script type="module" src="/elements/${name}"></script>`)
    .join('\n');

  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname);
    const scene = scenes.get(path);
    if (scene !== undefined) {
      const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': CSP };
      response.writeHead(200, scene.isolated ? { ...headers, ...ISOLATED } : headers).end(pageOf(scene.body, tags));
      return;
    }
    const content =
      files.get(path) ??
      (path === '/page.css' ? 'body { margin: 12px; font-family: sans-serif }' : undefined) ??
      built.get(path.replace(/^\/elements\//, '')) ??
      (/^(\/elements)?\/ort\/[\w.-]+$/.test(path) ? readFileSync(join(ortFolder, basename(path))) : undefined);
    if (content === undefined) return void response.writeHead(404).end('not here');
    // A worker needs the policies of its page's headers.
    response
      .writeHead(200, { 'Content-Type': contentType(path), 'Content-Security-Policy': CSP, ...ISOLATED })
      .end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kept = process.env['BELLMAN_PICTURES'];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'bellman-pictures-'));
  mkdirSync(folder, { recursive: true });
  const browser: Browser = await launchChromium();

  return {
    address,
    files,
    async open(scene) {
      const path = `/scene-${scenes.size}`;
      scenes.set(path, scene);
      const options: BrowserContextOptions = {
        viewport: { width: scene.width ?? 1280, height: scene.height ?? 900 },
        colorScheme: scene.scheme ?? 'light',
        reducedMotion: scene.reducedMotion ? 'reduce' : 'no-preference',
        hasTouch: scene.touch ?? false,
        permissions: ['clipboard-read', 'clipboard-write'],
      };
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
      });
      page.on('requestfailed', (request) => troubles.push(`request: ${request.url()} ${request.failure()?.errorText}`));
      page.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${address}/`))
          troubles.push(`left the page's origin: ${request.url()}`);
      });
      await page.goto(`${address}${path}${scene.fragment === undefined ? '' : `#${scene.fragment}`}`);
      return {
        page,
        troubles,
        async axe() {
          // As a file of the page's own origin: the policy allows no text as a script.
          files.set('/axe.js', axeScript());
          await page.addScriptTag({ url: '/axe.js' });
          return violationsOn(page);
        },
        async picture(name, selector) {
          const file = join(folder, `${name}.png`);
          await (selector === undefined ? page : page.locator(selector)).screenshot({ path: file });
          return file;
        },
        async close() {
          await context.close();
          const unexpected = troubles.filter((trouble) => scene.expectedErrors?.test(trouble) !== true);
          if (unexpected.length > 0) throw new Error(`On the page:\n${unexpected.join('\n')}`);
        },
      };
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pageOf(body: string, tags: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page with elements</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
${tags}
</head>
<body>
<main>
<h1>Elements</h1>
${body}
</main>
</body>
</html>`;
}
