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
  const { issues } = result.error;
  // Of a misspelled key the name that was written says more than the one that is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const name = `${prefix}${issue.path.join('.')}`.replace(/\.$/, '') || 'configuration';
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    throw new OptionError(
      name,
      issue.keys.join(', '),
      known.length === 0 ? 'no other key than kind' : `one of ${known.join(', ')}`,
    );
  }
  const received = issue.path.reduce<unknown>(
    (value, key) => (value as Data | undefined)?.[String(key)],
    config as Data,
  );
  throw new OptionError(name, received, issue.path.length === 0 ? 'an object of settings' : describe(issue));
}

/** The keys that an object's schema knows, or that of an object within it. */
function keysAt(schema: z.ZodMiniObject, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = (unwrapped(at) as z.ZodMiniObject).shape[String(key)];
  return Object.keys((unwrapped(at) as z.ZodMiniObject).shape);
}

/** A schema without what allows null, or nothing. */
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodMiniReadonly ||
    inner instanceof z.ZodMiniNullable ||
    inner instanceof z.ZodMiniOptional
  ) {
    inner = inner.def.innerType;
  }
  return inner;
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
