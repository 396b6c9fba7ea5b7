export { allowedValues } from './allowed-values.ts';
export { type Bootstrap, type BootstrapParts, greedyBootstrap } from './bootstrap.ts';
export { type CategoricalOptions, categoricalValues, projectDistribution } from './categorical.ts';
export { buildCrossEntropyUpdate, drawBySoftmax, eliteBound } from './cross-entropy.ts';
export { type CrossEntropyConfig, parseCrossEntropyConfig } from './cross-entropy-config.ts';
export {
  type CrossEntropyBatch,
  CrossEntropyLearner,
  type CrossEntropyLearnerOptions,
} from './cross-entropy-learner.ts';
export { doubleBootstrap } from './double.ts';
export { buildDqnUpdate, buildQValues, type DqnUpdateOptions, type QNetwork } from './dqn.ts';
export { type BootstrapConfig, type DqnConfig, parseDqnConfig, type ReplayConfig } from './dqn-config.ts';
export { DqnLearner, type DqnLearnerOptions } from './dqn-learner.ts';
export { type CreateOptimizer, GradientStep, type GradientStepOptions } from './gradient-step.ts';
export { gaussianHistogram, type HlGaussOptions, hlGaussValues } from './hl-gauss.ts';
export { type ImplicitQuantileOptions, implicitQuantileValues } from './implicit-quantile.ts';
export type { QNetworkForm } from './mlp-q-network.ts';
export { type MunchausenOptions, munchausenBootstrap } from './munchausen.ts';
export type { NetworkConfig, ValuesConfig } from './network-config.ts';
export type { NetworkSpec } from './network-spec.ts';
export {
  type NetworkDefinition,
  type OwnNetwork,
  type OwnNetworkSpec,
  registerNetwork,
  registerValueHead,
  type ValueHeadDefinition,
} from './own-kinds.ts';
export type { LambdaReturnOptions } from './pqn.ts';
export { buildPqnUpdate, lambdaReturns } from './pqn.ts';
export { type PqnConfig, parsePqnConfig } from './pqn-config.ts';
export { type PqnBatch, PqnLearner, type PqnLearnerOptions } from './pqn-learner.ts';
export type { PreprocessingConfig } from './preprocessing-config.ts';
export { createQNetwork } from './q-network.ts';
export { type ActingValues, QValues, type QValuesOptions } from './q-values.ts';
export { quantileHuberLosses, quantileValues, tauMidpoints } from './quantile.ts';
export { buildSequenceUpdate, type SequenceLengths } from './recurrent-dqn.ts';
export { RecurrentDqnLearner, type RecurrentDqnLearnerOptions } from './recurrent-dqn-learner.ts';
export { createActingValues, RecurrentQValues } from './recurrent-q-values.ts';
export { RunningVariance } from './running-variance.ts';
export { scalarValues } from './scalar.ts';
export { buildStreamQUpdate, type StreamQUpdateOptions } from './stream-q.ts';
export { parseStreamQConfig, type StreamQConfig } from './stream-q-config.ts';
export { StreamQLearner, type StreamQLearnerOptions, type StreamQStep } from './stream-q-learner.ts';
export * from './target/index.ts';
export { type TauCounts, takeActions, takeBest, type ValueHead } from './value-head.ts';
