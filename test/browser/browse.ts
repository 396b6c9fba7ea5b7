/** Opens the page of digests in a browser: any that takes an address on its command line, without a driver. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundlePage } from '../support/bundle.ts';
import type { PageResult } from './in-page.ts';

export interface BrowserProgram {
  readonly path: string;
  readonly kind: 'chromium' | 'firefox';
}

const ortFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/** With these a page may share memory among threads. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Tells the server too of a module that does not load. */
const HTML = `<!doctype html>
<script>onerror = (error) => fetch('/result', { method: 'POST', body: JSON.stringify({ error: String(error) }) });</script>
<script type="module" src="/page.js"></script>`;

const argumentsOf = {
  chromium: (profile: string, address: string) => [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
    ...[`--user-data-dir=${profile}`, address],
  ],
  firefox: (profile: string, address: string) => ['--headless', '--no-remote', '--profile', profile, address],
} as const;

/** A server of the page; `results` has a promise for each page's answer, in order. */
export async function servePage(): Promise<{ address: string; nextResult(): Promise<PageResult>; close(): void }> {
  const code = await bundlePage('test/browser/in-page.ts');
  let answer = (_: PageResult | { readonly error: string }): void => {};
  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://here').pathname;
    const send = (type: string, body: string | Uint8Array, status = 200) =>
      response.writeHead(status, { 'Content-Type': type, ...ISOLATED }).end(body);
    if (path === '/') return send('text/html', HTML);
    if (path === '/page.js') return send('text/javascript', code);
    if (path === '/result') {
      let text = '';
      for await (const part of request) text += part;
      answer(JSON.parse(text));
      return send('text/plain', 'thanks');
    }
    const name = /^\/ort\/(ort-wasm-simd-threaded\.(mjs|wasm))$/.exec(path);
    if (name === null) return send('text/plain', 'not here', 404);
    const type = name[2] === 'wasm' ? 'application/wasm' : 'text/javascript';
    return send(type, readFileSync(join(ortFolder, name[1])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    nextResult: () =>
      new Promise((resolve, reject) => {
        answer = (result) => ('error' in result ? reject(new Error(result.error)) : resolve(result));
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * The digests that a browser computes.
 * @param threads of onnxruntime-web.
 * @param all those of the package alone too.
 * @param signal gives up, and ends the browser.
 */
export async function digestsIn(
  browser: BrowserProgram,
  { threads, all, signal }: { readonly threads: number; readonly all: boolean; readonly signal?: AbortSignal },
): Promise<PageResult> {
  const page = await servePage();
  const profile = mkdtempSync(join(tmpdir(), 'bellman-browser-'));
  const address = `${page.address}?threads=${threads}${all ? '&all' : ''}`;
  const result = page.nextResult();
  const program: ChildProcess = spawn(browser.path, argumentsOf[browser.kind](profile, address), {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  program.stderr?.on('data', (part) => {
    said += part;
  });
  const ended = once(program, 'exit').then(([code]) => {
    throw new Error(`${browser.path} ended with ${code} before the page had answered: ${said.slice(-500)}`);
  });
  const abort = () => void end(program);
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([result, ended]);
  } finally {
    signal?.removeEventListener('abort', abort);
    ended.catch(() => {});
    await end(program);
    page.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends a browser with all its processes. */
async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.pid === undefined) return;
  const exit = once(program, 'exit');
  process.kill(-program.pid, 'SIGKILL');
  await exit;
}
