import type { Runners } from '../../algorithms/algorithm.ts';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import type { CreateModelRunner } from '../../runs/loaded-agent.ts';
import type { LoadOrtOptions } from '../runtime/load-ort.ts';
import type { TrainingHostOptions, WebRuntime } from './protocol.ts';

/** What runs the networks of a training in a page. Nothing is loaded before it is asked for. */
export interface Runtime {
  readonly name: WebRuntime | 'none';
  readonly threads: number;
  runners(): Promise<Runners>;
  readonly createModelRunner: CreateModelRunner;
}

const RUNTIMES = ['auto', 'kernels', 'onnxruntime', 'interpreter'] as const;
const MOST_THREADS = 4;

/** @throws OptionError for an unknown runtime or device, or a runtime that has no use for the device. */
export function openRuntime(
  networks: boolean,
  config: Readonly<Record<string, unknown>>,
  { runtime = 'auto', device = 'wasm', threads: asked, ort: folder }: TrainingHostOptions,
  onProgress: LoadOrtOptions['onProgress'],
): Runtime {
  if (!RUNTIMES.includes(runtime)) throw new OptionError('runtime', runtime, `one of ${RUNTIMES.join(', ')}`);
  if (device !== 'wasm' && device !== 'webgpu') throw new OptionError('device', device, 'wasm or webgpu');
  const pictures = (config['preprocessing'] as { readonly kind?: unknown } | undefined)?.kind !== 'none';
  const name = !networks
    ? 'none'
    : runtime !== 'auto'
      ? runtime
      : device === 'webgpu' || pictures
        ? 'onnxruntime'
        : 'kernels';
  if (device === 'webgpu' && networks && name !== 'onnxruntime')
    throw new OptionError('runtime', name, 'onnxruntime on the device webgpu');
  const threads = name === 'onnxruntime' && globalThis.crossOriginIsolated ? (asked ?? usualThreads(pictures)) : 1;
  const openOrt = async () => {
    const [{ loadOrt }, runner] = await Promise.all([
      import('../runtime/load-ort.ts'),
      import('../runtime/ort-web-runner.ts'),
    ]);
    const ort = await loadOrt({ device, folder, threads, onProgress });
    return { ort, executionProviders: [device], ...runner };
  };
  const alone = (createRunner: Runners['createRunner']): Runners => ({
    createRunner,
    createBackgroundRunner: undefined,
  });
  return {
    name,
    threads,
    async runners() {
      if (name === 'kernels') return alone((await import('../../graph/kernels/kernel-runner.ts')).compileGraphs);
      if (name === 'interpreter') return alone((await import('../../graph/interpreter-runner.ts')).interpretGraphs);
      if (name === 'none')
        throw new UnavailableError('This training runs no networks.', 'Its algorithm should not ask.');
      const { ort, executionProviders, ortWebRunnerFactory } = await openOrt();
      return alone(ortWebRunnerFactory(ort, { executionProviders }));
    },
    async createModelRunner(model, spec) {
      const { ort, executionProviders, createOrtWebRunner } = await openOrt();
      return createOrtWebRunner(ort, model, { ...spec, executionProviders });
    },
  };
}

/** Threads make networks that see pictures faster; small ones wait for each other. */
const usualThreads = (pictures: boolean): number =>
  pictures ? Math.min(MOST_THREADS, Math.ceil((globalThis.navigator?.hardwareConcurrency ?? 1) / 2)) : 1;
