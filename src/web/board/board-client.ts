import type { BoardFacts, BoardRecipe, CurveHead, CurveRequest, RunDetails, StartRequest } from './messages.ts';

/** What the server refused, in its own line. */
export class BoardError extends Error {
  override name = 'BoardError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Columns of a run as the server sends them, a number a row. */
export interface CurveAnswer {
  readonly head: CurveHead['runs'][number];
  /** `step`, `time` and the head's names. */
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export interface EventHandlers {
  readonly event: (name: string, data: unknown) => void;
  /** The connection is there, or lost and tried again. @param refused why trying again is of no use. */
  readonly connection: (state: 'open' | 'lost', refused?: string) => void;
}

const KEY = 'bellman-board-token';
const RETRY_MS = [300, 700, 1500, 3000];
/** The server says something at least every two seconds. */
const SILENCE_MS = 8000;

/** The page's side of the board's server. */
export class BoardClient {
  readonly #token: string | Promise<string>;

  constructor(token: string | Promise<string>) {
    this.#token = token;
  }

  /** Takes the token from the page's address, trades the key in it for the token, or has what this tab had before it was loaded
   * anew. */
  static fromPage(): BoardClient {
    const [, kind, given] = /^#(token|key)=([\w-]+)$/.exec(location.hash) ?? [];
    if (given === undefined) return new BoardClient(sessionStorage.getItem(KEY) ?? '');
    // Out of sight of whoever looks at the screen, and out of bookmarks, where it would be of no use later.
    history.replaceState(null, '', location.pathname);
    if (kind === 'key') return new BoardClient(trade(given));
    sessionStorage.setItem(KEY, given);
    return new BoardClient(given);
  }

  facts(): Promise<BoardFacts> {
    return this.#json('/api/board');
  }

  recipes(): Promise<readonly BoardRecipe[]> {
    return this.#json('/api/recipes');
  }

  details(run: string): Promise<RunDetails> {
    return this.#json(`/api/run?run=${encodeURIComponent(run)}`);
  }

  tables(run: string): Promise<readonly { readonly title: string; readonly svg: string }[]> {
    return this.#json(`/api/tables?run=${encodeURIComponent(run)}`);
  }

  start(request: StartRequest): Promise<{ readonly id: string }> {
    return this.#json('/api/start', { method: 'POST', body: JSON.stringify(request) });
  }

  async change(what: 'stop' | 'resume', run: string): Promise<void> {
    await this.#json(`/api/${what}?run=${encodeURIComponent(run)}`, { method: 'POST' });
  }

  /** A file of a run. */
  async file(run: string, path: string): Promise<Blob> {
    const place = `run=${encodeURIComponent(run)}&path=${encodeURIComponent(path)}`;
    return (await this.#ask(`/api/file?${place}`)).blob();
  }

  /** A run's model at play, picture by picture. @param model file of the run; its best one by default. */
  async play(run: string, model: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const which = model === undefined ? '' : `&model=${encodeURIComponent(model)}`;
    const response = await this.#ask(`/api/play?run=${encodeURIComponent(run)}${which}`, { signal });
    return response.body as ReadableStream<Uint8Array>;
  }

  async curves(request: CurveRequest): Promise<CurveAnswer[]> {
    const response = await this.#ask('/api/curves', { method: 'POST', body: JSON.stringify(request) });
    return decodeCurves(await response.arrayBuffer());
  }

  /** Listens to the server's events until the signal ends it; a lost connection is tried again. */
  async listen(handlers: EventHandlers, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#events(handlers, signal, () => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof BoardError && error.status < 500) {
          handlers.connection('lost', error.message);
          return;
        }
      }
      if (signal.aborted) return;
      handlers.connection('lost');
      const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async #events(handlers: EventHandlers, signal: AbortSignal, opened: () => void): Promise<void> {
    // A server that is halted keeps its connection: silence counts as its loss.
    const silence = new AbortController();
    const end = () => silence.abort();
    let timer = setTimeout(end, SILENCE_MS);
    try {
      const response = await this.#ask('/api/events', { signal: AbortSignal.any([signal, silence.signal]) });
      handlers.connection('open');
      opened();
      const reader = response.body!.getReader();
      const decoder = new TextDecoder();
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE_MS);
        text += decoder.decode(value, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          const { name, data } = parseEvent(block);
          if (data !== '') handlers.event(name, JSON.parse(data));
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #json<T>(path: string, init?: RequestInit): Promise<T> {
    return (await this.#ask(path, init)).json() as Promise<T>;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${await this.#token}`, 'Content-Type': 'application/json' };
    return checked(await fetch(path, { ...init, headers }));
  }
}

/** The token for a key that opens the board once. @throws BoardError when it was used before. */
async function trade(key: string): Promise<string> {
  const response = await checked(await fetch('/api/key', { method: 'POST', body: JSON.stringify({ key }) }));
  const { token } = (await response.json()) as { readonly token: string };
  sessionStorage.setItem(KEY, token);
  return token;
}

/** @throws BoardError with the server's line for what it refused. */
async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  let message = `The board answered with ${response.status}.`;
  try {
    message = ((await response.json()) as { readonly error: string }).error;
  } catch {
    // Not from our server.
  }
  throw new BoardError(response.status, message);
}

/** The name and the data of a server-sent event. */
export function parseEvent(block: string): { readonly name: string; readonly data: string } {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') name = value!;
    if (field === 'data') data.push(value!);
  }
  return { name, data: data.join('\n') };
}

export function decodeCurves(bytes: ArrayBuffer): CurveAnswer[] {
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as CurveHead;
  let place = 4 + length;
  return head.runs.map((run) => {
    const columns: Record<string, Float64Array> = {};
    for (const name of ['step', 'time', ...run.names]) {
      columns[name] = new Float64Array(bytes, place, run.rows);
      place += 8 * run.rows;
    }
    return { head: run, columns };
  });
}
