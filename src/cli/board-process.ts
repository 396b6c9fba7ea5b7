import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Serves the board while this process trains, from a process of its own: pages that look cost the training nothing but the
 * processor's time. It ends with the training, however that ends.
 * @param run folder of the run; its neighbours in a folder below the present one are shown too.
 * @param say takes the lines that the board prints.
 */
export function startBoardProcess(run: string, say: (line: string) => void): { close(): void } {
  const parent = dirname(run);
  // The present folder may hold anything, to be searched again and again.
  const folder = resolve(parent) === resolve('.') ? run : parent;
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'ui', folder, '--brief'], {
    // The channel tells the board when this program is gone. A terminal's Ctrl-C is the training's.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  for (const stream of [child.stdout!, child.stderr!]) createInterface(stream).on('line', say);
  child.once('error', (error) => say(`The board does not start: ${error.message}`));
  // Nothing of it keeps a training from ending.
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr] as unknown as { unref(): void }[]) stream.unref();
  return { close: () => void child.kill('SIGTERM') };
}
