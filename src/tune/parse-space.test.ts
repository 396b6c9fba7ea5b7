import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDistribution, parseDistribution, parseSpace, spaceFromData } from './parse-space.ts';
import type { Distribution } from './search-space.ts';

const CASES: readonly [string, Distribution][] = [
  ['1e-5..1e-3:log', { kind: 'float', low: 1e-5, high: 1e-3, log: true, step: null }],
  ['-1..1', { kind: 'float', low: -1, high: 1, log: false, step: null }],
  ['.5..1.', { kind: 'float', low: 0.5, high: 1, log: false, step: null }],
  ['0..1:step=0.1', { kind: 'float', low: 0, high: 1, log: false, step: 0.1 }],
  ['16..256:int:log', { kind: 'int', low: 16, high: 256, log: true, step: 1 }],
  ['16..256:step=16:int', { kind: 'int', low: 16, high: 256, log: false, step: 16 }],
  ['0.9,0.98,0.99', { kind: 'choice', choices: [0.9, 0.98, 0.99] }],
  ['true,false', { kind: 'choice', choices: [true, false] }],
  ['adam,radam', { kind: 'choice', choices: ['adam', 'radam'] }],
  ['null,"a,b","1",1', { kind: 'choice', choices: [null, 'a,b', '1', 1] }],
];

it.each(CASES)('reads %s', (text, distribution) => {
  expect(parseDistribution('x', text)).toEqual(distribution);
});

it.each(CASES)('writes %s so that it is read again', (_, distribution) => {
  expect(parseDistribution('x', formatDistribution(distribution))).toEqual(distribution);
});

it('writes any choices so that they are read again', () => {
  const odd = fc.string({ unit: fc.constantFrom('"', '\\', ',', '[', '}', ' ', '..', 'a', ':') });
  const value = fc.oneof(odd, fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.uniqueArray(value, { minLength: 2, maxLength: 5 }), (choices) => {
      const distribution: Distribution = { kind: 'choice', choices };
      expect(parseDistribution('x', formatDistribution(distribution))).toEqual(distribution);
    }),
  );
});

it('writes the short form', () => {
  expect(formatDistribution(parseDistribution('x', '16..256:log:int'))).toBe('16..256:int:log');
  expect(formatDistribution(parseDistribution('x', '0.90,0.99'))).toBe('0.9,0.99');
});

describe('what is no range is refused in one line that says what is allowed:', () => {
  it.each([
    ['', 'LOW..HIGH with :log'],
    ['0.9', 'one value is --set x=0.9'],
    ['1..2..3', 'LOW..HIGH'],
    ['a..b', 'in numbers'],
    ['0x10..0x20', 'in numbers'],
    ['1e-3..1e-5:log', 'the low end first: 0.00001..0.001'],
    ['3..3', 'two ends that differ; one value is --set x=3'],
    ['0..1:log', 'a low end above 0 with :log'],
    ['-1..1:log', 'a low end above 0 with :log'],
    ['1..2:log:step=0.5', ':log or :step, not both'],
    ['0..1:step=0', 'a step above 0'],
    ['0..1:step=-0.1', 'a step above 0'],
    ['0..1:step=2', 'a step up to 1'],
    ['0..1:step=0.3', 'as 0..0.9:step=0.3 does'],
    ['0..1:step=1e-300', 'fewer steps'],
    ['1.5..4:int', 'whole numbers'],
    ['1..4:int:step=0.5', 'whole numbers'],
    ['1..1e300:int', 'whole numbers up to 2^53'],
    ['-1e308..1e308', 'finite'],
    ['1..1e999', 'finite'],
    ['1..2:lg', 'not :lg'],
    ['1..2:log:log', ':log once'],
    ['0.9,0.9', 'there twice'],
    ['[64,64],[128,128]', 'numbers, texts, true, false or null as choices'],
  ])('%j', (text, allowed) => {
    expect(() => parseDistribution('x', text)).toThrow(/^x: got .*, allowed is .*\.$/);
    expect(() => parseDistribution('x', text)).toThrow(allowed);
  });
});

describe('a space', () => {
  it('has a range for each key, in order', () => {
    const space = parseSpace(['b=1..2', 'a=x,y=z']);
    expect(Object.entries(space)).toEqual([
      ['b', { kind: 'float', low: 1, high: 2, log: false, step: null }],
      ['a', { kind: 'choice', choices: ['x', 'y=z'] }],
    ]);
  });

  it.each([['gamma'], ['=0..1'], ['']])('refuses %j', (text) => {
    expect(() => parseSpace([text])).toThrow('KEY=RANGE');
  });

  it('refuses a key that is there twice', () => {
    expect(() => parseSpace(['x=0..1', 'x=2..3'])).toThrow('x has one already');
  });
});

describe("a space's file", () => {
  it('has words, lists and objects', () => {
    const space = spaceFromData({
      learningRate: '1e-5..1e-3:log',
      gamma: [0.9, 0.99],
      batchSize: { kind: 'int', low: 16, high: 256, log: true },
      tau: { low: 0, high: 1, step: 0.5 },
      double: { choices: [true, false] },
    });
    expect(space).toEqual(
      parseSpace([
        ...['learningRate=1e-5..1e-3:log', 'gamma=0.9,0.99', 'batchSize=16..256:int:log', 'tau=0..1:step=0.5'],
        'double=true,false',
      ]),
    );
    // Its own form too.
    expect(spaceFromData(JSON.parse(JSON.stringify(space)))).toEqual(space);
  });

  it.each([
    [[], 'space: got []'],
    [null, 'space: got null'],
    [{ x: 3 }, 'x: got 3'],
    [{ x: null }, 'x: got null'],
    [{ x: { low: 1 } }, 'x.high: got undefined, allowed is a number.'],
    [{ x: { low: '1', high: 2 } }, 'x.low: got "1", allowed is a number.'],
    [{ x: { low: 1, high: 2, log: 1 } }, 'x.log: got 1, allowed is true or false.'],
    [{ x: { low: 1, high: 2, kind: 'real' } }, 'x.kind: got "real"'],
    [{ x: { low: 1, high: 2, base: 10 } }, 'x: got "base"'],
    [{ x: { low: 2, high: 1 } }, 'the low end first: 1..2'],
    [{ x: { choices: [1, 2], low: 1 } }, 'and no range'],
    [{ x: { choices: 3 } }, 'and no range'],
    [{ x: [1] }, 'two choices or more'],
    [{ x: [] }, 'two choices or more'],
    [{ x: [1, [2]] }, 'x: got [2]'],
    [{ x: [1, Number.NaN] }, 'x: got NaN'],
  ])('%j is refused', (data, message) => {
    expect(() => spaceFromData(data)).toThrow(message);
  });
});
