import type { Platform } from '../../algorithms/algorithm.ts';
import type { Env } from '../../core/env.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { availableMemory } from './available-memory.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** This machine, as a run uses it: onnxruntime-node, environments in threads, half of the memory. */
export function nodePlatform(run: Pick<ResolvedRun, 'env' | 'envKwargs' | 'device' | 'threads'>): Platform {
  const { env: envId, envKwargs, device, threads } = run;
  return {
    makeEnv: () => makeFromKwargs(envId, envKwargs) as Env<unknown, number>,
    makeEnvs: async ({ environments, preprocessing: view }) => {
      const { trainingEnvInThreads } = await import('../threads/training-env.ts');
      return trainingEnvInThreads({ id: envId, kwargs: envKwargs, view }, environments, threads);
    },
    runners: async () => {
      const [{ ortRunnerFactory }, { backgroundRunnerFactory }] = await Promise.all([
        import('../onnxruntime/ort-runner-factory.ts'),
        import('../onnxruntime/background-runner.ts'),
      ]);
      return {
        createRunner: ortRunnerFactory(device, threads),
        createBackgroundRunner: backgroundRunnerFactory(device, threads),
      };
    },
    now: () => performance.now(),
    // Networks, pictures and the system need room too.
    memoryLimit: availableMemory() / 2,
  };
}
