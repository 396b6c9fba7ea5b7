import { statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { MachineLoad } from '../../web/board/messages.ts';

/** Measures the machine's load between two calls. */
export class LoadMeter {
  readonly #folder: string;
  #before = times();

  /** @param folder whose disk is looked at. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  measure(): MachineLoad {
    const now = times();
    const all = now.all - this.#before.all;
    const busy = all <= 0 ? 0 : 1 - (now.idle - this.#before.idle) / all;
    this.#before = now;
    const memory = totalmem();
    return {
      cores: cpus().length,
      busy: Math.min(1, Math.max(0, busy)),
      memory,
      memoryUsed: memory - freemem(),
      diskFree: diskFree(this.#folder),
    };
  }
}

/** Milliseconds of all cores together. */
function times(): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

function diskFree(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
