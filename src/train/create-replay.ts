import type { DqnConfig } from '../agents/dqn-config.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { sizeOf } from '../core/shape.ts';
import { type ElementType, PrioritizedReplay, UniformReplay } from '../replay/index.ts';

/** The part of a configuration that the replay depends on. */
type Config = Pick<DqnConfig, 'preprocessing' | 'actionMasks' | 'bufferSize' | 'nStep' | 'gamma' | 'replay'>;

/** The replay that a configuration names.
 * @throws OptionError, before anything is allocated, when it does not fit in the memory limit. */
export function createReplay(
  config: Config,
  spec: NetworkSpec,
  options: { readonly memoryLimit?: number | undefined; readonly streams?: number } = {},
): UniformReplay<ElementType> | PrioritizedReplay<ElementType> {
  const { bufferSize, nStep, gamma, preprocessing, replay, actionMasks } = config;
  const stack = preprocessing.kind === 'none' ? 1 : preprocessing.frameStack;
  const storage = {
    bufferSize,
    elementType: spec.inputDType,
    frameLength: sizeOf(spec.inputShape) / stack,
    stack,
    nStep,
    gamma,
    compression: replay.compression,
    maskLength: actionMasks ? spec.actions : 0,
    ...options,
  };
  if (replay.kind === 'uniform') return new UniformReplay<ElementType>(storage);
  const { alpha, betaStart: beta, betaFinal, betaSteps, epsilon: priorityEpsilon } = replay;
  return new PrioritizedReplay<ElementType>({ ...storage, alpha, beta, betaFinal, betaSteps, priorityEpsilon });
}
