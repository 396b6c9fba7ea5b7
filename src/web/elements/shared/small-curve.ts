import { fitCanvas } from './canvas.ts';

/** A line of a small picture; NaN breaks it. */
export interface SmallLine {
  readonly values: ArrayLike<number>;
  readonly colour: string;
  /** Whether each value is a dot instead. */
  readonly dots?: boolean;
}

export interface SmallCurveOptions {
  readonly lines: readonly SmallLine[];
  /** Values across the whole width; by default as many as the longest line has. */
  readonly length?: number;
  /** Ends of the scale; wider where values are beyond them. */
  readonly low: number;
  readonly high: number;
  /** Of the line at zero, and of the line at `bound`. */
  readonly gridColour: string;
  /** A value with a line of its own. */
  readonly bound?: number;
}

/** Ends of a scale that has all values and at least `low` to `high`. */
export function extentOf(lines: readonly SmallLine[], low: number, high: number): readonly [number, number] {
  let [least, most] = [low, high];
  for (const { values } of lines) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < least) least = values[i];
      if (values[i] > most) most = values[i];
    }
  }
  return [least, most];
}

/** Draws lines over a common axis without numbers, as large as the canvas stands in the page. */
export function drawSmallCurve(canvas: HTMLCanvasElement, options: SmallCurveOptions): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0 || height === 0) return;
  const context = fitCanvas(canvas, width, height);
  const { lines, gridColour, bound } = options;
  const [low, high] = extentOf(lines, options.low, options.high);
  const length = Math.max(2, options.length ?? Math.max(...lines.map(({ values }) => values.length)));
  const x = (i: number): number => 3 + (i * (width - 6)) / (length - 1);
  const y = (value: number): number => height - 3 - ((value - low) * (height - 6)) / (high - low || 1);
  context.lineJoin = 'round';
  context.strokeStyle = gridColour;
  context.lineWidth = 1;
  for (const level of [0, bound]) {
    if (level === undefined || level < low || level > high) continue;
    context.setLineDash(level === bound ? [4, 4] : []);
    context.beginPath();
    context.moveTo(0, Math.round(y(level)) + 0.5);
    context.lineTo(width, Math.round(y(level)) + 0.5);
    context.stroke();
  }
  context.setLineDash([]);
  for (const { values, colour, dots } of lines) {
    context.fillStyle = colour;
    context.strokeStyle = colour;
    if (dots) {
      context.globalAlpha = 0.45;
      for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i])) continue;
        context.beginPath();
        context.arc(x(i), y(values[i]), 1.7, 0, 7);
        context.fill();
      }
      context.globalAlpha = 1;
      continue;
    }
    context.lineWidth = 2;
    context.beginPath();
    let down = false;
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) down = false;
      else {
        if (down) context.lineTo(x(i), y(values[i]));
        else context.moveTo(x(i), y(values[i]));
        down = true;
      }
    }
    context.stroke();
    const last = values.length - 1;
    if (last < 0 || Number.isNaN(values[last])) continue;
    context.beginPath();
    context.arc(x(last), y(values[last]), 3, 0, 7);
    context.fill();
  }
}
