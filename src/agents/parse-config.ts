import type { z } from 'zod';
import { OptionError } from '../core/errors.ts';

/** Checks a configuration against an object's schema.
 * @throws OptionError naming the first key that is missing, unknown or out of range, what was received and what is allowed. */
export function parseConfig<S extends z.ZodObject>(schema: S, config: Readonly<Record<string, unknown>>): z.infer<S> {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    throw new OptionError('configuration', issue.keys.join(', '), `one of ${Object.keys(schema.shape).join(', ')}`);
  }
  const key = String(issue.path[0]);
  throw new OptionError(key, config[key], describe(issue));
}

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
