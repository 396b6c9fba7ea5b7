export {
  aggregateScores,
  type Estimate,
  interquartileMean,
  meanOfTasks,
  medianOfTasks,
  optimalityGap,
  type ScoreAggregates,
} from './aggregate-scores.ts';
export { type BootstrapOptions, bootstrapIntervals, type Interval } from './bootstrap.ts';
export { discountedReturn } from './discounted-return.ts';
export { type ProfileBand, performanceProfile, performanceProfileBand } from './performance-profile.ts';
export { improvementInterval, probabilityOfImprovement } from './probability-of-improvement.ts';
export { quantile } from './quantile.ts';
export { type Summary, studentT975, summarize } from './summary.ts';
export type { TaskScores } from './task-scores.ts';
