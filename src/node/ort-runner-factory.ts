import type { CreateRunner } from '../agents/dqn-learner.ts';
import { OptionError } from '../core/errors.ts';
import { emitOnnx, modelSpec } from '../graph/index.ts';
import { createOrtRunner } from './ort-runner.ts';

/** Runs graphs on onnxruntime-node. @throws OptionError for a device that this build does not have. */
export function ortRunnerFactory(device: string, threads: number): CreateRunner {
  if (device !== 'cpu') throw new OptionError('--device', device, 'cpu');
  return (graph, outputs, { outputArrays = {}, small = false } = {}) =>
    createOrtRunner(emitOnnx(graph, { outputs }), {
      ...modelSpec(outputs),
      device,
      // The threads of two models would spin for the same cores.
      threads: small ? 1 : threads,
      outputArrays,
    });
}
