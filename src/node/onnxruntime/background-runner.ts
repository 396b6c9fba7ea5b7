import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { OrderError, UnavailableError } from '../../core/errors.ts';
import type { BackgroundRunner, CreateBackgroundRunner } from '../../graph/background-runner.ts';
import { emitOnnx, modelSpec } from '../../graph/index.ts';
import { startThread } from '../threads/spawn-worker.ts';
import { DONE, QUIT, RUN, say, shardLink, waitWhile } from '../threads/thread-link.ts';
import type { BackgroundWork } from './background-worker.ts';

/** Makes runners in a background thread, where that helps: with a second thread, on the processor. Undefined elsewhere. */
export function backgroundRunnerFactory(device: string, threads: number): CreateBackgroundRunner | undefined {
  return device === 'cpu' && threads > 1 ? createBackgroundRunner : undefined;
}

export const createBackgroundRunner: CreateBackgroundRunner = async (graph, outputs, constants) => {
  const spec = modelSpec(outputs, constants);
  const rows = Object.values(spec.outputs)[0].shape[0];
  const arrays = shardLink(spec);
  const { port1: port, port2 } = new MessageChannel();
  const count = new Int32Array(new SharedArrayBuffer(4));
  const work: BackgroundWork = { spec, memory: arrays.memory, count, port: port2 };
  const { worker, lifeline } = startThread('onnxruntime/background-worker', work, [port2]);
  const link = { ...arrays, lifeline };
  await once(worker, 'message');
  worker.unref();
  port.unref();
  let state: 'idle' | 'running' | 'released' = 'idle';

  const setConstants: BackgroundRunner['setConstants'] = (initializers) =>
    port.postMessage(emitOnnx(graph, { outputs, initializers, dynamicBatch: true }));
  setConstants(constants);
  return {
    rows,
    inputs: link.inputs,
    outputs: link.outputs,
    setConstants,
    start(rowsNow) {
      if (state !== 'idle')
        throw new OrderError(`This runner ${state === 'running' ? 'is still busy' : 'was released'}.`);
      count[0] = rowsNow;
      state = 'running';
      say(link, RUN);
    },
    finish() {
      if (state !== 'running') return;
      const word = waitWhile(link, RUN);
      state = 'idle';
      if (word === DONE) return;
      const reason = (receiveMessageOnPort(port)?.message as string | undefined) ?? 'it does not say why';
      throw new UnavailableError('The background thread', `failed: ${reason}`);
    },
    async release() {
      if (state === 'released') return;
      if (state === 'running') waitWhile(link, RUN);
      state = 'released';
      say(link, QUIT);
      port.close();
    },
  };
};
