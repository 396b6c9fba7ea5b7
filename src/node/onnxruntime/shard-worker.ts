/** The thread of one shard: waits for its rows, runs its graph on them, and says that it is done. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import { serve, shardLink } from '../threads/thread-link.ts';
import { createOrtRunner } from './ort-runner.ts';

/** What the thread is started with. */
export interface ShardWork {
  readonly model: Uint8Array;
  readonly spec: ModelSpec;
  readonly memory: SharedArrayBuffer;
}

const { model, spec, memory } = workerData as ShardWork;
const link = shardLink(spec, memory);
const runner = await createOrtRunner(model, { ...spec, outputArrays: link.outputs });
parentPort!.postMessage('ready');
await serve(
  link,
  async () => void (await runner.run(link.inputs)),
  (error) => console.error(error),
);
await runner.release();
