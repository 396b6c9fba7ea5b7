import type { ResetOptions } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';

/**
 * The generator of a wrapper's own draws for an episode. With a seed it is a child of that seed's generator, so it is
 * independent of the environment, which draws from the parent; else the present one goes on, else it comes from fresh
 * entropy.
 */
export function wrapperGenerator(current: Generator | undefined, options: ResetOptions | undefined): Generator {
  if (options?.seed !== undefined) return new Generator(options.seed).spawn(1)[0];
  return current ?? Generator.fromEntropy();
}
