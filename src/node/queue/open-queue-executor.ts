import { queueAddress } from './queue-address.ts';
import { QueueExecutor, type QueueExecutorOptions } from './queue-executor.ts';
import { TrainingQueue } from './training-queue.ts';

/**
 * An executor for the queue of `--queue`, which tells people when its server is gone and back.
 * @param url undefined for that of the environment.
 * @throws OptionError, QueueLostError in one line without anything secret.
 */
export async function openQueueExecutor({
  url,
  version,
  slots,
  say,
  onTaken,
}: {
  readonly url: string | undefined;
  readonly version: string;
  readonly slots?: number | undefined;
  readonly say: (line: string) => void;
  readonly onTaken?: QueueExecutorOptions['onTaken'];
}): Promise<QueueExecutor> {
  const queue = await TrainingQueue.open(queueAddress(url));
  return await QueueExecutor.open({
    ...{ queue, version, slots },
    onTrouble: (message) => say(message === undefined ? 'The queue answers again.' : `${message} Tries again.`),
    onTaken,
  });
}
