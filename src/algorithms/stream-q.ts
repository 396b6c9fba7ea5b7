import { parseStreamQConfig, type StreamQConfig } from '../agents/stream-q-config.ts';
import { createStreamQTraining } from '../train/stream-q-training.ts';
import { type Algorithm, algorithm, type Platform, type TrainingTask } from './algorithm.ts';
import { examineNetwork } from './examine-network.ts';
import { measureSteps } from './measure-steps.ts';
import { networkTrainingOptions } from './network-training-options.ts';

async function create(task: TrainingTask<StreamQConfig>, platform: Platform) {
  return createStreamQTraining(await networkTrainingOptions(task, platform, 1));
}

/** StreamQ(lambda). */
export const streamQ: Algorithm = algorithm<StreamQConfig>({
  parse: parseStreamQConfig,
  create,
  examine: (task, platform) => examineNetwork(task, platform, streamQ),
  measure: async (task, platform, options) => measureSteps(await create(task, platform), options),
});
