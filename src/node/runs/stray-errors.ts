import { BellmanError } from '../../core/errors.ts';

/** An error that no call of ours has thrown: of a timer, a callback or a promise of somebody's environment. */
class StrayError extends BellmanError {
  override name = 'StrayError';
  constructor(error: unknown, saved: string) {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
    const place = error instanceof Error ? placeOf(error) : undefined;
    const where = place === undefined ? '' : ` (${place})`;
    super('STRAY_ERROR', `A timer, callback or promise of an imported module failed: ${message}${where}. ${saved}`, {
      cause: error,
    });
  }
}

/** File, line and column of an error's origin. */
function placeOf({ stack = '' }: Error): string | undefined {
  return /^ +at .*?((?:file:|\/|[A-Z]:\\)[^()\n]*:\d+:\d+)\)?$/m.exec(stack)?.[1];
}

/** Catches errors that would end the process on the spot, so that its owner can save first. */
export class StrayErrors {
  /** Of the first that came, undefined itself perhaps. */
  #first: { readonly error: unknown } | undefined;
  readonly #listener = (error: unknown): void => {
    this.#first ??= { error };
  };

  constructor() {
    // Rejections that nobody handles come here too.
    process.on('uncaughtException', this.#listener);
  }

  /** Throws if one came since the start.
   * @param save called before; returns a sentence on what was saved.
   * @throws StrayError */
  check(save: () => string): void {
    if (this.#first !== undefined) throw new StrayError(this.#first.error, save());
  }

  /** Those that follow a first one go on being caught: it ends the program, and is said once. */
  close(): void {
    if (this.#first === undefined) process.off('uncaughtException', this.#listener);
  }
}
