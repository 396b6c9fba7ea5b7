import { describe, expect, it } from 'vitest';
import { parseLike } from './parse-like.ts';

const example = { hidden: 64, name: 'x', list: [1], part: { a: 1 }, on: false, free: null };
const options = { hidden: 8, name: '', list: [], part: {}, on: true, free: null };

describe('parseLike', () => {
  it('takes values of the same types, in a new object', () => {
    const parsed = parseLike(example, options);
    expect(parsed).toEqual(options);
    expect(parsed).not.toBe(options);
  });

  it.each([undefined, null, 3, 'a', [1], { a: 1 }])('takes %j where the example has null', (free) => {
    expect(parseLike(example, { ...options, free })).toEqual({ ...options, free });
  });

  it('has the null of the example where nothing is given for it', () => {
    const { free: _, ...others } = options;
    expect(parseLike(example, others)).toEqual(options);
  });

  it.each<[object, string]>([
    [{ hidden: '8' }, 'hidden: got "8", allowed is a number.'],
    [{ hidden: Number.NaN }, 'hidden: got NaN, allowed is a number.'],
    [{ hidden: Infinity }, 'hidden: got Infinity, allowed is a number.'],
    [{ hidden: undefined }, 'hidden: got undefined, allowed is a number.'],
    [{ hidden: null }, 'hidden: got null, allowed is a number.'],
    [{ name: 3 }, 'name: got 3, allowed is a string.'],
    [{ on: 1 }, 'on: got 1, allowed is a boolean.'],
    [{ list: {} }, 'list: got {}, allowed is a list.'],
    [{ part: [] }, 'part: got [], allowed is an object.'],
    [{ part: null }, 'part: got null, allowed is an object.'],
  ])('refuses %j', (change, message) => {
    expect(() => parseLike(example, { ...options, ...change })).toThrow(message);
  });

  it('refuses a key that is unknown, and says which there are', () => {
    const known = 'one of hidden, name, list, part, on, free.';
    expect(() => parseLike(example, { ...options, wide: 1 })).toThrow(`configuration: got "wide", allowed is ${known}`);
    expect(() => parseLike(example, { ...options, wide: 1 }, 'net.')).toThrow(`net: got "wide", allowed is ${known}`);
    expect(() => parseLike({}, { wide: 1 })).toThrow('configuration: got "wide", allowed is no options.');
  });

  it('puts the prefix before the key that is wrong', () => {
    expect(() => parseLike(example, { ...options, hidden: '8' }, 'network.')).toThrow(/^network\.hidden: got "8"/);
  });
});
