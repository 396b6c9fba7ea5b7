import { z } from 'zod';
import { parseConfig } from './parse-config.ts';

const positiveInt = z.int().min(1);
const fraction = z.number().min(0).max(1);

/**
 * Every hyper-parameter of DQN, with its range. Lengths say their unit: a step is one environment step after frame
 * skip, an update one gradient step. Recipes give a value and a source for each key; `--set key=value` replaces one.
 */
export const dqnConfigSchema = z
  .strictObject({
    /** How raw observations become the network's input; `none` leaves vectors as they are. */
    preprocessing: z.enum(['none', 'atari', 'atari-second-edition']),
    /** Side of the square picture that the network sees; with the second edition's processing 84 or 42. Image environments only. */
    frameSize: positiveInt.min(8).max(210),
    /** Up to so many random no-ops after a reset; 0 for none. Image environments only. */
    noopMax: z.int().min(0).max(1000),
    /** Emulator frames per environment step. Image environments only. */
    frameSkip: positiveInt.max(60),
    /** Frames stacked into one observation. Image environments only. */
    frameStack: positiveInt.max(16),
    /** Whether losing a life ends a training episode. Image environments only. */
    episodicLife: z.boolean(),
    /** Whether training rewards are reduced to their sign. */
    clipReward: z.boolean(),
    network: z.enum(['mlp', 'dqn-2013', 'nature', 'half-42', 'small-42']),
    /** Whether pictures are brought to mean 0 and variance 1, each observation by itself, instead of being divided by 255. */
    standardizeInput: z.boolean(),
    /** Widths of the hidden layers of `mlp`; the other networks have their own. */
    hiddenSizes: z.array(positiveInt.max(65_536)).min(1).max(8),
    dueling: z.boolean(),
    doubleQ: z.boolean(),
    /** Whether the fully connected layers are noisy; they explore then, and epsilon is usually 0. */
    noisy: z.boolean(),
    /** First size of the noise, times the root of a layer's inputs. */
    noisySigma: z.number().positive().max(100),
    /** What the network gives for each action: its value, a distribution over fixed atoms, or quantiles. */
    values: z.enum(['scalar', 'categorical', 'quantile']),
    /** Atoms of categorical values, evenly spaced from vMin to vMax. */
    atoms: z.int().min(2).max(10_000),
    vMin: z.number(),
    vMax: z.number(),
    /** Number of quantiles. */
    quantiles: positiveInt.max(10_000),
    /** Scale of the log-policy in the reward; 0 for no Munchausen term and no soft policy. */
    munchausenAlpha: fraction,
    /** Temperature of the soft policy. */
    munchausenTemperature: z.number().positive().max(1000),
    /** Lower bound of the log-policy term. */
    munchausenClip: z.number().negative(),
    /** Environments that play side by side, on the same weights; their steps count together. */
    environments: positiveInt.max(4096),
    gamma: fraction,
    nStep: positiveInt.max(100),
    batchSize: positiveInt.max(65_536),
    /** Capacity of the replay in transitions. */
    bufferSize: positiveInt,
    /** How transitions are drawn: all alike, or in proportion to their last errors. */
    replay: z.enum(['uniform', 'prioritized']),
    /** Exponent of the errors; 0 draws uniformly, 1 in proportion. */
    priorityAlpha: fraction,
    /** Exponent of the importance weights at the first step; 1 corrects the bias fully. */
    priorityBetaStart: fraction,
    /** The same after `priorityBetaSteps` environment steps. */
    priorityBetaFinal: fraction,
    priorityBetaSteps: z.int().min(0),
    /** Added to the errors, so that no transition is lost for good. */
    priorityEpsilon: z.number().positive().max(1),
    /** Whether frames lie compressed in the replay: less memory, slower to draw. Image environments only. */
    replayCompression: z.enum(['none', 'lz']),
    /** Transitions in the replay before the first update. */
    learningStarts: positiveInt,
    /** Environment steps between updates. */
    trainInterval: positiveInt,
    /** Updates done each time. */
    gradientSteps: positiveInt.max(10_000),
    /** Environment steps between copies to the target network. */
    targetUpdateInterval: positiveInt,
    /** How far the target network moves towards the online one then: 1 copies, less is a soft update. */
    targetUpdateRate: z.number().positive().max(1),
    optimizer: z.enum(['adam', 'rmsprop']),
    learningRate: z.number().positive().max(10),
    /** Learning rate at the end of its linear decay; equal to `learningRate` for none. */
    learningRateFinal: z.number().positive().max(10),
    /** Environment steps over which the learning rate decays. */
    learningRateDecaySteps: z.int().min(0),
    /** Term that keeps the optimizer's denominator from zero. */
    optimizerEpsilon: z.number().positive().max(1),
    /** Of scalar values `mse` or `huber`, of quantiles `huber`, of categorical values `cross-entropy`. */
    loss: z.enum(['mse', 'huber', 'cross-entropy']),
    /** Largest L2 norm of the gradient; 0 for no clipping. */
    gradientClipNorm: z.number().min(0),
    epsilonStart: fraction,
    epsilonFinal: fraction,
    /** Environment steps over which epsilon would fall by 1. */
    epsilonDecaySteps: z.int().min(0),
    /** Training stops when the mean return of the last `rewardWindow` episodes rises above this; null goes on to the end. */
    rewardBound: z.number().nullable(),
    rewardWindow: positiveInt.max(100_000),
    /** Training stops, unsolved, after so many environment steps. */
    maxSteps: positiveInt,
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
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
    if (config.nStep > config.learningStarts) refuse('nStep', `at most learningStarts (${config.learningStarts})`);
    if (config.vMin >= config.vMax) refuse('vMin', `below vMax (${config.vMax})`);
    const losses = { scalar: ['mse', 'huber'], categorical: ['cross-entropy'], quantile: ['huber'] }[config.values];
    if (!losses.includes(config.loss)) refuse('loss', `${losses.join(' or ')} for ${config.values} values`);
    if (config.munchausenAlpha > 0) {
      // The papers define the term for one step, and for values that a mean over actions keeps their form.
      if (config.values === 'categorical') refuse('munchausenAlpha', '0 for categorical values');
      if (config.doubleQ)
        refuse('munchausenAlpha', '0 with doubleQ: its policy is soft, there is no best action to value');
      if (config.nStep > 1)
        refuse('munchausenAlpha', `0 with nStep ${config.nStep}: the term belongs to a single step`);
    }
    if (config.priorityBetaFinal < config.priorityBetaStart) {
      refuse('priorityBetaFinal', `at least priorityBetaStart (${config.priorityBetaStart})`);
    }
    if (config.replayCompression !== 'none' && config.preprocessing === 'none') {
      refuse('replayCompression', 'none for observations that are not pictures');
    }
  });

export type DqnConfig = z.infer<typeof dqnConfigSchema>;

/** The keys by which members of the family differ from plain DQN, beside those that version 0.1.0 had. */
export type FamilyConfig = Pick<
  DqnConfig,
  | 'noisy'
  | 'noisySigma'
  | 'values'
  | 'atoms'
  | 'vMin'
  | 'vMax'
  | 'quantiles'
  | 'munchausenAlpha'
  | 'munchausenTemperature'
  | 'munchausenClip'
  | 'replay'
  | 'priorityAlpha'
  | 'priorityBetaStart'
  | 'priorityBetaFinal'
  | 'priorityBetaSteps'
  | 'priorityEpsilon'
  | 'replayCompression'
  | 'standardizeInput'
  | 'environments'
  | 'targetUpdateRate'
>;

/** Plain DQN: every part switched off, at the value that its paper gives it where it has one. */
export const PLAIN_DQN: FamilyConfig = {
  noisy: false,
  noisySigma: 0.5,
  values: 'scalar',
  atoms: 51,
  vMin: -10,
  vMax: 10,
  quantiles: 200,
  munchausenAlpha: 0,
  munchausenTemperature: 0.03,
  munchausenClip: -1,
  replay: 'uniform',
  priorityAlpha: 0.6,
  priorityBetaStart: 0.4,
  priorityBetaFinal: 1,
  priorityBetaSteps: 1_000_000,
  priorityEpsilon: 1e-6,
  replayCompression: 'none',
  standardizeInput: false,
  environments: 1,
  targetUpdateRate: 1,
};

/** Checks a whole configuration.
 * @throws OptionError naming the first key that is missing, unknown or out of range, what was received and what is allowed. */
export function parseDqnConfig(config: Readonly<Record<string, unknown>>): DqnConfig {
  return parseConfig(dqnConfigSchema, config);
}
