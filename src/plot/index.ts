export { type Curve, type CurvePictureOptions, curveColours, drawCurves, type Level } from './curve-picture.ts';
export { aggregate, type Band, type Series, smooth, typicalRange, valueAt } from './curves.ts';
export {
  drawIntervals,
  type IntervalBar,
  type IntervalPanel,
  type IntervalPictureOptions,
} from './interval-picture.ts';
export type { Spread } from './seed-band.ts';
