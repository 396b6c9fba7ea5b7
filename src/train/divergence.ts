import { DivergenceError } from '../core/errors.ts';
import type { Parameters } from '../nn/parameters.ts';
import type { VectorStep } from '../vector/vector-env.ts';
import type { Observation } from './preprocessing.ts';

const KEPT = 'the last checkpoint and the best model are from before';
const MEND = `Mend the environment; ${KEPT}`;
const CALM = `Try a lower learningRate, gradientClipNorm=10, loss=huber or a longer targetUpdateInterval; ${KEPT}`;

/** Learning that has left the numbers, at a step.
 * @param what is not finite.
 * @param cure what to try. */
export function divergedAt(step: number, what: string, cure = CALM): DivergenceError {
  return new DivergenceError(`Diverged at step ${step}: ${what}. ${cure}.`);
}

/** @throws DivergenceError for a reward or an observation that is not finite. No network can learn from one. */
export function checkStepIsFinite(
  step: number,
  { rewards, observations, finalObservations, terminations, truncations }: VectorStep<Observation>,
): void {
  for (let n = 0; n < rewards.length; n++) {
    if (!Number.isFinite(rewards[n])) throw divergedAt(step, `environment ${n} gave the reward ${rewards[n]}`, MEND);
    if (terminations[n] === 0 && truncations[n] === 0) continue;
    if (finalObservations !== undefined) checkRow(step, finalObservations, n, rewards.length);
  }
  checkObservations(step, observations, rewards.length);
}

/** @param observations [environments, ...observation]
 * @throws DivergenceError for one that is not finite. */
export function checkObservations(step: number, observations: Observation, environments: number): void {
  for (let n = 0; n < environments; n++) checkRow(step, observations, n, environments);
}

function checkRow(step: number, observations: Observation, n: number, environments: number): void {
  if (observations instanceof Uint8Array) return;
  const length = observations.length / environments;
  for (let i = n * length; i < (n + 1) * length; i++) {
    if (Number.isFinite(observations[i])) continue;
    const where = `environment ${n} gave an observation with ${observations[i]} at ${i - n * length}`;
    throw divergedAt(step, where, MEND);
  }
}

/** @throws DivergenceError for weights that are not finite: they must not replace those that were saved before. */
export function checkWeights(step: number, weights: Parameters): void {
  for (const { name, data } of weights) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) throw divergedAt(step, `weight ${i} of ${name} is ${data[i]}`);
    }
  }
}
