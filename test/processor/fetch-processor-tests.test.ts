import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Collection, fetchProcessorTests } from '../../scripts/fetch-processor-tests.ts';

const served: Record<string, string> = { '/6502/00.bin': 'cases of BRK', '/6502/01.bin': 'cases of ORA' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Two files with the checksums of these texts. */
const collection = (zero: string, one: string): Collection => ({
  repository: 'someone/Tests',
  commit: 'abc',
  files: [
    ['6502/00.bin', '6502/00.bin', sha256(zero)],
    ['6502/01.bin', '6502/01.bin', sha256(one)],
  ],
});

describe('the public processor tests, fetched over the network', () => {
  let server: Server;
  let address: string;
  let folder: string;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const text = served[request.url ?? ''];
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'processor-tests-'));
    asked.length = 0;
    return () => rmSync(folder, { recursive: true });
  });
  afterAll(() => server.close());

  it('are kept when their checksums are right, and fetched once', async () => {
    const right = [collection('cases of BRK', 'cases of ORA')];
    expect(await fetchProcessorTests(folder, address, right)).toBe(2);
    expect(readFileSync(join(folder, '6502/01.bin'), 'utf8')).toBe('cases of ORA');
    expect(await fetchProcessorTests(folder, address, right)).toBe(0);
    expect(asked).toEqual(['/6502/00.bin', '/6502/01.bin']);
  });

  it('are refused with another checksum, and not written', async () => {
    await expect(fetchProcessorTests(folder, address, [collection('cases of BRK', 'others')])).rejects.toThrow(
      '6502/01.bin: its checksum is not that of someone/Tests at abc',
    );
    expect(existsSync(join(folder, '6502/00.bin'))).toBe(true);
    expect(existsSync(join(folder, '6502/01.bin'))).toBe(false);
  });

  it('are missing when the server does not have them or is not there', async () => {
    await expect(fetchProcessorTests(folder, `${address}/elsewhere`)).rejects.toThrow(
      /\/elsewhere\/bin_files\/6502_functional_test.bin: HTTP status 404$/,
    );
    await expect(fetchProcessorTests(folder, 'http://127.0.0.1:1')).rejects.toThrow(
      /^http:\/\/127.0.0.1:1\/bin_files\/6502_functional_test.bin: .+$/,
    );
  });
});
