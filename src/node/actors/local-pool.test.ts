/** Chunks played in processes: the loop itself is held by src/train/actors. */
import { expect, it } from 'vitest';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import type { Chunk } from '../../train/actors/chunk.ts';
import { decodeChunk, decodePlay, encodeChunk, encodePlay } from '../../train/actors/chunk-codec.ts';
import { WorkerLost } from '../../train/actors/pooled-actors.ts';
import { createTraining } from '../runs/create-training.ts';
import { type ResolvedRun, resolveRun, toJson } from '../runs/resolve-run.ts';
import { createActor } from './create-actor.ts';
import { ProcessWorker } from './process-worker.ts';

const resolved = (): Promise<ResolvedRun> =>
  resolveRun({
    ...{ recipe: 'dqn-cart-pole', seed: 1, device: 'cpu', threads: 1, actors: { actors: 2, steps: 10 } },
    set: {
      environments: 4,
      'replay.kind': 'prioritized',
      learningStarts: 60,
      batchSize: 8,
      'network.hiddenSizes': [8],
    },
  });

it('plays in a process what it plays in this one, also when one is killed', async () => {
  const run = await resolved();
  const here = await createTraining(run, { workers: 0 });
  const there = await createTraining(run, { workers: 1 });
  const bits = (training: typeof here) =>
    Buffer.concat(encodeCheckpoint(training.saveState(), { kind: '', version: '', step: 0 })).toString('base64');
  for (let round = 0; round < 4; round++) {
    await here.advance({});
    await there.advance({});
  }
  expect(here.step).toBe(160);
  expect(bits(there) === bits(here)).toBe(true);
  expect(there.status()).toMatch(/, 1 worker, \d+\.\d MB\/s, weights 1 round old$/);
  await Promise.all([here.close(), there.close()]);

  const worker = await ProcessWorker.start(toJson(run, '', ''), true);
  const actor = await createActor(run);
  const weights = new Float32Array(100_000).fill(0.01).subarray(0, weightsOf(here));
  const chunk: Chunk = { actor: 1, round: 0, version: 0, state: null };
  const answer = await worker.play(chunk, weights);
  expect(worker.bytes).toBeGreaterThan(weights.byteLength + 2 * 10 * 16);
  const same = await actor.play(chunk, weights);
  expect(answer).toEqual(same);
  expect(decodePlay(encodePlay(same))).toEqual(same);
  const next = { ...chunk, round: 1, state: same.state };
  expect(decodeChunk(encodeChunk(next))).toEqual(next);
  process.kill(worker.pid, 'SIGSTOP');
  const lost = worker.play(next, weights);
  process.kill(worker.pid, 'SIGKILL');
  await expect(lost).rejects.toThrow(new WorkerLost('killed by SIGKILL'));
  await expect(worker.play(next, weights)).rejects.toThrow(WorkerLost);
  await Promise.all([worker.close(), actor.close()]);

  const other = ProcessWorker.start({ ...toJson(run, '', ''), env: 'CartPol-v1' }, true);
  await expect(other).rejects.toMatchObject({
    code: 'UNKNOWN_ENVIRONMENT',
    message: expect.stringContaining('CartPole-v1'),
  });
});

const weightsOf = (training: { readonly network?: unknown }): number =>
  (training.network as { readonly parameters: readonly { readonly shape: readonly number[] }[] }).parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );

it.each([
  [{ recipe: 'q-learning', env: 'FrozenLake-v1', actors: { actors: 2 } }, /--actors: got 2.*DQN and PQN; q-learning/],
  [{ recipe: 'dqn-cart-pole', actors: { lag: 2 } }, /--actors: got undefined, allowed is a number/],
  [{ recipe: 'dqn-cart-pole', actors: { actors: 3 } }, /environments: got 1.*--set environments=3/],
])('refuses %j', async (asked, message) => {
  const request = { seed: 0, device: 'cpu', threads: 1, set: {}, ...asked };
  await expect(resolveRun(request)).rejects.toThrow(message);
});
