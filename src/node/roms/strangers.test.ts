import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aleCartridge } from '../../../test/support/ale-cartridges.ts';
import { fetchCartridges } from './fetch-cartridges.ts';
import { importCartridges } from './import-cartridges.ts';

let root: string;
const before = process.env['BELLMAN_ROMS'];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bellman-test-'));
  process.env['BELLMAN_ROMS'] = join(root, 'own');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  if (before === undefined) delete process.env['BELLMAN_ROMS'];
  else process.env['BELLMAN_ROMS'] = before;
});

const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
};

/** A zip of one file whose directory names it many times. */
function overlapping(content: Uint8Array, times: number): Uint8Array {
  const zip = Buffer.from(zipSync({ 'bomb000000.bin': content }, { level: 9 }));
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const start = zip.readUInt32LE(end + 16);
  const entry = zip.subarray(start, end);
  const entries = Array.from({ length: times }, (_, i) => {
    const copy = Buffer.from(entry);
    copy.write(String(i).padStart(6, '0'), copy.indexOf('bomb') + 4);
    return copy;
  });
  const trailer = Buffer.from(zip.subarray(end));
  trailer.writeUInt16LE(times, 8);
  trailer.writeUInt16LE(times, 10);
  trailer.writeUInt32LE(times * entry.length, 12);
  return Buffer.concat([zip.subarray(0, start), ...entries, trailer]);
}

describe('importCartridges', () => {
  it('refuses an archive whose parts are small and whose sum is not', () => {
    const zip = overlapping(new Uint8Array(1 << 20), 3000);
    expect(zip.length).toBeLessThan(300_000);
    const path = file('bomb.zip', zip);
    const started = performance.now();
    const heap = process.memoryUsage().rss;
    expect(() => importCartridges([path])).toThrow(
      `${path}: it unpacks to too much. At most 67108864 bytes of cartridges are read.`,
    );
    expect(performance.now() - started).toBeLessThan(5000);
    expect(process.memoryUsage().rss - heap).toBeLessThan(200e6);
    expect(() => readdirSync(join(root, 'own'))).toThrow();
  });

  it('takes what else lies in a folder with such an archive, with a pipe, a device and a file that is too long', () => {
    const folder = join(root, 'games');
    mkdirSync(folder);
    file('games/pong.bin', aleCartridge('pong'));
    file('games/bomb.zip', overlapping(new Uint8Array(1 << 20), 3000));
    file('games/broken.zip', Uint8Array.of(80, 75, 3, 4));
    file('games/long.bin', new Uint8Array((1 << 20) + 1));
    symlinkSync('/dev/zero', join(folder, 'endless.bin'));
    execFileSync('mkfifo', [join(folder, 'pipe.bin'), join(folder, 'pipe.zip')]);
    const { games, refused } = importCartridges([folder]);
    expect(games).toEqual(['pong']);
    expect(refused.map(({ reason }) => reason.slice(folder.length + 1))).toEqual([
      'bomb.zip: it unpacks to too much. At most 67108864 bytes of cartridges are read.',
      'broken.zip: not a readable zip archive. Download it again.',
      'endless.bin: a pipe or a device, not a file. Check the path.',
      'long.bin: 1048577 bytes are too many. At most 1048576 are read.',
      'pipe.bin: a pipe or a device, not a file. Check the path.',
      'pipe.zip: a pipe or a device, not a file. Check the path.',
    ]);
  });

  it('looks through a folder once, however many links lead back to it', () => {
    const folder = join(root, 'loops');
    mkdirSync(folder);
    for (let i = 0; i < 12; i++) symlinkSync('.', join(folder, `again${i}`));
    file('loops/unknown.bin', new Uint8Array(4096));
    expect(importCartridges([folder]).refused).toHaveLength(1);
  });
});

describe('fetchCartridges', () => {
  async function failureOf(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await fetchCartridges({ BELLMAN_PYTHON: '/nowhere/python', PIP_INDEX_URL: index });
      return 'fetched';
    } catch (error) {
      return (error as Error).message;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const json = (value: unknown): RequestListener => {
    return (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(value));
    };
  };
  const wheel = 'ale_py-0.12.1-cp311-x.whl';
  const endless: RequestListener = (_, response) => {
    const part = Buffer.alloc(1 << 20);
    const more = (): void => {
      if (!response.destroyed) response.write(part, () => setImmediate(more));
    };
    more();
  };

  it.each<[string, RequestListener, string]>([
    ['an endless index', endless, 'sends more than 33554432 bytes'],
    [
      'an index that unpacks to a gigabyte',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(BOMB);
      },
      'sends more than 33554432 bytes',
    ],
    ['null', json(null), 'is no index of files'],
    ['an object', json({}), 'is no index of files'],
    ['files that are a text', json({ files: 'x' }), 'is no index of files'],
    ['entries that are none', json({ files: [null, 5, [], { filename: 5, url: 'x' }] }), 'no wheel of ale-py'],
    ['no JSON', (_, response) => response.setHeader('content-type', 'x/json').end('{'), 'JSON'],
    ['a data: address', json({ files: [{ filename: wheel, url: 'data:,x' }] }), 'sends to data:'],
    ['a file: address', json({ files: [{ filename: wheel, url: 'file:///etc/passwd' }] }), 'sends to file:'],
    ['no address', json({ files: [{ filename: wheel, url: 'http://' }] }), 'Invalid URL'],
    [
      'a redirection to elsewhere',
      (_, response) => response.writeHead(302, { location: 'ftp://example.com/' }).end(),
      'fetch failed',
    ],
  ])('%s is one line', async (_, answer, reason) => {
    const heap = process.memoryUsage().rss;
    const message = await failureOf(answer);
    expect(message).toMatch(
      /^Cannot fetch ale-py 0\.12\.1: pip: no Python with pip; http:.*Download its wheel elsewhere/,
    );
    expect(message).toContain(reason);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(process.memoryUsage().rss - heap).toBeLessThan(400e6);
  });

  it('an endless wheel ends at its bound', async () => {
    const message = await failureOf((request, response) => {
      if (request.url?.endsWith('.whl')) endless(request, response);
      else json({ files: [{ filename: wheel, url: `/${wheel}` }] })(request, response);
    });
    expect(message).toContain('sends more than 268435456 bytes');
  });
});

const BOMB = gzipSync(Buffer.alloc(100 << 20));
