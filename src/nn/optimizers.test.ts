import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MismatchError, OptionError } from '../core/errors.ts';
import { FloatMemory } from '../core/float-memory.ts';
import { Adam } from './adam.ts';
import { clipGradientNorm, gradientNorm } from './clip-gradient.ts';
import type { Optimizer } from './optimizer.ts';
import { RAdam } from './radam.ts';
import { NATURE_RMS_PROP, RmsProp } from './rms-prop.ts';
import { Sgd } from './sgd.ts';

type Recorded = Record<string, number[]>;
type Runs = 'adam' | 'adamBook' | 'radam' | 'rmsprop' | 'rmspropCentered' | 'nature' | 'sgd' | 'sgdMomentum';
/** Made by test/oracle/optimizer_fixtures.py, whose formulas `parameters` and `gradient` repeat. */
const fixture: Record<Runs, Recorded> & { clipNorm: Record<'long' | 'short', { norm: number; grads: number[] }> } =
  JSON.parse(readFileSync(new URL('../../test/oracle/fixtures/optimizers.json', import.meta.url), 'utf8'));

const SIZE = 37;

function parameters(size = SIZE): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (((i * 37) % 101) - 50) / 64);
}

function gradient(step: number, size = SIZE): Float32Array {
  return Float32Array.from({ length: size }, (_, i) =>
    i % 5 === 0 ? 0 : ((((i * 53 + step * 29) % 97) - 48) / 256) * 2 ** -(i % 25),
  );
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

const CENTERED = { learningRate: 1e-2, alpha: 0.95, epsilon: 1e-2, centered: true } as const;

const OPTIMIZERS: [Runs, (size: number) => Optimizer][] = [
  ['adam', (size) => new Adam(size, { learningRate: 1e-2 })],
  ['adam', (size) => new Adam(size, { learningRate: 1e-2, kernel: 'reference' })],
  ['adamBook', (size) => new Adam(size, { learningRate: 1e-4, epsilon: 1e-3 })],
  ['radam', (size) => new RAdam(size, { learningRate: 1e-2 })],
  ['radam', (size) => new RAdam(size, { learningRate: 1e-2, kernel: 'reference' })],
  ['rmsprop', (size) => new RmsProp(size, { learningRate: 1e-2, alpha: 0.95, epsilon: 1e-4 })],
  ['rmspropCentered', (size) => new RmsProp(size, CENTERED)],
  ['rmspropCentered', (size) => new RmsProp(size, { ...CENTERED, kernel: 'reference' })],
  ['nature', (size) => new RmsProp(size, NATURE_RMS_PROP)],
  ['sgd', (size) => new Sgd(size, { learningRate: 0.1 })],
  ['sgdMomentum', (size) => new Sgd(size, { learningRate: 0.1, momentum: 0.9 })],
];

describe.each(OPTIMIZERS)('optimizer %s', (name, make) => {
  it('takes the steps that PyTorch takes', () => {
    const optimizer = make(SIZE);
    const p = parameters();
    const recorded = fixture[name];
    for (let step = 1; step <= 60; step++) {
      optimizer.step(p, gradient(step));
      const expected = recorded[step];
      if (expected === undefined) continue;
      // Each step may round each parameter once; values are below 2.
      expect(largestDifference(p, expected), `step ${step}`).toBeLessThan(1e-7 + step * 2e-8);
    }
    expect(Object.keys(recorded)).toEqual(['1', '2', '3', '10', '60']);
  });

  it('continues a restored state bit for bit', () => {
    const first = make(SIZE);
    const p = parameters();
    for (let step = 1; step <= 5; step++) first.step(p, gradient(step));
    first.learningRate /= 2;
    const saved = first.saveState();
    const q = p.slice();
    for (let step = 6; step <= 9; step++) first.step(p, gradient(step));
    const second = make(SIZE);
    second.step(parameters(), gradient(3));
    second.restoreState(saved);
    for (let step = 6; step <= 9; step++) second.step(q, gradient(step));
    expect(q).toEqual(p);
  });

  it('refuses arrays of another length', () => {
    expect(() => make(SIZE).step(parameters(), gradient(1, SIZE + 1))).toThrow(/37 parameters, got 37 and 38/);
  });
});

type Kernel = { kernel?: 'simd' | 'reference'; memory?: FloatMemory };
const SIMD_OPTIMIZERS: [string, (size: number, options: Kernel) => Adam | RmsProp, (size: number) => number[]][] = [
  ['Adam', (size, options) => new Adam(size, { learningRate: 1e-3, ...options }), Adam.lengths],
  ['RmsProp', (size, options) => new RmsProp(size, { learningRate: 1e-3, ...options }), RmsProp.lengths],
  ['centered RmsProp', (size, options) => new RmsProp(size, { ...CENTERED, ...options }), RmsProp.lengths],
  ['Nature RmsProp', (size, options) => new RmsProp(size, { ...NATURE_RMS_PROP, ...options }), RmsProp.lengths],
];

describe.each(SIMD_OPTIMIZERS)('%s in SIMD', (_, make, lengths) => {
  // 5000 is more than two staged blocks and a remainder; 1 to 5 try the padding.
  it.each([1, 2, 3, 4, 5, 2048, 5000])('equals the reference to the bit, %i parameters', (size) => {
    const memory = new FloatMemory([size, size, ...lengths(size)]);
    const inPlace = { p: memory.allocate(size), g: memory.allocate(size) };
    const optimizers = {
      reference: make(size, { kernel: 'reference' }),
      staged: make(size, {}),
      inPlace: make(size, { memory }),
    };
    expect(optimizers.staged.simd).toBe(true);
    expect(optimizers.reference.simd).toBe(false);
    const p = parameters(size);
    const staged = parameters(size);
    inPlace.p.set(p);
    for (let step = 1; step <= 20; step++) {
      const g = gradient(step, size);
      inPlace.g.set(g);
      optimizers.reference.step(p, g);
      optimizers.staged.step(staged, g);
      optimizers.inPlace.step(inPlace.p, inPlace.g);
    }
    expect(staged).toEqual(p);
    expect(inPlace.p).toEqual(p);
    expect(optimizers.staged.saveState()).toEqual(optimizers.reference.saveState());
    expect(optimizers.inPlace.saveState()).toEqual(optimizers.reference.saveState());
  });

  it('equals the reference where states are nearly zero', () => {
    // From well above both bounds to well below.
    const g = Float32Array.from({ length: 80 }, (_, i) => 2 ** -(40 + i));
    const [simd, reference] = [make(80, {}), make(80, { kernel: 'reference' })];
    const [p, q] = [parameters(80), parameters(80)];
    for (let step = 0; step < 3; step++) {
      simd.step(p, g);
      reference.step(q, g);
    }
    expect(p).toEqual(q);
    expect(simd.saveState()).toEqual(reference.saveState());
  });

  it.each(['simd', 'reference'] as const)('keeps NaN visible (%s)', (kernel) => {
    const optimizer = make(5, { kernel });
    const p = new Float32Array(5);
    optimizer.step(p, Float32Array.of(0, NaN, 1, NaN, 0));
    expect([...p].map(Number.isNaN)).toEqual([false, true, false, true, false]);
  });
});

describe('Adam', () => {
  it.each(['simd', 'reference'] as const)('lets the moments of a dead weight end at zero (%s)', (kernel) => {
    const adam = new Adam(1, { learningRate: 1e-3, beta2: 0.9, kernel });
    const p = new Float32Array(1);
    adam.step(p, Float32Array.of(1));
    const still = new Float32Array(1);
    for (let step = 0; step < 1000; step++) adam.step(p, still);
    // The second moment passes its bound of 2^-120 after 811 steps, the first 2^-100 after 679.
    expect(adam.saveState()).toMatchObject({ m: Float32Array.of(0), v: Float32Array.of(0) });
  });

  it('leaves the rest of a shared memory alone', () => {
    const size = 6;
    const memory = new FloatMemory([size, size, ...Adam.lengths(size), 4]);
    const adam = new Adam(size, { learningRate: 0.1, memory });
    const p = memory.allocate(size);
    const g = memory.allocate(size);
    const guard = memory.allocate(4);
    guard.fill(7);
    g.fill(1);
    adam.step(p, g);
    // The first step of Adam is the learning rate against the gradient's sign (epsilon 1e-8 is lost in rounding).
    for (const value of p) expect(value).toBeCloseTo(-0.1, 6);
    expect([...guard]).toEqual([7, 7, 7, 7]);
    expect([...g]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('options', () => {
  it.each([
    [{ learningRate: -1 }, 'learningRate'],
    [{ learningRate: 1, beta1: 1 }, 'beta1'],
    [{ learningRate: 1, beta2: -0.1 }, 'beta2'],
    [{ learningRate: 1, epsilon: 0 }, 'epsilon'],
  ])('Adam refuses %j', (options, name) => {
    expect(() => new Adam(1, options)).toThrow(`${name}: got`);
  });
  it('take the ends of their ranges', () => {
    expect(new Adam(1, { learningRate: 0, beta1: 0, beta2: 0 })).toMatchObject({ beta1: 0, beta2: 0, epsilon: 1e-8 });
    expect(new Adam(1, { learningRate: 1 })).toMatchObject({ beta1: 0.9, beta2: 0.999, size: 1 });
    expect(new RmsProp(1, { learningRate: 0, alpha: 0 }).learningRate).toBe(0);
    expect(new Sgd(1, { learningRate: 0 })).toMatchObject({ learningRate: 0, momentum: 0 });
  });
  it.each([
    () => new Adam(1, { learningRate: 1, beta1: -0.1 }),
    () => new Adam(1, { learningRate: 1, beta2: 1 }),
    () => new Adam(1, { learningRate: 1, epsilon: -1 }),
    () => new Adam(1, { learningRate: NaN }),
    () => new RmsProp(1, { learningRate: -1 }),
    () => new RmsProp(1, { learningRate: 1, alpha: -0.1 }),
    () => new RmsProp(1, { learningRate: 1, epsilon: 0 }),
    () => new Sgd(1, { learningRate: -1 }),
    () => new Sgd(1, { learningRate: 1, momentum: -0.1 }),
  ])('refuse what lies outside: %o', (make) => {
    expect(make).toThrow(OptionError);
  });
  it('RAdam, RmsProp and Sgd refuse theirs', () => {
    expect(() => new RAdam(1, { learningRate: 1, beta2: 1 })).toThrow('beta2: got 1');
    expect(() => new RmsProp(1, { learningRate: 1, alpha: 1 })).toThrow('alpha: got 1');
    expect(() => new RmsProp(1, { learningRate: NaN })).toThrow('learningRate: got NaN');
    expect(() => new Sgd(1, { learningRate: 1, momentum: 1 })).toThrow('momentum: got 1');
  });
});

describe('states', () => {
  it('are copies, with the learning rate', () => {
    for (const make of [
      () => new Adam(2, { learningRate: 0.5 }),
      () => new RmsProp(2, { ...CENTERED, learningRate: 0.5 }),
      () => new Sgd(2, { learningRate: 0.5, momentum: 0.5 }),
    ]) {
      const optimizer = make();
      optimizer.step(new Float32Array(2), Float32Array.of(1, 2));
      const saved = optimizer.saveState();
      const before = structuredClone(saved);
      optimizer.step(new Float32Array(2), Float32Array.of(3, 4));
      expect(saved).toEqual(before);
      expect(saved).toMatchObject({ learningRate: 0.5 });
      const other = make();
      other.learningRate = 9;
      other.restoreState(saved);
      expect(other.saveState()).toEqual(before);
    }
  });
  it('of another size are refused', () => {
    expect(() => new Adam(2, { learningRate: 1 }).restoreState(new Adam(3, { learningRate: 1 }).saveState())).toThrow(
      MismatchError,
    );
    expect(() => new RmsProp(2, CENTERED).restoreState(new RmsProp(3, CENTERED).saveState())).toThrow(MismatchError);
    const plain = { learningRate: 1 };
    expect(() => new RmsProp(2, plain).restoreState(new RmsProp(3, plain).saveState())).toThrow(MismatchError);
  });
  it('RMSProp without means has none to save', () => {
    expect(new RmsProp(2, { learningRate: 1 }).saveState()).toEqual({
      learningRate: 1,
      squares: new Float32Array(2),
      means: null,
    });
  });
});

describe('gradient descent by hand', () => {
  it('p - 0.5 g; with momentum b = 0.5 b + g', () => {
    const plain = new Sgd(2, { learningRate: 0.5 });
    const p = Float32Array.of(1, 2);
    plain.step(p, Float32Array.of(2, -4));
    expect([...p]).toEqual([0, 4]);
    const heavy = new Sgd(2, { learningRate: 0.5, momentum: 0.5 });
    const q = Float32Array.of(0, 0);
    heavy.step(q, Float32Array.of(8, -8));
    heavy.step(q, Float32Array.of(8, 0));
    // b = 8, then 12; -8, then -4.
    expect([...q]).toEqual([-4 - 6, 4 + 2]);
  });
});

describe('gradient clipping', () => {
  it.each([1, 3, 4, 5, 7, 8, 9, 11])('counts each of %i elements once', (size) => {
    const g = Float32Array.from({ length: size }, (_, i) => i + 1);
    // 1 + 4 + 9 + ... + n²
    expect(gradientNorm(g) ** 2).toBeCloseTo((size * (size + 1) * (2 * size + 1)) / 6, 9);
    const norm = gradientNorm(g);
    expect(clipGradientNorm(g, 0.5)).toBe(norm);
    g.forEach((value, i) => {
      expect(value).toBeCloseTo(((i + 1) * 0.5) / (norm + 1e-6), 6);
    });
  });
  it('leaves what is short enough as it is', () => {
    const g = Float32Array.of(3, 4);
    expect(clipGradientNorm(g, 5.1)).toBe(5);
    expect([...g]).toEqual([3, 4]);
  });
  it.each([
    ['long', 0.01],
    ['short', 10],
  ] as const)('by norm equals PyTorch, %s gradient', (name, maxNorm) => {
    const g = gradient(1);
    const { norm, grads } = fixture.clipNorm[name];
    expect(clipGradientNorm(g, maxNorm)).toBeCloseTo(norm, 6);
    expect(largestDifference(g, grads)).toBeLessThan(1e-8);
  });
  it('gives 3-4-5 by hand', () => {
    const g = Float32Array.of(3, 0, 0, 0, 4);
    expect(gradientNorm(g)).toBe(5);
    expect(clipGradientNorm(g, 1)).toBe(5);
    expect(gradientNorm(g)).toBeCloseTo(1, 6);
  });
});
