import type { GraphRunner } from '../../graph/runner.ts';
import { hasNativeOrt } from './native-ort.ts';
import { createOrtRunner, type OrtRunnerOptions } from './ort-runner.ts';
import { createWasmRunner } from './wasm-ort.ts';

/** Runs a model on the processor: on native ONNX Runtime, or on WebAssembly where that is missing. */
export async function createModelRunner(model: Uint8Array, options: OrtRunnerOptions): Promise<GraphRunner> {
  return (await hasNativeOrt()) ? createOrtRunner(model, options) : createWasmRunner(model, options);
}
