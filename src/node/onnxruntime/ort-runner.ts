import { MessageChannel } from 'node:worker_threads';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import { KnownFeeds } from '../../graph/known-feeds.ts';
import { RunTurn } from '../../graph/run-turn.ts';
import type { Feeds, GraphRunner } from '../../graph/runner.ts';
import { allocateOutputs, checkFeed } from '../../graph/runner.ts';
import type { TensorSpec, TypedArray } from '../../graph/tensor-spec.ts';
import type { Device } from './devices.ts';
import { loadNativeOrt, type NativeOrt } from './native-ort.ts';
import { OwnMemory } from './own-memory.ts';

export interface OrtRunnerOptions extends ModelSpec {
  /** Threads inside an operator; default 1. The bits of a result may depend on it, so it stays the same for a whole run. */
  readonly threads?: number;
  /**
   * Whether waiting threads spin instead of sleeping; default true. A step with it is 20 % shorter on an
   * idle machine, but can be several times as long where other processes want the cores.
   */
  readonly spin?: boolean;
  /** Where it runs; checked by `checkDevice`. Default cpu. */
  readonly device?: Exclude<Device, 'wasm' | 'kernels'> | undefined;
  /**
   * The caller's arrays for some outputs, written by every run; the runner makes those that are missing. ONNX Runtime
   * writes them in place, unless they lie over shared memory.
   */
  readonly outputArrays?: Readonly<Record<string, TypedArray>>;
}

const OPTIONS: OptionNames<OrtRunnerOptions> = {
  ...{ inputs: true, outputs: true, threads: true, spin: true, device: true },
  ...{ outputArrays: true },
};

/** A model that was loaded once, for any number of runners. */
export interface OrtSession {
  /** A runner with lengths of its own, where the model leaves the batch free; its `release` is that of the session. */
  bind(spec: ModelSpec, outputArrays?: OrtRunnerOptions['outputArrays']): GraphRunner;
  release(): Promise<void>;
}

/**
 * Runs an ONNX model on ONNX Runtime. On the processor `run` computes on the calling thread: nothing else happens on it
 * before the promise settles, so work that is to go on meanwhile belongs in another worker.
 * @param modelBytes what `emitOnnx` returned; a model with a free batch runs with the lengths in the specs.
 * @throws UnknownNameError for an option of another name, UnavailableError when onnxruntime-node is missing or
 *   cannot load the model.
 */
export async function createOrtRunner(modelBytes: Uint8Array, options: OrtRunnerOptions): Promise<GraphRunner> {
  checkOptionNames(options, OPTIONS);
  const session = await openOrtSession(modelBytes, options);
  return session.bind(options, options.outputArrays);
}

/** Loads a model. @throws as `createOrtRunner`. */
export async function openOrtSession(
  modelBytes: Uint8Array,
  { threads = 1, spin = true, device = 'cpu' }: Omit<OrtRunnerOptions, keyof ModelSpec | 'outputArrays'> = {},
): Promise<OrtSession> {
  if (!Number.isInteger(threads) || threads < 1) throw new OptionError('threads', threads, 'a whole number from 1');
  const ort = await loadNativeOrt();
  const session = await createSession(ort, modelBytes, { device, threads, spin });
  const ownMemory = new OwnMemory();
  const turn = new RunTurn();

  async function release(): Promise<void> {
    if (turn.release()) await session.release();
  }

  return {
    bind({ inputs, outputs }, outputArrays = {}) {
      const arrays = { ...allocateOutputs(outputs), ...outputArrays };
      for (const name in outputArrays) checkFeed(name, outputs[name], arrays[name]);
      const fetches: Record<string, Wrapped> = {};
      const ortFetches: Record<string, OrtTensor> = {};
      const wrapped = (spec: TensorSpec, array: TypedArray): Wrapped => {
        const own = ownMemory.of(array);
        return { own, tensor: new ort.Tensor(spec.dtype, own as never, spec.shape) as OrtTensor };
      };
      for (const name in outputs) {
        fetches[name] = wrapped(outputs[name], arrays[name]);
        ortFetches[name] = fetches[name].tensor;
      }
      const known = new KnownFeeds(inputs, wrapped);
      const ortFeeds: Record<string, OrtTensor> = {};
      return {
        inputs,
        outputs,
        async run(feeds: Feeds) {
          turn.check();
          for (const name in inputs) {
            const { own, tensor } = known.of(name, feeds[name]);
            if (own !== feeds[name]) own.set(feeds[name] as TypedArray);
            ortFeeds[name] = tensor;
          }
          turn.begin();
          try {
            const results = await session.run(ortFeeds, ortFetches);
            for (const name in results) {
              const { own } = fetches[name];
              giveBack(results[name].data, own);
              if (own !== arrays[name]) arrays[name].set(own);
            }
          } finally {
            turn.end();
          }
          return arrays;
        },
        release,
      };
    },
    release,
  };
}

/** An array as ONNX Runtime takes it. */
interface Wrapped {
  /** The array, or its copy where it lies over shared memory. */
  readonly own: TypedArray;
  readonly tensor: OrtTensor;
}

/** Bytes of an array that is worth being given back: the collector does well with smaller ones. */
const LARGE = 65_536;
/** Nobody listens: what is posted is gone. */
let nowhere: MessageChannel['port1'] | undefined;

/**
 * onnxruntime-node writes outputs where it is told to, and returns a copy of each as well. Megabytes of copies a run would
 * start a full garbage collection every few runs, so their memory is let go at once.
 */
function giveBack(copy: OrtTensor['data'], own: TypedArray): void {
  if (!ArrayBuffer.isView(copy) || copy.byteLength < LARGE || copy.buffer === own.buffer) return;
  if (nowhere === undefined) {
    nowhere = new MessageChannel().port1;
    nowhere.close();
  }
  nowhere.postMessage(null, [copy.buffer as ArrayBuffer]);
}

async function createSession(
  ort: NativeOrt,
  modelBytes: Uint8Array,
  { device, threads, spin }: { device: NonNullable<OrtRunnerOptions['device']>; threads: number; spin: boolean },
): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(modelBytes, {
      // What a provider lacks an operator for runs on the processor.
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Spinning ends with each run: the threads of several models would otherwise spin against each other.
      extra: { session: { intra_op: { allow_spinning: spin ? '1' : '0' }, force_spinning_stop: '1' } },
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    throw new UnavailableError(
      `ONNX Runtime cannot load the model: ${reason}.`,
      'Is the file complete and not damaged?',
      {
        cause,
      },
    );
  }
}
