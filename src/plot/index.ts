export { type Curve, type CurvePictureOptions, curveColours, drawCurves, type Level } from './curve-picture.ts';
export { aggregate, type Band, type Series, smooth, typicalRange, valueAt } from './curves.ts';
export type { Spread } from './seed-band.ts';
