import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';

/**
 * Who may ask. The page's files are open to whoever reaches this machine's loopback by its own name; everything else wants the
 * token, which is in the fragment of the page's address and so never sent by a browser. A page of another origin cannot have it,
 * and one that has a name of its own pointed here (DNS rebinding) is told apart by the Host header.
 */
export interface GuardOptions {
  /** Host headers that mean this server, such as `127.0.0.1:4177`. */
  readonly hosts: () => readonly string[];
  readonly token: string;
}

/** Where a page trades the key of its address for the token. */
export const KEY_PATH = '/api/key';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  'media-src blob:',
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Refuses what is not this machine's own page, and sets the headers that keep the page in its bounds. */
export function guard({ hosts, token }: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const host = req.header('host') ?? '';
    if (!hosts().includes(host)) return refuse(context, 421, 'This board answers under its own address only.');
    const origin = req.header('origin');
    if (origin !== undefined && origin !== `http://${host}`) {
      return refuse(context, 403, 'Pages of other origins get nothing here.');
    }
    const isApi = req.path.startsWith('/api/');
    const site = req.header('sec-fetch-site');
    if (isApi && site !== undefined && site !== 'same-origin') {
      return refuse(context, 403, 'Pages of other origins get nothing here.');
    }
    const given = /^Bearer (\S+)$/.exec(req.header('authorization') ?? '')?.[1] ?? '';
    if (isApi && req.path !== KEY_PATH && !equals(given, token)) {
      return refuse(
        context,
        401,
        'The token is missing or of another board. Open the address that `bellman ui` printed.',
      );
    }
    // To a HEAD request a stream would begin that nobody reads or ends.
    if (isApi && !['GET', 'POST'].includes(req.method)) {
      context.header('Allow', 'GET, POST');
      return refuse(context, 405, `${req.method} is not answered here.`);
    }
    await next();
    return undefined;
  };
}

/** One line, with its status. */
export function refuse(context: Context, status: 400 | 401 | 403 | 404 | 405 | 413 | 421 | 422 | 429, message: string) {
  return context.json({ error: message }, status);
}

function equals(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
