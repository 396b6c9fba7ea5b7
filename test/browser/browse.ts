/** Opens the page of digests in a browser: any that takes an address on its command line, without a driver. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from '../support/bundle.ts';
import type { PageResult } from './in-page.ts';
import { serve } from './serve.ts';

export interface BrowserProgram {
  readonly path: string;
  readonly kind: 'chromium' | 'firefox';
}

const argumentsOf = {
  chromium: (profile: string, address: string) => [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
    ...[`--user-data-dir=${profile}`, address],
  ],
  firefox: (profile: string, address: string) => ['--headless', '--no-remote', '--profile', profile, address],
} as const;

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
  const page = await serve({ '/page.js': await bundlePage('test/browser/in-page.ts') });
  const profile = mkdtempSync(join(tmpdir(), 'bellman-browser-'));
  const address = `${page.address}?threads=${threads}${all ? '&all' : ''}`;
  const result = page.nextResult() as Promise<PageResult>;
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
