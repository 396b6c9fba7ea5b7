import * as z from 'zod/mini';
import { type PartOf, part } from './config-part.ts';
import { networkPart, valuesPart } from './network-config.ts';
import { fraction, positive, whole } from './number-schemas.ts';
import { parseConfig, type Refuse, together } from './parse-config.ts';
import { preprocessingPart } from './preprocessing-config.ts';

/** Whether frames lie compressed in the replay: less memory, slower to draw. Pictures only. */
const compression = z.enum(['none', 'lz']);

/** What follows a step in its target. */
export const bootstrapSchemas = {
  /** The target network's value of its best action. */
  greedy: z.strictObject({}),
  /** Its value of the online network's best action (van Hasselt et al. 2016). */
  double: z.strictObject({}),
  /** A soft policy's value, and the scaled log-policy in the reward (Vieillard et al. 2020). */
  munchausen: z.strictObject({
    /** Scale of the log-policy term. */
    alpha: fraction,
    /** Of the soft policy. */
    temperature: positive(1000),
    /** Lower bound of the log-policy term. */
    clip: z.number().check(z.negative()),
  }),
} as const;

/** How transitions are stored and drawn. */
export const replaySchemas = {
  /** All alike. */
  uniform: z.strictObject({ compression }),
  /** In proportion to their last errors (Schaul et al. 2016). */
  prioritized: z.strictObject({
    /** Exponent of the errors; 0 draws uniformly, 1 in proportion. */
    alpha: fraction,
    /** Exponent of the importance weights at the first step; 1 corrects the bias fully. */
    betaStart: fraction,
    /** The same after `betaSteps` environment steps. */
    betaFinal: fraction,
    betaSteps: whole(0),
    /** Added to the errors, so that no transition is lost for good. */
    epsilon: positive(1),
    compression,
  }),
  /** Sequences of steps, all alike, for a recurrent network; `batchSize` counts sequences (Kapturowski et al. 2019). */
  sequences: z.strictObject({
    /** Steps that are learned from. */
    length: whole(1, 10_000),
    /** Steps before those, without gradients, which bring up to date what is remembered. */
    burnIn: whole(0, 10_000),
    /** Steps that are learned from in one sequence and in the next one too. */
    overlap: whole(0, 10_000),
    /** What a sequence begins with: what was remembered when it was played, or nothing. */
    initialState: z.enum(['stored', 'zero']),
  }),
} as const;

export type BootstrapConfig = PartOf<typeof bootstrapSchemas>;
export type ReplayConfig = PartOf<typeof replaySchemas>;

/**
 * Every hyper-parameter of DQN, with its range. Lengths say their unit: a step is one environment step after frame
 * skip, an update one gradient step. Recipes give a value and a source for each key; `--set key=value` replaces one.
 */
export const dqnConfigSchema = z
  .strictObject({
    preprocessing: preprocessingPart,
    /** Whether training rewards are reduced to their sign. */
    clipReward: z.boolean(),
    /** Whether only actions that the environment's `info.action_mask` allows are taken, explored and bootstrapped from. */
    actionMasks: z.boolean(),
    /** Whether an episode that a time limit truncated counts as ended, so that no value follows its last step: Lapan's
     * `is_done or is_tr`, for comparison. */
    truncatedAsTerminal: z.boolean(),
    network: networkPart,
    values: valuesPart,
    bootstrap: part('bootstrap', bootstrapSchemas),
    replay: part('replay', replaySchemas),
    /** Environments that play at the same time, on the same weights; their steps count together. */
    environments: whole(1, 4096),
    gamma: fraction,
    nStep: whole(1, 100),
    batchSize: whole(1, 65_536),
    /** Capacity of the replay in transitions. */
    bufferSize: whole(1),
    /** Transitions in the replay before the first update. */
    learningStarts: whole(1),
    /** Environment steps between updates. */
    trainInterval: whole(1),
    /** Updates done each time. */
    gradientSteps: whole(1, 10_000),
    /** Environment steps between target syncs. */
    targetUpdateInterval: whole(1),
    /** Share of the way to the online network that a target sync goes: 1 copies (Mnih et al. 2015), less is Polyak averaging
     * (Lillicrap et al. 2016, tau). */
    targetUpdateRate: positive(1),
    optimizer: z.enum(['adam', 'rmsprop']),
    learningRate: positive(10),
    /** Learning rate at the end of its linear decay; equal to `learningRate` for none. */
    learningRateFinal: positive(10),
    /** Environment steps over which the learning rate decays. */
    learningRateDecaySteps: whole(0),
    /** Added to the optimizer's denominator, so that it is never zero. */
    optimizerEpsilon: positive(1),
    /** Largest L2 norm of the gradient; 0 for no clipping. */
    gradientClipNorm: z.number().check(z.gte(0)),
    epsilonStart: fraction,
    epsilonFinal: fraction,
    /** Environment steps over which epsilon would fall by 1. */
    epsilonDecaySteps: whole(0),
    /** Training stops when the mean return of the last `rewardWindow` episodes rises above this; null trains to the end. */
    rewardBound: z.nullable(z.number()),
    rewardWindow: whole(1, 100_000),
    /** Training stops, unsolved, after so many environment steps. */
    maxSteps: whole(1),
  })
  .check(
    together((config, refuse) => {
      const { values, bootstrap, replay, nStep } = config;
      checkRecurrent(config, refuse);
      if (config.batchSize > config.learningStarts) {
        refuse('batchSize', `at most learningStarts (${config.learningStarts}), so that the first batch can be drawn`);
      }
      if (config.learningStarts > config.bufferSize) {
        refuse('learningStarts', `at most bufferSize (${config.bufferSize}), or learning would never start`);
      }
      if (config.environments > config.bufferSize) {
        refuse('environments', `at most bufferSize (${config.bufferSize}), so that each has a place in the replay`);
      }
      if (config.epsilonFinal > config.epsilonStart)
        refuse('epsilonFinal', `at most epsilonStart (${config.epsilonStart})`);
      if (nStep > config.learningStarts) refuse('nStep', `at most learningStarts (${config.learningStarts})`);
      const binned = values.kind === 'categorical' || values.kind === 'hl-gauss';
      if (binned && values.vMin >= values.vMax) {
        refuse('values.vMin', `below values.vMax (${values.vMax})`);
      }
      if (bootstrap.kind === 'munchausen') {
        // The paper defines it for values that a mean over actions leaves in their form.
        if (binned) refuse('bootstrap.kind', `greedy or double for ${values.kind} values`);
      }
      if (replay.kind === 'prioritized' && replay.betaFinal < replay.betaStart) {
        refuse('replay.betaFinal', `at least replay.betaStart (${replay.betaStart})`);
      }
      if (replay.kind !== 'sequences' && replay.compression !== 'none' && config.preprocessing.kind === 'none') {
        refuse('replay.compression', 'none for observations that are not pictures');
      }
    }),
  );

/** What goes with a recurrent network, and with nothing else. */
function checkRecurrent(
  {
    network,
    values,
    replay,
    actionMasks,
    environments,
    nStep,
    learningStarts,
  }: Pick<DqnConfig, 'network' | 'values' | 'replay' | 'actionMasks' | 'environments' | 'nStep' | 'learningStarts'>,
  refuse: Refuse,
): void {
  if (replay.kind !== 'sequences') {
    if (network.lstm) refuse('replay.kind', 'sequences with network.lstm');
    return;
  }
  if (!network.lstm) refuse('network.lstm', 'an object as {"units":64} with replay.kind=sequences');
  if (network.noisy) refuse('network.noisy', 'null with network.lstm');
  if (values.kind === 'implicit') refuse('values.kind', 'any but implicit with network.lstm');
  if (actionMasks) refuse('actionMasks', 'false with network.lstm');
  if (replay.overlap >= replay.length) refuse('replay.overlap', `below replay.length (${replay.length})`);
  const first = environments * (replay.burnIn + replay.length + nStep);
  if (learningStarts < first) refuse('learningStarts', `at least ${first}, a sequence of every environment`);
}

export interface DqnConfig extends Readonly<z.infer<typeof dqnConfigSchema>> {}

/** Checks a whole configuration.
 * @throws OptionError naming the first key that is missing, unknown or out of range, what was received and what is allowed. */
export function parseDqnConfig(config: object): DqnConfig {
  return parseConfig(dqnConfigSchema, config);
}
