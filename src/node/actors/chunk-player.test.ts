/** Chunks as jobs of a queue: the loop itself is held by src/train/actors. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type QueueServer, startRedis } from '../../../test/support/queue-servers.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import type { Training } from '../../train/training.ts';
import { queueAddress } from '../queue/queue-address.ts';
import { TrainingQueue } from '../queue/training-queue.ts';
import { createTraining } from '../runs/create-training.ts';
import { resolveRun } from '../runs/resolve-run.ts';
import { ChunkPlayer } from './chunk-player.ts';
import {
  CHUNKS,
  queuedChunk,
  readQueuedAnswer,
  readQueuedChunk,
  readQueuedWeights,
  unpack,
  WEIGHTS,
} from './queued-chunk.ts';

const VERSION = '1.2.3';
let server: QueueServer;
let queue: TrainingQueue;
beforeAll(async () => {
  server = await startRedis();
  queue = await TrainingQueue.open(queueAddress(server.url));
});
// A test that fails leaves none to fail with it.
afterEach(() => server.thaw());
afterAll(async () => {
  await queue.close();
  await server.stop();
});

const bitsOf = (training: Training) =>
  Buffer.concat(encodeCheckpoint(training.saveState(), { kind: '', version: '', step: 0 })).toString('base64');

it('has the bits of a training that plays by itself, through a queue, and leaves nothing there', async () => {
  const run = await resolveRun({
    ...{ recipe: 'pqn-cart-pole', seed: 1, device: 'cpu', threads: 1, actors: { actors: 2 } },
    set: { environments: 4, rolloutSteps: 8, minibatches: 2, 'network.hiddenSizes': [8] },
  });
  const events: { readonly env: string; readonly refused?: string }[] = [];
  const player = (name: string, version: string) =>
    new ChunkPlayer({
      ...{ queue, name, slots: 1, version, allowCode: false, leaseSeconds: 5 },
      onEvent: ({ env, refused }) => events.push({ env, ...(refused === undefined ? {} : { refused }) }),
    });
  const place = { address: queueAddress(server.url), version: VERSION, patienceSeconds: 0, graceSeconds: 0 };
  const here = await createTraining(run, { workers: 0 });

  // Nobody there has its version.
  const other = player('old-1-1', '1.0.0');
  const refused = await createTraining(run, { queue: place });
  await expect(refused.advance({})).rejects.toThrow(
    /^No worker of the queue can play a chunk: old-1-1 lacks version 1\.2\.3 \(it is 1\.0\.0\)/,
  );
  expect(refused.untouched).toBe(true);
  await refused.close();

  // One that can, busy elsewhere when the other refuses, is waited for, however long that takes.
  const own = player('new-1-1', VERSION);
  const there = await createTraining(run, { queue: place });
  await there.advance({});
  await here.advance({});
  await other.close();
  for (let round = 1; round < 3; round++) {
    await here.advance({});
    await there.advance({});
  }
  expect(there.step).toBe(96);
  expect(bitsOf(there) === bitsOf(here)).toBe(true);
  expect(there.status()).toMatch(/, queue, \d+\.\d MB\/s, weights 1 round old$/);

  server.freeze();
  let failed: string | undefined;
  // What was asked for a round ahead may have come before.
  for (let round = 0; failed === undefined && round < 3; round++) {
    failed = await Promise.resolve(there.advance({})).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (failed === undefined) await here.advance({});
  }
  expect(failed).toMatch(/^--queue redis:\/\/127\.0\.0\.1:\d+: no answer within 8 s\. .* may answer another try\./);
  expect(failed).not.toContain(PASSWORD);
  // It can still be saved, and goes on elsewhere.
  expect(there.untouched).toBe(true);
  const resumed = await createTraining(run, { workers: 0 });
  resumed.restoreState(there.saveState());
  server.thaw();
  await resumed.advance({});
  await here.advance({});
  expect(bitsOf(resumed) === bitsOf(here)).toBe(true);
  await there.close();
  await own.close();
  expect(events).toContainEqual({ env: '', refused: 'version 1.2.3 (it is 1.0.0)' });
  expect(events.filter((event) => !('refused' in event))).toEqual([{ env: 'CartPole-v1' }]);
  const weights = queue.queueOf(WEIGHTS);
  expect(await weights.getJobCountByTypes('waiting', 'delayed')).toBe(0);
  await Promise.all([weights.close(), here.close(), resumed.close()]);
});

it('refuses what no learner of this program has put there', async () => {
  const good = queuedChunk({ version: VERSION, session: 'a-1', weights: 'a-1-w0', chunk: '' });
  expect(readQueuedChunk(good)).toEqual(good);
  for (const bad of [null, 'x', { ...good, format: 2 }, { ...good, weights: '../x' }, { ...good, more: 1 }]) {
    expect(() => readQueuedChunk(bad)).toThrow(/^A job of the queue is no chunk of this program/);
  }
  expect(() => readQueuedAnswer({ play: 1 })).toThrow(/is no answer of this program/);
  expect(() => readQueuedWeights({ run: {}, weights: 'AAA' })).toThrow(/weights that are no floats/);
  expect(() => unpack('AAAA')).toThrow(/not packed as this program packs/);
  const jobs = queue.queueOf<unknown>(CHUNKS);
  const player = new ChunkPlayer({
    ...{ queue, name: 'w-1-1', slots: 1, version: VERSION, allowCode: false, leaseSeconds: 5, onEvent: () => {} },
  });
  const { id } = await jobs.add('chunk', { hello: 1 }, { jobId: 'strange-1' });
  const gone = await jobs.add('chunk', good, { jobId: 'strange-2' });
  const reasonOf = async (job: string): Promise<string> => {
    for (;;) {
      const found = (await jobs.getJob(job))?.failedReason;
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  expect(await reasonOf(id!)).toMatch(/no chunk of this program/);
  expect(await reasonOf(gone.id!)).toBe('Its weights are in the queue no more.');
  await Promise.all([player.close(), jobs.close()]);
});
