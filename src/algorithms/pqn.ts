import { type PqnConfig, parsePqnConfig } from '../agents/pqn-config.ts';
import { upgradePqnConfig } from '../agents/upgrade-config.ts';
import { createPqnTraining } from '../train/pqn-training.ts';
import { type Algorithm, algorithm, type Platform, type TrainingTask } from './algorithm.ts';
import { examineNetwork } from './examine-network.ts';
import { networkTrainingOptions } from './network-training-options.ts';

/** Rollouts of a rough measurement. */
const ROLLOUTS = 3;

async function create(task: TrainingTask<PqnConfig>, platform: Platform) {
  const options = await networkTrainingOptions(task, platform, task.config.environments);
  return createPqnTraining({ ...options, memoryLimit: platform.memoryLimit });
}

/** PQN. Its gradient steps come in rounds, so whole rollouts are measured, each with the learning that follows it. */
export const pqn: Algorithm = algorithm<PqnConfig>({
  parse: parsePqnConfig,
  upgrade: upgradePqnConfig,
  create,
  examine: (task, platform) => examineNetwork(task, platform, pqn),
  measure: async (task, platform, { warmup = 1, frames = 1, now }) => {
    const { environments, rolloutSteps } = task.config;
    const rollout = environments * rolloutSteps;
    const before = Math.ceil(warmup / rollout) * rollout;
    const timed = Math.max(ROLLOUTS, Math.ceil(frames / rollout)) * rollout;
    const training = await create(task, platform);
    while (training.step < before) await training.advance({});
    const started = now();
    while (training.step < before + timed) await training.advance({});
    const framesPerSecond = (timed / (now() - started)) * 1000;
    await training.close();
    return { framesPerSecond };
  },
});
