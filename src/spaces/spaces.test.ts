import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { BellmanError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { formatNumber } from './array-text.ts';
import { flattenSpace, promote } from './flatten.ts';
import type { BoxType, MemberOf } from './index.ts';
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple } from './index.ts';
import { createVectorBatch } from './vector-batch.ts';

interface Digest {
  first: number[];
  last: number;
  sha256: string;
}
interface Fixture {
  spaces: Record<string, { text: string; samples: Record<string, Digest | null> }>;
  masked: Record<string, Record<string, Digest>>;
  texts: [value: number, text: string][];
  promotions: Record<string, string>;
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../test/oracle/fixtures/spaces.json', import.meta.url), 'utf8'),
);

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** The table of spaces of test/oracle/random_fixtures.py. */
const spaces: Record<string, () => Space> = {
  'Discrete(16)': () => new Discrete(16),
  'Discrete(3, -1)': () => new Discrete(3, { start: -1 }),
  'Discrete(1)': () => new Discrete(1),
  'Box(-1, 1, [3])': () => new Box(-1, 1, [3]),
  'Box uint8 image': () => new Box(0, 255, [8, 6, 3], 'uint8'),
  'Box CartPole': () => new Box([-4.8, -Infinity, -0.41887903, -Infinity], [4.8, Infinity, 0.41887903, Infinity]),
  'Box mixed': () => new Box([-Infinity, 3, -Infinity, -2, -Infinity, 0], [Infinity, Infinity, 7.1, 2, -1, Infinity]),
  'Box int8 unbounded': () => new Box(-Infinity, Infinity, [5], 'int8'),
  'Box int16 half': () => new Box([-Infinity, 3, -9], [5, Infinity, 9], [3], 'int16'),
  'Box uint32': () => new Box(0, 2 ** 32 - 1, [4], 'uint32'),
  'Box int32 matrix': () => new Box([0, 1, 2, 3], [5, 6, 7, 100], [2, 2], 'int32'),
  'Box uint16': () => new Box(7, 60000, [2, 2], 'uint16'),
  'Box float64': () => new Box(-2, 1e10, [], 'float64'),
  'Box float64 unbounded': () => new Box(-Infinity, Infinity, [2], 'float64'),
  'Box small': () => new Box([1e-5, 1], [0.1, 123456.789]),
  'Box 0.1 to 1e10': () => new Box(0.1, 1e10, [1]),
  'Box long': () => new Box(range(40), range(40, 1)),
  'Box longer': () => new Box(range(1100), range(1100, 1)),
  'Box cube': () => new Box(0, range(12), [3, 2, 2]),
  'Box digits': () => new Box([-9815.901, 856000.125, -0], [1e-7, 856000.375, 3]),
  'Box decimals': () => new Box([0.001953125, 1 / 3], [0.005859375, 2.5], [2], 'float64'),
  'Box empty': () => new Box(0, 1, [0]),
  MultiDiscrete: () => new MultiDiscrete([3, 4, 600]),
  'MultiDiscrete start': () => new MultiDiscrete([3, 4], { start: [1, -1] }),
  'MultiDiscrete matrix': () => new MultiDiscrete([3, 4, 5, 600], { shape: [2, 2] }),
  'MultiDiscrete long': () => new MultiDiscrete(range(49, 1)),
  'MultiBinary(5)': () => new MultiBinary(5),
  'MultiBinary([3, 2])': () => new MultiBinary([3, 2]),
  Tuple: () => new Tuple([new Discrete(20), new Box(0, 1, [2]), new MultiBinary(3)]),
  'Tuple of nothing': () => new Tuple([]),
  Dict: () => new Dict({ b: new Discrete(20), a: new Box(0, 1, [2]), "it's": new MultiDiscrete([9, 9]) }),
  'Dict nested': () =>
    new Dict({
      z: new Tuple([new Discrete(5), new Dict({ y: new Discrete(9), x: new Discrete(8) })]),
      b: new Discrete(3),
    }),
};

const i8 = (...values: number[]) => Int8Array.from(values);
const f64 = (...values: number[]) => Float64Array.from(values);

/** The table of masked draws of test/oracle/random_fixtures.py: a seeded space and a draw from it. */
const masked: Record<string, (seed: number) => [Space, () => unknown]> = {
  'Discrete mask': (seed) => {
    const space = new Discrete(5, { start: 2, seed });
    return [space, () => space.sample(i8(0, 1, 0, 1, 1))];
  },
  'Discrete empty mask': (seed) => {
    const space = new Discrete(3, { start: 2, seed });
    return [space, () => space.sample(i8(0, 0, 0))];
  },
  'Discrete probability': (seed) => {
    const space = new Discrete(4, { seed });
    return [space, () => space.sample(undefined, f64(0.1, 0.2, 0.3, 0.4))];
  },
  'MultiDiscrete mask': (seed) => {
    const space = new MultiDiscrete([3, 2], { start: [5, 0], seed });
    return [space, () => space.sample([i8(1, 0, 1), i8(0, 0)])];
  },
  'MultiDiscrete probability': (seed) => {
    const space = new MultiDiscrete([3, 11], { seed });
    const elevenths = f64(...range(11).map((i) => i / 55));
    return [space, () => space.sample(undefined, [f64(0.5, 0, 0.5), elevenths])];
  },
  'MultiBinary mask': (seed) => {
    const space = new MultiBinary(6, seed);
    return [space, () => space.sample(i8(0, 1, 2, 2, 1, 2))];
  },
  'MultiBinary probability': (seed) => {
    const space = new MultiBinary(4, seed);
    return [space, () => space.sample(undefined, f64(0, 0.25, 0.75, 1))];
  },
  'Tuple mask': (seed) => {
    const space = new Tuple([new Discrete(4), new Box(0, 1, [1])], seed);
    return [space, () => space.sample([i8(1, 0, 0, 1), undefined])];
  },
  'Dict mask': (seed) => {
    const space = new Dict({ a: new Discrete(4), b: new MultiBinary(3) }, { seed });
    return [space, () => space.sample({ a: i8(0, 1, 1, 0), b: i8(2, 0, 2) })];
  },
  'Dict probability': (seed) => {
    const space = new Dict({ a: new Discrete(2), b: new Discrete(3) }, { seed });
    return [space, () => space.sample(undefined, { a: f64(0.3, 0.7), b: f64(0.2, 0.2, 0.6) })];
  },
};

function flatten(member: unknown): number[] {
  if (typeof member === 'number') return [member];
  if (ArrayBuffer.isView(member)) return Array.from(member as Float64Array);
  return Object.values(member as object).flatMap(flatten);
}

function digest(values: readonly number[]): Digest | null {
  if (values.length === 0) return null;
  const doubles = Float64Array.from(values);
  const hash = createHash('sha256').update(new Uint8Array(doubles.buffer)).digest('hex');
  return { first: values.slice(0, 3), last: values[values.length - 1], sha256: hash.slice(0, 32) };
}

describe('spaces against Gymnasium', () => {
  it('covers the whole fixture', () => {
    expect(Object.keys(spaces)).toEqual(Object.keys(fixture.spaces));
    expect(Object.keys(masked)).toEqual(Object.keys(fixture.masked));
  });

  for (const [name, make] of Object.entries(spaces)) {
    it(`${name}: same text and samples, all of them members`, () => {
      const { text, samples } = fixture.spaces[name];
      expect(String(make())).toBe(text);
      for (const [seed, expected] of Object.entries(samples)) {
        const space = make();
        space.seed(Number(seed));
        const members = Array.from({ length: 20 }, () => space.sample());
        expect(digest(members.flatMap(flatten))).toEqual(expected);
        for (const member of members) expect(space.contains(member)).toBe(true);
      }
    });
  }

  for (const [name, make] of Object.entries(masked)) {
    it(`${name}: same samples`, () => {
      for (const [seed, expected] of Object.entries(fixture.masked[name])) {
        const [space, draw] = make(Number(seed));
        const values = Array.from({ length: 200 }, draw).flatMap(flatten);
        expect(digest([...values, ...flatten(space.sample())])).toEqual(expected);
      }
    });
  }
});

describe('space state', () => {
  for (const [name, make] of Object.entries(spaces)) {
    it(`${name}: restore continues bit for bit`, () => {
      const space = make();
      space.seed(5);
      space.sample();
      const saved = space.saveState();
      const expected = range(5).map(() => flatten(space.sample()));
      const other = make();
      other.restoreState(saved);
      expect(range(5).map(() => flatten(other.sample()))).toEqual(expected);
    });
  }

  it('takes fresh entropy when never seeded, and again with seed()', () => {
    const draw = (space: Discrete) => range(8).map(() => space.sample());
    const a = new Discrete(1e9);
    const first = draw(a);
    expect(draw(new Discrete(1e9))).not.toEqual(first);
    a.seed(3);
    const seeded = draw(a);
    a.seed();
    expect(draw(a)).not.toEqual(seeded);
    a.seed(3);
    expect(draw(a)).toEqual(seeded);
  });

  it('restores the state of a space that was never seeded', () => {
    const space = new Discrete(1e9);
    const unseeded = space.saveState();
    space.seed(1);
    const first = space.sample();
    space.restoreState(unseeded);
    expect(space.sample()).not.toBe(first);
  });
});

describe('seeding of composite spaces', () => {
  it('takes one seed for each part', () => {
    const tuple = new Tuple([new Discrete(1e6), new Dict({ a: new Discrete(1e6) })]);
    tuple.seed([7, { a: 8 }]);
    const seven = new Discrete(1e6, { seed: 7 }).sample();
    const eight = new Discrete(1e6, { seed: 8 }).sample();
    expect(tuple.sample()).toEqual([seven, { a: eight }]);
    expect(() => tuple.seed([7])).toThrow(BellmanError);
    expect(() => tuple.spaces[1].seed({ b: 8 })).toThrow(BellmanError);
  });

  it('seeds in the order of keys only when told', () => {
    const make = (sortKeys: boolean) => {
      const parts = { b: new Discrete(1e6), a: new Discrete(1e6) };
      return new Dict(parts, { sortKeys, seed: 1 });
    };
    expect(make(false).sample().b).toBe(make(true).sample().a);
    expect(String(make(false))).toBe("Dict('b': Discrete(1000000), 'a': Discrete(1000000))");
  });
});

describe('contains', () => {
  const cases: [Space, unknown, boolean][] = [
    [new Discrete(3), 2, true],
    [new Discrete(3), 3, false],
    [new Discrete(3), -1, false],
    [new Discrete(3), 1.5, false],
    [new Discrete(3), Number.NaN, false],
    [new Discrete(3), '1', false],
    [new Discrete(3), 1n, false],
    [new Discrete(3, { start: -1 }), -1, true],
    [new Discrete(3, { start: -1 }), 2, false],
    [new Box(-1, 1, [2]), Float32Array.of(-1, 1), true],
    [new Box(-1, 1, [2]), Float32Array.of(-1, 1.0000001), false],
    [new Box(-1, 1, [2]), Float32Array.of(0, Number.NaN), false],
    [new Box(-1, 1, [2]), Float32Array.of(0), false],
    [new Box(-1, 1, [2]), Float64Array.of(0, 0), false],
    [new Box(-1, 1, [2]), [0, 0], false],
    [new Box(-1, 1, [2]), undefined, false],
    [new Box(-Infinity, Infinity, [1]), Float32Array.of(Infinity), true],
    [new Box(0, 255, [2], 'uint8'), new Uint8ClampedArray(2), false],
    [new Box(-1, 1, [2]), new DataView(new ArrayBuffer(8)), false],
    [new MultiDiscrete([2, 3]), Int32Array.of(1, 2), true],
    [new MultiDiscrete([2, 3]), Int32Array.of(2, 2), false],
    [new MultiDiscrete([2, 3]), Int32Array.of(1), false],
    [new MultiDiscrete([2, 3], { start: [5, 5] }), Int32Array.of(5, 7), true],
    [new MultiDiscrete([2, 3], { start: [5, 5] }), Int32Array.of(4, 7), false],
    [new MultiDiscrete([2, 3]), [1, 2], false],
    [new MultiBinary(2), Int8Array.of(0, 1), true],
    [new MultiBinary(2), Int8Array.of(0, 2), false],
    [new MultiBinary(2), Int8Array.of(0), false],
    [new Tuple([new Discrete(2)]), [1], true],
    [new Tuple([new Discrete(2)]), [2], false],
    [new Tuple([new Discrete(2)]), [1, 1], false],
    [new Tuple([new Discrete(2)]), { 0: 1 }, false],
    [new Dict({ a: new Discrete(2) }), { a: 1 }, true],
    [new Dict({ a: new Discrete(2) }), { a: 2 }, false],
    [new Dict({ a: new Discrete(2) }), { a: 1, b: 1 }, false],
    [new Dict({ a: new Discrete(2) }), {}, false],
    [new Dict({ a: new Discrete(2) }), null, false],
  ];
  for (const [space, value, expected] of cases) {
    it(`${space} ${expected ? 'holds' : 'does not hold'} ${String(value)}`, () => {
      expect(space.contains(value)).toBe(expected);
    });
  }
});

it('numbers in single precision have the text of NumPy, where two are as near the even one', () => {
  for (const [value, text] of fixture.texts) {
    expect(formatNumber(value, 'float32')).toBe(text);
    expect(String(new Box(-value, value + 1, [1]))).toContain(`Box(${value === 0 ? '' : '-'}${text}, `);
  }
});

it('the flat form of parts of several types has the type that all fit into, as in NumPy', () => {
  for (const [types, common] of Object.entries(fixture.promotions)) {
    const list = types.split(' ') as BoxType[];
    for (const order of [list, list.toReversed()]) expect(promote(order)).toBe(common.replace('int64', 'float64'));
  }
  const parts = [new MultiBinary(1), new Box(0, 9, [1], 'uint16'), new Box(0, 1, [1])];
  expect(String(flattenSpace(new Tuple(parts) as Space))).toBe('Box(0.0, [1. 9. 1.], (3,), float32)');
});

describe('mistakes', () => {
  const mistakes: Record<string, () => unknown> = {
    'Discrete of none': () => new Discrete(0),
    'Discrete of a fraction': () => new Discrete(2.5),
    'Discrete start': () => new Discrete(2, { start: 0.5 }),
    'Discrete beyond exact integers': () => new Discrete(3, { start: Number.MAX_SAFE_INTEGER - 1 }),
    'mask length': () => new Discrete(3).sample(i8(1, 1)),
    'mask value': () => new Discrete(3).sample(i8(1, 2, 0)),
    'mask and probability': () => new Discrete(2).sample(i8(1, 1), f64(0.5, 0.5)),
    'probability sum': () => new Discrete(2).sample(undefined, f64(0.5, 0.6)),
    'probability length': () => new Discrete(2).sample(undefined, f64(1)),
    'Box low above high': () => new Box(1, 0, [2]),
    'Box NaN': () => new Box(Number.NaN, 1, [2]),
    'Box uint8 infinite': () => new Box(0, Infinity, [2], 'uint8'),
    'Box uint8 negative': () => new Box(-1, 5, [2], 'uint8'),
    'Box int8 too high': () => new Box(0, 128, [2], 'int8'),
    'Box bounds of another size': () => new Box([0, 0], 1, [3]),
    'Box bounds that differ': () => new Box([0, 0], [1, 1, 1]),
    'Box shape': () => new Box(0, 1, [2.5]),
    'Box of 2^40 elements': () => new Box(0, 1, [2 ** 20, 2 ** 20]),
    'MultiBinary of 2^31 elements': () => new MultiBinary(2 ** 31),
    'Box type': () => new Box(0, 1, [2], 'float16' as 'float32'),
    'Box mask': () => new Box(0, 1, [2]).sample(1 as never),
    'Box range beyond doubles': () => new Box(-1.7e308, 1.7e308, [1], 'float64').sample(),
    'MultiDiscrete count': () => new MultiDiscrete([2, 0]),
    'MultiDiscrete start length': () => new MultiDiscrete([2, 2], { start: [0] }),
    'MultiDiscrete beyond 32 bits': () => new MultiDiscrete([2 ** 31, 2], { start: [1, 0] }),
    'MultiDiscrete shape': () => new MultiDiscrete([2, 2], { shape: [3] }),
    'MultiDiscrete masks': () => new MultiDiscrete([2, 2]).sample([i8(1, 1)]),
    'MultiBinary of none': () => new MultiBinary(0),
    'MultiBinary mask': () => new MultiBinary(2).sample(i8(0, 3)),
    'Tuple masks': () => new Tuple([new Discrete(2)]).sample([] as never),
    'Dict mask': () => new Dict({ a: new Discrete(2) }).sample({ b: i8(1, 1) } as never),
    'batch of -1': () => createVectorBatch(new Discrete(2), -1),
    'batch of half': () => createVectorBatch(new Dict({ a: new Discrete(2) }), 0.5),
    seed: () => new Discrete(2).seed(-1),
  };
  it('Discrete goes up to the last exact integer', () => {
    expect(new Discrete(2, { start: Number.MAX_SAFE_INTEGER - 1 }).contains(Number.MAX_SAFE_INTEGER)).toBe(true);
  });
  for (const [name, call] of Object.entries(mistakes)) {
    it(`refuses: ${name}`, () => {
      expect(call).toThrow(BellmanError);
    });
  }
});

it('infers the types of members', () => {
  const dict = new Dict({ position: new Box(-1, 1, [2]), colour: new Discrete(3), flags: new MultiBinary(2) });
  expectTypeOf<MemberOf<typeof dict>>().toEqualTypeOf<{ position: Float32Array; colour: number; flags: Int8Array }>();
  const image = new Box(0, 255, [2, 2], 'uint8');
  expectTypeOf(image.sample()).toEqualTypeOf<Uint8Array>();
  const tuple = new Tuple([new Discrete(2), image]);
  expectTypeOf(tuple.sample()).toEqualTypeOf<[number, Uint8Array]>();
  const space: Space<number> = new Discrete(2);
  expect(space.kind).toBe('discrete');
});
