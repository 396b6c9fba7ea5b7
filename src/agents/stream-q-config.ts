import * as z from 'zod/mini';
import { dqnConfigSchema } from './dqn-config.ts';
import { fraction, positive } from './number-schemas.ts';
import { parseConfig, together } from './parse-config.ts';

const { shape } = dqnConfigSchema;

/** Every hyper-parameter of StreamQ(lambda), with its range; names that DQN has mean what they mean there. */
export const streamQConfigSchema = z
  .strictObject({
    preprocessing: shape.preprocessing,
    clipReward: shape.clipReward,
    actionMasks: shape.actionMasks,
    /** Whether observations are brought to mean 0 and variance 1, by what was seen so far. */
    standardizeObservations: z.boolean(),
    /** Whether rewards are divided by the standard deviation of the discounted returns so far. */
    scaleReward: z.boolean(),
    network: shape.network,
    /** Share of the weights that are 0 at first. */
    sparsity: z.number().check(z.gte(0), z.lt(1)),
    gamma: shape.gamma,
    /** Weight of the longer returns, 0 to 1: traces fade by gamma lambda a step. */
    lambda: fraction,
    /** The largest step size, alpha; ObGD makes it smaller. */
    learningRate: shape.learningRate,
    /** How far ObGD stays below its bound on overshooting. */
    kappa: positive(1000),
    epsilonStart: shape.epsilonStart,
    epsilonFinal: shape.epsilonFinal,
    epsilonDecaySteps: shape.epsilonDecaySteps,
    rewardBound: shape.rewardBound,
    rewardWindow: shape.rewardWindow,
    maxSteps: shape.maxSteps,
  })
  .check(
    together(({ network, epsilonStart, epsilonFinal }, refuse) => {
      if (network.lstm) refuse('network.lstm', 'null: StreamQ learns from single steps');
      if (network.noisy) refuse('network.noisy', 'null: StreamQ explores by epsilon');
      if (epsilonFinal > epsilonStart) refuse('epsilonFinal', `at most epsilonStart (${epsilonStart})`);
    }),
  );

export interface StreamQConfig extends Readonly<z.infer<typeof streamQConfigSchema>> {}

/** As `parseDqnConfig`. @throws OptionError naming the first key that is wrong. */
export function parseStreamQConfig(config: object): StreamQConfig {
  return parseConfig(streamQConfigSchema, config);
}
