import { SeedSequence } from '../core/random/index.ts';

/** The seeds of one training run, each for its own stream. */
export interface RunSeeds {
  /** For `reset` of the training environment. */
  readonly environment: number;
  /** For `seed` of the training environment's action space: random actions. */
  readonly actions: number;
  /** For `reset` of the test environment. */
  readonly test: number;
  /** For the generator that decides between exploring and acting greedily. */
  readonly behaviour: number;
}

/**
 * Derives a run's seeds from one: the first four words of NumPy's `SeedSequence(seed).generate_state(4)`. Passing the same
 * seed to `reset` and to the action space, as is often seen, gives both the same stream, so that random actions and the
 * environment's chances go together.
 * @param seed a non-negative integer.
 * @throws OptionError for anything else.
 */
export function deriveSeeds(seed: number): RunSeeds {
  const [environment, actions, test, behaviour] = new SeedSequence(seed).generateState(4);
  return { environment, actions, test, behaviour };
}
