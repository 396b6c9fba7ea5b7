import { totalmem } from 'node:os';
import type { DqnConfig } from '../../agents/dqn-config.ts';
import type { PqnConfig } from '../../agents/pqn-config.ts';
import type { Env } from '../../core/env.ts';
import { OptionError } from '../../core/errors.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import type { TabularConfig } from '../../tabular/config.ts';
import { type ViewConfig, viewOf } from '../../train/preprocessing.ts';
import type { DqnTraining } from '../../train/dqn-training.ts';
import type { Training } from '../../train/training.ts';
import type { ResolvedRun } from './resolve-run.ts';

/**
 * Builds the training that a resolved run describes, at its first step. Algorithms load on use: a tabular run never
 * reads the neural network's code.
 */
export async function createTraining(run: ResolvedRun): Promise<Training> {
  if (run.algorithm === 'dqn') return createDqn(run);
  if (run.algorithm === 'pqn') return createPqn(run);
  if (run.device !== 'cpu') throw new OptionError('--device', run.device, 'cpu for tabular methods');
  return createTabular(run);
}

/** The same for a run that is known to be DQN. */
export async function createDqn(run: ResolvedRun): Promise<DqnTraining> {
  const { createDqnTraining } = await import('../../train/dqn-training.ts');
  const config = run.config as unknown as DqnConfig;
  const { backgroundRunnerFactory } = await import('../onnxruntime/background-runner.ts');
  const createBackgroundRunner = backgroundRunnerFactory(run.device, run.threads);
  return createDqnTraining({ config, createBackgroundRunner, ...(await surroundings(run, config)) });
}

async function createPqn(run: ResolvedRun): Promise<Training> {
  const { createPqnTraining } = await import('../../train/pqn-training.ts');
  const config = run.config as unknown as PqnConfig;
  return createPqnTraining({ config, ...(await surroundings(run, config)) });
}

/** What a training of a network has around it, whatever it learns by. */
async function surroundings(run: ResolvedRun, config: ViewConfig & { readonly environments: number }) {
  const { ortRunnerFactory } = await import('../onnxruntime/ort-runner-factory.ts');
  const { ThreadedEnvGroup } = await import('../threads/threaded-env-group.ts');
  const { env: envId, envKwargs, threads, seed, device } = run;
  const { environments } = config;
  return {
    envId,
    envKwargs,
    group: new ThreadedEnvGroup({ envId, envKwargs, view: viewOf(config), environments, threads }),
    seed,
    createRunner: ortRunnerFactory(device, threads),
    now: () => performance.now(),
    // Half of the machine: networks, pictures and the system need room too.
    memoryLimit: totalmem() / 2,
  };
}

async function createTabular(run: ResolvedRun): Promise<Training> {
  const [{ tabularAlgorithm }, { withNumberedStates }, { TabularTraining }] = await Promise.all([
    import('../../tabular/algorithms.ts'),
    import('../../tabular/numbered-states.ts'),
    import('../../train/tabular-training.ts'),
  ]);
  const { maxIterations, rewardBound, cells } = run.config as unknown as TabularConfig;
  const make = () => withNumberedStates(makeFromKwargs(run.env, run.envKwargs) as Env<unknown, number>, cells);
  const agent = tabularAlgorithm(run.algorithm)!.create({
    env: make(),
    testEnv: make(),
    seed: run.seed,
    config: run.config,
  });
  return new TabularTraining({ agent, maxIterations, rewardBound, env: run.env, envOptions: run.envKwargs, cells });
}
