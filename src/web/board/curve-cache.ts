import type { CurveAnswer } from './board-client.ts';
import type { CurveRequest } from './messages.ts';

/** Columns that are axes: always fetched. */
export const AXES = ['episodes', 'env_steps', 'updates'] as const;
/** Runs in one request. */
const BATCH = 25;

/** What is held of a run. */
interface Held {
  generation: number;
  /** Rows that will not change. */
  rows: number;
  names: ReadonlySet<string>;
  columns: Record<string, Float64Array>;
  /** Bytes of its log that the columns were made from, and those that there are. */
  read: number;
  size: number;
  damaged: number;
  linesPerRow: number;
}

export interface CurveWish {
  /** Bytes of each run's log, by its id. */
  readonly logged: ReadonlyMap<string, number>;
  /** The column that is wanted, besides the axes. */
  readonly metric: string;
}

/** The columns of runs, fetched as their logs grow: only what is new travels. */
export class CurveCache {
  readonly #fetch: (request: CurveRequest) => Promise<CurveAnswer[]>;
  readonly #held = new Map<string, Held>();

  constructor(fetch: (request: CurveRequest) => Promise<CurveAnswer[]>) {
    this.#fetch = fetch;
  }

  /** Columns of a run as far as they are here; other arrays once it has grown. */
  columns(id: string): Readonly<Record<string, Float64Array>> | undefined {
    return this.#held.get(id)?.columns;
  }

  /** How much of a run's log is here. */
  state(id: string): Pick<Held, 'read' | 'size' | 'damaged' | 'linesPerRow'> | undefined {
    return this.#held.get(id);
  }

  forget(id: string): void {
    this.#held.delete(id);
  }

  /**
   * Fetches what is missing of runs. A log of gigabytes takes many rounds, in each of which the others get what is new of theirs.
   * @param wish what is wanted now, asked anew in each round.
   * @param onPart called after each part of it with the ids of the runs that have changed.
   */
  async update(wish: () => CurveWish, onPart: (changed: ReadonlySet<string>) => void): Promise<void> {
    for (;;) {
      const { logged, metric } = wish();
      const wanted = [...logged].filter(([id, bytes]) => this.#lacks(id, bytes, metric)).map(([id]) => id);
      if (wanted.length === 0) return;
      let moved = 0;
      for (let i = 0; i < wanted.length; i += BATCH) {
        const ids = wanted.slice(i, i + BATCH);
        const changed = await this.#fetchSome(ids, metric);
        moved += changed.size;
        onPart(changed);
      }
      // A line that is not finished is never read: it comes with its rest.
      if (moved === 0) return;
    }
  }

  #lacks(id: string, bytes: number, metric: string): boolean {
    const held = this.#held.get(id);
    return held === undefined || !held.names.has(metric) || held.size < bytes || held.read < held.size;
  }

  async #fetchSome(ids: readonly string[], metric: string): Promise<ReadonlySet<string>> {
    const names = new Set([metric, ...AXES]);
    for (const id of ids) for (const name of this.#held.get(id)?.names ?? []) names.add(name);
    const runs = ids.map((id) => {
      const held = this.#held.get(id);
      // A column that was not asked for before is missing from its first row on.
      const whole = held === undefined || [...names].some((name) => !held.names.has(name));
      return { id, generation: held?.generation ?? 0, rows: whole ? 0 : held.rows };
    });
    const changed = new Set<string>();
    for (const answer of await this.#fetch({ runs, names: [...names] })) {
      if (this.#take(answer, names)) changed.add(answer.head.id);
    }
    // Runs that are gone would be asked for again and again.
    for (const id of ids) {
      if (this.#held.has(id)) continue;
      const empty = { generation: 0, rows: 0, columns: {}, read: 0, size: Number.MAX_SAFE_INTEGER, damaged: 0 };
      this.#held.set(id, { ...empty, names, linesPerRow: 1, read: Number.MAX_SAFE_INTEGER });
    }
    return changed;
  }

  /** @returns whether it brought anything. */
  #take({ head, columns }: CurveAnswer, names: ReadonlySet<string>): boolean {
    const { id, generation, first, rows, open, read, size, damaged, linesPerRow } = head;
    const before = this.#held.get(id);
    const isNews = before === undefined || before.read !== read || before.generation !== generation || first === 0;
    const joined: Record<string, Float64Array> = {};
    for (const name of new Set([...Object.keys(columns), ...(first > 0 ? Object.keys(before?.columns ?? {}) : [])])) {
      const out = new Float64Array(first + rows).fill(Number.NaN);
      const old = before?.columns[name];
      if (first > 0 && old !== undefined) out.set(old.subarray(0, first));
      const added = columns[name];
      if (added !== undefined) out.set(added, first);
      joined[name] = out;
    }
    const state = { read, size, damaged, linesPerRow };
    this.#held.set(id, { generation, rows: first + rows - (open ? 1 : 0), names, columns: joined, ...state });
    return isNews;
  }
}
