import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import { errorCode } from '../files/atomic-file.ts';
import { createBoardApp } from './board-app.ts';
import { Trainings } from './trainings.ts';

export interface BoardOptions {
  /** Folder whose runs are shown; it may come later. */
  readonly folder: string;
  /** Default: the first free one from `FIRST_PORT` up. */
  readonly port?: number | undefined;
  readonly version: string;
  /** Whether code that runs name may run. Default false. */
  readonly allowCode?: boolean | undefined;
  /** What begins a command in a terminal, such as `npx bellman`. */
  readonly program: string;
  /** What starts this program: node's arguments and the program's file. */
  readonly command: readonly string[];
  /** Default: those that `npm run build` made. */
  readonly pageFile?: ((path: string) => Uint8Array | undefined) | undefined;
}

/** A board that answers. */
export interface RunningBoard {
  /** With the token in its fragment. */
  readonly url: string;
  readonly port: number;
  /** An address for a browser's command line: it is good for once. */
  oneTimeUrl(): string;
  close(): Promise<void>;
}

export const FIRST_PORT = 4177;
const PORTS = 50;

/**
 * Starts the board's server, on this machine's loopback only.
 * @throws OptionError when the port is taken, UnavailableError when the page was not built.
 */
export async function startBoard(options: BoardOptions): Promise<RunningBoard> {
  const { folder, version, allowCode = false, program, command } = options;
  const token = randomBytes(24).toString('base64url');
  let port = 0;
  const board = createBoardApp({
    facts: { folder, version, allowCode, program, readOnly: null },
    hosts: () => [`127.0.0.1:${port}`, `localhost:${port}`],
    token,
    pageFile: options.pageFile ?? builtFiles(),
    trainings: new Trainings({ folder, allowCode, program: command }),
  });
  const server = createServer(getRequestListener(board.app.fetch));
  // Who sends a request by the byte holds a connection no longer than this.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // A page that is gone should not hold the program.
  server.keepAliveTimeout = 2000;
  port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    port,
    oneTimeUrl: () => `http://127.0.0.1:${port}/#key=${board.oneTimeKey()}`,
    close: async () => {
      await board.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, wanted: number | undefined): Promise<number> {
  const ports = wanted === undefined ? Array.from({ length: PORTS }, (_, i) => FIRST_PORT + i) : [wanted];
  for (const port of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (!['EADDRINUSE', 'EACCES'].includes(code)) throw error;
      if (wanted === undefined) continue;
      throw new OptionError(
        '--port',
        wanted,
        'a port that is free and may be used; without --port the next free one is',
      );
    }
  }
  throw new UnavailableError(`Ports ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} are taken.`, 'Name one with --port.');
}

/** The page's files, which the build left next to this program's own.
 * @throws UnavailableError when it has not. */
function builtFiles(): (path: string) => Uint8Array | undefined {
  const places = ['../../elements/', '../../../dist/elements/'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const folder = places.find((place) => fs.existsSync(join(place, 'bellman-board.js')));
  if (folder === undefined)
    throw new UnavailableError('The page of the board is not built.', 'Run npm run build first.');
  // What may be asked for is what is listed: no request becomes a path.
  const list = (): Set<string> => {
    const found = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return new Set(found.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.js')));
  };
  let names = list();
  return (path) => {
    // Built anew since the board began, its parts have other names.
    if (!names.has(path)) names = list();
    return names.has(path) ? fs.readFileSync(join(folder, path)) : undefined;
  };
}
