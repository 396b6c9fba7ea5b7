import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';

/** Signals that ask a training to save and end, with the exit code that says so: 128 and the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof EXIT_CODES;

/** The exit code of a program that a signal stopped in an orderly way. */
export const exitCodeOf = (signal: StopSignal): number => EXIT_CODES[signal];

/** Whether an exit code says that a signal stopped the program in an orderly way. */
export const isStopCode = (code: number | null): boolean => Object.values<unknown>(EXIT_CODES).includes(code);

/** A keyboard or a supervisor may send one signal by two ways, as through `npx`: what follows this soon is the same one. */
const SAME_SIGNAL_MS = 300;

export interface StopOptions {
  /** Called at the first request. */
  readonly onStop?: (signal: StopSignal) => void;
  /** Called at a second Ctrl-C or SIGTERM. Default: ends the process. */
  readonly onGiveUp?: (signal: StopSignal) => void;
  /** Asks for the same as a signal; its reason may be a `StopSignal`, else it counts as SIGTERM. */
  readonly abort?: AbortSignal | undefined;
  /** Whether it is a request too that the program which started this one over a channel is gone. Default true. */
  readonly heedParent?: boolean;
  /** What signals come from. Default: this process. */
  readonly source?: Pick<NodeJS.Process, 'on' | 'off' | 'env' | 'connected' | 'channel'>;
}

/**
 * Listens for requests to save and end: Ctrl-C, SIGTERM, a terminal that hangs up, a program that started this one (over a
 * channel, as `train --seeds`) and is gone. A hang-up comes several times where a shell passes it on, so it never counts
 * as a second request. Under `nohup` it is none: Node takes back that the signal is ignored, so that is done here.
 */
export class StopRequests {
  /** The first request; undefined before. */
  signal: StopSignal | undefined;
  readonly #options: StopOptions;
  readonly #source: NonNullable<StopOptions['source']>;
  readonly #listeners: [event: string, listener: () => void][] = [];
  #at = 0;

  constructor(options: StopOptions = {}) {
    const { source = process } = options;
    this.#options = options;
    this.#source = source;
    this.#listen('SIGINT', () => this.#request('SIGINT'));
    this.#listen('SIGTERM', () => this.#request('SIGTERM'));
    const ignored = basename(source.env['_'] ?? '') === 'nohup';
    this.#listen('SIGHUP', ignored ? () => {} : () => this.#request('SIGHUP'));
    // Undefined where there was never a channel.
    const hasParent = options.heedParent !== false && source.connected !== undefined;
    if (hasParent) {
      this.#listen('disconnect', () => this.#request('SIGTERM'));
      // The channel alone keeps nothing alive.
      source.channel?.unref();
    }
    options.abort?.addEventListener('abort', this.#onAbort);
    if (options.abort?.aborted === true) this.#onAbort();
    // The one that started this may be gone before this was up.
    if (hasParent && !source.connected) this.#request('SIGTERM');
  }

  close(): void {
    for (const [event, listener] of this.#listeners.splice(0)) this.#source.off(event, listener);
    this.#options.abort?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#options.abort?.reason;
    this.#request(typeof reason === 'string' && reason in EXIT_CODES ? (reason as StopSignal) : 'SIGTERM');
  };

  #listen(event: string, listener: () => void): void {
    this.#source.on(event, listener);
    this.#listeners.push([event, listener]);
  }

  #request(signal: StopSignal): void {
    const now = performance.now();
    if (this.signal === undefined) {
      this.signal = signal;
      this.#at = now;
      this.#options.onStop?.(signal);
    } else if ((signal === 'SIGINT' || signal === 'SIGTERM') && now - this.#at >= SAME_SIGNAL_MS) {
      (this.#options.onGiveUp ?? ((last) => process.exit(exitCodeOf(last))))(signal);
    }
  }
}
