import * as z from 'zod/mini';
import { dqnConfigSchema } from './dqn-config.ts';
import { whole } from './number-schemas.ts';
import { parseConfig, together } from './parse-config.ts';

const { shape } = dqnConfigSchema;

/** Every hyper-parameter of the cross-entropy method, with its range; names that DQN has mean what they mean there. */
export const crossEntropyConfigSchema = z
  .strictObject({
    preprocessing: shape.preprocessing,
    actionMasks: shape.actionMasks,
    network: shape.network,
    /** Episodes played between two updates. */
    batchEpisodes: whole(1, 100_000),
    /** Percentile of a batch's returns: episodes at it and above are learned from. */
    elitePercentile: z.number().check(z.gte(0), z.lte(100)),
    /** Most steps of the elite in an update; of a longer elite so many are drawn. */
    batchSize: shape.batchSize,
    learningRate: shape.learningRate,
    optimizerEpsilon: shape.optimizerEpsilon,
    rewardBound: shape.rewardBound,
    rewardWindow: shape.rewardWindow,
    maxSteps: shape.maxSteps,
  })
  .check(
    together(({ network }, refuse) => {
      if (network.lstm) refuse('network.lstm', 'null: it learns from single steps');
      if (network.noisy) refuse('network.noisy', 'null: the policy itself is random');
    }),
  );

export interface CrossEntropyConfig extends Readonly<z.infer<typeof crossEntropyConfigSchema>> {}

/** As `parseDqnConfig`. @throws OptionError naming the first key that is wrong. */
export function parseCrossEntropyConfig(config: object): CrossEntropyConfig {
  return parseConfig(crossEntropyConfigSchema, config);
}
