import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BellmanError } from '../errors.ts';
import { Generator } from './generator.ts';
import { fillBlockInJavaScript, wasmFiller } from './pcg64-block.ts';
import { SeedSequence } from './seed-sequence.ts';

interface Digest {
  first: number[];
  last: number;
  sha256: string;
}
interface Fixture {
  count: number;
  spawnedStates: Record<string, number[]>;
  seeds: Record<string, Record<string, Digest>>;
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../../test/oracle/fixtures/random.json', import.meta.url), 'utf8'),
);

const N = fixture.count;
const ninths = Array.from({ length: 10 }, (_, i) => i / 45);
const repeat = (draw: () => number, count = N) => Array.from({ length: count }, draw);
const repeatMany = (draw: () => ArrayLike<number>, count: number) =>
  Array.from({ length: count }, () => Array.from(draw())).flat();

/** The table of methods of test/oracle/random_fixtures.py, in its order. */
const methods: Record<string, (g: Generator) => ArrayLike<number>> = {
  random: (g) => repeat(() => g.random()),
  randomFloat32: (g) => repeat(() => g.randomFloat32(), N + 1),
  'integers(6)': (g) => repeat(() => g.integers(6)),
  'integers(1)': (g) => repeat(() => g.integers(1), 3),
  'integers(-7, 2**31)': (g) => repeat(() => g.integers(-7, 2 ** 31)),
  'integers(0, 2**32)': (g) => repeat(() => g.integers(0, 2 ** 32), N + 1),
  'integers(0, 2**32 - 1)': (g) => repeat(() => g.integers(0, 2 ** 32 - 1)),
  'integers(0, 2**33)': (g) => repeat(() => g.integers(0, 2 ** 33)),
  'integers(-3, 3 * 2**51)': (g) => repeat(() => g.integers(-3, 3 * 2 ** 51)),
  'int8[-128, 128)': (g) => g.integersArray(-128, 128, N, 'int8'),
  'int8[-100, 101)': (g) => g.integersArray(-100, 101, N, 'int8'),
  'int8[0, 2) one by one': (g) => repeat(() => g.integersArray(0, 2, 5, 'int8')[4], 50),
  'uint8[3, 200)': (g) => g.integersArray(3, 200, N, 'uint8'),
  'int16[3, 2000)': (g) => g.integersArray(3, 2000, N + 1, 'int16'),
  'uint16[0, 65536)': (g) => g.integersArray(0, 65536, N, 'uint16'),
  'int32 all': (g) => g.integersArray(-(2 ** 31), 2 ** 31, N, 'int32'),
  'uint32[5, 3 * 2**30)': (g) => g.integersArray(5, 3 * 2 ** 30, N, 'uint32'),
  'int64[0, 2**31 - 1)': (g) => g.integersArray(0, 2 ** 31 - 1, N),
  bool: (g) => g.integersArray(0, 2, N, 'bool'),
  'uniform(-3, 5.5)': (g) => repeat(() => g.uniform(-3, 5.5)),
  standardNormal: (g) => repeat(() => g.standardNormal(), 20 * N),
  'normal(2, 0.3)': (g) => g.normalArray(new Float64Array(N), 2, 0.3),
  standardExponential: (g) => repeat(() => g.standardExponential(), 20 * N),
  'exponential(7.5)': (g) => repeat(() => g.exponential(7.5)),
  'choice(7)': (g) => repeat(() => g.choice(7)),
  'choice([5, 3, 9])': (g) => repeat(() => g.choice([5, 3, 9])),
  'choice(10, p)': (g) => repeat(() => g.choice(10, { p: ninths })),
  'choices(10, N, p)': (g) => g.choices(10, N, { p: ninths }),
  'choices(50, 20) distinct': (g) => g.choices(50, 20, { replace: false }),
  'choices(30, 12) distinct, not shuffled': (g) => g.choices(30, 12, { replace: false, shuffle: false }),
  'choices(20000, 1000) distinct': (g) => g.choices(20000, 1000, { replace: false }),
  'choices(20000, 300) distinct': (g) => g.choices(20000, 300, { replace: false }),
  'choices(10, 6, p) distinct': (g) => repeatMany(() => g.choices(10, 6, { replace: false, p: ninths }), 100),
  'permutation(1000)': (g) => g.permutation(1000),
  'permutation([4, 5, 6, 7])': (g) => repeatMany(() => g.permutation([4, 5, 6, 7]), 50),
  'spawn(3)': (g) => [...g.spawn(3), ...g.spawn(2)].flatMap((child) => repeat(() => child.random(), 5)),
  'random at the end': (g) => repeat(() => g.random(), 5),
};

function digest(values: ArrayLike<number>): Digest {
  const doubles = Float64Array.from(values);
  const hash = createHash('sha256').update(new Uint8Array(doubles.buffer)).digest('hex');
  return { first: Array.from(doubles.subarray(0, 3)), last: doubles[doubles.length - 1], sha256: hash.slice(0, 32) };
}

function toSeed(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}

describe('Generator against NumPy', () => {
  for (const [seed, expected] of Object.entries(fixture.seeds)) {
    it(`draws the same with seed ${seed}`, () => {
      expect(Object.keys(methods)).toEqual(Object.keys(expected));
      const generator = new Generator(toSeed(seed));
      for (const [name, draw] of Object.entries(methods))
        expect({ name, ...digest(draw(generator)) }).toEqual({ name, ...expected[name] });
    });
  }

  it('takes a seed as bigint or number alike', () => {
    for (const seed of [0, 5, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 1]) {
      expect(new Generator(BigInt(seed)).random()).toBe(new Generator(seed).random());
    }
  });

  it('mixes spawn keys as SeedSequence does', () => {
    for (const [seed, expected] of Object.entries(fixture.spawnedStates)) {
      expect(Array.from(new SeedSequence(toSeed(seed), [3, 2 ** 35]).generateState(6))).toEqual(expected);
    }
  });
});

describe('PCG64 blocks', () => {
  it('are the same from WebAssembly and from JavaScript', () => {
    const wasm = wasmFiller();
    if (wasm === undefined) throw new Error('Node has WebAssembly');
    for (let seed = 0; seed < 200; seed++) {
      const state = Int32Array.from(new SeedSequence(seed).generateState(8));
      state[4] |= 1;
      // Words of ones make every carry happen.
      if (seed % 4 === 3) state.fill(-1, seed % 8, 8);
      const other = state.slice();
      const out = new Int32Array(64);
      const otherOut = new Int32Array(64);
      for (let block = 0; block < 3; block++) {
        wasm(state, out);
        fillBlockInJavaScript(other, otherOut);
        expect(out).toEqual(otherOut);
        expect(state).toEqual(other);
      }
    }
  });
});

describe('Generator state', () => {
  it('continues bit for bit after restore, at every place in a block and with half a word left', () => {
    for (let draws = 0; draws < 70; draws++) {
      const generator = new Generator(9);
      for (let i = 0; i < draws; i++)
        if (i % 3 === 0) generator.integers(10);
        else generator.random();
      const saved = generator.saveState();
      const expected = repeat(() => generator.random() + generator.integers(1000), 80);
      const spawned = generator.spawn(1)[0].random();
      const other = new Generator(1);
      other.random();
      other.integers(3);
      other.restoreState(saved);
      expect(repeat(() => other.random() + other.integers(1000), 80)).toEqual(expected);
      expect(other.spawn(1)[0].random()).toBe(spawned);
      // The state is a copy: using the generator has not changed it.
      generator.restoreState(saved);
      expect(generator.random() + generator.integers(1000)).toBe(expected[0]);
    }
  });

  it('is taken over by another generator, and does not move with it', () => {
    for (let draws = 0; draws < 70; draws++) {
      const [generator, other] = [new Generator(9), new Generator(1)];
      other.integers(3);
      for (let i = 0; i < draws; i++)
        if (i % 3 === 0) generator.integers(10);
        else generator.random();
      other.copyFrom(generator);
      const ahead = repeat(() => other.random() + other.integers(1000), 80);
      expect(repeat(() => generator.random() + generator.integers(1000), 80)).toEqual(ahead);
      expect(other.saveState()).toEqual(generator.saveState());
    }
  });

  it('takes fresh entropy that its entropy repeats', () => {
    const a = Generator.fromEntropy();
    const b = Generator.fromEntropy();
    const again = new Generator(a.entropy);
    const first = a.random();
    expect(b.random()).not.toBe(first);
    expect(again.random()).toBe(first);
  });
});

describe('Generator mistakes', () => {
  const g = new Generator(0);
  const mistakes: Record<string, () => unknown> = {
    'negative seed': () => new Generator(-1),
    'fractional seed': () => new Generator(0.5),
    'unsafe seed': () => new Generator(2 ** 60),
    'negative bigint seed': () => new Generator(-1n),
    'empty range': () => g.integers(3, 3),
    'zero count': () => g.integers(0),
    'fractional count': () => g.integers(2.5),
    'NaN count': () => g.integers(Number.NaN),
    'range too wide': () => g.integers(-(2 ** 53) + 1, 2 ** 53 - 1),
    'out of type': () => g.integersArray(0, 129, 2, 'int8'),
    'uniform reversed': () => g.uniform(2, 1),
    'uniform infinite': () => g.uniform(0, Infinity),
    'choice of nothing': () => g.choice([]),
    'choice of 0': () => g.choice(0),
    'p too short': () => g.choice(3, { p: [0.5, 0.5] }),
    'p not 1': () => g.choice(2, { p: [0.5, 0.4] }),
    'p negative': () => g.choice(2, { p: [1.5, -0.5] }),
    'p NaN': () => g.choice(2, { p: [Number.NaN, 1] }),
    'too many without replacement': () => g.choices(3, 4, { replace: false }),
    'too few weights': () => g.choices(3, 2, { replace: false, p: [1, 0, 0] }),
    'negative scale': () => g.normal(0, -1),
  };
  for (const [name, call] of Object.entries(mistakes)) {
    it(`refuses: ${name}`, () => {
      expect(call).toThrow(BellmanError);
    });
  }
});

describe('Generator bounds and choices', () => {
  it('draws with replacement as so many single choices', () => {
    const [many, one] = [new Generator(8), new Generator(8)];
    expect(many.choices(5, 20)).toEqual(Array.from({ length: 20 }, () => one.choice(5)));
    expect(many.choices(['a', 'b', 'c'], 20)).toEqual(Array.from({ length: 20 }, () => one.choice(['a', 'b', 'c'])));
  });
  it('a choice without replacement is the first of a permutation of one', () => {
    const [many, one] = [new Generator(8), new Generator(8)];
    expect(one.choice(5, { replace: false })).toBe(many.choices(5, 1, { replace: false })[0]);
    // All of them, each once.
    expect(one.choices(5, 5, { replace: false }).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(one.choices(3, 3, { replace: false, p: [0.2, 0.3, 0.5] }).sort()).toEqual([0, 1, 2]);
  });
  it('a range of one integer takes no draw', () => {
    const [drawn, still] = [new Generator(8), new Generator(8)];
    for (const type of ['int8', 'uint16', 'int32', 'bool'] as const)
      expect([...drawn.integersArray(1, 2, 3, type)]).toEqual([1, 1, 1]);
    expect(drawn.random()).toBe(still.random());
  });
  it('a scale of 0 is allowed, one below is not', () => {
    const g = new Generator(8);
    expect(g.normal(3, 0)).toBe(3);
    expect(g.exponential(0)).toBe(0);
    for (const scale of [-1, Number.NaN]) {
      expect(() => g.normal(0, scale)).toThrow(BellmanError);
      expect(() => g.exponential(scale)).toThrow(BellmanError);
    }
  });
  it('refuses integers outside the type, or that no double holds', () => {
    const g = new Generator(8);
    expect(() => g.integersArray(-129, 1, 2, 'int8')).toThrow(BellmanError);
    expect(() => g.integersArray(-1, 3, 2, 'uint8')).toThrow(BellmanError);
    expect(() => g.integers(0, 2 ** 53 + 2)).toThrow(BellmanError);
    expect(() => g.integers(-(2 ** 53) - 2, 0)).toThrow(BellmanError);
    expect(() => g.integers(0.5, 3)).toThrow(BellmanError);
  });
});
