/** Red, green, blue, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

// Ice to deep water: lightness falls steadily, so that the order of values survives grey print and colour blindness.
const stops: readonly Rgb[] = [
  [238, 245, 250],
  [190, 221, 240],
  [116, 182, 222],
  [50, 130, 188],
  [18, 78, 138],
  [8, 40, 90],
];

/** Colours that cells without a value have. */
export const cellColours = {
  hole: [22, 27, 38],
  goal: [244, 190, 66],
} as const satisfies Record<string, Rgb>;

/** Colour of a value on a scale; outside it, the colour of the nearer end. An empty scale (low = high) gives the lightest. */
export function heatColour(value: number, low: number, high: number): Rgb {
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  const position = share * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(position));
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(stops[i][channel] + (stops[i + 1][channel] - stops[i][channel]) * (position - i));
  return [mix(0), mix(1), mix(2)];
}

/** Near-black or white, whichever reads better on a background (relative luminance of WCAG 2.2). */
export function inkOn(background: Rgb): Rgb {
  const [r, g, b] = background.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  // At 0.179 black and white contrast equally; on blues white is the calmer of two that are near.
  return luminance > 0.21 ? [16, 32, 52] : [255, 255, 255];
}

export function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
