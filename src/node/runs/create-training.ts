import { createTrainingOn } from '../../runs/create-training.ts';
import type { CreateModelRunner } from '../../runs/loaded-agent.ts';
import type { Training } from '../../train/training.ts';
import type { QueuePlace } from '../actors/queue-actors.ts';
import { namesPython } from './import-environment.ts';
import { nodePlatform } from './node-platform.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** Where the actors of a run play, where it has any. What is learned does not depend on it. */
export interface ActorPlaces {
  /** Processes of this machine; 0 for this one. Default: as many as there are actors and cores for. */
  readonly workers?: number | undefined;
  /** A queue whose workers play, instead. */
  readonly queue?: QueuePlace | undefined;
}

/** Builds the training that a resolved run describes, at its first step, with its evaluations.
 * @throws OptionError when the algorithm has no use for the device. */
export async function createTraining(run: ResolvedRun, { workers, queue }: ActorPlaces = {}): Promise<Training> {
  if (run.evaluation !== null) (await import('../roms/cartridge-folder.ts')).useCartridgeFolder();
  try {
    const platform = nodePlatform(run);
    if (run.actors === undefined) return await createTrainingOn(platform, run, createModelRunner);
    const actors = async () => {
      const { localPool, poolTimes, usualWorkers } = await import('../actors/local-pool.ts');
      if (queue !== undefined) return (await import('../actors/queue-actors.ts')).queueActors(run, queue, poolTimes);
      return localPool(run, workers ?? usualWorkers(run));
    };
    return await createTrainingOn({ ...platform, actors }, run, createModelRunner);
  } catch (error) {
    if (!namesPython(run.env)) throw error;
    const { withWrapperAdvice } = await import('../python/wrapper-advice.ts');
    throw withWrapperAdvice(error);
  }
}

/** Loaded on use: only evaluations play models. */
const createModelRunner: CreateModelRunner = async (model, spec) =>
  (await import('../onnxruntime/model-runner.ts')).createModelRunner(model, spec);
