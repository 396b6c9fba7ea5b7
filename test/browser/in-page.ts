/** What a page does: computes the digests of `digests.ts` and sends them, or why it failed, to its server. */
import { ortWebRunnerFactory } from 'bellman-rl/web';
import * as ort from 'onnxruntime-web/wasm';
import { digests } from './digests.ts';

export interface PageResult {
  readonly browser: string;
  /** Whether the page may share memory among threads. */
  readonly isolated: boolean;
  /** By name of the job. */
  readonly found: Readonly<Record<string, string>>;
}

async function compute(): Promise<PageResult> {
  const query = new URLSearchParams(location.search);
  ort.env.wasm.wasmPaths = '/ort/';
  ort.env.wasm.numThreads = Number(query.get('threads'));
  const createRunner = ortWebRunnerFactory(ort);
  const web = await digests('onnxruntime-web', createRunner);
  const found = query.has('all') ? { ...(await digests('bellman', createRunner)), ...web } : web;
  return { browser: navigator.userAgent, isolated: crossOriginIsolated, found };
}

const result = await compute().catch((error: Error) => ({ error: `${error.stack ?? error}` }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
