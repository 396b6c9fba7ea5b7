import type { QNetwork } from '../agents/dqn.ts';
import { CachedTarget } from '../agents/target/index.ts';
import type { Generator } from '../core/random/index.ts';
import type { Parameters } from '../nn/parameters.ts';
import { LookAhead, type StoredReplay, UniformReplay } from '../replay/index.ts';
import type { DqnPartsOptions } from './dqn-training.ts';
import { batchPredictor } from './predict-batch.ts';
import type { UpdateSchedule } from './update-schedule.ts';

/** What the next batch follows from. */
export interface Foresight {
  readonly sampling: Generator;
  readonly schedule: UpdateSchedule;
  readonly step: () => number;
}

/** A target network whose values are cached, those of the next batch computed in the background where the replay can say which
 * they are. */
export function createCachedTarget(
  online: Parameters,
  { config, createRunner, createBackgroundRunner }: DqnPartsOptions,
  network: QNetwork,
  replay: StoredReplay<'uint8' | 'float32'>,
  { sampling, schedule, step }: Foresight,
): Promise<CachedTarget> {
  const { batchSize, environments } = config;
  // Priorities follow from the update before, so draws by them cannot be predicted.
  const predictBatch =
    replay instanceof UniformReplay && createBackgroundRunner !== undefined
      ? batchPredictor(new LookAhead(replay, sampling), schedule, environments, step)
      : undefined;
  return CachedTarget.create(online, {
    network,
    batchSize,
    replay,
    predictBatch,
    createRunner,
    createBackgroundRunner,
  });
}
