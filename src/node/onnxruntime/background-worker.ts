/** The thread of a background runner: computes the rows that are asked for. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { sizeOf } from '../../core/shape.ts';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import type { GraphRunner } from '../../graph/runner.ts';
import type { TypedArray } from '../../graph/tensor-spec.ts';
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

/** A runner of one number of rows, and the rows that it is fed with. */
interface Rows {
  readonly runner: GraphRunner;
  readonly inputs: Readonly<Record<string, TypedArray>>;
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
    found = {
      runner: session!.bind(part, heads(part.outputs, link.outputs)),
      inputs: heads(part.inputs, link.inputs),
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
    const { runner, inputs } = rowsOf(count[0]);
    await runner.run(inputs);
  },
  (error) => port.postMessage((error instanceof Error ? error.message : String(error)).split('\n')[0]),
);
await session?.release();
