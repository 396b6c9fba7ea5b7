import { expect, it } from 'vitest';
import { spawnWorker } from './spawn-worker.ts';

it('says at once that the program of a thread is missing, before anything waits for it', () => {
  expect(() => spawnWorker('no-such-worker', {})).toThrow(
    /The program of a thread, .*no-such-worker\.[jt]s, is missing\. Keep bellman out of the bundle/,
  );
});
