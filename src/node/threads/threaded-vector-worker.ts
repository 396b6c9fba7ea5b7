/** The thread of a share of a `ThreadedVectorEnv`: steps its environments when told. */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import {
  failureOf,
  type ShareAnswer,
  type ShareRequest,
  type ShareWork,
  VectorShare,
} from '../../vector/vector-share.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { importEnvironment } from '../runs/import-environment.ts';
import { ASK, DONE, ENDED, QUIT, say, serve } from './thread-link.ts';

export interface ThreadWork {
  readonly share: ShareWork;
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
}

const { share: work, state, port } = workerData as ThreadWork;

const report = (error: unknown): void => port.postMessage(failureOf(error));

/** The owner waits without looking at events, so that only the thread itself can say that it ends. */
function end(error: unknown): void {
  if (Atomics.load(state, 0) === QUIT || Atomics.load(state, 0) === ENDED) return;
  report(error);
  say({ state }, ENDED);
}
process.on('exit', (code) => end(new Error(`A thread of the vector environment ended with code ${code}.`)));

try {
  useCartridgeFolder();
  const share = await VectorShare.open(work, importEnvironment);
  say({ state }, DONE);
  await serve(
    { state },
    (word) => {
      const request =
        word === ASK ? (receiveMessageOnPort(port)?.message as ShareRequest) : ({ kind: 'step' } as const);
      const answer: ShareAnswer = share.answer(request);
      if (word === ASK || work.infos) port.postMessage(answer);
    },
    report,
    DONE,
  );
  share.close();
} catch (error) {
  end(error);
}
