import * as fs from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { RunFile } from '../../web/board/messages.ts';
import { isTemporaryName } from '../files/atomic-file.ts';
import { LINES_FILE, MODELS_FOLDER, VIDEOS_FOLDER } from '../runs/run-layout.ts';

/** Whether a path, links followed, lies in a folder or is it. @param root a real path. */
export function isInside(path: string, root: string): boolean {
  try {
    const way = relative(root, fs.realpathSync(path));
    return way !== '..' && !way.startsWith(`..${sep}`) && !/^([A-Za-z]:|[\\/])/.test(way);
  } catch {
    return false;
  }
}

/**
 * The files of a run that a page may have: those that a run has by its layout, no folders, no pipes, none by way of a link that
 * leads out. A page names a file of this list, so nothing that it says becomes a path.
 */
export function filesOf(run: string): RunFile[] {
  const root = fs.realpathSync(run);
  const found: RunFile[] = [];
  for (const folder of ['', MODELS_FOLDER, VIDEOS_FOLDER]) {
    for (const name of namesIn(join(run, folder))) {
      const path = join(run, folder, name);
      if (isTemporaryName(name) || name.startsWith('.') || !isInside(path, root)) continue;
      const entry = fs.statSync(path, { throwIfNoEntry: false });
      if (entry === undefined || !entry.isFile()) continue;
      const step = /^step-(\d+)\./.exec(name)?.[1];
      found.push({
        path: folder === '' ? name : `${folder}/${name}`,
        kind: kindOf(name),
        bytes: entry.size,
        changed: entry.mtimeMs,
        step: step === undefined ? null : Number(step),
      });
    }
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort(new Intl.Collator('en', { numeric: true }).compare);
  } catch {
    return [];
  }
}

function kindOf(name: string): RunFile['kind'] {
  if (/\.(onnx|dat)$/.test(name) || name.endsWith('-table.json')) return 'model';
  if (/\.(mp4|gif)$/.test(name)) return 'video';
  return /\.(svg|png)$/.test(name) ? 'picture' : 'other';
}

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  gif: 'image/gif',
  png: 'image/png',
  svg: 'image/svg+xml',
  json: 'application/json',
  jsonl: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

export const typeOf = (path: string): string =>
  TYPES[/\.(\w+)$/.exec(basename(path))?.[1] ?? ''] ?? 'application/octet-stream';

/** Bytes at the end of a log that are shown. */
const TAIL = 1 << 16;

/** The last lines of a run's `log.txt`; none where there is none. */
export function lastLines(run: string): string[] {
  const path = join(run, LINES_FILE);
  if (!isInside(path, fs.realpathSync(run))) return [];
  return readTail(path, TAIL);
}

/** The whole lines at the end of a file. */
export function readTail(path: string, length: number): string[] {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const file = fs.openSync(path, 'r');
  try {
    const { size } = fs.fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, length));
    fs.readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').split('\n');
    // The first may be cut, the last is empty or not finished.
    return lines.slice(size > length ? 1 : 0, -1);
  } finally {
    fs.closeSync(file);
  }
}
