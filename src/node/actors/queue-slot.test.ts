/** What a learner does while its queue's server does not answer: servers themselves are with chunk-player.test.ts. */
import { afterEach, expect, it, vi } from 'vitest';
import { QueueLostError, type TrainingQueue } from '../queue/training-queue.ts';
import { ChunkPlayer } from './chunk-player.ts';
import { ChunkQueue, type ChunkQueueOptions } from './queue-slot.ts';

afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});
/** A connection to a server that is frozen. */
const frozen = () => ({
  ...{ close: () => never, disconnect: () => never },
  on: () => {},
  add: () => never,
  clean: () => never,
});

/** @param ask stands for asking the server. */
function slotOf(ask: TrainingQueue['ask'], options: Partial<ChunkQueueOptions> = {}) {
  const queue = { queueOf: frozen, workOn: frozen, ask } as unknown as TrainingQueue;
  const usual = { run: {}, version: '1.2.3', lag: 1, patienceSeconds: 600, graceSeconds: 60 };
  return { queue, chunks: new ChunkQueue({ queue, ...usual, ...options }) };
}

const play = (chunks: ChunkQueue) =>
  chunks.slot().play({ actor: 0, round: 0, version: 0, state: null }, new Float32Array(1));

it('closes, whether the server answers or not', async () => {
  vi.useFakeTimers();
  const { queue, chunks } = slotOf(async () => never);
  const player = new ChunkPlayer({
    ...{ queue, name: 'w-1-1', slots: 1, version: '1.2.3', allowCode: false, leaseSeconds: 5, onEvent: () => {} },
  });
  const closed = Promise.all([chunks.close(), player.close()]).then(() => 'closed');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.race([closed, 'waits'])).toBe('closed');
});

it('leaves a round that nobody plays where the training is to stop', async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  const left = play(slotOf(async () => never, { stop: stop.signal }).chunks).catch((error: Error) => error.name);
  stop.abort();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.race([left, 'waits'])).toBe('ActorsStopped');
});

it('says once that the server is gone, and ends when that lasts too long', async () => {
  const told: (string | undefined)[] = [];
  const ask: TrainingQueue['ask'] = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new QueueLostError('The server is gone.', 'Start it.');
  };
  const { chunks } = slotOf(ask, { patienceSeconds: 0.001, onTrouble: (message) => told.push(message) });
  await expect(play(chunks)).rejects.toThrow('The server is gone. Start it.');
  await expect(play(chunks)).rejects.toThrow('The server is gone. Start it.');
  expect(told).toEqual(['The server is gone. Start it. Asks again for 0.001 seconds.']);
});
