import * as fs from 'node:fs';
import type { AwsClient } from 'aws4fetch';
import { FileFormatError, OptionError, UnavailableError, WriteError } from '../../core/errors.ts';
import { readFileChecked, toWriteError } from '../files/atomic-file.ts';
import { loadS3Client } from '../queue/load-packages.ts';
import type { ObjectStore } from './object-store.ts';

/** Names of the environment that the S3 of a store is told by, as in AWS's own programs. */
const ACCESS_KEY = 'AWS_ACCESS_KEY_ID';
const SECRET_KEY = 'AWS_SECRET_ACCESS_KEY';
const ENDPOINTS = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'] as const;

/** The most that S3 gives at a time. */
const MOST_KEYS = 1000;
/** Attempts at a request before a server's trouble is told. */
const ATTEMPTS = 4;
/** Milliseconds for the answer to a request that carries little, and for each megabyte more. */
const ANSWER_MS = 20_000;
const MEGABYTE_MS = 1_000;

/** A bucket of an S3-compatible service: AWS, MinIO, Garage, Ceph, R2. */
export class S3Store implements ObjectStore {
  readonly shown: string;
  readonly #client: AwsClient;
  /** URL of the bucket, with a slash at its end. */
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #page: number;

  private constructor(client: AwsClient, bucket: string, prefix: string, shown: string, page: number) {
    this.#page = page;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.shown = shown;
  }

  /**
   * @param url `s3://bucket/prefix`.
   * @param page keys of one answer.
   * @throws OptionError when that is none, or the environment does not say the keys; UnavailableError without the package.
   */
  static async open(url: string, env: NodeJS.ProcessEnv = process.env, page = MOST_KEYS): Promise<S3Store> {
    const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(url);
    if (match === null) throw new OptionError('--store', url, 's3://bucket/prefix');
    const [, bucket = '', prefix = ''] = match;
    const accessKeyId = env[ACCESS_KEY];
    const secretAccessKey = env[SECRET_KEY];
    if (!accessKeyId || !secretAccessKey) {
      throw new UnavailableError(
        `--store ${url}: the environment has no keys.`,
        `Set ${ACCESS_KEY} and ${SECRET_KEY}.`,
      );
    }
    const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
    const endpoint = ENDPOINTS.map((name) => env[name]).find(Boolean) ?? `https://s3.${region}.amazonaws.com`;
    if (!/^https?:\/\/[^/@]+\/?$/.test(endpoint)) {
      throw new OptionError(ENDPOINTS[1], endpoint.replace(/\/\/.*@/, '//…@'), 'a URL such as http://host:9000');
    }
    const { AwsClient } = await loadS3Client();
    const client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...(env['AWS_SESSION_TOKEN'] ? { sessionToken: env['AWS_SESSION_TOKEN'] } : {}),
      service: 's3',
      region,
      retries: 0,
    });
    // The bucket in the path: every compatible service knows it.
    return new S3Store(
      client,
      `${endpoint.replace(/\/$/, '')}/${bucket}/`,
      prefix === '' ? '' : `${prefix}/`,
      url,
      page,
    );
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.#write(key, readFileChecked(path));
  }

  async put(key: string, content: string): Promise<void> {
    await this.#write(key, Buffer.from(content));
  }

  async create(key: string, content: string): Promise<boolean> {
    const answer = await this.#write(key, Buffer.from(content), { 'if-none-match': '*' }, [409, 412]);
    return answer.ok;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#request('GET', this.#urlOf(key));
    if (answer.status === 404) return undefined;
    if (!answer.ok)
      throw new FileFormatError(`${this.shown}/${key}`, await reasonOf(answer), 'Check the keys of the store.');
    return new Uint8Array(await answer.arrayBuffer());
  }

  async getFile(key: string, path: string): Promise<boolean> {
    const content = await this.get(key);
    if (content === undefined) return false;
    try {
      fs.writeFileSync(path, content);
    } catch (error) {
      throw toWriteError(path, error);
    }
    return true;
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for (let token: string | undefined, more = true; more; ) {
      const query = new URLSearchParams({
        'list-type': '2',
        'max-keys': `${this.#page}`,
        prefix: this.#prefix + prefix,
      });
      if (token !== undefined) query.set('continuation-token', token);
      const answer = await this.#request('GET', `${this.#bucket}?${query}`);
      if (!answer.ok)
        throw new FileFormatError(this.shown, await reasonOf(answer), 'Check the bucket and the keys of the store.');
      const text = await answer.text();
      for (const [, key] of text.matchAll(/<Key>([^<]*)<\/Key>/g))
        keys.push(unescaped(key!).slice(this.#prefix.length));
      token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1];
      if (token !== undefined) token = unescaped(token);
      more = token !== undefined;
    }
    return keys.sort();
  }

  async remove(key: string): Promise<void> {
    const answer = await this.#request('DELETE', this.#urlOf(key));
    if (!answer.ok && answer.status !== 404) throw new WriteError(`${this.shown}/${key}`, await reasonOf(answer));
  }

  #urlOf(key: string): string {
    return this.#bucket + (this.#prefix + key).split('/').map(encodeURIComponent).join('/');
  }

  /** @param fine states that are no failure. */
  async #write(
    key: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
    fine: readonly number[] = [],
  ): Promise<Response> {
    const answer = await this.#request('PUT', this.#urlOf(key), body, headers);
    if (answer.ok || fine.includes(answer.status)) return answer;
    throw new WriteError(`${this.shown}/${key}`, await reasonOf(answer));
  }

  /** Tries again where the network or the server is in trouble. @throws UnavailableError when that does not help. */
  async #request(
    method: string,
    url: string,
    body?: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const ms = Math.ceil(ANSWER_MS + ((body?.length ?? 0) / 2 ** 20) * MEGABYTE_MS);
    let trouble = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 200 * 4 ** (attempt - 1)));
      try {
        const signal = AbortSignal.timeout(ms);
        const answer = await this.#client.fetch(url, {
          method,
          headers,
          signal,
          ...(body === undefined ? {} : { body: body as BodyInit }),
        });
        if (answer.status < 500 && answer.status !== 429) return answer;
        // 507: no room, which does not pass soon.
        if (answer.status === 507) return answer;
        trouble = await reasonOf(answer);
      } catch (error) {
        const { cause, name, message } = error as Error & { readonly cause?: { readonly code?: string } };
        trouble =
          cause?.code === 'ECONNREFUSED'
            ? 'nobody listens there'
            : name === 'TimeoutError'
              ? 'no answer'
              : (cause?.code ?? message);
      }
    }
    throw new UnavailableError(`--store ${this.shown}: ${trouble}.`, 'Check that the service runs and its address.');
  }
}

/** What the service says is wrong: its own code, such as `AccessDenied`. */
async function reasonOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '');
  const code = /<Code>([^<]{1,60})<\/Code>/.exec(text)?.[1];
  const known: Readonly<Record<string, string>> = {
    InvalidAccessKeyId: 'the access key is refused',
    SignatureDoesNotMatch: 'the secret key is refused',
    AccessDenied: 'the keys may not do that',
    NoSuchBucket: 'there is no such bucket',
  };
  return (
    (code === undefined ? undefined : known[code]) ??
    `the service says ${answer.status}${code === undefined ? '' : ` ${code}`}`
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!);
