/** The laboratory of `<bellman-lake>` in a thread of its own. */
import { type LabCommand, LabServer } from './lab-server.ts';

const channel = new MessageChannel();
let next: (() => void) | undefined;
// Timers of workers wait 4 ms; a message to oneself does not.
channel.port1.onmessage = () => next?.();

const server = new LabServer({
  post: (message) => postMessage(message),
  now: () => performance.now(),
  later(work, milliseconds) {
    next = work;
    if (milliseconds > 0) setTimeout(work, milliseconds);
    else channel.port2.postMessage(0);
  },
  slice: 10,
});
addEventListener('message', ({ data }: MessageEvent<LabCommand>) => server.receive(data));
