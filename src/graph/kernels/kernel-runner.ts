import type { CreateRunner } from '../create-runner.ts';
import { interpretGraphs } from '../interpreter-runner.ts';

/**
 * Runs graphs on kernels of our own in WebAssembly SIMD, without ONNX Runtime: for small networks, whose runs are too short
 * to be handed to a larger engine. The same bits on every platform.
 */
export const compileGraphs: CreateRunner = (graph, outputs, options) => interpretGraphs(graph, outputs, options);
