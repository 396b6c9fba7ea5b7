/** The thread of one shard: waits for its rows, runs its graph on them, and says that it is done. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import { allocate, sizeOf, type TypedArray } from '../../graph/tensor.ts';
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
const runner = await createOrtRunner(model, spec);
// ONNX Runtime does not read shared memory.
const feeds: Record<string, TypedArray> = Object.fromEntries(
  Object.entries(spec.inputs).map(([name, { dtype, shape }]) => [name, allocate(dtype, sizeOf(shape))]),
);
parentPort!.postMessage('ready');
await serve(
  link,
  async () => {
    for (const name in feeds) feeds[name].set(link.inputs[name] as never);
    const outputs = await runner.run(feeds);
    for (const name in outputs) link.outputs[name].set(outputs[name] as never);
  },
  (error) => console.error(error),
);
await runner.release();
