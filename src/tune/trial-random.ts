import { OptionError } from '../core/errors.ts';
import { Generator, SeedSequence } from '../core/random/index.ts';

/** The random numbers of one trial of a study: the same for the same seed and number, whatever was drawn before. */
export const trialRandom = (seed: number, number: number): Generator => new Generator(new SeedSequence(seed, [number]));

/** @throws OptionError for a seed that is no whole number from 0 up. */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new OptionError('seed', seed, 'a whole number from 0 up');
}
