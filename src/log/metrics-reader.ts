import { FileFormatError } from '../core/errors.ts';
import { parseMetricsLine } from './jsonl.ts';
import { MetricsTable } from './metrics-table.ts';

/** Longer lines are not read: no row of numbers comes near. */
const LONGEST_LINE = 1 << 20;
/** Columns of one file: each takes memory for every row. */
const MOST_COLUMNS = 1000;

/** What other programs call the columns that a curve needs. */
const KNOWN_AS: ReadonlyMap<string, string> = new Map([
  ['wall time', 'time'],
  ['wall_time', 'time'],
  ['steps', 'step'],
  ['global_step', 'step'],
  ['timesteps', 'step'],
  ['total_timesteps', 'step'],
  ['time/total_timesteps', 'step'],
]);

/**
 * Reads rows of numbers from a file's bytes as they come: `metrics.jsonl`, or comma-separated values with a line of names (those that
 * TensorBoard and others export too). What it is shows the first letter. Lines that are none are skipped and counted: a run that is
 * still written may end in half a line.
 *
 * A table of comma-separated values without a step counts its rows.
 */
export class MetricsReader {
  readonly table = new MetricsTable();
  readonly #path: string;
  readonly #mostRows: number;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #lines = 0;
  #skipped = 0;
  #firstSkipped = 0;
  #header: readonly string[] | undefined;
  #kind: 'jsonl' | 'csv' | undefined;
  #dropping = false;

  /** @param path how messages call the file.
   * @param mostRows after which the rest is left out; unlimited by default. */
  constructor(path: string, mostRows = Number.POSITIVE_INFINITY) {
    this.#path = path;
    this.#mostRows = mostRows;
  }

  /** There is no room for more rows: what follows is not read. */
  get full(): boolean {
    return this.table.length >= this.#mostRows;
  }

  /** The next bytes, cut anywhere. @throws FileFormatError for a file that is neither. */
  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /**
   * There are no more bytes.
   * @returns what to say about lines that were left out; undefined when there were none.
   * @throws FileFormatError for a file without a single row.
   */
  end(): string | undefined {
    this.#take(this.#decoder.decode());
    const last = this.#rest;
    this.#rest = '';
    if (!this.#dropping && last.trim() !== '') this.#line(last);
    const { length } = this.table;
    if (this.full) return `${this.#path}: only its first ${length} rows were read.`;
    if (length === 0) {
      throw this.#wrong(
        this.#lines === 0 ? 'the file is empty' : `none of its ${this.#lines} lines is a row of numbers`,
      );
    }
    if (this.#skipped === 0) return undefined;
    const lines = this.#skipped === 1 ? '1 line is' : `${this.#skipped} lines are`;
    return `${this.#path}: ${lines} no row of numbers (the first is line ${this.#firstSkipped}); ${length} rows were read.`;
  }

  #take(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#rest + text.slice(from, end);
      this.#rest = '';
      from = end + 1;
      if (this.#dropping) this.#dropping = false;
      else this.#line(line);
    }
    if (this.#dropping) return;
    this.#rest += text.slice(from);
    if (this.#rest.length > LONGEST_LINE) {
      this.#lines++;
      this.#skip();
      this.#rest = '';
      this.#dropping = true;
    }
  }

  #line(line: string): void {
    this.#lines++;
    const text = line.trim();
    if (text === '' || this.full) return;
    if (this.#kind === undefined) {
      // Stable-Baselines3's monitors begin with a comment.
      if (text.startsWith('#')) return;
      this.#kind = text.startsWith('{') ? 'jsonl' : 'csv';
      if (this.#kind === 'csv') {
        this.#header = this.#names(text);
        return;
      }
    }
    const row = this.#kind === 'jsonl' ? this.#jsonRow(text) : this.#csvRow(text);
    if (row === 'text') return;
    if (row === undefined || this.#tooWide(row)) this.#skip();
    else this.table.append(row);
  }

  #skip(): void {
    this.#skipped++;
    if (this.#skipped === 1) this.#firstSkipped = this.#lines;
  }

  #tooWide(row: Readonly<Record<string, number>>): boolean {
    if (this.table.names.length + Object.keys(row).length <= MOST_COLUMNS) return false;
    const fresh = Object.keys(row).filter((name) => !this.table.has(name));
    return this.table.names.length + fresh.length > MOST_COLUMNS;
  }

  #jsonRow(line: string): Record<string, number> | 'text' | undefined {
    const parsed = parseMetricsLine(line);
    if (parsed !== undefined) {
      const { reward_100: mean, ...values } = parsed.values;
      // What `reward_mean` was called in version 0.1.0.
      return { step: parsed.step, time: parsed.time, ...values, ...(mean === undefined ? {} : { reward_mean: mean }) };
    }
    try {
      // A row of another program may lack the time; a text is no mistake.
      const record: unknown = JSON.parse(line);
      if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
      if ('text' in record) return 'text';
      const numbers = Object.entries(record).filter(([, value]) => typeof value === 'number');
      return numbers.length > 0 && 'step' in record ? Object.fromEntries(numbers) : undefined;
    } catch {
      return undefined;
    }
  }

  #csvRow(line: string): Record<string, number> | undefined {
    const names = this.#header as readonly string[];
    const cells = cellsOf(line);
    if (cells.length !== names.length) return undefined;
    const row: Record<string, number> = Object.create(null);
    let numbers = 0;
    names.forEach((name, i) => {
      const cell = cells[i].trim();
      const value = cell === '' ? Number.NaN : Number(cell);
      if (!Number.isNaN(value) || /^nan$/i.test(cell)) numbers++;
      row[name] = value;
    });
    if (numbers === 0) return undefined;
    if (!names.includes('step')) row['step'] = this.table.length;
    return row;
  }

  #names(line: string): readonly string[] {
    const names = cellsOf(line).map((cell) => cell.trim());
    const known = names.map(
      (name) => KNOWN_AS.get(name.toLowerCase()) ?? (/^(step|time)$/i.test(name) ? name.toLowerCase() : name),
    );
    const numbers = known.every((name) => name !== '' && Number.isFinite(Number(name)));
    if (known.length > MOST_COLUMNS)
      throw this.#wrong(`its first line has ${known.length} names, allowed are ${MOST_COLUMNS}`);
    if (numbers) throw this.#wrong('its first line has numbers where names of columns are needed');
    if (known.length < 2 && !/^[\w ./-]{1,100}$/.test(known[0])) throw this.#wrong('its first line is no row of names');
    return known;
  }

  #wrong(problem: string): FileFormatError {
    return new FileFormatError(
      this.#path,
      problem,
      'Allowed are metrics.jsonl, comma-separated values with a line of names, and event files of TensorBoard.',
    );
  }
}

/** Cells of a line of comma-separated values (RFC 4180), which stays on one line. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i];
    if (quoted && letter === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += letter;
  }
  cells.push(cell);
  return cells;
}
