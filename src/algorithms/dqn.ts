import { type DqnConfig, parseDqnConfig } from '../agents/dqn-config.ts';
import { upgradeDqnConfig } from '../agents/upgrade-config.ts';
import type { Actor } from '../train/actors/actor.ts';
import { createDqnTraining } from '../train/create-dqn-training.ts';
import type { DqnTraining } from '../train/dqn-training.ts';
import type { RecurrentDqnTraining } from '../train/recurrent-dqn-training.ts';
import { measureTraining, steadyStateConfig } from '../train/steady-state.ts';
import type { Training } from '../train/training.ts';
import { type Algorithm, algorithm, type Platform, type TrainingTask } from './algorithm.ts';
import { examineNetwork } from './examine-network.ts';
import { actorOptions, trainingWithActors } from './network-training-options.ts';

/** Steps that fill the replay of a rough measurement, and steps that it times. */
const WARMUP = 300;
const FRAMES = 150;

async function create(task: TrainingTask<DqnConfig>, platform: Platform): Promise<DqnTraining | RecurrentDqnTraining> {
  const { env: envId, envKwargs, seed, config } = task;
  const options = {
    config,
    envId,
    envKwargs,
    seed,
    env: await platform.makeEnvs(config),
    ...(await platform.runners()),
    now: platform.now,
    memoryLimit: platform.memoryLimit,
  };
  if (config.replay.kind !== 'sequences') return createDqnTraining(options);
  // Most trainings do without.
  return (await import('../train/recurrent-dqn-training.ts')).createRecurrentDqnTraining(options);
}

async function createActor(task: TrainingTask<DqnConfig>, platform: Platform): Promise<Actor> {
  const { createDqnActor } = await import('../train/actors/dqn-actor-training.ts');
  return createDqnActor(await actorOptions(task, task.actors!, platform));
}

async function createWithActors(task: TrainingTask<DqnConfig>, platform: Platform): Promise<Training> {
  const { createDqnActorTraining } = await import('../train/actors/dqn-actor-training.ts');
  const { createBackgroundRunner } = await platform.runners();
  return trainingWithActors(task, platform, createActor, (options) =>
    createDqnActorTraining({ ...options, createBackgroundRunner }),
  );
}

/** DQN with all its variants. */
export const dqn: Algorithm = algorithm<DqnConfig>({
  parse: parseDqnConfig,
  upgrade: upgradeDqnConfig,
  create: (task, platform) => (task.actors === undefined ? create : createWithActors)(task, platform),
  actor: createActor,
  examine: (task, platform) => examineNetwork(task, platform, dqn),
  measure: async (task, platform, { warmup = WARMUP, frames = FRAMES, now }) => {
    const steady = steadyStateConfig(task.config, warmup);
    const training = await create({ ...task, config: parseDqnConfig({ ...task.config, ...steady }) }, platform);
    const speed = await measureTraining(training, steady.learningStarts, frames, now);
    await training.close();
    return speed;
  },
});
