import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { BellmanError, OptionError } from '../core/errors.ts';
import { excerpt } from '../core/printable.ts';

/** A command of the program. Its file is loaded only when it is called, so that short commands start fast. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Heading that it stands under in the program's help. */
  readonly group: string;
  /** Whether it makes something that counts more than its words: it goes on when nobody takes them any more. */
  readonly makes?: true;
  /** Loads the file that adds arguments, options, examples and the action. */
  readonly load: () => Promise<{ readonly configure: (command: Command) => void }>;
}

/** Text under a command's help. @param lines commands, each beginning with `bellman`. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${advise(line.replace(/^bellman /, ''))}`).join('\n')}\n`;
}

/** Of `--preprocessing`, in every command that opens models. */
export const FOREIGN_VIEW_HELP =
  'what a model of another program sees of a game: third, second (the textbook), sb3, cleanrl, gymnasium';

/** Of `--allow-code`, in every command that opens runs and models. */
export const ALLOW_CODE_HELP =
  'run code that the run or model names, though you did not begin it on this machine: a module, Python';

/** Parser of a whole-number option.
 * @throws OptionError when the text is not a whole number within the range. */
export function wholeNumber(name: string, min = 0, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < min || value > max) {
      const range =
        max === Number.MAX_SAFE_INTEGER && !(value > max)
          ? `a whole number, at least ${min}`
          : `a whole number from ${min} to ${max}`;
      throw new OptionError(name, text, range);
    }
    return value;
  };
}

/** Parser of a number option. */
export function finiteNumber(
  name: string,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
      const bounds = [
        min > Number.NEGATIVE_INFINITY ? `at least ${min}` : '',
        max < Number.POSITIVE_INFINITY ? `at most ${max}` : '',
      ];
      throw new OptionError(
        name,
        text,
        `a number${bounds
          .filter(Boolean)
          .map((b) => `, ${b}`)
          .join('')}`,
      );
    }
    return value;
  };
}

/** Parser of an option that is a JSON object, such as `--kwargs '{"is_slippery": false}'`. */
export function jsonObject(name: string): (text: string) => Record<string, unknown> {
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new OptionError(name, text, `a JSON object such as '{"is_slippery": false}'`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new OptionError(name, text, `a JSON object such as '{"is_slippery": false}'`);
    }
    return value as Record<string, unknown>;
  };
}

/** Collects a repeatable `--set key=value`; a value is read as JSON, or taken as text where it is not JSON. */
export function keyValue(
  name: string,
): (text: string, previous: Record<string, unknown> | undefined) => Record<string, unknown> {
  return (text, previous) => {
    const at = text.indexOf('=');
    if (at < 1) throw new OptionError(name, text, 'key=value, such as gamma=0.95');
    const raw = text.slice(at + 1);
    let value: unknown = raw;
    try {
      value = JSON.parse(raw);
    } catch {
      // Not JSON: plain text such as network=nature.
    }
    return { ...previous, [text.slice(0, at)]: value };
  };
}

/** `--keep-best` of `keepBest`. */
export const optionName = (key: string): string => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** What was given of some values. */
export const definedOnly = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Parser of an option that is one of some words. */
export function oneOf<const T extends string>(name: string, known: readonly T[]): (text: string) => T {
  return (text) => {
    if (!known.includes(text as T)) throw new OptionError(name, text, known.join(', '));
    return text as T;
  };
}

/** Characters of a line that repeats what somebody's file says. */
const LONGEST_LINE = 4000;

/** One line for any error that reaches the top of the program. */
export const describeFailure = (error: unknown): string =>
  error instanceof Error && !(error instanceof BellmanError) && process.env['BELLMAN_DEBUG']
    ? (error.stack ?? error.message)
    : excerpt(failureText(error), LONGEST_LINE);

function failureText(error: unknown): string {
  if (error instanceof BellmanError) return error.message;
  const system = error as NodeJS.ErrnoException;
  if (error instanceof Error && typeof system.code === 'string' && system.path !== undefined) {
    const reason = system.message.replace(/^[A-Z]+: /, '').split(',')[0];
    return `${system.path}: ${reason}.`;
  }
  if (error instanceof Error) return error.message.split('\n')[0]!;
  return String(error);
}
