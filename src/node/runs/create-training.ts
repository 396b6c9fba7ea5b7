import type { Algorithm } from '../../algorithms/algorithm.ts';
import { loadAlgorithm } from '../../algorithms/registry.ts';
import { OptionError } from '../../core/errors.ts';
import type { Evaluator } from '../../train/evaluated-training.ts';
import type { Training } from '../../train/training.ts';
import { namesPython } from './import-environment.ts';
import { nodePlatform } from './node-platform.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** Builds the training that a resolved run describes, at its first step, with its evaluations.
 * @throws OptionError when the algorithm has no use for the device. */
export async function createTraining(run: ResolvedRun): Promise<Training> {
  const algorithm = await loadAlgorithm(run.algorithm);
  if (!algorithm.networks && run.device !== 'cpu') {
    throw new OptionError('--device', run.device, `cpu for ${run.algorithm}, which has no network`);
  }
  const training = await create(algorithm, run);
  if (run.evaluation === null) return training;
  const { EvaluatedTraining } = await import('../../train/evaluated-training.ts');
  return new EvaluatedTraining(training, run.evaluation, run.seed, evaluator(run, run.evaluation.noops));
}

async function create(algorithm: Algorithm, run: ResolvedRun): Promise<Training> {
  try {
    return await algorithm.create(run, nodePlatform(run));
  } catch (error) {
    if (!namesPython(run.env)) throw error;
    const { withWrapperAdvice } = await import('../python/wrapper-advice.ts');
    throw withWrapperAdvice(error);
  }
}

/** Plays with the very model that a run would save, in the run's environment. */
function evaluator({ env, envKwargs }: ResolvedRun, noopMax: number): Evaluator {
  return async ({ content, fileName }, options) => {
    const [{ openAgent }, { evaluate }] = await Promise.all([
      import('./load-agent.ts'),
      import('../../train/evaluate.ts'),
    ]);
    const agent = await openAgent({ content, path: fileName }, { env, envKwargs, noopMax });
    try {
      return await evaluate(agent, options);
    } finally {
      await agent.close();
    }
  };
}
