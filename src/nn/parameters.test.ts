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
    expect(() => new Parameters(specs).get('x')).toThrow('No parameter "x"');
    expect(() => new Parameters(specs).copyFrom(new Parameters([specs[1]]))).toThrow('8 parameters to 2108');
    expect(() => new Parameters(specs).restoreState(new Float32Array(1))).toThrow('1 parameters to 2108');
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
});
