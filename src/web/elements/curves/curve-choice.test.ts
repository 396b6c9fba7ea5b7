import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CurveChoice } from './curve-choice.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NAMES = ['a', 'b', 'c'];

it('hides one or all others, and shows them again', () => {
  const choice = new CurveChoice(() => {});
  choice.toggle('b', false, NAMES);
  expect([...choice.hidden]).toEqual(['b']);
  choice.toggle('b', true, NAMES);
  expect([...choice.hidden].sort()).toEqual(['a', 'c']);
  choice.toggle('b', true, NAMES);
  expect([...choice.hidden]).toEqual([]);
});

it('lets a curve stand out where a pointer rests, and a chosen seed above it', () => {
  let changes = 0;
  const choice = new CurveChoice(() => void changes++);
  choice.highlight('a');
  choice.highlight('b');
  vi.runAllTimers();
  expect([choice.highlighted, changes]).toEqual(['b', 1]);
  choice.choose('c', 'seed0');
  expect(choice.highlighted).toBe('c');
  choice.choose('c', 'seed0');
  expect([choice.seed, choice.highlighted]).toEqual([undefined, 'b']);
  choice.highlight(undefined);
  choice.close();
  vi.runAllTimers();
  expect(choice.highlighted).toBe('b');
});
