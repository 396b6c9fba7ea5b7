import { FileFormatError } from '../../../core/errors.ts';
import { joinBytes } from '../../../core/join-bytes.ts';
import { MetricsReader } from '../../../log/metrics-reader.ts';
import type { MetricsTable } from '../../../log/metrics-table.ts';
import { droppedFiles } from '../shared/dropped-files.ts';
import type { CurveRun } from './curve-data.ts';

/** Rows of one run that a page has room for: 16 MB a column. */
const MOST_ROWS = 2_000_000;
/** Longest event file, which is read as a whole. */
const LARGEST_EVENTS = 1 << 29;
/** Files of a chosen folder that are looked at. */
const MOST_FILES = 2000;

/** A file or an answer of a server, with the path that names its curve. */
export interface CurveFile {
  readonly path: string;
  /** Bytes; undefined when it is not known. */
  readonly size: number | undefined;
  readonly open: () => Promise<ReadableStream<Uint8Array>>;
}

export const curveFile = (file: File, path = file.webkitRelativePath || file.name): CurveFile => ({
  path,
  size: file.size,
  open: async () => file.stream(),
});

/** What is at an address. Opening throws FileFormatError where a server has no such file. */
export const curveAddress = (address: string): CurveFile => ({
  path: address.replace(/[?#].*$/, ''),
  size: undefined,
  open: async () => {
    const response = await fetch(address);
    if (!response.ok || response.body === null) {
      throw new FileFormatError(address, `the server answered ${response.status}`, 'Check the address.');
    }
    return response.body;
  },
});

export interface LoadedCurve {
  readonly columns: CurveRun['columns'];
  /** What is to be said about it. */
  readonly problem: string | undefined;
}

/**
 * Reads a file as it comes: the page goes on meanwhile.
 * @param onProgress bytes so far.
 * @throws FileFormatError for a file of another kind; the signal's reason when it gives up.
 */
export async function loadCurve(
  file: CurveFile,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<LoadedCurve> {
  const stream = (await file.open()).getReader();
  const reader = new MetricsReader(file.path, MOST_ROWS);
  const events: Uint8Array[] = [];
  let isEvents: boolean | undefined;
  let head = new Uint8Array(0);
  let bytes = 0;
  try {
    while (!reader.full) {
      signal.throwIfAborted();
      const { done, value } = await stream.read();
      if (done) break;
      bytes += value.length;
      if (isEvents === undefined) {
        // A short first piece: wait for the length of a record's head.
        head = joinBytes([head, value]);
        if (head.length < 16) continue;
        isEvents = mayBeEvents(head);
        if (isEvents) events.push(head);
        else reader.push(head);
      } else if (isEvents) events.push(value);
      else reader.push(value);
      if (isEvents && bytes > LARGEST_EVENTS) {
        throw new FileFormatError(
          file.path,
          'it is longer than 512 MB',
          'Give its metrics.jsonl, which is read in pieces.',
        );
      }
      onProgress(bytes);
      await rest();
    }
  } finally {
    void stream.cancel().catch(() => {});
  }
  if (isEvents) {
    const { readEvents } = await import('../../../log/read-events.ts');
    const { table, problem } = readEvents(joinBytes(events), file.path);
    if (table.length === 0) throw new FileFormatError(file.path, 'it has no numbers', 'Give one of a training.');
    return { columns: columnsOf(table), problem };
  }
  if (isEvents === undefined) reader.push(head);
  const problem = reader.end();
  return { columns: columnsOf(reader.table), problem };
}

/** The high half of the first record's length, little-endian, is zero; no text has such bytes. */
const mayBeEvents = (head: Uint8Array): boolean => head.subarray(4, 8).every((byte) => byte === 0);

export const columnsOf = (table: MetricsTable): CurveRun['columns'] =>
  Object.fromEntries(table.names.map((name) => [name, table.column(name) as Float64Array]));

/** Lets the page draw and hear its reader. */
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const IS_CURVE = /(\.jsonl|\.csv)$|tfevents/i;

/** The curves among dropped files and folders; where a folder has metrics.jsonl, its event files say the same and are left. */
export async function droppedCurves(data: DataTransfer): Promise<CurveFile[]> {
  const files = await droppedFiles(data, (name) => IS_CURVE.test(name));
  return withoutTwins(files.map(({ file, path }) => curveFile(file, path)));
}

/** Chosen files of a folder: those that are curves. */
export const filesOfFolder = (files: readonly File[]): CurveFile[] =>
  withoutTwins(
    files
      .filter(({ name }) => IS_CURVE.test(name))
      .slice(0, MOST_FILES)
      .map((file) => curveFile(file)),
  );

function withoutTwins(files: readonly CurveFile[]): CurveFile[] {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  const told = new Set(
    files.filter(({ path }) => /(^|\/)metrics\.jsonl$/.test(path)).map(({ path }) => folderOf(path)),
  );
  return files.filter(({ path }) => !/tfevents/i.test(path) || !told.has(folderOf(path)) || folderOf(path) === '');
}
