export { type Curve, type CurvePictureOptions, curveColours, drawCurves, type Level } from './curve-picture.ts';
export { aggregate, type Band, type Series, type Spread, smooth, typicalRange, valueAt } from './curves.ts';
