import type { Worker } from 'node:worker_threads';
import { UnavailableError } from '../../core/errors.ts';
import type { PlayHead } from '../../web/board/messages.ts';
import { spawnWorker } from '../threads/spawn-worker.ts';
import type { PlayerMessage, PlayerWork } from './player-worker.ts';

/** Models that play at the same time: each has a thread and an environment. */
const MOST_PLAYERS = 3;
/** A picture of a table that takes longer is not worth waiting for. */
const TABLE_MS = 20_000;
const MEMORY = { maxOldGenerationSizeMb: 1024 };

/** Plays models in threads, for streams that ask for one picture after the other. */
export class Players {
  readonly #workers = new Set<Worker>();

  /** Models that play now. */
  get playing(): number {
    return this.#workers.size;
  }

  /**
   * A stream of pictures: for each a head of four bytes with its length, little-endian, the head as JSON, and RGB bytes. It ends
   * with an error's head; who cancels it ends the thread.
   * @throws UnavailableError when too many play.
   */
  stream(work: Omit<PlayerWork, 'task'>): ReadableStream<Uint8Array> {
    if (this.#workers.size >= MOST_PLAYERS) {
      throw new UnavailableError(`${MOST_PLAYERS} models play already.`, 'Stop one of them.');
    }
    const worker = this.#spawn({ ...work, task: 'play' });
    let ended = false;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const end = (head?: PlayHead) => {
            if (ended) return;
            ended = true;
            if (head !== undefined) controller.enqueue(encode(head));
            controller.close();
            void worker.terminate();
          };
          worker.on('message', (message: PlayerMessage) => {
            if (ended || !('head' in message)) return;
            if (message.head.kind === 'error') end(message.head);
            else controller.enqueue(encode(message.head, message.pixels));
          });
          worker.on('error', (error) => end({ kind: 'error', text: error.message.split('\n')[0]! }));
          worker.on('exit', () => end({ kind: 'error', text: 'The player has ended.' }));
        },
        pull: () => worker.postMessage('next'),
        cancel: async () => {
          ended = true;
          await worker.terminate();
        },
      },
      { highWaterMark: 2 },
    );
  }

  /** Pictures of a run's best table. @throws UnavailableError that says why there are none. */
  async tables(path: string, allowCode: boolean): Promise<readonly { readonly title: string; readonly svg: string }[]> {
    const worker = this.#spawn({ task: 'tables', path, allowCode, seed: 0 });
    try {
      return await new Promise((resolve, reject) => {
        const fail = (text: string) => reject(new UnavailableError(text, ''));
        const timer = setTimeout(() => fail('The table takes too long to draw.'), TABLE_MS);
        worker.once('message', (message: PlayerMessage) => {
          clearTimeout(timer);
          if ('tables' in message) resolve(message.tables);
          else fail(message.head.text ?? '');
        });
        worker.once('error', (error) => fail(error.message.split('\n')[0]!));
        worker.once('exit', () => fail('The table cannot be drawn.'));
      });
    } finally {
      void worker.terminate();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #spawn(work: PlayerWork): Worker {
    // What models print would be no news of the board's.
    const worker = spawnWorker('board/player-worker', { workerData: work, resourceLimits: MEMORY, stdout: true });
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
    worker.stdout.resume();
    return worker;
  }
}

function encode(head: PlayHead, pixels: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify({ ...head, bytes: pixels.length }));
  const out = new Uint8Array(4 + text.length + pixels.length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  out.set(pixels, 4 + text.length);
  return out;
}
