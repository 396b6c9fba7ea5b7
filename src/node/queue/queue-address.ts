import { OptionError } from '../../core/errors.ts';

/** Where a queue is. Its URL may hold a password, so nothing prints it: `shown` is for people. */
export interface QueueAddress {
  readonly engine: 'redis' | 'postgres';
  /** The whole URL. */
  readonly url: string;
  /** It without what is secret: `redis://host:6379/0`. */
  readonly shown: string;
}

const ENGINES: Readonly<Record<string, QueueAddress['engine']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/** The environment variable that stands for `--queue`: arguments are seen by everyone on a machine. */
export const QUEUE_VARIABLE = 'BELLMAN_QUEUE';

const ALLOWED = 'redis://HOST, rediss://HOST (with TLS) or postgres://HOST/DATABASE';

/**
 * Reads `--queue`.
 * @param text the option's value; undefined for that of the environment.
 * @throws OptionError that repeats nothing of what may be a password.
 */
export function queueAddress(text: string | undefined, env: NodeJS.ProcessEnv = process.env): QueueAddress {
  const name = text === undefined ? QUEUE_VARIABLE : '--queue';
  const value = text ?? env[QUEUE_VARIABLE];
  if (value === undefined || value === '') throw new OptionError('--queue', value, `${ALLOWED}, or ${QUEUE_VARIABLE}`);
  const url = parsed(value);
  const engine = url === undefined ? undefined : ENGINES[url.protocol];
  if (url === undefined || engine === undefined || url.hostname === '') {
    const scheme = /^[a-z][a-z0-9+.-]{0,20}:/i.exec(value)?.[0];
    throw new OptionError(name, scheme === undefined ? 'no URL' : `${scheme}//…`, ALLOWED);
  }
  const port = url.port === '' ? '' : `:${url.port}`;
  return {
    engine,
    url: value,
    shown: `${url.protocol}//${url.hostname}${port}${url.pathname === '/' ? '' : url.pathname}`,
  };
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Takes out of a text what is secret in an address, however a library came to repeat it. */
export function withoutSecrets({ url, shown }: QueueAddress, text: string): string {
  const { username, password, searchParams } = new URL(url);
  const query = [...searchParams].flatMap(([key, value]) => (/pass|secret|token/i.test(key) ? [value] : []));
  const secrets = [password, decoded(password), ...query].filter((secret) => secret !== '');
  let clean = text.replaceAll(url, shown);
  for (const secret of secrets) clean = clean.replaceAll(secret, '…');
  return username === '' ? clean : clean.replaceAll(`${username}:…@`, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
