import type { ResetOptions } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';

/**
 * The generator of a wrapper's own draws for an episode. With a seed it is a child of that seed's generator, so it is
 * independent of the environment, which draws from the parent; else the present one goes on, else it comes from fresh
 * entropy.
 */
export function wrapperGenerator(current: Generator | undefined, options: ResetOptions | undefined): Generator {
  if (options?.seed !== undefined) return new Generator(options.seed).spawn(1)[0];
  return current ?? Generator.fromEntropy();
}

export function saveWrapperGenerator(generator: Generator | undefined): Snapshot {
  return generator === undefined ? null : generator.saveState();
}

export function restoreWrapperGenerator(state: Snapshot): Generator | undefined {
  if (state === null) return undefined;
  const generator = new Generator(0);
  generator.restoreState(state);
  return generator;
}
