import { type PqnConfig, parsePqnConfig } from '../agents/pqn-config.ts';
import { upgradePqnConfig } from '../agents/upgrade-config.ts';
import type { Actor } from '../train/actors/actor.ts';
import { createPqnTraining } from '../train/pqn-training.ts';
import type { Training } from '../train/training.ts';
import { type Algorithm, algorithm, type Platform, type TrainingTask } from './algorithm.ts';
import { examineNetwork } from './examine-network.ts';
import { actorOptions, networkTrainingOptions, trainingWithActors } from './network-training-options.ts';

/** Rollouts of a rough measurement. */
const ROLLOUTS = 3;

async function create(task: TrainingTask<PqnConfig>, platform: Platform) {
  const options = await networkTrainingOptions(task, platform, task.config.environments);
  return createPqnTraining({ ...options, memoryLimit: platform.memoryLimit });
}

async function createActor(task: TrainingTask<PqnConfig>, platform: Platform): Promise<Actor> {
  const { createPqnActor } = await import('../train/actors/pqn-actor-training.ts');
  return createPqnActor(await actorOptions(task, task.actors!, platform));
}

async function createWithActors(task: TrainingTask<PqnConfig>, platform: Platform): Promise<Training> {
  const { createPqnActorTraining } = await import('../train/actors/pqn-actor-training.ts');
  return trainingWithActors(task, platform, createActor, createPqnActorTraining);
}

/** PQN. Its gradient steps come in rounds, so whole rollouts are measured, each with the learning that follows it. */
export const pqn: Algorithm = algorithm<PqnConfig>({
  parse: parsePqnConfig,
  upgrade: upgradePqnConfig,
  create: (task, platform) => (task.actors === undefined ? create : createWithActors)(task, platform),
  actor: createActor,
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
