import { serveVectorEnv } from '../../src/vector/serve-vector-env.ts';
import type { VectorPort } from '../../src/vector/vector-port.ts';

/** A port of a `WorkerVectorEnv` whose thread's side runs in the same thread: messages are cloned, and come later, as to a worker.
 * @param asked gets every message to the thread's side. */
export function memoryPort(
  asked: unknown[] = [],
): VectorPort & { breakDown(reason: Error): void; readonly ended: boolean } {
  let toThread: (message: unknown) => void = () => {};
  let toOwner: (message: unknown) => void = () => {};
  let whenEnded: (reason: Error) => void = () => {};
  let ended = false;
  const later = (message: unknown, handler: (message: unknown) => void): void => {
    const sent = structuredClone(message);
    queueMicrotask(() => {
      if (!ended) handler(sent);
    });
  };
  serveVectorEnv({
    postMessage: (message) => later(message, (sent) => toOwner(sent)),
    onMessage: (handler) => {
      toThread = handler;
    },
  });
  return {
    postMessage: (message) => {
      asked.push(message);
      later(message, (sent) => toThread(sent));
    },
    onMessage: (handler) => {
      toOwner = handler;
    },
    onEnd: (handler) => {
      whenEnded = handler;
    },
    end: () => {
      ended = true;
    },
    breakDown: (reason) => {
      ended = true;
      whenEnded(reason);
    },
    get ended() {
      return ended;
    },
  };
}
