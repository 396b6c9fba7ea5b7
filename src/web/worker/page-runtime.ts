import type { Runners } from '../../algorithms/algorithm.ts';
import { OptionError } from '../../core/errors.ts';
import type { CreateRunner } from '../../graph/create-runner.ts';
import type { CreateModelRunner } from '../../runs/loaded-agent.ts';
import type { LoadOrtOptions } from '../runtime/load-ort.ts';
import type { TrainingHostOptions, WebRuntime } from './protocol.ts';

/** What is known of a run when its runtime is chosen. */
export interface RuntimeNeeds {
  /** Whether it has networks. */
  readonly networks: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  /** The device of a run that goes on: its bits are of that. Undefined for a new one. */
  readonly begunOn: string | undefined;
}

/** What runs the networks of a training in a page. Nothing is loaded before it is asked for. */
export interface Runtime {
  readonly name: WebRuntime | 'none';
  /** Node's name for it, as runs note it. The interpreter has none there. */
  readonly device: string;
  readonly threads: number;
  runners(): Promise<Runners>;
  readonly createModelRunner: CreateModelRunner;
}

const RUNTIMES = ['auto', 'kernels', 'onnxruntime', 'interpreter'] as const;
const MOST_THREADS = 4;
/** From which on onnxruntime-web is faster on pictures than the kernels on their one thread (docs/results/web.md). */
const THREADS_THAT_PAY = 3;

/** @throws OptionError for an unknown runtime or device, or a runtime that has no use for the device. */
export function openRuntime(
  { networks, config, begunOn }: RuntimeNeeds,
  { runtime = 'auto', device = 'wasm', threads: asked, ort: folder }: TrainingHostOptions,
  onProgress: LoadOrtOptions['onProgress'],
): Runtime {
  if (!RUNTIMES.includes(runtime)) throw new OptionError('runtime', runtime, `one of ${RUNTIMES.join(', ')}`);
  if (device !== 'wasm' && device !== 'webgpu') throw new OptionError('device', device, 'wasm or webgpu');
  const pictures = (config['preprocessing'] as { readonly kind?: unknown } | undefined)?.kind !== 'none';
  const mayShare = globalThis.crossOriginIsolated ? (asked ?? usualThreads(pictures)) : 1;
  const gains = pictures && mayShare >= THREADS_THAT_PAY && begunOn !== 'kernels';
  const usual = device === 'webgpu' || begunOn === 'wasm' || gains ? 'onnxruntime' : 'kernels';
  const name = !networks ? 'none' : runtime === 'auto' ? usual : runtime;
  if (device === 'webgpu' && networks && name !== 'onnxruntime')
    throw new OptionError('runtime', name, 'onnxruntime on the device webgpu');
  const threads = name === 'onnxruntime' ? mayShare : 1;
  const openOrt = async () => {
    const [{ loadOrt }, runner] = await Promise.all([
      import('../runtime/load-ort.ts'),
      import('../runtime/ort-web-runner.ts'),
    ]);
    const ort = await loadOrt({ device, folder, threads, onProgress });
    return { ort, executionProviders: [device], ...runner };
  };
  const alone = (createRunner: CreateRunner): Runners => ({ createRunner, createBackgroundRunner: undefined });
  /** What runs graphs without onnxruntime. */
  const ownRunner = async (): Promise<CreateRunner> =>
    name === 'interpreter'
      ? (await import('../../graph/interpreter-runner.ts')).interpretGraphs
      : (await import('../../graph/kernels/kernel-runner.ts')).compileGraphs;
  return {
    name,
    device: name === 'none' ? 'cpu' : name === 'kernels' ? name : device,
    threads,
    async runners() {
      if (name !== 'onnxruntime') return alone(await ownRunner());
      const { ort, executionProviders, ortWebRunnerFactory } = await openOrt();
      return alone(ortWebRunnerFactory(ort, { executionProviders }));
    },
    async createModelRunner(model, spec) {
      if (name !== 'onnxruntime') {
        const { graphModelRunner } = await import('../../runs/model-runner.ts');
        return graphModelRunner(await ownRunner())(model, spec);
      }
      const { ort, executionProviders, createOrtWebRunner } = await openOrt();
      return createOrtWebRunner(ort, model, { ...spec, executionProviders });
    },
  };
}

/** Threads make networks that see pictures faster; small ones wait for each other. */
const usualThreads = (pictures: boolean): number =>
  pictures ? Math.min(MOST_THREADS, Math.ceil((globalThis.navigator?.hardwareConcurrency ?? 1) / 2)) : 1;
