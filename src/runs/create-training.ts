import type { Platform } from '../algorithms/algorithm.ts';
import { loadAlgorithm } from '../algorithms/registry.ts';
import { OptionError } from '../core/errors.ts';
import type { Evaluator } from '../train/evaluated-training.ts';
import type { Training } from '../train/training.ts';
import type { CreateModelRunner } from './loaded-agent.ts';
import type { ResolvedRun } from './run.ts';

/**
 * Builds the training that a resolved run describes, at its first step, with its evaluations.
 * @param createModelRunner runs the models of evaluations.
 * @throws OptionError when the algorithm has no use for the device.
 */
export async function createTrainingOn(
  platform: Platform,
  run: ResolvedRun,
  createModelRunner: CreateModelRunner,
): Promise<Training> {
  const algorithm = await loadAlgorithm(run.algorithm);
  if (!algorithm.networks && run.device !== 'cpu') {
    throw new OptionError('--device', run.device, `cpu for ${run.algorithm}, which has no network`);
  }
  if (run.actors !== undefined && algorithm.actor === undefined) {
    throw new OptionError('--actors', run.actors.actors, `an option of DQN and PQN; ${run.algorithm} plays by itself`);
  }
  const training = await algorithm.create(run, platform);
  if (run.evaluation === null) return training;
  const { EvaluatedTraining } = await import('../train/evaluated-training.ts');
  const evaluator = modelEvaluator(run, createModelRunner, run.evaluation.noops);
  return new EvaluatedTraining(training, run.evaluation, run.seed, evaluator);
}

/** Plays with the very model that a run would save, in the run's environment. */
export function modelEvaluator(
  { env, envKwargs }: Pick<ResolvedRun, 'env' | 'envKwargs'>,
  createModelRunner: CreateModelRunner,
  noopMax?: number,
): Evaluator {
  return async ({ content, fileName }, options) => {
    const [{ openAgent }, { evaluate }] = await Promise.all([
      import('./open-agent.ts'),
      import('../train/evaluate.ts'),
    ]);
    const agent = await openAgent({ content, path: fileName }, { env, envKwargs, noopMax }, { createModelRunner });
    try {
      return await evaluate(agent, options);
    } finally {
      await agent.close();
    }
  };
}
