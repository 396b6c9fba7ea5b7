import { totalmem } from 'node:os';
import type { DqnConfig } from '../agents/dqn-config.ts';
import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { makeFromKwargs } from '../envs/registry.ts';
import type { QLearningConfig, SampledModelConfig } from '../tabular/config.ts';
import type { TabularAgent } from '../tabular/tabular-agent.ts';
import type { DqnTraining } from '../train/dqn-training.ts';
import type { Training } from '../train/training.ts';
import type { ResolvedRun } from './resolve-run.ts';

/**
 * Builds the training that a resolved run describes, at its first step. Algorithms load on use: a tabular run never
 * reads the neural network's code.
 */
export async function createTraining(run: ResolvedRun): Promise<Training> {
  if (run.algorithm === 'dqn') return createDqn(run);
  if (run.device !== 'cpu') throw new OptionError('--device', run.device, 'cpu for tabular methods');
  const agent = await createTabularAgent(run);
  const { TabularTraining } = await import('../train/tabular-training.ts');
  const { maxIterations } = run.config as { maxIterations: number };
  return new TabularTraining({ agent, maxIterations, env: run.env, envOptions: run.envKwargs });
}

/** The same for a run that is known to be DQN. */
export async function createDqn(run: ResolvedRun): Promise<DqnTraining> {
  const { createDqnTraining } = await import('../train/dqn-training.ts');
  const { ortRunnerFactory } = await import('./ort-runner-factory.ts');
  return createDqnTraining({
    config: run.config as unknown as DqnConfig,
    envId: run.env,
    envKwargs: run.envKwargs,
    env: makeFromKwargs(run.env, run.envKwargs) as Env<unknown, number>,
    seed: run.seed,
    createRunner: ortRunnerFactory(run.device, run.threads),
    now: () => performance.now(),
    // Half of the machine: networks, pictures and the system need room too.
    memoryLimit: totalmem() / 2,
  });
}

async function createTabularAgent(run: ResolvedRun): Promise<TabularAgent> {
  const make = () => makeFromKwargs(run.env, run.envKwargs) as Env<number, number>;
  const options = { env: make(), testEnv: make(), seed: run.seed };
  const tabular = await import('../tabular/index.ts');
  switch (run.algorithm) {
    case 'value-iteration':
      return new tabular.ValueIterationAgent({ ...options, config: run.config as unknown as SampledModelConfig });
    case 'q-iteration':
      return new tabular.QIterationAgent({ ...options, config: run.config as unknown as SampledModelConfig });
    default:
      return new tabular.QLearningAgent({ ...options, config: run.config as unknown as QLearningConfig });
  }
}
