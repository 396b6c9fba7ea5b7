import type { RenderMode } from './env.ts';
import { OptionError, UnknownNameError } from './errors.ts';
import { nearest } from './nearest.ts';

/** Checks of constructor options. They run on values from JSON and from untyped callers, hence `unknown`; undefined
 * means the default. All throw `OptionError`, or `UnknownNameError` for a name that is not known. */

/** The names of an interface's options: the compiler asks for all of them. */
export type OptionNames<O> = Readonly<Record<keyof Required<O>, true>>;

/** @param known all names that there are.
 * @throws UnknownNameError for a property of another name, OptionError for options that are no object. */
export function checkOptionNames(options: unknown, known: Readonly<Record<string, unknown>>): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError('options', options, 'an object');
  }
  const name = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (name === undefined) return;
  const names = Object.keys(known);
  throw new UnknownNameError('option', name, names, nearest(name, names));
}

export function booleanOption(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw new OptionError(name, value, 'true or false');
  return value;
}

export function probabilityOption(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new OptionError(name, value, 'a number from 0 to 1');
  return value;
}

/** @param of what the function is given, as in `the reward`. */
export function functionOption<F>(name: string, value: F, of: string): F {
  if (typeof value !== 'function') throw new OptionError(name, value, `a function of ${of}`);
  return value;
}

/** One of a few names. */
export function nameOption<const T extends string>(
  name: string,
  value: unknown,
  known: readonly T[],
  fallback: NoInfer<T>,
): T {
  if (value === undefined) return fallback;
  if (typeof value !== 'string') throw new OptionError(name, value, known.map((k) => `"${k}"`).join(' or '));
  if (!known.includes(value as T)) throw new UnknownNameError(name, value, known, nearest(value, known));
  return value as T;
}

/** The render mode of an environment that knows the given ones; null (no drawing) always belongs to them. */
export function renderModeOption<const T extends Exclude<RenderMode, null>>(
  value: unknown,
  known: readonly T[],
): T | null {
  if (value === undefined || value === null) return null;
  if (!known.includes(value as T)) {
    throw new OptionError('renderMode', value, [...known.map((mode) => `"${mode}"`), 'null'].join(' or '));
  }
  return value as T;
}

/** A finite number; with `above`, one that is greater, with `from`, one that is not smaller. */
export function numberOption(
  name: string,
  value: unknown,
  fallback: number,
  limit: { readonly above?: number; readonly from?: number } = {},
): number {
  if (value === undefined) return fallback;
  const { above = Number.NEGATIVE_INFINITY, from = Number.NEGATIVE_INFINITY } = limit;
  if (typeof value === 'number' && Number.isFinite(value) && value > above && value >= from) return value;
  const range =
    limit.above !== undefined ? ` above ${limit.above}` : limit.from !== undefined ? ` from ${limit.from} up` : '';
  throw new OptionError(name, value, `a finite number${range}`);
}

/** Frames a step: a count, or [low, high) from which each step's is drawn.
 * @param fallback the count where nothing is given.
 * @returns [low, high], of which high is left out unless both are the same. */
export function frameSkipOption(name: string, value: unknown, fallback: number): readonly [low: number, high: number] {
  if (value === undefined) return [fallback, fallback];
  const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 1;
  if (isCount(value)) return [value, value];
  if (Array.isArray(value) && value.length === 2 && isCount(value[0]) && isCount(value[1]) && value[0] < value[1]) {
    return [value[0], value[1]];
  }
  throw new OptionError(name, value, 'a positive integer, or [low, high) of two with low < high');
}
