export { TimeLimit } from '../core/time-limit.ts';
export { AddRenderObservation, type AddRenderObservationOptions } from './add-render-observation.ts';
export { AreaResize, type AreaWeights, areaWeights } from './area-resize.ts';
export type { AtariLike } from './atari-like.ts';
export { AtariPreprocessing, type AtariPreprocessingOptions } from './atari-preprocessing.ts';
export { Autoreset } from './autoreset.ts';
export { ClipAction } from './clip-action.ts';
export { ClipReward } from './clip-reward.ts';
export { DelayObservation } from './delay-observation.ts';
export {
  type ActionBins,
  DiscretizeAction,
  type DiscretizeActionOptions,
  withDiscreteActions,
} from './discretize-action.ts';
export { DiscretizeObservation, type DiscretizeObservationOptions } from './discretize-observation.ts';
export { DtypeObservation } from './dtype-observation.ts';
export { EpisodeStatistics, type EpisodeStatisticsInfo, type EpisodeStatisticsOptions } from './episode-statistics.ts';
export { EpisodicLife } from './episodic-life.ts';
export { FilterObservation } from './filter-observation.ts';
export { FireReset } from './fire-reset.ts';
export { FlattenObservation } from './flatten-observation.ts';
export { FrameStack } from './frame-stack.ts';
export { FrameStackObservation, type StackedObservation } from './frame-stack-observation.ts';
export { GrayscaleObservation } from './grayscale-observation.ts';
export { ImageToChw } from './image-to-chw.ts';
export { type LapanPreprocessingOptions, lapanPreprocessing } from './lapan-preprocessing.ts';
export { MaxAndSkip } from './max-and-skip.ts';
export { NoOpReset, type NoOpSource } from './no-op-reset.ts';
export { NormalizeObservation } from './normalize-observation.ts';
export { NormalizeReward, type NormalizeRewardOptions } from './normalize-reward.ts';
export { OrderEnforcing } from './order-enforcing.ts';
export type { PaletteScreen } from './palette-screen.ts';
export { PassiveChecker } from './passive-checker.ts';
export { ProcessFrame84 } from './process-frame-84.ts';
export { RecordVideo, type RecordVideoOptions, type VideoSink } from './record-video.ts';
export { RepeatAction } from './repeat-action.ts';
export { RescaleAction } from './rescale-action.ts';
export { RescaleObservation } from './rescale-observation.ts';
export { ReshapeObservation } from './reshape-observation.ts';
export { ResizeObservation } from './resize-observation.ts';
export { RunningMeanStd } from './running-mean-std.ts';
export { ScaledFloatFrame } from './scaled-float-frame.ts';
export { StickyAction } from './sticky-action.ts';
export { TimeAwareObservation, type TimeAwareObservationOptions } from './time-aware-observation.ts';
export { TransformAction } from './transform-action.ts';
export { TransformObservation } from './transform-observation.ts';
export { TransformReward } from './transform-reward.ts';
export { WarpFrame } from './warp-frame.ts';
