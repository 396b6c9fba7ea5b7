import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** Through which a port is sent to its sender. */
let loop: MessageChannel | undefined;

/**
 * Tells whether a thread has ended, to a caller that blocks: a thread that runs out of memory says nothing, and the events of
 * its end are seen only by who returns to them. It is a channel whose far end the thread holds, and that closes with it. Where
 * a runtime closes no ports (Bun, Deno), a thread seems to run for ever.
 */
export class Lifeline {
  /** To be transferred to the thread in its `workerData`, which holds it from then on. */
  readonly farEnd: MessagePort;
  #nearEnd: MessagePort;
  #cut = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    this.#nearEnd = port1;
    this.farEnd = port2;
  }

  /** Whether the thread has ended. */
  get cut(): boolean {
    if (this.#cut) return true;
    if (loop === undefined) {
      loop = new MessageChannel();
      loop.port1.unref();
      loop.port2.unref();
    }
    // The end is a message too. It closes the port, and a closed port cannot be sent, which is how it shows.
    receiveMessageOnPort(this.#nearEnd);
    try {
      loop.port1.postMessage(this.#nearEnd, [this.#nearEnd]);
    } catch {
      this.#cut = true;
      return true;
    }
    this.#nearEnd = receiveMessageOnPort(loop.port2)!.message as MessagePort;
    this.#nearEnd.unref();
    return false;
  }
}
