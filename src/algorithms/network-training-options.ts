import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Platform, TrainingTask } from './algorithm.ts';

/** What the trainings of networks take of a task and its machine alike.
 * @throws UnavailableError when the device that was asked for is not here. */
export async function networkTrainingOptions<C extends { readonly preprocessing: PreprocessingConfig }>(
  { env: envId, envKwargs, seed, config }: TrainingTask<C>,
  platform: Platform,
  environments: number,
) {
  const { createRunner } = await platform.runners();
  const env = await platform.makeEnvs({ environments, preprocessing: config.preprocessing });
  return { config, envId, envKwargs, seed, env, createRunner, now: platform.now };
}
