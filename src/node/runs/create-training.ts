import { loadAlgorithm } from '../../algorithms/registry.ts';
import { OptionError } from '../../core/errors.ts';
import type { Training } from '../../train/training.ts';
import { nodePlatform } from './node-platform.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** Builds the training that a resolved run describes, at its first step.
 * @throws OptionError when the algorithm has no use for the device. */
export async function createTraining(run: ResolvedRun): Promise<Training> {
  const algorithm = await loadAlgorithm(run.algorithm);
  if (!algorithm.networks && run.device !== 'cpu') {
    throw new OptionError('--device', run.device, `cpu for ${run.algorithm}, which has no network`);
  }
  return algorithm.create(run, nodePlatform(run));
}
