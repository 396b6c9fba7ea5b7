/** The parts of a DQN training that its configuration names. */
import { type Bootstrap, greedyBootstrap } from '../agents/bootstrap.ts';
import { doubleBootstrap } from '../agents/double.ts';
import type { DqnConfig } from '../agents/dqn-config.ts';
import type { CreateOptimizer } from '../agents/gradient-step.ts';
import { munchausenBootstrap } from '../agents/munchausen.ts';
import { Adam } from '../nn/adam.ts';

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

/** Adam comes at once, RMSProp is loaded where it is asked for. */
export async function createOptimizer(config: DqnConfig): Promise<CreateOptimizer> {
  const { learningRate, optimizerEpsilon: epsilon } = config;
  if (config.optimizer === 'adam') return (size, memory) => new Adam(size, { learningRate, epsilon, memory });
  const { NATURE_RMS_PROP, RmsProp } = await import('../nn/rms-prop.ts');
  return (size, memory) => new RmsProp(size, { ...NATURE_RMS_PROP, learningRate, epsilon, memory });
}
