import { describe, expect, it } from 'vitest';
import { plotKeys } from './plot-keys.ts';
import { PlotRange } from './plot-range.ts';
import type { Ends } from './view.ts';

function rangeOf(whole: Ends, log = false) {
  const moves: boolean[] = [];
  const range = new PlotRange({ logX: () => log, whole: () => whole, moved: (zoomed) => void moves.push(zoomed) });
  return { range, moves };
}

describe('a range of a plot', () => {
  it('is all at first, a part when it is shown, and says when the one becomes the other', () => {
    const { range, moves } = rangeOf([0, 100]);
    expect([range.seen, range.zoomed]).toEqual([[0, 100], false]);
    range.show([20, 40]);
    expect([range.seen, range.zoomed]).toEqual([[20, 40], true]);
    range.show([30, 40]);
    range.show([-10, 200]);
    expect([range.seen, range.zoomed]).toEqual([[0, 100], false]);
    expect(moves).toEqual([true, false, true]);
  });

  it('zooms about a place, moves by shares, and stays within the whole', () => {
    const { range } = rangeOf([0, 100]);
    range.pan(0.5);
    expect(range.zoomed).toBe(false);
    range.zoom(25, 0.4);
    expect(range.seen).toEqual([15, 55]);
    range.pan(0.5);
    expect(range.seen).toEqual([35, 75]);
    range.pan(5);
    expect(range.seen).toEqual([60, 100]);
  });

  it.each([
    [false, 50, 52],
    [true, 10, 10 * 10_000 ** 0.02],
  ])('has a middle and places next to it; logarithmic: %s', (log, middle, next) => {
    const { range } = rangeOf(log ? [0.1, 1000] : [0, 100], log);
    expect(range.middle).toBeCloseTo(middle, 12);
    expect(range.stepFrom(middle, 1)).toBeCloseTo(next, 12);
    expect(range.stepFrom(range.seen[1], 1)).toBe(range.seen[1]);
  });
});

describe('keys', () => {
  function keysOf(cursor?: number) {
    const { range } = rangeOf([0, 100]);
    const read: number[] = [];
    let left = 0;
    let prevented = 0;
    const target = { range, cursor: () => cursor, read: (at: number) => void read.push(at), leave: () => void left++ };
    const keyed = plotKeys(target);
    const press = (key: string, more: Partial<KeyboardEvent> = {}): void =>
      keyed({ key, preventDefault: () => void prevented++, ...more } as KeyboardEvent);
    return { range, read, press, left: () => left, prevented: () => prevented };
  }

  it('read values next to the cursor; without one from the end that an arrow comes from', () => {
    const { read, press } = keysOf();
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) press(key);
    expect(read).toEqual([98, 2, 0, 100]);
    const at = keysOf(40);
    at.press('ArrowRight');
    expect(at.read).toEqual([42]);
  });

  it('zoom about the cursor, move with Shift, show all, and leave', () => {
    const { range, press, left } = keysOf(20);
    press('+');
    expect(range.seen[0]).toBeCloseTo(6, 12);
    expect(range.seen[1]).toBeCloseTo(76, 12);
    press('ArrowRight', { shiftKey: true });
    expect(range.seen[0]).toBeCloseTo(20, 12);
    press('0');
    expect([range.zoomed, left()]).toEqual([false, 0]);
    press('Escape');
    expect(left()).toBe(1);
  });

  it('leave other keys, and those held with Ctrl, to the page', () => {
    const { press, prevented } = keysOf();
    press('a');
    press('toString');
    press('+', { ctrlKey: true });
    expect(prevented()).toBe(0);
    press('+');
    expect(prevented()).toBe(1);
  });
});
