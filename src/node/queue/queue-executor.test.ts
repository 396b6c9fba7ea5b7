/** What a queue that lost a job, or was drained of it, means to who waits. With servers: queue-worker.test.ts. */
import { expect, it } from 'vitest';
import type { TrainingJob } from '../jobs/training-job.ts';
import { QueueExecutor } from './queue-executor.ts';
import type { TrainingQueue } from './training-queue.ts';

const job: TrainingJob = {
  ...{ id: 'a/seed1', recipe: 'sarsa', env: 'CliffWalking-v1', kwargs: {}, set: {}, seed: 1, evaluation: null },
};
const ended = { kind: 'ended', step: 3, seconds: 1, solved: null, score: 2 };

/** A queue whose job is gone once, after which its server says that it was drained so often. */
async function waitWith(before: number, after: number) {
  let added = 0;
  let looks = 0;
  const queue = {
    timesDrained: async () => (looks < 2 ? before : after),
    add: async () => {
      added++;
    },
    // Before it is added, lost once, before it is added again, and done.
    find: async () => (++looks !== 4 ? undefined : { data: { job }, progress: 0, finishedOn: 1, returnvalue: ended }),
  } as unknown as TrainingQueue;
  const executor = await QueueExecutor.open({ queue, version: '1.2.3', slots: 1, lookMs: 0 });
  const end = await executor.run(job, () => {}, new AbortController().signal);
  return { end, added };
}

it.each([
  ['that a server lost, with its count of drains, is put there again', 3, 0],
  ['that a server lost, with the count as it was, is put there again', 3, 3],
])('a job %s', async (_, before, after) => {
  expect(await waitWith(before, after)).toEqual({ end: ended, added: 2 });
});

it('a job that people took out is stopped', async () => {
  expect(await waitWith(3, 4)).toEqual({ end: { kind: 'stopped', step: 0 }, added: 1 });
});
