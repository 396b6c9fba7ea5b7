import { EventEmitter } from 'node:events';
import { printable } from '../core/printable.ts';

/** Why nobody takes standard output any more. */
export interface OutputLoss {
  /** True when its reader left, as `head` and `less` do; false when it cannot be written, as to a full disk. */
  readonly readerLeft: boolean;
  /** In words. */
  readonly reason: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EPIPE: 'its reader has left',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the terminal is gone',
};

/** Shown to nobody when standard error is lost too. */
export const complain = (text: string): void => void process.stderr.write(`bellman: ${printable(text)}\n`);

const nothing = (): void => {};
const losses = new EventEmitter();
let lost: OutputLoss | undefined;

/**
 * Handles standard output that is lost in the middle of a command. Lists and tables end: quietly with exit code 0 when
 * their reader left, since it has what it wanted, else with one line and exit code 1. A command that makes something goes on.
 * @param goesOn whether the command makes something.
 */
export function watchStandardOutput(goesOn: boolean): void {
  lost = undefined;
  losses.removeAllListeners();
  process.stdout.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
    // Each further write fails too.
    if (lost !== undefined) return;
    lost = { readerLeft: code === 'EPIPE', reason: REASONS[code] ?? message };
    if (losses.emit('lost', lost)) return;
    if (!lost.readerLeft) complain(`standard output cannot be written: ${lost.reason}.`);
    if (goesOn) process.exitCode ||= lost.readerLeft ? 0 : 1;
    else process.exit(lost.readerLeft ? 0 : 1);
  });
  // Nobody is left to tell.
  process.stderr.off('error', nothing).on('error', nothing);
}

/** Calls `listener` when standard output is lost, in place of what is done otherwise; at once when it is lost already. */
export function onOutputLost(listener: (loss: OutputLoss) => void): void {
  losses.on('lost', listener);
  if (lost !== undefined) listener(lost);
}
