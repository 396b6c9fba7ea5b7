import type { CreateRunner } from '../agents/dqn-learner.ts';
import { emitOnnx, modelSpec } from '../graph/index.ts';
import { checkDevice } from './devices.ts';
import { createOrtRunner } from './ort-runner.ts';

/** Runs graphs on onnxruntime-node. @throws OptionError for an unknown device, UnavailableError for one that is not here. */
export function ortRunnerFactory(name: string, threads: number): CreateRunner {
  const device = checkDevice(name);
  return (graph, outputs, { outputArrays = {}, small = false } = {}) =>
    createOrtRunner(emitOnnx(graph, { outputs }), {
      ...modelSpec(outputs),
      device,
      // The threads of two models would spin for the same cores.
      threads: small ? 1 : threads,
      outputArrays,
    });
}
