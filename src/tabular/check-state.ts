import { MismatchError } from '../core/errors.ts';
import { isIndex } from '../core/is-index.ts';

/**
 * Checks that an observation is a state of the table. Reading a table outside of its bounds is no error in JavaScript: it gives
 * `undefined`, NaN or the values of another state.
 * @returns the observation.
 * @throws MismatchError when it is none.
 */
export function checkState(observation: number, nStates: number): number {
  if (isIndex(observation, nStates)) return observation;
  throw new MismatchError(
    `The environment gave the observation ${String(observation)}, which its Discrete(${nStates}) does not have: allowed are 0 to ${nStates - 1}. Mend the environment.`,
  );
}
