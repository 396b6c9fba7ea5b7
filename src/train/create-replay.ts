import type { DqnConfig } from '../agents/dqn-config.ts';
import type { NetworkSpec } from '../agents/q-network.ts';
import { type ElementType, PrioritizedReplay, UniformReplay } from '../replay/index.ts';

/** The part of a configuration that the replay depends on. */
export type ReplayConfig = Pick<
  DqnConfig,
  | 'preprocessing'
  | 'frameStack'
  | 'bufferSize'
  | 'nStep'
  | 'gamma'
  | 'replay'
  | 'replayCompression'
  | 'priorityAlpha'
  | 'priorityBetaStart'
  | 'priorityBetaFinal'
  | 'priorityBetaSteps'
  | 'priorityEpsilon'
>;

/** The replay that a configuration names.
 * @throws OptionError, before anything is allocated, when it does not fit in the memory limit. */
export function createReplay(
  config: ReplayConfig,
  spec: NetworkSpec,
  options: { readonly memoryLimit?: number | undefined; readonly streams?: number } = {},
): UniformReplay<ElementType> | PrioritizedReplay<ElementType> {
  const { bufferSize, nStep, gamma, priorityAlpha: alpha, priorityEpsilon } = config;
  const { priorityBetaStart: beta, priorityBetaFinal: betaFinal, priorityBetaSteps: betaSteps } = config;
  const stack = config.preprocessing === 'none' ? 1 : config.frameStack;
  const storage = {
    bufferSize,
    elementType: spec.inputDType,
    frameLength: spec.inputShape.reduce((product, n) => product * n, 1) / stack,
    stack,
    nStep,
    gamma,
    compression: config.replayCompression,
    ...options,
  };
  if (config.replay === 'uniform') return new UniformReplay<ElementType>(storage);
  return new PrioritizedReplay<ElementType>({ ...storage, alpha, beta, betaFinal, betaSteps, priorityEpsilon });
}
