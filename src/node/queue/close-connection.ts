import { within } from './within.ts';

/** A queue of BullMQ. */
interface Connection {
  close(): Promise<unknown>;
  disconnect(): Promise<unknown>;
}

/** Milliseconds that a connection has to close, and that it has to be dropped. */
const CLOSE_MS = 1000;

/** Closes a connection, whether its server answers or not: one that is frozen would be waited for without end. */
export async function closeConnection(connection: Connection): Promise<void> {
  try {
    await within(CLOSE_MS, () => connection.close());
  } catch {
    await within(CLOSE_MS, () => connection.disconnect()).catch(() => {});
  }
}

/**
 * Closes a worker of BullMQ, after what it has taken is done; one whose server is frozen goes on closing by itself. It is never dropped:
 * its second connection would stay, and count as a worker that is there.
 * @param ms for which its work is waited for.
 * @param force does not wait for it.
 */
export async function closeWorker(worker: { close(force?: boolean): Promise<unknown> }, ms: number, force = false) {
  await within(ms, () => worker.close(force)).catch(() => {});
}
