import { drawCurves } from '../../../plot/curve-picture.ts';
import type { Spread } from '../../../plot/seed-band.ts';
import { lowerBound } from './curve-data.ts';
import { type PaintedCurve, type PaintOptions, paintCurves } from './paint.ts';
import type { Ends } from './view.ts';

/** What is seen, for a file. */
export interface ExportedCurves {
  readonly title: string;
  readonly curves: readonly PaintedCurve[];
  readonly seen: Ends;
  readonly yRange: Ends | undefined;
  readonly options: PaintOptions;
  readonly spread: Spread;
}

/** As `bellman plot` draws them. */
export function curvesToSvg({ title, curves, seen, yRange, options, spread }: ExportedCurves): string {
  const positive = (value: number): boolean => !options.logX || value > 0;
  return drawCurves(
    curves.flatMap(({ curve, colour }) => {
      const from = lowerBound(curve.x, seen[0]);
      const to = lowerBound(curve.x, seen[1] * (1 + 1e-12) + Number.MIN_VALUE);
      const part = (values: Float64Array): number[] =>
        Array.from(values.subarray(from, to)).filter((_, i) => positive(curve.x[from + i]));
      const x = part(curve.x);
      if (x.length === 0) return [];
      const band = {
        x,
        mean: part(curve.middle),
        low: part(curve.low),
        high: part(curve.high),
        solidTo: curve.solidTo,
      };
      return [{ label: curve.group.name, band, runs: curve.seeds.length, colour }];
    }),
    {
      title,
      xLabel: options.xLabel,
      yLabel: options.yLabel,
      spread,
      xScale: options.logX ? 'log' : 'linear',
      yScale: options.logY ? 'log' : 'linear',
      yRange,
      levels: options.levels,
    },
  );
}

/** Pixels of a picture for each of the page. */
const SCALE = 2;

/** As the page shows them, with their names above. */
export async function curvesToPng(
  { title, curves, options }: ExportedCurves,
  colours: { readonly surface: string; readonly ink: string },
): Promise<Blob> {
  const { width, height } = options;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const names = curves.map(({ curve }) =>
    curve.seeds.length > 1 ? `${curve.group.name} (${curve.seeds.length} seeds)` : curve.group.name,
  );
  const nameFont = `13px ${options.font}`;
  context.font = nameFont;
  let [at, row] = [20, 0];
  const places = names.map((name) => {
    const wide = 36 + context.measureText(name).width + 20;
    if (at + wide > width && at > 20) [at, row] = [20, row + 1];
    const place = { at, row };
    at += wide;
    return place;
  });
  const top = 48 + 22 * (row + 1);
  canvas.width = SCALE * width;
  canvas.height = SCALE * (top + height);
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, width, top + height);
  context.fillStyle = colours.ink;
  context.font = `600 17px ${options.font}`;
  context.fillText(title, 20, 32, width - 40);
  context.font = nameFont;
  context.textBaseline = 'middle';
  curves.forEach(({ colour, dash }, i) => {
    const y = 56 + 22 * places[i].row;
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(places[i].at, y);
    context.lineTo(places[i].at + 26, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.ink;
    context.fillText(names[i], places[i].at + 34, y);
  });
  context.translate(0, top);
  paintCurves(context, context, curves, options);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture is too large.')) : resolve(blob)),
      'image/png',
    );
  });
}
