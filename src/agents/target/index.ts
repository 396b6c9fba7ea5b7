export { CachedTarget, type CachedTargetOptions, type PredictBatch } from './cached-target.ts';
export { LiveTarget } from './live-target.ts';
export type { CachedTransitions } from './target-cache.ts';
export type { CreateTarget, TargetNetwork } from './target-network.ts';
