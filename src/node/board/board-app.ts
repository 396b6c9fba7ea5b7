import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { BellmanError, UnavailableError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { joinBytes } from '../../core/join-bytes.ts';
import { leaves } from '../../recipes/leaves.ts';
import { describeSource, type Source } from '../../recipes/recipe.ts';
import { allRecipes } from '../../recipes/registry.ts';
import type {
  BoardFacts,
  BoardRecipe,
  BoardRun,
  CurveHead,
  CurveRequest,
  RunDetails,
  RunsMessage,
  StartRequest,
} from '../../web/board/messages.ts';
import { readRunConfig } from '../runs/run-directory.ts';
import { METRICS_FILE } from '../runs/run-layout.ts';
import { guard, KEY_PATH, refuse } from './board-guard.ts';
import { CurveStore } from './curve-store.ts';
import { LoadMeter } from './machine-load.ts';
import { OneTimeKeys } from './one-time-keys.ts';
import { Players } from './player.ts';
import { filesOf, lastLines, typeOf } from './run-files.ts';
import { RunWatcher } from './run-watcher.ts';
import type { Trainings } from './trainings.ts';

export interface BoardAppOptions {
  readonly facts: BoardFacts;
  /** Host headers that mean this server. */
  readonly hosts: () => readonly string[];
  readonly token: string;
  /** The page's own files by their paths, such as `bellman-board.js`; undefined where there is none. */
  readonly pageFile: (path: string) => Uint8Array | undefined;
  readonly trainings: Trainings;
}

/** Runs are looked at this often while a page watches. */
const LOOK_MS = 200;
const LOAD_MS = 2000;
/** Messages that a page has not taken yet. */
const MOST_PENDING = 8;
/** Pages at the same time. */
const MOST_PAGES = 32;
/** Columns are read for so long before an answer goes out; the rest comes with the next one. */
const READ_MS = 150;

/** The board's server without its port. */
export interface BoardApp {
  readonly app: Hono;
  readonly watcher: RunWatcher;
  /** A key that a page can trade for the token, once. */
  oneTimeKey(): string;
  /** Ends streams and players. */
  close(): Promise<void>;
}

export function createBoardApp(options: BoardAppOptions): BoardApp {
  const { facts, trainings } = options;
  const watcher = new RunWatcher(facts.folder);
  const stores = new Map<string, CurveStore>();
  const players = new Players();
  const keys = new OneTimeKeys();
  const listeners = new Listeners(watcher, facts.folder);
  const app = new Hono();
  app.use(guard(options));
  app.use(
    '/api/*',
    bodyLimit({ maxSize: 1 << 18, onError: (context) => refuse(context, 413, 'The request is too long.') }),
  );
  app.onError((error, context) => {
    if (error instanceof HTTPException) return refuse(context, error.status as 400, error.message);
    if (error instanceof BellmanError) return refuse(context, 422, error.message);
    return refuse(context, 422, `The board failed: ${error.message.split('\n')[0]}`);
  });
  app.notFound((context) => refuse(context, 404, 'There is nothing here.'));

  app.get('/', (context) => context.html(PAGE));
  app.get('/page.css', (context) => context.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/elements/*', (context) => {
    const content = options.pageFile(context.req.path.slice('/elements/'.length));
    if (content === undefined) return refuse(context, 404, 'There is no such file.');
    return context.body(Uint8Array.from(content).buffer, 200, { 'Content-Type': 'text/javascript; charset=utf-8' });
  });

  const runOf = (context: Context, id = context.req.query('run')) => {
    listeners.tell(watcher.poll());
    const found = id === undefined ? undefined : watcher.find(id);
    if (found === undefined)
      throw new UnavailableError('There is no such run in this folder any more.', 'Look at the list.');
    if (found.run.state === 'damaged') throw new UnavailableError(`The run is damaged: ${found.run.message}`, '');
    return found;
  };
  const mayRun = (namesCode: boolean): void => {
    if (!namesCode || facts.allowCode) return;
    throw new UnavailableError(
      'This run names code of its own.',
      'A board runs none unless it is started with --allow-code.',
    );
  };

  app.post(KEY_PATH, async (context) => {
    const { key } = await objectOf(context);
    if (typeof key === 'string' && keys.take(key)) return context.json({ token: options.token });
    return refuse(
      context,
      401,
      'This address was opened before, or is too old. Open the one that `bellman ui` printed.',
    );
  });
  app.get('/api/board', (context) => context.json(facts));
  app.get('/api/runs', (context) => {
    listeners.tell(watcher.poll(true));
    return context.json({ all: true, runs: watcher.runs, gone: [] } satisfies RunsMessage);
  });
  app.get('/api/events', (context) => {
    if (listeners.count >= MOST_PAGES) {
      return refuse(context, 429, `${MOST_PAGES} pages look at this board already. Close one of them.`);
    }
    return streamSSE(context, (stream) => listeners.serve(stream));
  });
  app.get('/api/recipes', (context) => context.json(allRecipes.map(describeRecipe)));

  app.get('/api/run', (context) => {
    const { path, run } = runOf(context);
    const config = readRunConfig(path);
    const sources = (isObject(config['sources']) ? config['sources'] : {}) as Readonly<Record<string, Source>>;
    const details: RunDetails = {
      run,
      values: valuesOf(isObject(config['config']) ? config['config'] : {}, sources),
      facts: Object.entries(config)
        .filter(([name]) => !['config', 'sources', 'codeMark', 'format'].includes(name))
        .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
      files: filesOf(path),
      lines: lastLines(path),
    };
    return context.json(details);
  });

  app.post('/api/curves', async (context) => {
    const { runs, names } = (await objectOf(context)) as unknown as CurveRequest;
    if (!Array.isArray(runs) || !Array.isArray(names) || runs.some((run: unknown) => !isObject(run)))
      return refuse(context, 400, 'A request needs runs and names.');
    const heads: CurveHead['runs'][number][] = [];
    const parts: Float64Array[] = [];
    const until = performance.now() + READ_MS;
    for (const id of stores.keys()) if (watcher.find(id) === undefined) stores.delete(id);
    const wanted = new Set(names.map(String));
    // Each run and each name once: what an answer takes is bounded by what there is.
    for (const { id, generation, rows } of new Map(runs.map((run) => [run.id, run])).values()) {
      const found = watcher.find(String(id));
      if (found === undefined || found.run.state === 'damaged') continue;
      let store = stores.get(id);
      if (store === undefined) {
        store = new CurveStore(join(found.path, METRICS_FILE));
        stores.set(id, store);
      }
      await store.update(Math.max(1, until - performance.now()));
      const isKnown = generation === store.generation && Number.isSafeInteger(rows) && rows >= 0 && rows <= store.rows;
      const first = isKnown ? rows : 0;
      const own = store.names.filter((name) => wanted.has(name));
      const { linesPerRow, damaged, read, size, open } = store;
      const head = { id, generation: store.generation, first, rows: store.rows - first, open, names: own };
      heads.push({ ...head, linesPerRow, damaged, read, size });
      for (const name of ['step', 'time', ...own]) parts.push(store.column(name, first));
    }
    const body = encodeCurves({ runs: heads }, parts);
    return context.body(body.buffer as ArrayBuffer, 200, { 'Content-Type': 'application/octet-stream' });
  });

  app.get('/api/file', (context) => {
    const { path } = runOf(context);
    const wanted = context.req.query('path');
    const file = filesOf(path).find((one) => one.path === wanted);
    if (file === undefined) return refuse(context, 404, 'The run has no such file.');
    const stream = Readable.toWeb(fs.createReadStream(join(path, file.path))) as ReadableStream<Uint8Array>;
    return context.body(stream, 200, {
      'Content-Type': typeOf(file.path),
      'Content-Disposition': 'attachment',
      // Opened by itself it is a document of a stranger: it may do nothing.
      'Content-Security-Policy': 'sandbox',
    });
  });

  app.get('/api/play', (context) => {
    const { path, run } = runOf(context);
    mayRun(run.code);
    const model = context.req.query('model');
    const file =
      model === undefined ? undefined : filesOf(path).find((one) => one.kind === 'model' && one.path === model);
    if (model !== undefined && file === undefined) return refuse(context, 404, 'The run has no such model.');
    const seed = Math.floor(performance.now()) % 1_000_000;
    const played = file === undefined ? path : join(path, file.path);
    return context.body(players.stream({ path: played, allowCode: facts.allowCode, seed }), 200, {
      'Content-Type': 'application/octet-stream',
    });
  });
  app.get('/api/tables', async (context) => {
    const { path, run } = runOf(context);
    mayRun(run.code);
    return context.json(await players.tables(path, facts.allowCode));
  });

  const mayChange = (): void => {
    if (facts.readOnly !== null) throw new UnavailableError(facts.readOnly, '');
  };
  app.post('/api/start', async (context) => {
    mayChange();
    const id = await trainings.start((await objectOf(context)) as unknown as StartRequest);
    return context.json({ id }, 201);
  });
  app.post('/api/stop', async (context) => {
    mayChange();
    trainings.stop(runOf(context).path);
    return context.json({});
  });
  app.post('/api/resume', async (context) => {
    mayChange();
    const { path, run } = runOf(context);
    await trainings.resume(path, run.code);
    return context.json({});
  });

  return {
    app,
    watcher,
    oneTimeKey: () => keys.make(),
    close: async () => {
      listeners.close();
      await players.close();
    },
  };
}

/** Pages that watch. While there is none, nothing is looked at. */
class Listeners {
  readonly #watcher: RunWatcher;
  readonly #meter: LoadMeter;
  readonly #streams = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #measured = 0;

  constructor(watcher: RunWatcher, folder: string) {
    this.#watcher = watcher;
    this.#meter = new LoadMeter(folder);
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Serves a page until it goes. */
  async serve(stream: SSEStreamingApi): Promise<void> {
    if (this.#closed) return;
    this.tell(this.#watcher.poll());
    const listener = new Listener(stream, () => this.#watcher.runs);
    listener.tellAll();
    listener.tell('machine', this.#meter.measure());
    this.#streams.add(listener);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    await new Promise<void>((resolve) => {
      stream.onAbort(() => resolve());
    });
    this.#streams.delete(listener);
    if (this.#streams.size === 0) this.#rest();
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    for (const { stream } of this.#streams) stream.abort();
  }

  /** Passes on what a look has found. */
  tell(message: RunsMessage): void {
    if (message.runs.length + message.gone.length > 0) this.#tell('runs', message);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.tell(this.#watcher.poll());
    const now = performance.now();
    if (now - this.#measured < LOAD_MS) return;
    this.#measured = now;
    this.#tell('machine', this.#meter.measure());
  }

  #tell(event: 'runs' | 'machine', message: object): void {
    const data = JSON.stringify(message);
    for (const listener of this.#streams) listener.tell(event, data);
  }
}

/**
 * A page's stream of events. One that takes nothing, such as a tab that the system has halted, is told nothing more until it has
 * taken what was sent, and then all runs at once: nothing piles up here.
 */
class Listener {
  readonly stream: SSEStreamingApi;
  readonly #runs: () => readonly BoardRun[];
  #pending = 0;
  #missed = false;

  constructor(stream: SSEStreamingApi, runs: () => readonly BoardRun[]) {
    this.stream = stream;
    this.#runs = runs;
  }

  tell(event: 'runs' | 'machine', message: object | string): void {
    if (this.#pending >= MOST_PENDING) {
      this.#missed ||= event === 'runs';
      return;
    }
    this.#pending++;
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    const done = (): void => {
      this.#pending--;
      if (this.#missed && this.#pending === 0) this.tellAll();
    };
    // A page that is gone has aborted its stream.
    void this.stream.writeSSE({ event, data }).then(done, done);
  }

  tellAll(): void {
    this.#missed = false;
    this.tell('runs', { all: true, runs: this.#runs(), gone: [] } satisfies RunsMessage);
  }
}

/** The body of a request. @throws HTTPException when it is no JSON object. */
async function objectOf(context: Context): Promise<Readonly<Record<string, unknown>>> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isObject(body)) throw new HTTPException(400, { message: 'The body of the request is no JSON object.' });
  return body;
}

function valuesOf(config: object, sources: Readonly<Record<string, Source>>): RunDetails['values'] {
  return leaves(config).map(([place, value]) => ({
    place,
    value: JSON.stringify(value) ?? 'null',
    source: isObject(sources[place]) ? String(describeSource(sources[place])) : '',
  }));
}

const describeRecipe = ({
  id,
  title,
  algorithm,
  env,
  config,
  sources,
  usual,
}: (typeof allRecipes)[number]): BoardRecipe => ({
  ...{ id, title, algorithm, env },
  values: valuesOf(config, sources as Readonly<Record<string, Source>>),
  minutes: usual?.minutes ?? null,
});

/** The head's length as four bytes, the head as JSON filled up to a multiple of eight, the columns. */
function encodeCurves(head: CurveHead, columns: readonly Float64Array[]): Uint8Array {
  let text = JSON.stringify(head);
  const bytes = new TextEncoder().encode(text).length;
  text += ' '.repeat((8 - ((bytes + 4) % 8)) % 8);
  const start = new TextEncoder().encode(text);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, start.length, true);
  const data = columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return joinBytes([length, start, ...data]);
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>bellman board</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%231463b8'/%3E%3Cpath d='M3 12l3-4 3 2 4-6' fill='none' stroke='%23fff' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E">
<script type="module" src="/elements/bellman-board.js"></script>
</head>
<body>
<noscript>The board needs JavaScript.</noscript>
<bellman-board></bellman-board>
</body>
</html>
`;

const STYLE = `html, body { margin: 0; height: 100%; }
body { background: light-dark(#ffffff, #10171f); }
:root { color-scheme: light dark; }
`;
