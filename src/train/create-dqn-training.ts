import type { QNetwork } from '../agents/dqn.ts';
import type { DqnConfig } from '../agents/dqn-config.ts';
import { DqnLearner } from '../agents/dqn-learner.ts';
import { loadQNetwork } from '../agents/load-q-network.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { LiveTarget } from '../agents/target/live-target.ts';
import type { CreateTarget } from '../agents/target/target-network.ts';
import type { ValueHead } from '../agents/value-head.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { Graph } from '../graph/index.ts';
import type { Replay } from '../replay/replay.ts';
import { StoredReplay } from '../replay/stored-replay.ts';
import type { Foresight } from './cached-target.ts';
import { createUniformReplay } from './create-uniform-replay.ts';
import { createBootstrap, createOptimizer } from './dqn-parts.ts';
import { type DqnParts, type DqnPartsOptions, DqnTraining, type DqnTrainingOptions } from './dqn-training.ts';
import { Progress } from './progress.ts';
import { UpdateSchedule } from './update-schedule.ts';

/**
 * Puts a DQN training together, at its first step: from the configuration, and from the parts that are given instead. This
 * is the one place that knows of caches and background threads.
 * @throws UnknownNameError for an option of another name; OptionError for the first setting that is unknown, missing or out of
 *   range, or when the replay does not fit in memory; MismatchError when environment, wrappers and network do not fit.
 */
export async function createDqnTraining(given: DqnTrainingOptions): Promise<DqnTraining> {
  const { options, spec } = (await import('./check-options.ts')).checkDqnOptions(given);
  return new DqnTraining(options, await createDqnParts(options, spec));
}

/** The generators of a DQN training. Two seeds from one, so that random actions and the environment's own chances do not go
 * together. */
export function dqnGenerators(seed: number) {
  const [initialisation, coins, sampling, forDice] = new Generator(seed).spawn(4);
  return { initialisation, coins, sampling, dice: new Generator(forDice.integers(0, 2 ** 32)) };
}

/** What a DQN training is put together from. @param options its own: their configuration may change. @throws as `createDqnTraining`. */
export async function createDqnParts(options: DqnPartsOptions, spec: NetworkSpec): Promise<DqnParts> {
  const { config, seed, createRunner } = options;
  const { environments, batchSize } = config;
  const network = options.network ?? (await loadQNetwork(config, spec));
  checkNetwork(network, spec);
  const replay = options.replay ?? (await replayFor(options, spec));
  if (config.actionMasks && replay.createBatch(1).nextActionMasks === undefined) {
    throw new MismatchError(
      `actionMasks: true needs a replay of masks (maskLength: ${spec.actions}); this one has none.`,
    );
  }
  if (replay.capacity < config.learningStarts) {
    throw new OptionError(
      'learningStarts',
      config.learningStarts,
      `at most the capacity of the replay (${replay.capacity}), or learning would never start`,
    );
  }
  const { initialisation, coins, sampling, dice } = dqnGenerators(seed);
  const progress = new Progress(config, options.now);
  const schedule = new UpdateSchedule(config);
  const learner = await DqnLearner.create({
    network,
    batchSize,
    bootstrap: options.bootstrap ?? createBootstrap(config),
    weighted: config.replay.kind === 'prioritized',
    actionMasks: config.actionMasks,
    createOptimizer: createOptimizer(config),
    clipNorm: config.gradientClipNorm,
    environments,
    createTarget: targetFor(options, network, replay, { sampling, schedule, step: () => progress.step }),
    random: initialisation,
    createRunner,
  });
  return { spec, learner, replay, schedule, progress, coins, dice, sampling };
}

/** Parts that few pages need are loaded by those that do. */
async function replayFor({ config, memoryLimit }: DqnPartsOptions, spec: NetworkSpec): Promise<Replay> {
  const options = { memoryLimit, streams: config.environments };
  if (config.replay.kind === 'uniform') return createUniformReplay(config, spec, options);
  return (await import('./create-replay.ts')).createReplay(config, spec, options);
}

/** The target network: its values cached where that pays, else part of each update. */
function targetFor(options: DqnPartsOptions, network: QNetwork, replay: Replay, foresight: Foresight): CreateTarget {
  const { config, bootstrap } = options;
  // An own rule may ask for more than the values of the next observations.
  if (!(replay instanceof StoredReplay) || bootstrap !== undefined || !worthCaching(config, network)) {
    return (online) => new LiveTarget(online);
  }
  return async (online) =>
    (await import('./cached-target.ts')).createCachedTarget(online, options, network, replay, foresight);
}

/** Updates between two target syncs from which caching pays. */
const UPDATES_WORTH_CACHING = 100;

/**
 * A forward pass with weights that stand still takes two thirds of the same pass within an update, and in a small replay most
 * passes would repeat an earlier one. For that a model has to be made after each sync, at the price of 20 to 30 updates.
 */
function worthCaching(config: DqnConfig, network: QNetwork): boolean {
  const { targetUpdateInterval, trainInterval, gradientSteps } = config;
  // Noise makes every pass another one, and distributions and soft policies need more than the values.
  if (network.noise !== undefined && network.noise.length > 0) return false;
  if (!givesQ(network.values) || config.bootstrap.kind === 'munchausen') return false;
  return (
    network.inputDType === 'uint8' && (targetUpdateInterval / trainInterval) * gradientSteps >= UPDATES_WORTH_CACHING
  );
}

/** Whether a network's numbers are action values as they are. */
function givesQ({ width, expectedQ }: ValueHead): boolean {
  const output = new Graph().input('output', 'float32', [1, 2]);
  return width === 1 && expectedQ(output) === output;
}

/** @throws MismatchError when a network does not take the environment's observations, or gives other actions. */
function checkNetwork({ inputShape, inputDType, actions }: QNetwork, spec: NetworkSpec): void {
  const takes = `${inputDType} [${inputShape.join(', ')}]`;
  const given = `${spec.inputDType} [${spec.inputShape.join(', ')}]`;
  if (takes !== given) throw new MismatchError(`The network takes ${takes}, the environment gives ${given}.`);
  if (actions === spec.actions) return;
  throw new MismatchError(`The network gives values of ${actions} actions, the environment has ${spec.actions}.`);
}
