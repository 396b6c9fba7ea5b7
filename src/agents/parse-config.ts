import * as z from 'zod/mini';
import { OptionError } from '../core/errors.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Checks a configuration, or a part of one, against an object's schema.
 * @param prefix the part's place, as `network.`; for messages.
 * @throws OptionError naming the first key that is missing, unknown or out of range, what was received and what is allowed.
 */
export function parseConfig<S extends z.ZodMiniObject>(schema: S, config: object, prefix = ''): z.infer<S> {
  const result = z.safeParse(schema, config);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape);
    const allowed = known.length === 0 ? 'no other key than kind' : `one of ${known.join(', ')}`;
    throw new OptionError(prefix === '' ? 'configuration' : prefix.slice(0, -1), issue.keys.join(', '), allowed);
  }
  const received = issue.path.reduce<unknown>(
    (value, key) => (value as Data | undefined)?.[String(key)],
    config as Data,
  );
  throw new OptionError(`${prefix}${issue.path.join('.')}`, received, describe(issue));
}

/** Names a key, such as `network.lstm`, that does not go with the others, and what is allowed. */
export type Refuse = (key: string, allowed: string) => void;

/** A check of what keys say together, after each has been checked alone. */
export const together = <C>(check: (config: C, refuse: Refuse) => void) =>
  z.superRefine<C>((config, { addIssue }) =>
    check(config, (key, message) => addIssue({ code: 'custom', path: key.split('.'), message })),
  );

/** What the schema allows, in words, from one of zod's issues. */
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    default:
      return issue.message;
  }
}
