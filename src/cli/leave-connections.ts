/** Milliseconds that what is left has to end by itself. */
const PATIENCE_MS = 500;

/** Ends the program once its work is done: the connections of a server that is gone, or frozen, would keep it for ever. */
export function leaveConnections(): void {
  setTimeout(() => process.exit(), PATIENCE_MS).unref();
}
