/** Node's exit code where a promise that the program waits for is settled by nothing any more. */
const UNSETTLED = 13;

/**
 * Code of others, such as an environment, may call `process.exit`, or leave a promise that nothing settles. Then no `finally` is
 * reached, and the exit code may be that of a training that was done.
 * @param describe the line for standard error.
 * @returns what ends the watch; to be called before an exit that is meant.
 */
export function watchForEarlyExit(describe: () => string): () => void {
  const onExit = (code: number): void => {
    if (code === 0 || code === UNSETTLED) process.exitCode = 1;
    process.stderr.write(`bellman: ${describe()}\n`);
  };
  process.on('exit', onExit);
  return () => void process.off('exit', onExit);
}
