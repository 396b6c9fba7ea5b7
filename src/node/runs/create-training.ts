import { createTrainingOn } from '../../runs/create-training.ts';
import type { CreateModelRunner } from '../../runs/loaded-agent.ts';
import type { Training } from '../../train/training.ts';
import { namesPython } from './import-environment.ts';
import { nodePlatform } from './node-platform.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** Builds the training that a resolved run describes, at its first step, with its evaluations.
 * @throws OptionError when the algorithm has no use for the device. */
export async function createTraining(run: ResolvedRun): Promise<Training> {
  if (run.evaluation !== null) (await import('../roms/cartridge-folder.ts')).useCartridgeFolder();
  try {
    return await createTrainingOn(nodePlatform(run), run, createModelRunner);
  } catch (error) {
    if (!namesPython(run.env)) throw error;
    const { withWrapperAdvice } = await import('../python/wrapper-advice.ts');
    throw withWrapperAdvice(error);
  }
}

/** Loaded on use: only evaluations play models. */
const createModelRunner: CreateModelRunner = async (model, spec) =>
  (await import('../onnxruntime/model-runner.ts')).createModelRunner(model, spec);
