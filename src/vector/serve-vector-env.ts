import type { VectorPort } from './vector-port.ts';
import { failureOf, type ShareAnswer, type ShareRequest, type ShareWork, VectorShare } from './vector-share.ts';

/**
 * The thread's side of a `WorkerVectorEnv`: makes the share that the first message tells of, and answers the others.
 * @param prepare loads what registers an id.
 */
export function serveVectorEnv(port: VectorPort, prepare?: (id: string) => Promise<void>): void {
  let share: VectorShare | undefined;
  const answer = async (message: ShareWork | ShareRequest): Promise<ShareAnswer> => {
    if ('kind' in message) {
      if (share === undefined) throw new Error('a vector environment was asked before it was started');
      return share.answer(message);
    }
    share = await VectorShare.open(message, prepare);
    return {};
  };
  // One after the other: an import must not let a later question overtake.
  let last = Promise.resolve();
  port.onMessage((message) => {
    last = last.then(async () => {
      try {
        port.postMessage(await answer(message as ShareWork | ShareRequest));
      } catch (error) {
        port.postMessage(failureOf(error));
      }
    });
  });
}
