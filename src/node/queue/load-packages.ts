/** The packages that a queue and a store need. They are optional: without them everything else works. */
import { UnavailableError } from '../../core/errors.ts';

/** @throws UnavailableError when it is not installed, or does not load. */
async function load<T>(name: string, importing: () => Promise<T>, option = '--queue'): Promise<T> {
  try {
    return await importing();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const obstacle = missing ? 'is not installed' : `does not load here (${message.split('\n')[0]})`;
    throw new UnavailableError(`${option}: the package ${name} ${obstacle}.`, `Install it: npm install ${name}`, {
      cause: error,
    });
  }
}

export const loadBullmq = (): Promise<typeof import('bullmq')> => load('bullmq', () => import('bullmq'));
export const loadRedisClient = (): Promise<Pick<typeof import('ioredis'), 'Redis'>> =>
  load('ioredis', () => import('ioredis'));
export const loadPostgresClient = (): Promise<typeof import('pg')> => load('pg', () => import('pg'));
export const loadS3Client = (): Promise<typeof import('aws4fetch')> =>
  load('aws4fetch', () => import('aws4fetch'), '--store s3://…');
