import { BellmanError } from '../../core/errors.ts';

/** What a program says, over the channel of the one that started it, of the error that ends it: its line is for people. */
export interface ToldErrorCode {
  readonly errorCode: string;
}

/** Tells the program that started this one, where there is one that listens. */
export function tellErrorCode(error: unknown): void {
  if (error instanceof BellmanError) process.send?.({ errorCode: error.code } satisfies ToldErrorCode);
}

/** @returns undefined for what is none. */
export function heardErrorCode(message: unknown): string | undefined {
  const code = (message as Partial<ToldErrorCode> | null | undefined)?.errorCode;
  return typeof code === 'string' ? code : undefined;
}
