import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Actor } from '../train/actors/actor.ts';
import type { ActorTrainingOptions } from '../train/actors/actor-training.ts';
import type { ActorSettings } from '../train/actors/chunk.ts';
import { LocalActors } from '../train/actors/local-actors.ts';
import { networkSpec } from '../train/preprocessing.ts';
import type { Training } from '../train/training.ts';
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

/** What a network of the task's environment takes and gives. */
export async function specOf(preprocessing: PreprocessingConfig, platform: Platform): Promise<NetworkSpec> {
  const env = await platform.makeEnvs({ environments: 1, preprocessing });
  const { singleObservationSpace: observationSpace, singleActionSpace: actionSpace } = env;
  env.close();
  return networkSpec({ observationSpace, actionSpace });
}

/** What actors take of a task and the machine that they are on. */
export async function actorOptions<C extends { readonly preprocessing: PreprocessingConfig }>(
  { seed, config }: TrainingTask<C>,
  settings: ActorSettings,
  platform: Platform,
) {
  const { preprocessing } = config;
  const { createRunner } = await platform.runners();
  const makeEnvs = (environments: number) => platform.makeEnvs({ environments, preprocessing });
  return { config, seed, settings, spec: await specOf(preprocessing, platform), createRunner, makeEnvs };
}

/** A training played by actors, who are started. @param create the training, of what such trainings take alike. */
export async function trainingWithActors<C extends { readonly preprocessing: PreprocessingConfig }>(
  task: TrainingTask<C>,
  platform: Platform,
  createActor: (task: TrainingTask<C>, platform: Platform) => Promise<Actor>,
  create: (options: ActorTrainingOptions<C>) => Promise<Training>,
): Promise<Training> {
  const { env: envId, envKwargs, seed, config } = task;
  const spec = await specOf(config.preprocessing, platform);
  const actors = (await platform.actors?.()) ?? new LocalActors(await createActor(task, platform));
  const { now, memoryLimit } = platform;
  const settings = task.actors!;
  try {
    const { createRunner } = await platform.runners();
    return await create({ config, envId, envKwargs, seed, settings, spec, actors, createRunner, now, memoryLimit });
  } catch (error) {
    await actors.close();
    throw error;
  }
}
