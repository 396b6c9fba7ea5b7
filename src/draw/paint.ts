import { OptionError } from '../core/errors.ts';

/** A colour: red, green, blue in 0..255 and opacity in 0..1. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** A place along a gradient, 0..1, and the colour there. */
export type Stop = readonly [offset: number, color: Color];

/** Colour that changes along the line from (x0, y0) to (x1, y1), constant beyond its ends. */
export interface LinearGradient {
  readonly kind: 'linear';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly stops: readonly Stop[];
}

/** Colour that changes with the distance from (cx, cy), constant beyond `radius`. */
export interface RadialGradient {
  readonly kind: 'radial';
  readonly cx: number;
  readonly cy: number;
  readonly radius: number;
  readonly stops: readonly Stop[];
}

/** What a shape is filled with. Gradients are in the coordinates of the shape, before the canvas' transform. */
export type Paint = Color | LinearGradient | RadialGradient;

/** A colour from `#rrggbb`.
 * @throws OptionError for another text. */
export function hex(text: string, alpha = 1): Color {
  if (!/^#[0-9a-f]{6}$/i.test(text)) throw new OptionError('colour', text, 'a text such as #cc3333');
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255, alpha];
}

/** The colour between two: `a` at t = 0, `b` at t = 1. */
export function mix(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t, a[3] + (b[3] - a[3]) * t];
}

/** The same colour with another opacity. */
export function fade(color: Color, alpha: number): Color {
  return [color[0], color[1], color[2], alpha];
}

/** A gradient from the first colour at `y0` down to the last at `y1`, evenly spaced. */
export function vertical(y0: number, y1: number, ...colors: readonly Color[]): LinearGradient {
  return { kind: 'linear', x0: 0, y0, x1: 0, y1, stops: even(colors) };
}

/** A gradient from the first colour at `x0` across to the last at `x1`, evenly spaced. */
export function horizontal(x0: number, x1: number, ...colors: readonly Color[]): LinearGradient {
  return { kind: 'linear', x0, y0: 0, x1, y1: 0, stops: even(colors) };
}

/** A gradient from the first colour at the centre to the last at `radius`, evenly spaced. */
export function radial(cx: number, cy: number, radius: number, ...colors: readonly Color[]): RadialGradient {
  return { kind: 'radial', cx, cy, radius, stops: even(colors) };
}

function even(colors: readonly Color[]): Stop[] {
  return colors.map((color, i) => [colors.length === 1 ? 0 : i / (colors.length - 1), color]);
}

/** Colour of a gradient at a point.
 * @param out [4], overwritten. */
export function colorAt(gradient: LinearGradient | RadialGradient, x: number, y: number, out: Float64Array): void {
  let t: number;
  if (gradient.kind === 'linear') {
    const dx = gradient.x1 - gradient.x0;
    const dy = gradient.y1 - gradient.y0;
    t = ((x - gradient.x0) * dx + (y - gradient.y0) * dy) / (dx * dx + dy * dy);
  } else {
    const dx = x - gradient.cx;
    const dy = y - gradient.cy;
    t = Math.sqrt(dx * dx + dy * dy) / gradient.radius;
  }
  const { stops } = gradient;
  let i = 0;
  while (i < stops.length && stops[i][0] <= t) i++;
  const after = stops[Math.min(i, stops.length - 1)];
  const before = stops[Math.max(i - 1, 0)];
  const span = after[0] - before[0];
  const f = span > 0 ? Math.min(1, Math.max(0, (t - before[0]) / span)) : 0;
  for (let c = 0; c < 4; c++) out[c] = before[1][c] + (after[1][c] - before[1][c]) * f;
}
