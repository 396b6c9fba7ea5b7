import type { ResetOptions } from './env.ts';
import { checkOptionNames, type OptionNames } from './options.ts';
import { Generator } from './random/generator.ts';
import type { Snapshot } from './snapshot.ts';

const RESET_OPTIONS: OptionNames<ResetOptions> = { seed: true, options: true };

/** The generator of an episode, by Gymnasium's rule: a new one when a seed is given, else the present one goes on, else
 * (a first reset without a seed) one from fresh entropy.
 * @throws OptionError when the seed is not a non-negative integer, UnknownNameError for an option of another name. */
export function generatorForReset(current: Generator | undefined, options: ResetOptions | undefined): Generator {
  checkOptionNames(options, RESET_OPTIONS);
  if (options?.seed !== undefined) return new Generator(options.seed);
  return current ?? Generator.fromEntropy();
}

/** State of a generator that exists only after the first reset. */
export function saveGenerator(generator: Generator | undefined): Snapshot {
  return generator === undefined ? null : generator.saveState();
}

/** The generator that `saveGenerator` was given. */
export function restoreGenerator(state: Snapshot): Generator | undefined {
  if (state === null) return undefined;
  const generator = new Generator(0);
  generator.restoreState(state);
  return generator;
}
