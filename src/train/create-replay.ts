import type { NetworkSpec } from '../agents/network-spec.ts';
import { MismatchError } from '../core/errors.ts';
import { type ElementType, PrioritizedReplay, type UniformReplay } from '../replay/index.ts';
import { createUniformReplay, type ReplayLimits, type ReplayParts, storageOf } from './create-uniform-replay.ts';

/** The replay of transitions that a configuration names.
 * @throws MismatchError for one of sequences; OptionError, before anything is allocated, when it does not fit in the memory limit. */
export function createReplay(
  config: ReplayParts,
  spec: NetworkSpec,
  limits: ReplayLimits = {},
): UniformReplay<ElementType> | PrioritizedReplay<ElementType> {
  const { replay } = config;
  if (replay.kind === 'sequences') {
    throw new MismatchError('A replay of sequences is for a recurrent network: createRecurrentDqnTraining makes it.');
  }
  if (replay.kind === 'uniform') return createUniformReplay(config, spec, limits);
  const { alpha, betaStart: beta, betaFinal, betaSteps, epsilon: priorityEpsilon } = replay;
  return new PrioritizedReplay<ElementType>({
    ...storageOf(config, spec, limits),
    alpha,
    beta,
    betaFinal,
    betaSteps,
    priorityEpsilon,
  });
}
