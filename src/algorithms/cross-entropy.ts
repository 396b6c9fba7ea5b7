import { type CrossEntropyConfig, parseCrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import { upgradeCrossEntropyConfig } from '../agents/upgrade-config.ts';
import { createCrossEntropyTraining } from '../train/cross-entropy-training.ts';
import { type Algorithm, algorithm, type Platform, type TrainingTask } from './algorithm.ts';
import { examineNetwork } from './examine-network.ts';
import { measureSteps } from './measure-steps.ts';
import { networkTrainingOptions } from './network-training-options.ts';

async function create(task: TrainingTask<CrossEntropyConfig>, platform: Platform) {
  return createCrossEntropyTraining(await networkTrainingOptions(task, platform, 1));
}

/** The cross-entropy method. */
export const crossEntropy: Algorithm = algorithm<CrossEntropyConfig>({
  parse: parseCrossEntropyConfig,
  upgrade: upgradeCrossEntropyConfig,
  create,
  examine: (task, platform) => examineNetwork(task, platform, crossEntropy),
  measure: async (task, platform, options) => measureSteps(await create(task, platform), options),
});
