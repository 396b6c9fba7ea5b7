import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { exitCodeOf, isStopCode, StopRequests, type StopSignal } from './stop-requests.ts';

function listening(env: Record<string, string> = {}, connected?: boolean) {
  const source = Object.assign(new EventEmitter(), { env, connected, channel: { ref() {}, unref: vi.fn() } });
  const seen: string[] = [];
  const abort = new AbortController();
  const requests = new StopRequests({
    source: source as unknown as NodeJS.Process,
    onStop: (signal) => seen.push(`stop ${signal}`),
    onGiveUp: (signal) => seen.push(`give up ${signal}`),
    abort: abort.signal,
  });
  return { source, requests, seen, abort };
}

/** Moves the clock by so many milliseconds. */
function later(ms: number): void {
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + ms);
}

describe('a request to stop', () => {
  it.each<[StopSignal, number]>([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('comes by %s, with exit code %i', (signal, code) => {
    const { source, requests, seen } = listening();
    expect(requests.signal).toBeUndefined();
    source.emit(signal);
    expect([requests.signal, seen]).toEqual([signal, [`stop ${signal}`]]);
    expect([exitCodeOf(signal), isStopCode(code)]).toEqual([code, true]);
  });

  it('comes from a program that is gone, and from an AbortSignal', () => {
    const { source, seen } = listening({}, true);
    expect(source.channel.unref).toHaveBeenCalled();
    source.emit('disconnect');
    expect(seen).toEqual(['stop SIGTERM']);
    const late = listening({}, false);
    expect([late.requests.signal, late.seen]).toEqual(['SIGTERM', ['stop SIGTERM']]);
    const other = listening();
    other.abort.abort('SIGPIPE');
    expect(other.seen).toEqual(['stop SIGPIPE']);
    const third = listening();
    third.abort.abort();
    expect(third.seen).toEqual(['stop SIGTERM']);
  });

  it('gives up at a second Ctrl-C, not at one that came by two ways', () => {
    const { source, seen } = listening();
    source.emit('SIGINT');
    source.emit('SIGINT');
    expect(seen).toEqual(['stop SIGINT']);
    later(1000);
    source.emit('SIGINT');
    source.emit('SIGTERM');
    vi.restoreAllMocks();
    expect(seen).toEqual(['stop SIGINT', 'give up SIGINT', 'give up SIGTERM']);
  });

  it('a terminal that hangs up counts once, however often it says so', () => {
    const { source, seen } = listening();
    for (let i = 0; i < 3; i++) {
      source.emit('SIGHUP');
      later(1000 * i);
    }
    vi.restoreAllMocks();
    expect(seen).toEqual(['stop SIGHUP']);
  });

  it('is no hang-up under nohup', () => {
    const { source, requests } = listening({ _: '/usr/bin/nohup' });
    expect(source.listenerCount('SIGHUP')).toBe(1);
    source.emit('SIGHUP');
    expect(requests.signal).toBeUndefined();
  });

  it('is listened for until the end only', () => {
    const { source, requests, seen, abort } = listening({}, true);
    requests.close();
    for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) expect(source.listenerCount(event)).toBe(0);
    abort.abort();
    expect(seen).toEqual([]);
  });
});

it('no other exit code is one of a stop', () => {
  expect([null, 0, 1, 2, 128, 137].filter(isStopCode)).toEqual([]);
});
