import { describe, expect, it } from 'vitest';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { SumTree } from './sum-tree.ts';

describe('SumTree', () => {
  //        10
  //      /    \
  //     4      6
  //    / \    / \
  //   3   1  2   4
  const small = () => {
    const tree = new SumTree(4);
    [3, 1, 2, 4].forEach((value, leaf) => {
      tree.set(leaf, value);
    });
    return tree;
  };

  it.each([-1, Number.NaN, 1.5, 2 ** 40, '3', undefined])('refuses a length of %s', (length) => {
    expect(() => new SumTree(length as number)).toThrow(OptionError);
  });

  it.each([
    [0, 0],
    [2.999, 0],
    [3, 1],
    [3.999, 1],
    [4, 2],
    [5.999, 2],
    [6, 3],
    [9.999, 3],
    [10, 3],
    [1e9, 3],
  ])('finds mass %d at leaf %i', (mass, leaf) => {
    expect(small().total).toBe(10);
    expect(small().find(mass)).toBe(leaf);
  });

  it('never finds a leaf of value 0', () => {
    const tree = small();
    tree.set(0, 0);
    tree.set(3, 0);
    expect(tree.total).toBe(3);
    expect([0, 0.5, 1, 2.999, 3, 4].map((mass) => tree.find(mass))).toEqual([1, 1, 2, 2, 2, 2]);
  });

  it.each([1, 2, 3, 5, 8, 100])('agrees with a running sum, %i leaves', (length) => {
    const random = new Generator(length);
    const tree = new SumTree(length);
    const values = Array<number>(length).fill(0);
    for (let step = 0; step < 300; step++) {
      const leaf = random.integers(length);
      // Multiples of 1/8 add without rounding, in any order.
      const value = random.integers(0, 5) / 8;
      values[leaf] = value;
      tree.set(leaf, value);
      const total = values.reduce((a, b) => a + b, 0);
      expect(tree.total).toBe(total);
      if (total === 0) continue;
      const mass = Math.floor(random.random() * total * 16) / 16;
      let sum = 0;
      const expected = values.findIndex((x) => {
        sum += x;
        return mass < sum;
      });
      expect(tree.find(mass)).toBe(expected);
    }
    expect([...tree.leaves()]).toEqual(values);
  });

  it.each([-1, 4, 1.5, Number.NaN, 2 ** 32])('has no leaf %s', (leaf) => {
    const tree = new SumTree(4);
    expect(() => tree.set(leaf, 1)).toThrow('allowed is an integer from 0 to 3');
    expect([...tree.leaves()]).toEqual([0, 0, 0, 0]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('does not sum %s', (value) => {
    const tree = new SumTree(4);
    expect(() => tree.set(2, value)).toThrow('allowed is a finite number, at least 0');
    expect(tree.total).toBe(0);
  });

  it('has the same bits whatever came before', () => {
    const random = new Generator(1);
    const leaves = Float64Array.from({ length: 37 }, () => random.random());
    const [a, b] = [new SumTree(37), new SumTree(37)];
    for (let i = 0; i < 500; i++) a.set(random.integers(37), random.random());
    for (const leaf of random.permutation(37)) a.set(leaf, leaves[leaf]);
    b.setLeaves(leaves);
    expect(a.total).toBe(b.total);
    expect(a.leaves()).toEqual(leaves);
  });
});
