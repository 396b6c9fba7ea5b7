import { describe, expect, it } from 'vitest';
import { MismatchError } from './errors.ts';
import { restoreArray, SavedState } from './saved-state.ts';
import type { Snapshot } from './snapshot.ts';

const bytes = Uint8Array.of(1, 2, 3);
const good = { count: 3, rate: 0.5, on: true, name: 'a', list: [1, 2], none: null, bytes };
const of = (changes: Readonly<Record<string, Snapshot>> = {}) => new SavedState({ ...good, ...changes }, 'thing');

it('reads what is as it should be', () => {
  const out = new Uint8Array(3);
  const saved = of();
  saved.into('bytes', out, 1, 3);
  expect(out).toEqual(Uint8Array.of(1, 2, 3));
  expect(saved.whole('count', 3, 3)).toBe(3);
  expect(saved.finite('rate', 0.5, 0.5)).toBe(0.5);
  expect(saved.flag('on')).toBe(true);
  expect(saved.text('name', 1)).toBe('a');
  expect(saved.oneOf('name', ['b', 'a'])).toBe('a');
  expect(saved.list('list', 2)).toEqual([1, 2]);
  expect(saved.optional('none', saved.whole)).toBeUndefined();
  expect(saved.optional('count', saved.whole)).toBe(3);
  expect(saved.array('bytes', out)).toBe(bytes);
});

it('takes a Buffer for the bytes that it is', () => {
  expect(of({ bytes: Buffer.of(7) }).array('bytes', new Uint8Array(0), 1)[0]).toBe(7);
});

describe('refuses', () => {
  it.each<[string, () => unknown]>([
    ['The saved thing is null, allowed is an object.', () => new SavedState(null, 'thing')],
    ['The saved thing is [1], allowed is an object.', () => new SavedState([1], 'thing')],
    ['The saved thing is Uint8Array(1) [0], allowed is an object.', () => new SavedState(new Uint8Array(1), 'thing')],
    ['has no other, allowed is a state', () => of().part('other')],
    ['has no toString, allowed is a state', () => of().part('toString')],
    ['has no other, allowed is an integer from 0 up', () => of().whole('other')],
    ['has count NaN, allowed is an integer from 0 up', () => of({ count: Number.NaN }).whole('count')],
    ['has count 3n, allowed is an integer from 0 up', () => of({ count: 3n }).whole('count')],
    ['has count 1.5, allowed is an integer from 0 up', () => of({ count: 1.5 }).whole('count')],
    ['has count 3, allowed is an integer from 4 to 9', () => of().whole('count', 4, 9)],
    ['has count 3, allowed is an integer from 0 to 2', () => of().whole('count', 0, 2)],
    ['has rate Infinity, allowed is a finite number.', () => of({ rate: Infinity }).finite('rate')],
    ['has rate "0.5", allowed is a finite number from 0 up', () => of({ rate: '0.5' }).finite('rate', 0)],
    ['has rate 0.5, allowed is a finite number from 1 to 2', () => of().finite('rate', 1, 2)],
    ['has on 1, allowed is true or false', () => of({ on: 1 }).flag('on')],
    ['has name "a", allowed is "b", "c"', () => of().oneOf('name', ['b', 'c'])],
    ['allowed is a text of at most 5 characters', () => of({ name: 'abcdef' }).text('name', 5)],
    ['has list {"length":2}, allowed is a list of 2', () => of({ list: { length: 2 } }).list('list', 2)],
    ['has list [1,2], allowed is a list of 3', () => of().list('list', 3)],
    ['has bytes [1,2,3], allowed is Uint8Array', () => of({ bytes: [1, 2, 3] }).array('bytes', bytes)],
    ['allowed is Int8Array', () => of().array('bytes', new Int8Array(0))],
    ['allowed is Uint8Array(2)', () => of().into('bytes', new Uint8Array(2))],
    ['has bytes[2] 3, allowed is a number from 1 to 2', () => of().into('bytes', new Uint8Array(3), 1, 2)],
    ['has bytes[0] 1, allowed is a number from 2 to 3', () => of().within('bytes', bytes, 2, 3)],
    ['has bytes[0] NaN, allowed', () => of().within('bytes', Float32Array.of(Number.NaN), 2, 3)],
    ['has count 3, allowed is less', () => of().require(false, 'count', 'less')],
    ['The saved row is [1], allowed is Uint8Array(1).', () => restoreArray([1], 'row', new Uint8Array(1))],
  ])('%s', (message, read) => {
    expect(read).toThrow(MismatchError);
    expect(read).toThrow(message);
  });
});

it('leaves what it copies to as it was where it refuses', () => {
  const out = Uint8Array.of(9, 9, 9);
  expect(() => of().into('bytes', out, 0, 2)).toThrow(MismatchError);
  expect(out).toEqual(Uint8Array.of(9, 9, 9));
});
