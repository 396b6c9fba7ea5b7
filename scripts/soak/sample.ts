/** What a training holds at a moment, read from outside: /proc of its process, its run's folder, its folder for temporary files. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One line of `samples.jsonl`. Sizes are in bytes, times in seconds. */
export interface Sample {
  readonly training: string;
  /** Counts the processes of this training, from 0. */
  readonly piece: number;
  /** Time soaked until now, over all starts of the soak. */
  readonly time: number;
  /** Since this process began. */
  readonly age: number;
  /** Last step in metrics.jsonl; 0 before the first line. */
  readonly step: number;
  readonly resident: number;
  /** What V8 uses after it has collected everything; undefined until the process has said so. */
  readonly heap?: number | undefined;
  /** Array buffers and other memory outside V8's heap, likewise. */
  readonly external?: number | undefined;
  readonly descriptors: number;
  readonly threads: number;
  /** metrics.jsonl, log.txt and TensorBoard's files, which grow with each line. */
  readonly logs: number;
  /** Everything else in the run's folder. */
  readonly rest: number;
  readonly checkpoints: number;
  /** Files in the run's folder that docs/guide/runs.md does not name. */
  readonly strange: readonly string[];
  /** In the folder that the process has for temporary files. */
  readonly temporary: number;
  readonly temporaryFiles: number;
  /** Begun and ended by others: what is in its folder is their choice, and V8 is not asked. */
  readonly watched?: boolean;
}

/** The table of docs/guide/runs.md. */
const LOGS = /^(metrics\.jsonl|log\.txt|events\.out\.tfevents\.[^/]+)$/;
const CHECKPOINT = /^checkpoints\/checkpoint-\d+\.bck$/;
const OTHERS =
  /^(config\.json|status\.json|best\.onnx|best\.json|best-table\.json|values\.svg|\.lock|models\/[^/.]+\.onnx|videos\/[^/.]+\.\w+)$/;

export type RunOnDisk = Pick<Sample, 'logs' | 'rest' | 'checkpoints' | 'strange'>;

/** @param folder of a run; one that is not there yet is empty. */
export function readRunFolder(folder: string): RunOnDisk {
  let [logs, rest, checkpoints] = [0, 0, 0];
  const strange: string[] = [];
  for (const { name, size } of filesIn(folder)) {
    if (LOGS.test(name)) logs += size;
    else rest += size;
    if (CHECKPOINT.test(name)) checkpoints += 1;
    else if (!LOGS.test(name) && !OTHERS.test(name)) strange.push(name);
  }
  return { logs, rest, checkpoints, strange };
}

/** Every file below a folder; one that goes away meanwhile is left out. */
export function filesIn(folder: string): { readonly name: string; readonly size: number }[] {
  const found: { name: string; size: number }[] = [];
  const visit = (path: string): void => {
    for (const entry of attempt(() => readdirSync(path, { withFileTypes: true })) ?? []) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) visit(inner);
      else {
        const size = attempt(() => statSync(inner).size);
        if (size !== undefined) found.push({ name: relative(folder, inner), size });
      }
    }
  };
  visit(folder);
  return found;
}

export type ProcessUse = Pick<Sample, 'resident' | 'descriptors' | 'threads'>;

/** @returns undefined when the process is gone, or is ending. */
export function readProcess(pid: number): ProcessUse | undefined {
  return attempt(() => {
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (resident === null) return undefined;
    return {
      resident: Number(resident[1]) * 1024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      threads: readdirSync(`/proc/${pid}/task`).length,
    };
  });
}

/** The step of the last whole line of metrics.jsonl; 0 where there is none. */
export function lastStep(folder: string): number {
  return (
    attempt(() => {
      const file = openSync(join(folder, 'metrics.jsonl'), 'r');
      try {
        const { size } = fstatSync(file);
        const bytes = Buffer.alloc(Math.min(size, 8192));
        readSync(file, bytes, 0, bytes.length, size - bytes.length);
        const lines = bytes.toString('utf8').split('\n').slice(0, -1);
        return (JSON.parse(lines[lines.length - 1]) as { step: number }).step;
      } finally {
        closeSync(file);
      }
    }) ?? 0
  );
}

/** Files come and go while they are looked at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
