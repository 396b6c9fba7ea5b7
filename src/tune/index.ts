export { checkSpace, type SettleSettings } from './check-space.ts';
export { GridExhaustedError, GridSampler, gridSize } from './grid-sampler.ts';
export { importances } from './importance.ts';
export { MedianPruner, type MedianPrunerOptions } from './median-pruner.ts';
export {
  type DistributionData,
  formatDistribution,
  parseDistribution,
  parseSpace,
  type RangeData,
  spaceFromData,
} from './parse-space.ts';
export { RandomSampler } from './random-sampler.ts';
export type {
  Choice,
  Distribution,
  FloatRange,
  IntegerRange,
  SearchSpace,
  Settings,
  SettingValue,
} from './search-space.ts';
export { SobolSampler } from './sobol-sampler.ts';
export { recipesWithSpace, shippedSpace } from './spaces.ts';
export { type SuccessiveHalvingOptions, SuccessiveHalvingPruner } from './successive-halving-pruner.ts';
export { type TpeOptions, TpeSampler } from './tpe-sampler.ts';
export type { Direction, Pruner, Sampler, Trial, TrialState } from './trial.ts';
