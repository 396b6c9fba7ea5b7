/** A thread of `makeWorkerVectorEnv`. */
import { parentPort } from 'node:worker_threads';
import { serveVectorEnv } from '../../vector/serve-vector-env.ts';

if (parentPort !== null) {
  const port = parentPort;
  serveVectorEnv({
    postMessage: (message) => port.postMessage(message),
    onMessage: (handler) => port.on('message', handler),
  });
}
