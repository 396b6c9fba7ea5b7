import { startWorker } from '../../worker/start-worker.ts';
import { type LabCommand, type LabMessage, LabServer } from './lab-server.ts';

export interface LabClient {
  /** Whether it works in a thread of its own; known once it has answered. */
  readonly where: 'worker' | 'page';
  send(command: LabCommand): void;
  close(): void;
}

/** Opens a laboratory in a worker, or in the page where there can be none.
 * @param listener gets what is told, answers to commands before the last one left out. */
export function openLab(listener: (message: LabMessage) => void): LabClient {
  /** What a laboratory that takes over needs to know: it begins at the beginning. */
  let needed: LabCommand[] = [];
  let count = 0;
  let worker: Worker | undefined;
  let inPage: LabServer | undefined;
  let closed = false;
  const hear = (message: LabMessage): void => {
    if (!closed && message.commands === count) listener(message);
  };
  const stayInPage = (): void => {
    if (inPage !== undefined || closed) return;
    worker?.terminate();
    worker = undefined;
    inPage = new LabServer({
      post: (message) => hear({ ...message, commands: count }),
      now: () => performance.now(),
      later: (work, milliseconds) => setTimeout(work, Math.max(4, milliseconds)),
      slice: 6,
    });
    for (const command of needed) inPage.receive(command);
  };
  try {
    const own = import.meta.url;
    worker = startWorker(
      new URL('./lake-worker.js', own),
      () => new Worker(new URL('./lake-worker.js', import.meta.url), { type: 'module' }),
    );
    worker.onerror = (event) => {
      event.preventDefault();
      stayInPage();
    };
    worker.onmessage = ({ data }: MessageEvent<LabMessage>) => hear(data);
  } catch {
    stayInPage();
  }
  return {
    get where() {
      return worker === undefined ? 'page' : 'worker';
    },
    send(command) {
      count++;
      if (inPage !== undefined) return inPage.receive(command);
      if (command.type === 'open') needed = [];
      if (command.type !== 'step' && command.type !== 'round') needed.push(command);
      worker?.postMessage(command);
    },
    close() {
      closed = true;
      inPage?.receive({ type: 'speed', perSecond: 0 });
      worker?.terminate();
    },
  };
}
