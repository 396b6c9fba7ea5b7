/** The parts of a DQN training that its configuration names. */
import { type Bootstrap, greedyBootstrap } from '../agents/bootstrap.ts';
import { doubleBootstrap } from '../agents/double.ts';
import type { DqnConfig } from '../agents/dqn-config.ts';
import type { CreateOptimizer } from '../agents/gradient-step.ts';
import { munchausenBootstrap } from '../agents/munchausen.ts';
import { Adam } from '../nn/adam.ts';
import { NATURE_RMS_PROP, RmsProp } from '../nn/rms-prop.ts';

/** The rule by which what follows a step is valued. */
export function createBootstrap({ bootstrap }: Pick<DqnConfig, 'bootstrap'>): Bootstrap {
  switch (bootstrap.kind) {
    case 'greedy':
      return greedyBootstrap;
    case 'double':
      return doubleBootstrap;
    case 'munchausen':
      return munchausenBootstrap(bootstrap);
  }
}

export function createOptimizer(config: DqnConfig): CreateOptimizer {
  const { learningRate, optimizerEpsilon: epsilon } = config;
  return config.optimizer === 'adam'
    ? (size, memory) => new Adam(size, { learningRate, epsilon, memory })
    : (size, memory) => new RmsProp(size, { ...NATURE_RMS_PROP, learningRate, epsilon, memory });
}
