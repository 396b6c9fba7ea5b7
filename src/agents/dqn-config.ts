import { z } from 'zod';
import { OptionError } from '../core/errors.ts';

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
    /** Widths of the hidden layers of `mlp`; the other networks have their own. */
    hiddenSizes: z.array(positiveInt.max(65_536)).min(1).max(8),
    dueling: z.boolean(),
    doubleQ: z.boolean(),
    gamma: fraction,
    nStep: positiveInt.max(100),
    batchSize: positiveInt.max(65_536),
    /** Capacity of the replay in transitions. */
    bufferSize: positiveInt,
    /** Transitions in the replay before the first update. */
    learningStarts: positiveInt,
    /** Environment steps between updates. */
    trainInterval: positiveInt,
    /** Updates done each time. */
    gradientSteps: positiveInt.max(10_000),
    /** Environment steps between copies to the target network. */
    targetUpdateInterval: positiveInt,
    optimizer: z.enum(['adam', 'rmsprop']),
    learningRate: z.number().positive().max(10),
    /** Learning rate at the end of its linear decay; equal to `learningRate` for none. */
    learningRateFinal: z.number().positive().max(10),
    /** Environment steps over which the learning rate decays. */
    learningRateDecaySteps: z.int().min(0),
    /** Term that keeps the optimizer's denominator from zero. */
    optimizerEpsilon: z.number().positive().max(1),
    loss: z.enum(['mse', 'huber']),
    /** Largest L2 norm of the gradient; 0 for no clipping. */
    gradientClipNorm: z.number().min(0),
    epsilonStart: fraction,
    epsilonFinal: fraction,
    /** Environment steps over which epsilon would fall by 1. */
    epsilonDecaySteps: z.int().min(0),
    /** Training stops when the mean return of the last `rewardWindow` episodes rises above this. */
    rewardBound: z.number(),
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
    if (config.epsilonFinal > config.epsilonStart)
      refuse('epsilonFinal', `at most epsilonStart (${config.epsilonStart})`);
    if (config.nStep > config.learningStarts) refuse('nStep', `at most learningStarts (${config.learningStarts})`);
  });

export type DqnConfig = z.infer<typeof dqnConfigSchema>;

/** Checks a whole configuration.
 * @throws OptionError naming the first key that is missing, unknown or out of range, what was received and what is allowed. */
export function parseDqnConfig(config: Readonly<Record<string, unknown>>): DqnConfig {
  const result = dqnConfigSchema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    throw new OptionError(
      'configuration',
      issue.keys.join(', '),
      `one of ${Object.keys(dqnConfigSchema.shape).join(', ')}`,
    );
  }
  const key = String(issue.path[0]);
  throw new OptionError(key, config[key], describe(issue));
}

/** What the schema allows, in words, from one of zod's issues. */
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    default:
      return issue.message;
  }
}
