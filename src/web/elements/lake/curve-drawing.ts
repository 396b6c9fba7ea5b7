import type { coloursOf } from '../shared/theme.ts';
import type { TrackReport } from './lab.ts';

export const curveKinds = ['score', 'distance'] as const;
export type CurveKind = (typeof curveKinds)[number];

export interface CurvePicture {
  readonly tracks: readonly TrackReport[];
  readonly kind: CurveKind;
  /** V* of the start; NaN where it has no bound. */
  readonly bestScore: number;
  readonly colours: ReturnType<typeof coloursOf>;
  readonly font: string;
}

/** The lines of the third and fourth method are broken, besides their colours. */
export const dashes: readonly (readonly number[])[] = [[], [], [6, 3], [2, 2]];

const MARGIN = { left: 46, right: 14, top: 10, bottom: 24 };

/** The smallest error that is told from 0. */
const FLOOR = 1e-12;

/** Draws curves over units of work, both ends of which are told in powers of ten. */
export function drawCurves(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  picture: CurvePicture,
): void {
  const { tracks, kind, bestScore, colours, font } = picture;
  const [left, right, top, bottom] = [MARGIN.left, width - MARGIN.right, MARGIN.top, height - MARGIN.bottom];
  const most = Math.max(10, ...tracks.map(({ work }) => work));
  const decades = Math.ceil(Math.log10(most) - 1e-9);
  const x = (work: number): number => left + ((right - left) * Math.log10(1 + work)) / Math.log10(1 + 10 ** decades);
  const { ticks, y } =
    kind === 'score' ? scoreScale(tracks, bestScore, top, bottom) : distanceScale(tracks, top, bottom);

  context.font = `12px ${font}`;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { value, text } of ticks) {
    context.fillStyle = colours.line;
    context.fillRect(left, Math.round(y(value)), right - left, 1);
    context.fillStyle = colours.muted;
    context.fillText(text, left - 7, y(value));
  }
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const every = Math.ceil(decades / Math.max(1, Math.floor((right - left) / 60)));
  for (let decade = 0; decade <= decades; decade += every) {
    context.fillStyle = colours.muted;
    const label =
      decade < 3 ? String(10 ** decade) : (['1k', '10k', '100k', '1M', '10M', '100M'][decade - 3] ?? `1e${decade}`);
    context.fillText(label, x(10 ** decade), height - 6);
  }
  if (kind === 'score' && Number.isFinite(bestScore)) {
    context.strokeStyle = colours.muted;
    context.setLineDash([3, 4]);
    context.beginPath();
    context.moveTo(left, y(bestScore));
    context.lineTo(right, y(bestScore));
    context.stroke();
  }
  for (const [i, { curve }] of tracks.entries()) {
    context.strokeStyle = colours.series[i % colours.series.length];
    context.lineWidth = 1.75;
    context.setLineDash([...dashes[i % dashes.length]]);
    context.lineJoin = 'round';
    context.beginPath();
    let drawing = false;
    const values = kind === 'score' ? curve.score : curve.distance;
    for (const [k, work] of curve.work.entries()) {
      if (!Number.isFinite(values[k])) {
        drawing = false;
        continue;
      }
      if (drawing) context.lineTo(x(work), y(values[k]));
      else context.moveTo(x(work), y(values[k]));
      drawing = true;
    }
    context.stroke();
  }
  context.setLineDash([]);
}

interface Scale {
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly y: (value: number) => number;
}

function scoreScale(tracks: readonly TrackReport[], bestScore: number, top: number, bottom: number): Scale {
  const values = [0, bestScore, ...tracks.flatMap(({ curve }) => [...curve.score])].filter(Number.isFinite);
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low < 1e-9) high = low + 1;
  const step = niceStep((high - low) / 4);
  low = Math.floor(low / step + 1e-9) * step;
  high = Math.ceil(high / step - 1e-9) * step;
  const count = Math.round((high - low) / step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, i) => {
    const value = low + i * step;
    const text = value.toFixed(digits);
    return { value, text: (Number(text) === 0 ? '0' : text).replace('-', '−') };
  });
  return { ticks, y: (value) => bottom - ((bottom - top) * (value - low)) / (high - low) };
}

function distanceScale(tracks: readonly TrackReport[], top: number, bottom: number): Scale {
  const values = tracks.flatMap(({ curve }) => [...curve.distance]).filter((value) => value > FLOOR);
  const low = Math.floor(Math.log10(Math.min(0.1, ...values)));
  const high = Math.ceil(Math.log10(Math.max(1, ...values)) - 1e-9);
  const every = Math.ceil((high - low) / 5);
  const ticks = [];
  for (let power = high; power >= low; power -= every) ticks.push({ value: 10 ** power, text: powerText(power) });
  if (high - low <= 2) {
    for (let power = low; power < high; power++) {
      for (const part of [2, 5])
        ticks.push({ value: part * 10 ** power, text: String(Number((part * 10 ** power).toFixed(4))) });
    }
  }
  const clamp = (value: number): number => Math.max(low, Math.log10(Math.max(FLOOR, value)));
  return { ticks, y: (value) => bottom - ((bottom - top) * (clamp(value) - low)) / (high - low) };
}

export function powerText(power: number): string {
  if (power >= -2 && power <= 3) return String(Number((10 ** power).toFixed(2)));
  const digits = [...String(Math.abs(power))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);
  return `10${power < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least - 1e-12) as number;
}
