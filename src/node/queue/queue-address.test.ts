import { describe, expect, it } from 'vitest';
import { queueAddress, withoutSecrets } from './queue-address.ts';

describe('queueAddress', () => {
  it.each([
    ['redis://h', 'redis', 'redis://h'],
    ['redis://user:s3cret@h:6380/2', 'redis', 'redis://h:6380/2'],
    ['rediss://:s3cret@h', 'redis', 'rediss://h'],
    ['postgres://u:s3cret@h/db?sslmode=require', 'postgres', 'postgres://h/db'],
    ['postgresql://u@h:5433/db', 'postgres', 'postgresql://h:5433/db'],
  ])('%s', (text, engine, shown) => {
    expect(queueAddress(text)).toEqual({ engine, url: text, shown });
  });

  it('takes the environment where nothing is said', () => {
    expect(queueAddress(undefined, { BELLMAN_QUEUE: 'redis://h' }).shown).toBe('redis://h');
    expect(() => queueAddress(undefined, {})).toThrow('--queue: got undefined, allowed is redis://HOST');
  });

  it.each([
    'http://u:s3cret@h',
    'redis//u:s3cret@h',
    'u:s3cret@h:6379',
    'redis://u:s3cret@',
    's3cret',
  ])('refuses %s and keeps what is secret', (text) => {
    let message = '';
    try {
      queueAddress(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('allowed is redis://HOST');
    expect(message).not.toContain('s3cret');
  });

  it('takes secrets out of what a library says', () => {
    const address = queueAddress('redis://u:a%40b@h:1');
    expect(withoutSecrets(address, 'cannot open redis://u:a%40b@h:1 with a@b')).toBe('cannot open redis://h:1 with …');
  });
});
