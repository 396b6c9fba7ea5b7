import { shortNumber } from '../../../plot/short-number.ts';
import { readCurve } from './curve-model.ts';
import type { Geometry, PaintedCurve } from './paint.ts';
import type { PlotGestures } from './plot-gestures.ts';

export interface CursorOptions {
  /** The box that is being drawn. */
  readonly box: PlotGestures['box'];
  /** Place of the axis where values are read. */
  readonly at: number | undefined;
  readonly curves: readonly PaintedCurve[];
  readonly logY: boolean;
  readonly width: number;
  readonly font: string;
  readonly colours: { readonly ink: string; readonly muted: string; readonly surface: string; readonly accent: string };
}

/** More dots than these are a line of their own. */
const MOST_DOTS = 40;

/** Paints what moves with the pointer, on a canvas of its own: the box that is drawn, or the place with a dot on each curve. */
export function paintCursor(context: CanvasRenderingContext2D, geometry: Geometry, options: CursorOptions): void {
  const { box, at, colours } = options;
  if (box !== undefined) {
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    context.fillStyle = colours.accent;
    context.globalAlpha = 0.14;
    context.fillRect(box.left, box.top, width, height);
    context.globalAlpha = 1;
    context.strokeStyle = colours.accent;
    context.strokeRect(box.left + 0.5, box.top + 0.5, width, height);
    return;
  }
  const place = at === undefined ? Number.NaN : geometry.x(at);
  if (!(place >= geometry.left - 1 && place <= geometry.right + 1)) return;
  context.strokeStyle = colours.muted;
  context.beginPath();
  context.moveTo(Math.round(place) + 0.5, geometry.top);
  context.lineTo(Math.round(place) + 0.5, geometry.bottom);
  context.stroke();
  paintDots(context, geometry, at as number, options);
  paintPlace(context, geometry, at as number, options);
}

function paintDots(
  context: CanvasRenderingContext2D,
  { x, y, top, bottom }: Geometry,
  at: number,
  { curves, logY, colours }: CursorOptions,
): void {
  for (const { curve, colour } of curves.length <= MOST_DOTS ? curves : []) {
    const reading = readCurve(curve, at);
    if (reading === undefined || (logY && reading.middle <= 0)) continue;
    const level = y(reading.middle);
    if (level < top - 2 || level > bottom + 2) continue;
    context.fillStyle = colour;
    context.strokeStyle = colours.surface;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x(at), level, 4, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** The place's number, on the axis. */
function paintPlace(
  context: CanvasRenderingContext2D,
  { x, left, bottom }: Geometry,
  at: number,
  { width, font, colours }: CursorOptions,
): void {
  const text = shortNumber(at);
  context.font = `12px ${font}`;
  const half = context.measureText(text).width / 2 + 7;
  const middle = Math.min(Math.max(x(at), left + half - 8), width - half - 1);
  context.fillStyle = colours.ink;
  context.beginPath();
  context.roundRect(middle - half, bottom + 3, 2 * half, 20, 5);
  context.fill();
  context.fillStyle = colours.surface;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, middle, bottom + 13.5);
}
