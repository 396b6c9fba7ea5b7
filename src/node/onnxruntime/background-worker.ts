/** The thread of a background runner: computes the rows that are asked for. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import type { GraphRunner } from '../../graph/runner.ts';
import { allocate, sizeOf, type TypedArray } from '../../graph/tensor.ts';
import { serve, shardLink } from '../threads/thread-link.ts';
import { type OrtSession, openOrtSession } from './ort-runner.ts';

/** What the thread is started with. */
export interface BackgroundWork {
  /** With as many rows as there may be in one run. */
  readonly spec: ModelSpec;
  readonly memory: SharedArrayBuffer;
  /** One element: how many rows to compute. */
  readonly count: Int32Array<SharedArrayBuffer>;
  /** Brings models with a free batch; takes messages of errors. */
  readonly port: MessagePort;
}

const { spec, memory, count, port } = workerData as BackgroundWork;
const link = shardLink(spec, memory);
// ONNX Runtime does not read shared memory.
const allocateAll = (specs: ModelSpec['inputs']) =>
  Object.fromEntries(Object.entries(specs).map(([name, { dtype, shape }]) => [name, allocate(dtype, sizeOf(shape))]));
const own = { inputs: allocateAll(spec.inputs), outputs: allocateAll(spec.outputs) };

/** One number of rows: a runner, and the parts of all arrays that it needs. */
interface Rows {
  readonly runner: GraphRunner;
  readonly inputs: Readonly<Record<string, TypedArray>>;
  readonly sharedInputs: Readonly<Record<string, TypedArray>>;
  readonly outputs: Readonly<Record<string, TypedArray>>;
}

let session: OrtSession | undefined;
/** By number of rows. */
const known = new Map<number, Rows>();

/** The first rows of each array. */
function heads(specs: ModelSpec['inputs'], arrays: Readonly<Record<string, TypedArray>>) {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, arrays[name].subarray(0, sizeOf(shape))]),
  );
}

function withRows(specs: ModelSpec['inputs'], rows: number): ModelSpec['inputs'] {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { dtype, shape }]) => [name, { dtype, shape: [rows, ...shape.slice(1)] }]),
  );
}

function rowsOf(rows: number): Rows {
  let found = known.get(rows);
  if (found === undefined) {
    const part = { inputs: withRows(spec.inputs, rows), outputs: withRows(spec.outputs, rows) };
    const outputs = heads(part.outputs, own.outputs);
    found = {
      runner: session!.bind(part, outputs),
      inputs: heads(part.inputs, own.inputs),
      sharedInputs: heads(part.inputs, link.inputs),
      outputs,
    };
    known.set(rows, found);
  }
  return found;
}

/** Takes over the newest model that came, if one did. */
async function renew(): Promise<void> {
  let model: Uint8Array | undefined;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    model = next.message;
  if (model === undefined) return;
  known.clear();
  await session?.release();
  session = await openOrtSession(model);
}

parentPort!.postMessage('ready');
await serve(
  link,
  async () => {
    await renew();
    const { runner, inputs, sharedInputs, outputs } = rowsOf(count[0]);
    for (const name in inputs) inputs[name].set(sharedInputs[name] as never);
    await runner.run(inputs);
    for (const name in outputs) link.outputs[name].set(outputs[name] as never);
  },
  (error) => port.postMessage((error instanceof Error ? error.message : String(error)).split('\n')[0]),
);
await session?.release();
