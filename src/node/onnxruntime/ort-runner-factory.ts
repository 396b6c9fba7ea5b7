import { sizeOf } from '../../core/shape.ts';
import { type CreateRunner, compileGraphs, emitOnnx, type ModelSpec, modelSpec } from '../../graph/index.ts';
import { checkDevice } from './devices.ts';
import { hasNativeOrt } from './native-ort.ts';
import { createOrtRunner } from './ort-runner.ts';
import { createShardedRunner } from './sharded-runner.ts';
import { createWasmRunner } from './wasm-ort.ts';

/** Elements of an input that make a row a picture: below, a step is too short to be worth another thread. */
const PICTURE = 1000;
/** Elements of weights above which handing them to other threads costs more than their help brings. */
const MANY_WEIGHTS = 300_000;

/**
 * Runs graphs on ONNX Runtime, or on the device `kernels` on what pages run small networks on, to the same bits.
 * @param name one of `DEVICES`: cpu is onnxruntime-node, or wasm where that is missing, which is said once.
 * @throws OptionError for an unknown device, UnavailableError for one that is not here.
 */
export function ortRunnerFactory(name: string, threads: number): CreateRunner {
  const device = checkDevice(name);
  if (device === 'kernels') return compileGraphs;
  return async (graph, outputs, { outputArrays = {}, small = false, rows, constants = {} } = {}) => {
    const spec = modelSpec(outputs, constants);
    if (device === 'wasm' || (device === 'cpu' && !(await hasNativeOrt()))) {
      return createWasmRunner(emitOnnx(graph, { outputs, initializers: constants }), {
        ...spec,
        threads,
        outputArrays,
      });
    }
    if (device === 'cpu' && rows !== undefined && sharesRows(spec, rows.count, threads)) {
      return createShardedRunner(rows.build, { batchSize: rows.count, shards: threads, outputArrays, constants });
    }
    return createOrtRunner(emitOnnx(graph, { outputs, initializers: constants }), {
      ...spec,
      device,
      // The threads of two models would spin for the same cores.
      threads: small ? 1 : threads,
      outputArrays,
    });
  };
}

/** Whether threads do better with some rows each than with a part of each operator. */
function sharesRows({ inputs, outputs }: ModelSpec, rows: number, threads: number): boolean {
  if (threads === 1 || rows % threads !== 0) return false;
  const pictures = Object.values(inputs).some(({ shape }) => sizeOf(shape) / rows >= PICTURE && shape[0] === rows);
  const results = Object.values(outputs).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return pictures && results < MANY_WEIGHTS;
}
