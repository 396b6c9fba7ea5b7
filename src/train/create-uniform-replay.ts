import type { DqnConfig } from '../agents/dqn-config.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { sizeOf } from '../core/shape.ts';
import type { ElementType } from '../replay/observation-store.ts';
import type { ReplayOptions } from '../replay/transition-store.ts';
import { UniformReplay } from '../replay/uniform.ts';

/** The part of a configuration that the replay depends on. */
export type ReplayParts = Pick<
  DqnConfig,
  'preprocessing' | 'actionMasks' | 'bufferSize' | 'nStep' | 'gamma' | 'replay'
>;

export interface ReplayLimits {
  readonly memoryLimit?: number | undefined;
  readonly streams?: number;
}

/** How transitions of an environment are stored. */
export function storageOf(config: ReplayParts, spec: NetworkSpec, limits: ReplayLimits): ReplayOptions<ElementType> {
  const { bufferSize, nStep, gamma, preprocessing, replay, actionMasks } = config;
  const stack = preprocessing.kind === 'none' ? 1 : preprocessing.frameStack;
  return {
    bufferSize,
    elementType: spec.inputDType,
    frameLength: sizeOf(spec.inputShape) / stack,
    stack,
    nStep,
    gamma,
    compression: replay.kind === 'sequences' ? 'none' : replay.compression,
    maskLength: actionMasks ? spec.actions : 0,
    ...limits,
  };
}

/** A replay that draws all transitions alike.
 * @throws OptionError, before anything is allocated, when it does not fit in the memory limit. */
export function createUniformReplay(
  config: ReplayParts,
  spec: NetworkSpec,
  limits: ReplayLimits,
): UniformReplay<ElementType> {
  return new UniformReplay<ElementType>(storageOf(config, spec, limits));
}
