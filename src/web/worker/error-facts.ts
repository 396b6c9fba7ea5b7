import { BellmanError } from '../../core/errors.ts';

/** An error as it crosses from one thread to another. */
export interface ErrorFacts {
  readonly name: string;
  /** Of a `BellmanError`. */
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: 'Error', code: undefined, message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, code: error instanceof BellmanError ? error.code : undefined, message, stack };
}

/** The error again, with its name, code and message: a `BellmanError` where it was one. */
export function errorOf({ name, code, message, stack }: ErrorFacts): Error {
  const error = code === undefined ? new Error(message) : new BellmanError(code, message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
