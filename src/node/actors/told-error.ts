import { BellmanError, DivergenceError } from '../../core/errors.ts';

/** An error as it travels between programs. */
export interface ToldError {
  readonly message: string;
  /** Of a `BellmanError`: a user's mistake, in one line. */
  readonly code: string | undefined;
}

export function toldError(error: unknown): ToldError {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return { message, code: error instanceof BellmanError ? error.code : undefined };
}

/** The error that was told of. */
export function heardError({ message, code }: ToldError): Error {
  if (code === undefined) return new Error(message);
  return code === 'DIVERGED' ? new DivergenceError(message) : new BellmanError(code, message);
}
