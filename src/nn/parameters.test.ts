import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { initializeAsPytorch } from './init.ts';
import { Parameters, parameterCount } from './parameters.ts';

const specs = [
  { name: 'conv.weight', shape: [8, 4, 5, 5], fanIn: 100 },
  { name: 'conv.bias', shape: [8], fanIn: 100 },
  { name: 'fc.weight', shape: [50, 25], fanIn: 25 },
  { name: 'fc.bias', shape: [50], fanIn: 25 },
];

describe('Parameters', () => {
  it('are views of one buffer without gaps', () => {
    const parameters = new Parameters(specs);
    expect(parameterCount(specs)).toBe(800 + 8 + 1250 + 50);
    expect([...parameters].map(({ name, offset, data }) => [name, offset, data.length])).toEqual([
      ['conv.weight', 0, 800],
      ['conv.bias', 800, 8],
      ['fc.weight', 808, 1250],
      ['fc.bias', 2058, 50],
    ]);
    parameters.get('conv.bias').data[3] = 5;
    expect(parameters.buffer[803]).toBe(5);
    const gradients = new Float32Array(parameters.size);
    parameters.views(gradients)[2][1] = 9;
    expect(gradients[809]).toBe(9);
  });

  it('use memory that they are given', () => {
    const buffer = new Float32Array(2108);
    expect(new Parameters(specs, buffer).buffer).toBe(buffer);
  });

  it('are named views, under any common beginning', () => {
    const parameters = new Parameters(specs);
    expect(parameters.size).toBe(2108);
    const feeds = parameters.byPrefix('online.');
    expect(Object.keys(feeds)).toEqual(specs.map(({ name }) => `online.${name}`));
    expect(feeds['online.fc.bias']).toBe(parameters.get('fc.bias').data);
    expect(Object.keys(parameters.byPrefix())).toEqual(specs.map(({ name }) => name));
    expect(parameters.get('fc.weight')).toMatchObject({ shape: [50, 25], fanIn: 25, offset: 808 });
  });

  it('move a part of the way towards others', () => {
    const [a, b] = [new Parameters([specs[1]]), new Parameters([specs[1]])];
    a.buffer.fill(4);
    b.buffer.fill(8);
    a.copyFrom(b, 0.25);
    expect([...a.buffer]).toEqual(Array(8).fill(5));
    a.copyFrom(b, 0);
    expect([...a.buffer]).toEqual(Array(8).fill(5));
    a.copyFrom(b);
    expect([...a.buffer]).toEqual(Array(8).fill(8));
    expect([...b.buffer]).toEqual(Array(8).fill(8));
  });

  it('save a copy', () => {
    const parameters = new Parameters([specs[1]]);
    const saved = parameters.saveState();
    parameters.buffer.fill(1);
    expect(saved).toEqual(new Float32Array(8));
  });

  it('have the checksum of their own part of a buffer, in which every place counts', () => {
    const whole = new Float32Array(16);
    const part = new Parameters([specs[1]], whole.subarray(8, 16));
    const alone = new Parameters([specs[1]]);
    part.buffer.set([1, 2, 3, 4, 5, 6, 7, 8]);
    alone.buffer.set([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(part.checksum()).toBe(alone.checksum());
    const sums = new Set([part.checksum()]);
    for (let i = 0; i < 8; i++) {
      for (let bit = 0; bit < 32; bit++) {
        new Uint32Array(alone.buffer.buffer)[i] ^= 1 << bit;
        sums.add(alone.checksum());
        new Uint32Array(alone.buffer.buffer)[i] ^= 1 << bit;
      }
    }
    expect(sums.size).toBe(1 + 8 * 32);
    // Each half of the digits alone tells them apart.
    for (const half of [0, 8]) expect(new Set([...sums].map((sum) => sum.slice(half, half + 8))).size).toBe(1 + 8 * 32);
  });

  it('copy, save and restore all values; the checksum follows', () => {
    const a = new Parameters(specs);
    const b = new Parameters(specs);
    initializeAsPytorch(a, new Generator(1));
    initializeAsPytorch(b, new Generator(2));
    expect(a.checksum()).not.toBe(b.checksum());
    b.copyFrom(a);
    expect(b.buffer).toEqual(a.buffer);
    expect(b.checksum()).toBe(a.checksum());
    const saved = a.saveState();
    // One bit of one element.
    new Uint32Array(a.buffer.buffer)[2000] ^= 1;
    expect(a.checksum()).not.toBe(b.checksum());
    a.restoreState(saved);
    expect(a.checksum()).toBe(b.checksum());
    expect(a.checksum()).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuse what does not fit', () => {
    expect(() => new Parameters([specs[0], specs[0]])).toThrow('same name');
    expect(() => new Parameters([{ name: 'w', shape: [2, 0], fanIn: 1 }])).toThrow('w: shape [2, 0]');
    expect(() => new Parameters(specs, new Float32Array(3))).toThrow('2108 elements do not fit a buffer of 3');
    expect(() => new Parameters([{ name: 'w', shape: [2.5], fanIn: 1 }])).toThrow('w: shape [2.5]');
    expect(() => new Parameters(specs).views(new Float32Array(3))).toThrow('2108 elements do not fit a buffer of 3');
    expect(() => new Parameters(specs).get('x')).toThrow('No parameter "x"');
    expect(() => new Parameters(specs).copyFrom(new Parameters([specs[1]]))).toThrow('8 parameters to 2108');
    expect(() => new Parameters(specs).restoreState(new Float32Array(1))).toThrow('allowed is Float32Array(2108)');
  });
});

describe('initializeAsPytorch', () => {
  it('draws weights and biases of a layer from U(-1/sqrt(fanIn), 1/sqrt(fanIn))', () => {
    const parameters = new Parameters(specs);
    initializeAsPytorch(parameters, new Generator(3));
    for (const { data, fanIn } of parameters) {
      const bound = 1 / Math.sqrt(fanIn);
      const n = data.length;
      const mean = data.reduce((sum, x) => sum + x, 0) / n;
      const square = data.reduce((sum, x) => sum + x * x, 0) / n;
      expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
      // Four standard errors: the uniform's variance is b^2/3, that of its square 4 b^4 / 45.
      expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * n));
      expect(Math.abs(square - bound ** 2 / 3)).toBeLessThan(4 * bound ** 2 * Math.sqrt(4 / 45 / n));
    }
  });
  it('repeats for a seed', () => {
    const [a, b] = [new Parameters(specs), new Parameters(specs)];
    initializeAsPytorch(a, new Generator(4));
    initializeAsPytorch(b, new Generator(4));
    expect(a.checksum()).toBe(b.checksum());
  });
  it('is one draw after another, over the parameters in order, except those with a value of their own', () => {
    const sigma = { name: 'fc.sigma', shape: [3], fanIn: 25, initial: 0.125 };
    const zero = { name: 'fc.norm', shape: [2], fanIn: 25, initial: 0 };
    const parameters = new Parameters([specs[1], sigma, zero, specs[3]]);
    initializeAsPytorch(parameters, new Generator(5));
    const random = new Generator(5);
    const draws = (count: number, bound: number) =>
      Array.from({ length: count }, () => Math.fround(-bound + 2 * bound * random.random()));
    const close = (data: Float32Array, expected: number[]) => {
      expect(data).toHaveLength(expected.length);
      for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 6);
    };
    close(parameters.get('conv.bias').data, draws(8, 0.1));
    close(parameters.get('fc.bias').data, draws(50, 0.2));
    expect([...parameters.get('fc.sigma').data]).toEqual([0.125, 0.125, 0.125]);
    expect([...parameters.get('fc.norm').data]).toEqual([0, 0]);
  });
});
