import { within } from './within.ts';

/** A queue or a worker of BullMQ. */
interface Connection {
  close(): Promise<unknown>;
  disconnect?(): Promise<unknown>;
}

/** Milliseconds that a connection has to close, and that it has to be dropped. */
const CLOSE_MS = 1000;

/** Closes a connection, whether its server answers or not: one that is frozen would be waited for without end. */
export async function closeConnection(connection: Connection): Promise<void> {
  try {
    await within(CLOSE_MS, () => connection.close());
  } catch {
    await within(CLOSE_MS, async () => connection.disconnect?.()).catch(() => {});
  }
}
