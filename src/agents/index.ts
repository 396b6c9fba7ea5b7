export { argMax } from './arg-max.ts';
export { buildDqnUpdate, buildQValues, type DqnUpdate, type DqnUpdateOptions, tdTarget } from './dqn.ts';
export { type DqnConfig, parseDqnConfig } from './dqn-config.ts';
export { type CreateRunner, type DqnBatch, DqnLearner, type LearnerConfig } from './dqn-learner.ts';
export { createQNetwork, type NetworkSpec } from './q-network.ts';
