import { expect, it } from 'vitest';
import type { CurveAnswer } from './board-client.ts';
import { CurveCache } from './curve-cache.ts';
import type { CurveRequest } from './messages.ts';

/** A server that has these rows of a run `a`; `thinned` counts the times that they became others. */
class Server {
  rows: number[] = [];
  open = false;
  thinned = 0;
  /** Rows that it has read; all by default. */
  readSoFar = Number.POSITIVE_INFINITY;
  readonly requests: CurveRequest[] = [];

  readonly fetch = async (request: CurveRequest): Promise<CurveAnswer[]> => {
    this.requests.push(request);
    const run = request.runs.find(({ id }) => id === 'a');
    if (run === undefined) return [];
    const here = this.rows.slice(0, this.readSoFar);
    this.readSoFar = Number.POSITIVE_INFINITY;
    const first = run.generation === this.thinned && run.rows <= here.length ? run.rows : 0;
    const sent = Float64Array.from(here.slice(first));
    const names = ['reward', 'loss'].filter((name) => request.names.includes(name));
    const columns = Object.fromEntries(['step', 'time', ...names].map((name) => [name, sent]));
    const bytes = { read: here.length, size: this.rows.length };
    const counts = { linesPerRow: 1, damaged: 0, ...bytes };
    return [
      {
        head: { id: 'a', generation: this.thinned, first, rows: sent.length, open: this.open, names, ...counts },
        columns,
      },
    ];
  };
}

const update = async (cache: CurveCache, server: Server, metric = 'reward', id = 'a'): Promise<string[]> => {
  const changed: string[] = [];
  await cache.update(
    () => ({ logged: new Map([[id, server.rows.length]]), metric }),
    (ids) => changed.push(...ids),
  );
  return changed;
};
const numbers = (cache: CurveCache, name = 'reward') => [...(cache.columns('a')?.[name] ?? [])];

it('asks for what is new, and for nothing where nothing is', async () => {
  const server = new Server();
  const cache = new CurveCache(server.fetch);
  server.rows = [1, 2, 3];
  expect(await update(cache, server)).toEqual(['a']);
  expect(numbers(cache)).toEqual([1, 2, 3]);
  expect(await update(cache, server)).toEqual([]);
  expect(server.requests).toHaveLength(1);
  server.rows.push(4);
  const before = cache.columns('a')!['reward'];
  await update(cache, server);
  expect(server.requests.at(-1)!.runs).toEqual([{ id: 'a', generation: 0, rows: 3 }]);
  expect(numbers(cache)).toEqual([1, 2, 3, 4]);
  expect([...before!]).toEqual([1, 2, 3]); // what was handed out is not touched
});

it('replaces a row that may still change, and all rows of another generation', async () => {
  const server = new Server();
  const cache = new CurveCache(server.fetch);
  server.rows = [1, 2, 3];
  server.open = true;
  await update(cache, server);
  server.rows = [1, 2, 3.5, 4];
  await update(cache, server);
  expect(numbers(cache)).toEqual([1, 2, 3.5, 4]);
  server.thinned = 1;
  server.rows = [1.5, 3.75, 5, 6, 7];
  await update(cache, server);
  expect(numbers(cache)).toEqual([1.5, 3.75, 5, 6, 7]);
});

it('asks on until all is read', async () => {
  const server = new Server();
  const cache = new CurveCache(server.fetch);
  server.rows = [1, 2, 3, 4];
  server.readSoFar = 2;
  await update(cache, server);
  expect(server.requests).toHaveLength(2);
  expect(numbers(cache)).toEqual([1, 2, 3, 4]);
});

it('fetches a column that was not asked for before from its first row on', async () => {
  const server = new Server();
  const cache = new CurveCache(server.fetch);
  server.rows = [1, 2];
  await update(cache, server);
  await update(cache, server, 'loss');
  expect(numbers(cache, 'loss')).toEqual([1, 2]);
  expect(numbers(cache, 'reward')).toEqual([1, 2]);
});

it('asks no more for a run that is gone', async () => {
  const server = new Server();
  const cache = new CurveCache(server.fetch);
  server.rows = [1];
  await update(cache, server, 'reward', 'gone');
  await update(cache, server, 'reward', 'gone');
  expect(server.requests).toHaveLength(1);
});

it('takes up what is wanted meanwhile, while a long log is read', async () => {
  const asked: string[][] = [];
  let read = 0;
  const cache = new CurveCache(async ({ runs }) => {
    asked.push(runs.map(({ id }) => id));
    read++;
    return runs.map(({ id }) => {
      const bytes = id === 'long' ? { read, size: 5 } : { read: 1, size: 1 };
      const counts = { linesPerRow: 1, damaged: 0, ...bytes };
      return {
        head: { id, generation: 0, first: 0, rows: 1, open: false, names: [], ...counts },
        columns: { step: Float64Array.of(1), time: Float64Array.of(1) },
      };
    });
  });
  const logged = new Map([['long', 5]]);
  await cache.update(
    () => ({ logged, metric: 'reward' }),
    () => void (read === 2 && logged.set('ticked', 1)),
  );
  expect(asked).toEqual([['long'], ['long'], ['long', 'ticked'], ['long'], ['long']]);
});
