/** A closed outline: x0, y0, x1, y1, ... */
export type Outline = readonly number[];

/** Corners of an outline that approximates an ellipse to well under a pixel at the sizes drawn here. */
const ELLIPSE_SIDES = 48;

/** An ellipse, clockwise on the screen. */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Outline {
  return pie(cx, cy, rx, ry, 0, 2 * Math.PI);
}

/** The part of an ellipse between two angles in radians (0 is right, growing clockwise on the screen), closed by its
 * chord. */
export function pie(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Outline {
  const sides = Math.max(2, Math.ceil((ELLIPSE_SIDES * Math.abs(to - from)) / (2 * Math.PI)));
  const points: number[] = [];
  for (let i = 0; i <= sides; i++) {
    const angle = from + ((to - from) * i) / sides;
    points.push(cx + rx * Math.cos(angle), cy + ry * Math.sin(angle));
  }
  return points;
}

/** A rectangle with round corners, clockwise on the screen; the radius is cut to half of the shorter side. */
export function roundRect(x: number, y: number, width: number, height: number, radius: number): Outline {
  const r = Math.min(radius, width / 2, height / 2);
  const points: number[] = [];
  const corners: readonly (readonly [number, number])[] = [
    [x + width - r, y + height - r],
    [x + r, y + height - r],
    [x + r, y + r],
    [x + width - r, y + r],
  ];
  for (const [quarter, [cx, cy]] of corners.entries()) {
    for (let i = 0; i <= 8; i++) {
      const angle = ((quarter + i / 8) * Math.PI) / 2;
      points.push(cx + r * Math.cos(angle), cy + r * Math.sin(angle));
    }
  }
  return points;
}

/** A line of some width with round ends through the given points, as outlines of one turning sense whose union it is. */
export function stroke(points: Outline, width: number): Outline[] {
  const r = width / 2;
  const parts: Outline[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const x0 = points[i];
    const y0 = points[i + 1];
    parts.push(ellipse(x0, y0, r, r));
    if (i + 2 >= points.length) break;
    const x1 = points[i + 2];
    const y1 = points[i + 3];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length === 0) continue;
    const nx = (-(y1 - y0) / length) * r;
    const ny = ((x1 - x0) / length) * r;
    parts.push([x0 - nx, y0 - ny, x1 - nx, y1 - ny, x1 + nx, y1 + ny, x0 + nx, y0 + ny]);
  }
  return parts;
}

/** A smooth closed outline through the given points (Catmull-Rom). */
export function smoothOutline(points: Outline, steps = 8): Outline {
  const n = points.length / 2;
  const at = (i: number, axis: number): number => points[((((i % n) + n) % n) << 1) + axis];
  const out: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < steps; s++) {
      const t = s / steps;
      for (let axis = 0; axis < 2; axis++) {
        const p0 = at(i - 1, axis);
        const p1 = at(i, axis);
        const p2 = at(i + 1, axis);
        const p3 = at(i + 2, axis);
        out.push(
          0.5 *
            (2 * p1 +
              (p2 - p0) * t +
              (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t +
              (3 * p1 - p0 - 3 * p2 + p3) * t * t * t),
        );
      }
    }
  }
  return out;
}
