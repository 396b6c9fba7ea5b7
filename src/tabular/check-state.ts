import { MismatchError } from '../core/errors.ts';

/**
 * What an environment gave, if it is a state of the table. Beside it an array has no error, only `undefined` and NaN, or another
 * state's values.
 * @throws MismatchError when it is none.
 */
export function checkState(observation: number, nStates: number): number {
  // True for integers of the range alone: not for NaN, 1.5 or '1'.
  if (observation >= 0 && observation < nStates && Number.isInteger(observation)) return observation;
  throw new MismatchError(
    `The environment gave the observation ${String(observation)}, which its Discrete(${nStates}) does not have: allowed are 0 to ${nStates - 1}. Mend the environment.`,
  );
}
