/** Milliseconds that what is left has to end by itself. */
const PATIENCE_MS = 500;

let left = false;
let ending: NodeJS.Timeout | undefined;

/** Says that connections may be left which a server that is gone, or frozen, would keep for ever: the program does not wait for them. */
export function leaveConnections(): void {
  left = true;
}

/** Ends the program, whose work is done, though connections are left. Nothing where none were said to be. */
export function endWithoutConnections(): void {
  if (left) ending = setTimeout(() => process.exit(), PATIENCE_MS).unref();
}

/** Takes that back: a process that ran the program as a part of its work goes on. */
export function stayWithConnections(): void {
  left = false;
  clearTimeout(ending);
}
