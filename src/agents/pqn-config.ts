import * as z from 'zod/mini';
import { dqnConfigSchema } from './dqn-config.ts';
import { fraction, whole } from './number-schemas.ts';
import { parseConfig, together } from './parse-config.ts';

const { shape } = dqnConfigSchema;

/** Every hyper-parameter of PQN, with its range; names that DQN has mean what they mean there. */
export const pqnConfigSchema = z
  .strictObject({
    preprocessing: shape.preprocessing,
    clipReward: shape.clipReward,
    actionMasks: shape.actionMasks,
    network: shape.network,
    gamma: shape.gamma,
    /** Weight of the longer returns, 0 to 1. */
    lambda: fraction,
    environments: shape.environments,
    /** Steps of each environment between two rounds of learning. */
    rolloutSteps: whole(1, 65_536),
    /** Times that a rollout is learned from. */
    epochs: whole(1, 1000),
    /** Updates in each epoch; together they see the whole rollout. */
    minibatches: whole(1, 65_536),
    learningRate: shape.learningRate,
    learningRateFinal: shape.learningRateFinal,
    learningRateDecaySteps: shape.learningRateDecaySteps,
    optimizerEpsilon: shape.optimizerEpsilon,
    gradientClipNorm: shape.gradientClipNorm,
    /**
     * Decay, at each update, of the running mean of the weights that models are exported with; 0 exports the weights as they
     * are.
     */
    averageDecay: z.number().check(z.gte(0), z.lt(1)),
    epsilonStart: shape.epsilonStart,
    epsilonFinal: shape.epsilonFinal,
    epsilonDecaySteps: shape.epsilonDecaySteps,
    rewardBound: shape.rewardBound,
    rewardWindow: shape.rewardWindow,
    maxSteps: shape.maxSteps,
  })
  .check(
    together((config, refuse) => {
      const { network, environments, rolloutSteps, minibatches, epsilonStart, epsilonFinal } = config;
      if (network.noisy) refuse('network.noisy', 'null: PQN explores by epsilon');
      if (network.lstm && environments % minibatches !== 0) {
        refuse(
          'minibatches',
          `a divisor of environments (${environments}): a recurrent network learns from whole sequences`,
        );
      }
      const transitions = environments * rolloutSteps;
      if (transitions % minibatches !== 0) {
        refuse('minibatches', `a divisor of environments x rolloutSteps (${transitions})`);
      }
      if (epsilonFinal > epsilonStart) refuse('epsilonFinal', `at most epsilonStart (${epsilonStart})`);
    }),
  );

export interface PqnConfig extends Readonly<z.infer<typeof pqnConfigSchema>> {}

/** As `parseDqnConfig`. @throws OptionError naming the first key that is wrong. */
export function parsePqnConfig(config: object): PqnConfig {
  return parseConfig(pqnConfigSchema, config);
}
