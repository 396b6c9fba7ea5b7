import * as z from 'zod';
import { dqnConfigSchema } from './dqn-config.ts';
import { parseConfig } from './parse-config.ts';

const positiveInt = z.int().min(1);
const { shape } = dqnConfigSchema;

/** Every hyper-parameter of the cross-entropy method, with its range; names that DQN has mean what they mean there. */
export const crossEntropyConfigSchema = z
  .strictObject({
    preprocessing: shape.preprocessing,
    actionMasks: shape.actionMasks,
    network: shape.network,
    /** Episodes played between two updates. */
    batchEpisodes: positiveInt.max(100_000),
    /** Percentile of a batch's returns: episodes at it and above are learned from. */
    elitePercentile: z.number().min(0).max(100),
    /** Most steps of the elite in an update; of a longer elite so many are drawn. */
    batchSize: shape.batchSize,
    learningRate: shape.learningRate,
    optimizerEpsilon: shape.optimizerEpsilon,
    rewardBound: shape.rewardBound,
    rewardWindow: shape.rewardWindow,
    maxSteps: shape.maxSteps,
  })
  .superRefine(({ network }, context) => {
    if (network.lstm) {
      context.addIssue({ code: 'custom', path: ['network', 'lstm'], message: 'null: it learns from single steps' });
    }
    if (network.noisy) {
      context.addIssue({ code: 'custom', path: ['network', 'noisy'], message: 'null: the policy itself is random' });
    }
  });

export interface CrossEntropyConfig extends Readonly<z.infer<typeof crossEntropyConfigSchema>> {}

/** As `parseDqnConfig`. @throws OptionError naming the first key that is wrong. */
export function parseCrossEntropyConfig(config: object): CrossEntropyConfig {
  return parseConfig(crossEntropyConfigSchema, config);
}
