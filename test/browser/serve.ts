/** A server of pages on this machine: scripts, onnxruntime-web, and an ear for what a page has to say. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

const ortFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/** With these a page may share memory among threads, and pages of other origins may load the scripts. */
const ISOLATED = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const SCRIPT = '<!doctype html><script type="module" src="/page.js"></script>';
/** Tells the server too of a module that does not load. */
const HTML = `<!doctype html>
<script>onerror = (error) => fetch('/result', { method: 'POST', body: JSON.stringify({ error: String(error) }) });</script>
<script type="module" src="/page.js"></script>`;

export interface PageServer {
  /** Of a page that runs `/page.js`. */
  readonly address: string;
  /** What a page posts to `/result`, from now on. @throws Error with what it calls `error`. */
  nextResult(): Promise<unknown>;
  close(): void;
}

/**
 * @param scripts code by path, such as `/page.js`; `/ort/` and `/elements/ort/` have onnxruntime-web's.
 * @param policy the Content-Security-Policy of all that is sent; the page then has no script of its own.
 */
export async function serve(scripts: Readonly<Record<string, string>>, policy?: string): Promise<PageServer> {
  let answer = (_: { readonly error?: string }): void => {};
  const policed = policy === undefined ? {} : { 'Content-Security-Policy': policy };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://here').pathname;
    const send = (type: string, body: string | Uint8Array, status = 200) =>
      response
        .writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...ISOLATED, ...policed })
        .end(body);
    if (path === '/') return send('text/html', policy === undefined ? HTML : SCRIPT);
    if (Object.hasOwn(scripts, path)) return send('text/javascript', scripts[path]);
    if (path === '/result') {
      let text = '';
      for await (const part of request) text += part;
      answer(JSON.parse(text));
      return send('text/plain', 'thanks');
    }
    const name = /^(?:\/elements)?\/ort\/((?:ort\.wasm\.min|ort-wasm-simd-threaded)\.(mjs|wasm))$/.exec(path);
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
        answer = (result) => (result.error === undefined ? resolve(result) : reject(new Error(result.error)));
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
