import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../../../test/support/s3-server.ts';
import { FolderStore } from './folder-store.ts';
import { checkStore, type ObjectStore } from './object-store.ts';
import { openStore } from './open-store.ts';
import { S3Store } from './s3-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'object-store-'));
let server: S3Server;

beforeAll(async () => {
  server = await startS3('runs');
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const kinds: readonly (readonly [string, () => Promise<ObjectStore>])[] = [
  ['a folder', async () => new FolderStore(join(folder, 'store'))],
  ['S3', () => S3Store.open('s3://runs/some/place', server.env)],
];

describe.each(kinds)('%s', (_, open) => {
  it('gives what was put there', async () => {
    const store = await open();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    writeFileSync(from, bytes);
    await store.putFile('a/b c/ü&<1>', from);
    await store.put('a/text', 'one');
    await store.put('a/text', 'two');
    expect(await store.getFile('a/b c/ü&<1>', to)).toBe(true);
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(new TextDecoder().decode(await store.get('a/text'))).toBe('two');
    expect(await store.list('a/')).toEqual(['a/b c/ü&<1>', 'a/text']);
    await store.remove('a/text');
    await store.remove('a/text');
    expect(await store.get('a/text')).toBeUndefined();
    expect(await store.getFile('a/text', to)).toBe(false);
    expect(await store.list('other/')).toEqual([]);
  });

  it('creates a key once, of many at the same time', async () => {
    const store = await open();
    const made = await Promise.all(Array.from({ length: 8 }, (_, i) => store.create('claims/1', `${i}`)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(new TextDecoder().decode(await store.get('claims/1'))).toBe(`${made.indexOf(true)}`);
  });

  it('is refused where it creates a key again', async () => {
    const store = await open();
    const put = store.put.bind(store);
    // As a service that does not know `If-None-Match`.
    store.create = async (key, content) => {
      await put(key, content);
      return true;
    };
    await expect(checkStore(store, 'me')).rejects.toThrow(
      /^--store .*: it writes over what it is asked to create once/,
    );
    expect(await store.list('.check/')).toEqual([]);
  });

  it('is checked without a trace', async () => {
    const store = await open();
    const before = await store.list('');
    await checkStore(store, 'me');
    expect(await store.list('')).toEqual(before);
  });
});

it('lists more keys than an answer of S3 has', async () => {
  const store = await S3Store.open('s3://runs/many', server.env, 3);
  const keys = Array.from({ length: 10 }, (_, i) => `k/${i} &`);
  await Promise.all(keys.map((key) => store.put(key, '')));
  expect(await store.list('k/')).toEqual(keys);
});

describe('refusals', () => {
  it.each([
    ['s3://absent/x', {}, 'Cannot write s3://absent/x/.check/me: there is no such bucket.'],
    ['s3://runs', { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }, '--store s3://runs: nobody listens there.'],
  ])('%s', async (url, env, message) => {
    const store = await S3Store.open(url, { ...server.env, ...env });
    await expect(checkStore(store, 'me')).rejects.toThrow(message);
  });

  it('names what the environment lacks, and no key', async () => {
    await expect(S3Store.open('s3://runs', {})).rejects.toThrow(
      '--store s3://runs: the environment has no keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
    const env = { ...server.env, AWS_ENDPOINT_URL: 'http://me:s3cret@host' };
    await expect(S3Store.open('s3://runs', env)).rejects.toThrow(/^(?!.*s3cret).*allowed is a URL/);
  });

  it.each(['', 'gs://bucket', 's3://UPPER', 's3:/x', join(folder, 'a-file')])('--store %s', async (text) => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(openStore(text)).rejects.toThrow('allowed is');
  });

  it('a folder that is no folder', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(checkStore(new FolderStore(join(folder, 'a-file', 'x')), 'me')).rejects.toThrow(
      /^Cannot write .*a-file/,
    );
  });
});
