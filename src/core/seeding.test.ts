import { describe, expect, it } from 'vitest';
import { OptionError } from './errors.ts';
import { Generator } from './random/generator.ts';
import { generatorForReset, restoreGenerator, saveGenerator } from './seeding.ts';

describe('the generator of an episode', () => {
  it('is new with a seed', () => {
    const current = new Generator(1);
    const next = generatorForReset(current, { seed: 7 });
    expect(next).not.toBe(current);
    expect(next.random()).toBe(new Generator(7).random());
    expect(generatorForReset(undefined, { seed: 0 }).random()).toBe(new Generator(0).random());
  });
  it('goes on without one', () => {
    const current = new Generator(1);
    expect(generatorForReset(current, undefined)).toBe(current);
    expect(generatorForReset(current, {})).toBe(current);
  });
  it('comes from fresh entropy where there is none yet', () => {
    expect(generatorForReset(undefined, {}).random()).not.toBe(generatorForReset(undefined, undefined).random());
  });
  it('refuses a seed that is none', () => {
    expect(() => generatorForReset(new Generator(1), { seed: -1 })).toThrow(OptionError);
  });
});

describe('the state of a generator', () => {
  it('is null before the first reset', () => {
    expect(saveGenerator(undefined)).toBeNull();
    expect(restoreGenerator(null)).toBeUndefined();
  });
  it('continues it', () => {
    const generator = new Generator(3);
    generator.random();
    const restored = restoreGenerator(saveGenerator(generator))!;
    expect(restored).not.toBe(generator);
    expect([restored.random(), restored.random()]).toEqual([generator.random(), generator.random()]);
  });
});
