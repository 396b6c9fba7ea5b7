import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { SyncVectorEnv } from '../vector/sync-vector-env.ts';
import type { VectorEnv } from '../vector/vector-env.ts';
import { networkSpec, type Observation, wrapForDqn } from './preprocessing.ts';

/**
 * Whether a training of a network can take a vector of environments, and what its network must take and give.
 * @param environments how many its configuration says.
 * @throws OptionError for another number of environments; MismatchError unless an episode's end and the next start fall in
 *   one step ('same-step'), arrays are fixed, observations are a Box of bytes or float32, and actions are Discrete.
 */
export function checkTrainingEnv(env: VectorEnv, environments: number): NetworkSpec {
  if (typeof env?.numEnvs !== 'number') {
    throw new OptionError(
      'env',
      env,
      "a VectorEnv, as makeVec('CartPole-v1', 1, { autoresetMode: 'same-step' }) gives",
    );
  }
  const {
    numEnvs,
    autoresetMode,
    copy,
    singleObservationSpace: observationSpace,
    singleActionSpace: actionSpace,
  } = env;
  if (numEnvs !== environments) {
    throw new OptionError('environments', environments, `${numEnvs}, the number of environments of \`env\``);
  }
  if (autoresetMode !== 'same-step') {
    throw new MismatchError(`A training takes a vector with autoresetMode 'same-step', got '${autoresetMode}'.`);
  }
  if (copy) throw new MismatchError('A training takes a vector whose arrays are fixed (copy: false), got copy: true.');
  return networkSpec({ observationSpace, actionSpace });
}

/**
 * The environments of a training in one thread, each made and wrapped as a configuration asks for.
 * @throws MismatchError or OptionError when wrappers do not fit.
 */
export function makeTrainingEnv(
  makeEnv: () => Env<unknown, number>,
  preprocessing: PreprocessingConfig,
  environments: number,
): SyncVectorEnv<Observation> {
  const make = (): Env => wrapForDqn(makeEnv(), preprocessing) as Env;
  const makers = new Array<() => Env>(environments).fill(make);
  return new SyncVectorEnv(makers, { autoresetMode: 'same-step', infos: false });
}
