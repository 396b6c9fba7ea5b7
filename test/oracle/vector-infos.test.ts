/** Infos that differ in kind and length, against records of Gymnasium's vector (`vectors.py`), in one thread and in several. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Info } from '../../src/core/env.ts';
import { MismatchError } from '../../src/core/errors.ts';
import { ThreadedVectorEnv } from '../../src/node/threads/threaded-vector-env.ts';
import { infosOfEach, makeVec, type VectorEnv, type VectorInfo } from '../../src/vector/index.ts';
import { makeTelling, tellingSource } from '../support/telling-env.ts';

interface Case {
  readonly told: readonly Info[];
  readonly batch: Info | null;
}
const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8'),
).infos;

const types = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };
/** A list of a type's name and numbers is an array. */
function typed(value: unknown): unknown {
  if (Array.isArray(value) && typeof value[0] === 'string') {
    return new types[value[0] as keyof typeof types](value.slice(1));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, typed(part)]));
}
const infosOf = ({ told }: Case): Info[] => told.map((info) => typed(info) as Info);

/** Elements in order, without the shape; null is -1, as in the record. */
function numbers(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.flatMap(numbers as (one: unknown) => unknown[]);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, numbers(part)]));
  }
  return value === null ? -1 : typeof value === 'boolean' ? Number(value) : value;
}

const options = { infos: true, autoresetMode: 'same-step' } as const;
const kinds: Readonly<Record<string, (n: number) => VectorEnv>> = {
  'in one thread': (n) => makeVec(makeTelling, n, options),
  'in threads': (n) => new ThreadedVectorEnv(tellingSource, n, { ...options, threads: Math.min(2, n) }),
};
/** By kind and number of environments: threads take a while to start. */
const vectors = new Map<string, VectorEnv>();
afterAll(() => {
  for (const vector of vectors.values()) vector.close();
});
/** Of as many environments as there are infos. */
function vectorFor(kind: string, { length }: readonly Info[]): VectorEnv {
  const vector = vectors.get(`${kind} ${length}`) ?? kinds[kind](length);
  vectors.set(`${kind} ${length}`, vector);
  return vector;
}

/** The infos of a reset, and with `final_obs` and `final_info` those of a step. */
function batched(vector: VectorEnv, infos: readonly Info[]): [reset: VectorInfo, step: VectorInfo] {
  const reset = vector.reset({ seed: 0, options: { infos } }).infos;
  return [reset, vector.step(new Int32Array(infos.length)).infos];
}

describe.each(Object.keys(kinds))('infos of a vector %s', (kind) => {
  const vectorOf = (infos: readonly Info[]) => vectorFor(kind, infos);

  it.each(cases.filter(({ batch }) => batch !== null))('$told', ({ told, batch }) => {
    const infos = infosOf({ told, batch });
    const [reset, step] = batched(vectorOf(infos), infos);
    expect(numbers(reset)).toEqual(numbers(batch));
    expect(numbers(step['final_info'])).toEqual(numbers(batch));
    const { final_obs: _o, _final_obs: _m, final_info: _f, _final_info: _n, ...ofReset } = step;
    expect(numbers(ofReset)).toEqual(numbers(batch));
    // Types of arrays are compared too.
    if (kind !== 'in one thread') expect([reset, step]).toEqual(batched(vectorFor('in one thread', infos), infos));
  });

  it.each(cases.filter(({ batch }) => batch === null))('refused: $told', ({ told, batch }) => {
    const infos = infosOf({ told, batch });
    const reset = (): unknown => batched(vectorOf(infos), infos);
    expect(reset).toThrow(MismatchError);
    expect(reset).toThrow(/^info\.x: got .* of environment 1, but a.* of environment 0\.$/);
  });

  it('names the place of a value in dictionaries, and the first environment that gave one', () => {
    const infos = [{}, { a: { b: Float32Array.of(1, 2) } }, { a: { b: 'x' } }];
    const line = 'info.a.b: got "x" of environment 2, but a Float32Array of 2 of environment 1.';
    expect(() => batched(vectorOf(infos), infos)).toThrow(new MismatchError(line));
  });

  it('of each environment are what it told, types included', () => {
    const told = {
      flag: true,
      one: Float32Array.of(7),
      two: Uint8Array.of(1, 2),
      n: 5,
      list: [1],
      none: null,
      big: 3n,
    };
    const infos = [told, { ...told, flag: false }, { flag: true, nested: { one: told.one, flag: false } }];
    const [reset, step] = batched(vectorOf(infos), infos);
    expect(infosOfEach(reset, 3)).toStrictEqual(infos);
    expect(infosOfEach(step, 3)).toStrictEqual(
      infos.map((info) => ({ ...info, final_obs: 1, final_info: info })) as Info[],
    );
  });

  it('are fresh, and leave out what is undefined', () => {
    const list = [1];
    const given = [{ list, x: undefined }, { x: 1 }];
    const [infos] = batched(vectorOf(given), given);
    list.push(2);
    expect(infosOfEach(infos, 2)).toStrictEqual([{ list: [1] }, { x: 1 }]);
  });

  it('have names of their own', () => {
    const wrong: Info[][] = [
      [{ x: 1, _x: 5 }],
      [{ _x: 5, x: 1 }],
      [{ _x: 5 }, { x: 1 }],
      [JSON.parse('{"__proto__": 1}')],
    ];
    for (const infos of wrong) {
      expect(() => batched(vectorOf(infos), infos)).toThrow(/^info\.\w+: the names of an info's keys may be neither/);
    }
    const infos = [{ constructor: 1, toString: 'x' }];
    expect(infosOfEach(batched(vectorOf(infos), infos)[0], 1)).toStrictEqual(infos);
  });
});
