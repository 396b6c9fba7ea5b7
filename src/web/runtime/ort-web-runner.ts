/**
 * Graphs on onnxruntime-web, ONNX Runtime compiled to WebAssembly: in a page, in a worker, in Node. Its results have the
 * same bits on every engine and with any number of threads, which native ONNX Runtime does not promise.
 */
import { UnavailableError } from '../../core/errors.ts';
import type { CreateRunner } from '../../graph/create-runner.ts';
import { emitOnnx, type ModelSpec, modelSpec } from '../../graph/emit-onnx.ts';
import { KnownFeeds } from '../../graph/known-feeds.ts';
import { RunTurn } from '../../graph/run-turn.ts';
import type { Feeds, GraphRunner } from '../../graph/runner.ts';
import { allocateOutputs, checkFeed } from '../../graph/runner.ts';
import type { DType, TypedArray } from '../../graph/tensor-spec.ts';

/**
 * What is used of the module `onnxruntime-web`: `import * as ort from 'onnxruntime-web'` fits. How many threads it starts
 * (`ort.env.wasm.numThreads`) and where its program lies (`ort.env.wasm.wasmPaths`) is set by the caller, before the first
 * runner is made.
 */
export interface OrtWeb {
  readonly Tensor: OrtWebTensorConstructor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: OrtWebSessionOptions): Promise<OrtWebSession>;
  };
}

export interface OrtWebSessionOptions {
  readonly executionProviders: readonly string[];
  readonly graphOptimizationLevel: 'all';
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
}

/** Elements that lie where the processor reads them. */
export interface OrtWebTensor {
  readonly data: unknown;
}

export type OrtWebTensorConstructor = new (type: DType, data: never, shape: readonly number[]) => OrtWebTensor;

export interface OrtWebSession {
  run(feeds: never): Promise<Readonly<Record<string, OrtWebTensor>>>;
  release(): Promise<void>;
}

export interface OrtWebOptions {
  /** onnxruntime-web's execution providers, the preferred one first. Default `['wasm']`. */
  readonly executionProviders?: readonly string[];
}

export interface OrtWebRunnerOptions extends ModelSpec, OrtWebOptions {
  /** The caller's arrays for some outputs, over any memory, written by every run; the runner makes those that are missing. */
  readonly outputArrays?: Readonly<Record<string, TypedArray>>;
}

/** Runs graphs on onnxruntime-web: the `createRunner` of trainings in a page. */
export function ortWebRunnerFactory(ort: OrtWeb, options: OrtWebOptions = {}): CreateRunner {
  return async (graph, outputs, { outputArrays = {}, constants = {} } = {}) => {
    const model = emitOnnx(graph, { outputs, initializers: constants });
    return createOrtWebRunner(ort, model, { ...modelSpec(outputs, constants), ...options, outputArrays });
  };
}

/**
 * Runs an ONNX model on onnxruntime-web.
 * @param modelBytes what `emitOnnx` returned; a model with a free batch runs with the lengths in the specs.
 * @throws UnavailableError when onnxruntime-web cannot load the model.
 */
export async function createOrtWebRunner(
  ort: OrtWeb,
  modelBytes: Uint8Array,
  { inputs, outputs, outputArrays = {}, executionProviders = ['wasm'] }: OrtWebRunnerOptions,
): Promise<GraphRunner> {
  const session = await createSession(ort, modelBytes, executionProviders);
  const arrays = { ...allocateOutputs(outputs), ...outputArrays };
  for (const name in outputArrays) checkFeed(name, outputs[name], arrays[name]);
  const known = new KnownFeeds<OrtWebTensor>(
    inputs,
    ({ dtype, shape }, feed) => new ort.Tensor(dtype, feed as never, shape),
  );
  const tensors: Record<string, OrtWebTensor> = {};
  const turn = new RunTurn();

  return {
    inputs,
    outputs,
    async run(feeds: Feeds) {
      turn.check();
      for (const name in inputs) tensors[name] = known.of(name, feeds[name]);
      turn.begin();
      try {
        const results = await session.run(tensors as never);
        for (const name in arrays) arrays[name].set(results[name].data as TypedArray);
      } finally {
        turn.end();
      }
      return arrays;
    },
    async release() {
      if (turn.release()) await session.release();
    },
  };
}

async function createSession(
  ort: OrtWeb,
  modelBytes: Uint8Array,
  executionProviders: readonly string[],
): Promise<OrtWebSession> {
  try {
    return await ort.InferenceSession.create(modelBytes, {
      executionProviders,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    throw new UnavailableError(
      `onnxruntime-web cannot load the model: ${reason}.`,
      'Is the file complete, and does ort.env.wasm.wasmPaths say where its program lies?',
      { cause },
    );
  }
}
