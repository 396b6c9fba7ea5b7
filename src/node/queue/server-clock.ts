/**
 * BullMQ stamps leases in PostgreSQL with the clock of the machine that asks, and looks by its own whether another's is over: a worker
 * whose clock is ahead would take jobs that others hold, one whose clock is behind would lose its own. Here every moment that goes to
 * the server is told in the server's time, and every one that comes from there in this machine's. (Redis ends leases by itself.)
 */
import type { createPostgresBackend } from 'bullmq';
import { systemClock } from '../files/clock.ts';

type MakeBackend = typeof createPostgresBackend;

/** What all of a backend's commands go through. */
interface Backend {
  query(text: string, params?: readonly unknown[]): Promise<Answer>;
  run(command: string, params?: readonly unknown[]): Promise<Answer>;
}
interface Answer {
  readonly rows: Record<string, unknown>[];
}

/** Columns that hold a moment in milliseconds since 1970. */
const MOMENTS = ['finished_at_ms', 'processed_at_ms', 'added_at_ms', 'next_delay'];
/** Numbers from here on are moments, of after 2001: no duration is thirty years. */
const FIRST_MOMENT = 1e12;
/** Milliseconds after which the server is asked for its time again: clocks drift. */
const ASK_AGAIN_MS = 60_000;
/**
 * Milliseconds by which clocks may differ and count as one. A worker that took a few of them for a difference would see each delayed job
 * come due before all others do, and take it every time, though it may be the one that cannot do it.
 */
const AGREE_MS = 100;

/** A maker of backends that tell the time as their server does. */
export const onServersClock =
  (make: MakeBackend): MakeBackend =>
  (...args) => {
    const made = make(...args);
    const backend = made as unknown as Backend;
    const run = backend.run.bind(backend);
    const clock = new ServerClock(() => backend.query('select extract(epoch from clock_timestamp()) * 1000 as now'));
    backend.run = async (command, params = []) => {
      const ahead = await clock.ahead();
      const told = params.map((param) => (typeof param === 'number' && param > FIRST_MOMENT ? param - ahead : param));
      const answer = await run(command, told);
      for (const row of answer.rows) {
        for (const name of MOMENTS) {
          const moment = Number(row[name] ?? 0);
          if (moment > FIRST_MOMENT) row[name] = String(moment + ahead);
        }
      }
      return answer;
    };
    return made;
  };

class ServerClock {
  readonly #ask: () => Promise<Answer>;
  /**
   * The server's time, and when by `performance.now` it was that, give or take `error` milliseconds: this machine's clock may be set
   * meanwhile.
   */
  #known: { readonly server: number; readonly at: number; readonly error: number } | undefined;
  #asking: Promise<void> | undefined;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  /** Whole milliseconds by which this machine's clock is ahead of the server's; 0 where they agree. */
  async ahead(): Promise<number> {
    if (this.#known === undefined) await this.#look();
    else if (performance.now() - this.#known.at > ASK_AGAIN_MS) this.#look().catch(() => {});
    const { server, at, error } = this.#known!;
    const ahead = Math.round(systemClock() - (server + performance.now() - at));
    return Math.abs(ahead) <= AGREE_MS + error ? 0 : ahead;
  }

  #look(): Promise<void> {
    this.#asking ??= this.#compare().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #compare(): Promise<void> {
    // The first question may have to wait for its connection.
    await this.#ask();
    const before = performance.now();
    const { rows } = await this.#ask();
    // It looked at its clock between question and answer.
    const error = (performance.now() - before) / 2;
    this.#known = { server: Number(rows[0]!['now']), at: before + error, error };
  }
}
