import { existsSync } from 'node:fs';
import type { GraphRunner } from '../../graph/runner.ts';
import { createOrtWebRunner, type OrtWeb } from '../../web/runtime/ort-web-runner.ts';
import type { OrtRunnerOptions } from './ort-runner.ts';

/**
 * onnxruntime-web as the package carries it: scripts/build.ts puts it next to the elements, which load it too, so that it is there however the
 * package was installed, and of one version, to which the bits of results belong.
 */
const CARRIED = new URL('../../elements/ort/ort.mjs', import.meta.url);

interface OrtInNode extends OrtWeb {
  readonly env: { readonly wasm: { numThreads?: number } };
}

let loading: Promise<OrtInNode> | undefined;

/** @param threads of all runners of this process: the first call decides. The bits of results do not depend on it. */
export function loadWasmOrt(threads: number): Promise<OrtWeb> {
  loading ??= load(threads);
  return loading;
}

async function load(threads: number): Promise<OrtInNode> {
  // Not carried where the sources run: there it is a package to develop with.
  const ort: OrtInNode = await import(existsSync(CARRIED) ? CARRIED.href : 'onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  return ort;
}

/** Runs a model on WebAssembly, as `createOrtRunner` does on native ONNX Runtime. */
export async function createWasmRunner(model: Uint8Array, options: OrtRunnerOptions): Promise<GraphRunner> {
  const { inputs, outputs, outputArrays = {}, threads = 1 } = options;
  return createOrtWebRunner(await loadWasmOrt(threads), model, { inputs, outputs, outputArrays });
}
