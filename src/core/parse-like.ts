import { OptionError } from './errors.ts';

/**
 * Checks options by an example: the same keys, with values of the same types.
 * @param prefix of the options' names in messages, such as `network.`.
 * @throws OptionError naming the key that is unknown, missing or of another type.
 */
export function parseLike<O extends object>(example: O, options: Readonly<Record<string, unknown>>, prefix = ''): O {
  const known = Object.keys(example);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const allowed = known.length === 0 ? 'no options' : `one of ${known.join(', ')}`;
    throw new OptionError(prefix === '' ? 'configuration' : prefix.slice(0, -1), unknown, allowed);
  }
  for (const [key, value] of Object.entries(example)) {
    const received = options[key];
    const fits = typeOf(received) === typeOf(value) && (typeof received !== 'number' || Number.isFinite(received));
    // A default of null says nothing about what else is allowed.
    if (value !== null && !fits)
      throw new OptionError(`${prefix}${key}`, received, `${typeOf(value) === 'object' ? 'an' : 'a'} ${typeOf(value)}`);
  }
  return { ...example, ...options };
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);
