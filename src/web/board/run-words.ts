import { formatTimeLeft } from '../../core/duration.ts';
import { formatCount } from '../../core/format-count.ts';
import type { BoardRun } from './messages.ts';

/** What a state is called, and what it means. */
export const stateWords: Readonly<Record<BoardRun['state'], readonly [word: string, meaning: string]>> = {
  running: ['running', 'a program trains it now'],
  stopped: ['stopped', 'saved before its end; it can be resumed'],
  killed: ['killed', 'its program is gone; it can be resumed from its last checkpoint'],
  solved: ['solved', 'above its bound'],
  ended: ['ended', 'did all its steps'],
  failed: ['failed', 'ended with an error'],
  unknown: ['unknown', 'of a version that noted no state'],
  damaged: ['damaged', 'cannot be read'],
};

/** `12,345`; a dash for what is not known. */
export const count = (value: number | null): string => (value === null ? '–' : formatCount(Math.round(value)));

/** `-19.5`, `475`, `0.742`: four significant digits. */
export function reward(value: number | null): string {
  if (value === null) return '–';
  if (Math.abs(value) >= 1000) return formatCount(Math.round(value));
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** `1,234/s`. */
export const speed = (value: number): string => `${value < 10 ? value.toFixed(1) : count(value)}/s`;

/** `about 12 min left`; undefined where nothing tells. */
export function timeLeft({ secondsLeft, atMost }: BoardRun): string | undefined {
  return secondsLeft === null ? undefined : formatTimeLeft(secondsLeft, atMost);
}

/** Share of the way to its end, 0 to 1: by the time left where that is known, else by steps. */
export function progress({ step, maxSteps, speed: pace, secondsLeft }: BoardRun): number | undefined {
  if (step === null) return undefined;
  const total = pace !== null && secondsLeft !== null ? step + pace * secondsLeft : maxSteps;
  return total === null || total <= 0 ? undefined : Math.min(1, step / total);
}

/** `42 s ago`. @param now milliseconds since 1970. */
export function ago(time: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - time) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `1.3 MB`. */
export function bytes(size: number): string {
  for (const [unit, least] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (size >= least) return `${(size / least).toFixed(size >= 10 * least ? 0 : 1)} ${unit}`;
  }
  return `${size} bytes`;
}
