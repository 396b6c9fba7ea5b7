import type { RgbFrame } from '../core/env.ts';

const UPPER_HALF = '▀';
const RESET = '\u001b[0m';
/** From the background to what differs most from it, for terminals without colours. */
const SHADES = ' .:-=+*#%@';

export interface TerminalFrameOptions {
  /** Room for the picture, in characters. */
  readonly columns: number;
  readonly rows: number;
  /** How many times as wide as high a pixel is shown. Default 1. */
  readonly pixelAspect?: number | undefined;
  /** Bits of colour, as `WriteStream.getColorDepth` says: 24, 8 (the palette of 256), or fewer: shades without colours. */
  readonly colorDepth: number;
}

/**
 * A picture as lines of text, as large as the room allows with its proportions kept: each character is two pixels, the upper
 * half in the foreground colour, the lower in the background's. What differs from the picture's commonest colour counts for
 * more in an average, so that a ball of two pixels does not vanish.
 */
export function terminalFrame(frame: RgbFrame, options: TerminalFrameOptions): string[] {
  const { columns, rows, pixelAspect = 1, colorDepth } = options;
  // Characters are about twice as high as wide: two pixels above each other make square ones.
  const scale = Math.min(columns / (frame.width * pixelAspect), (2 * rows) / frame.height);
  const width = Math.max(1, Math.min(columns, Math.round(frame.width * pixelAspect * scale)));
  const height = 2 * Math.max(1, Math.min(rows, Math.round((frame.height * scale) / 2)));
  const background = commonestColor(frame);
  const pixels = shrink(frame, width, height, background);
  const line = colorDepth >= 24 ? trueColors : colorDepth >= 8 ? palette256 : undefined;
  return Array.from({ length: height / 2 }, (_, row) =>
    line === undefined
      ? shades(pixels, width, row, background)
      : colored(width, row, (x, y) => line(pixels, 3 * (y * width + x))),
  );
}

/** A line of half blocks; escape sequences only where the colours change. */
function colored(width: number, row: number, color: (x: number, y: number) => string): string {
  let text = '';
  let last = '';
  for (let x = 0; x < width; x++) {
    const colors = `\u001b[38;${color(x, 2 * row)}m\u001b[48;${color(x, 2 * row + 1)}m`;
    text += colors === last ? UPPER_HALF : colors + UPPER_HALF;
    last = colors;
  }
  return text + RESET;
}

const trueColors = (pixels: Uint8Array, at: number): string => `2;${pixels[at]};${pixels[at + 1]};${pixels[at + 2]}`;

/** The nearest entry of the palette of 256: a cube of 6x6x6 colours from 16 on, 24 grays from 232 on. */
function palette256(pixels: Uint8Array, at: number): string {
  const levels = [0, 1, 2].map((c) => nearestLevel(pixels[at + c]));
  const gray = Math.min(23, Math.max(0, Math.round((pixels[at] + pixels[at + 1] + pixels[at + 2] - 24) / 30)));
  let [toCube, toGray] = [0, 0];
  for (let c = 0; c < 3; c++) {
    toCube += (CUBE_LEVELS[levels[c]] - pixels[at + c]) ** 2;
    toGray += (8 + 10 * gray - pixels[at + c]) ** 2;
  }
  return `5;${toGray < toCube ? 232 + gray : 16 + 36 * levels[0] + 6 * levels[1] + levels[2]}`;
}

const CUBE_LEVELS = [0, 95, 135, 175, 215, 255] as const;

const nearestLevel = (value: number): number =>
  value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.round((value - 55) / 40));

function shades(pixels: Uint8Array, width: number, row: number, background: number): string {
  let text = '';
  for (let x = 0; x < width; x++) {
    const upper = difference(pixels, 3 * (2 * row * width + x), background);
    const lower = difference(pixels, 3 * ((2 * row + 1) * width + x), background);
    // A root, so that weak contrasts are seen.
    text += SHADES[Math.round(Math.sqrt(Math.max(upper, lower)) * (SHADES.length - 1))];
  }
  return text.trimEnd();
}

/** How far a pixel is from a colour: 0 for the same, 1 for white from black. */
function difference(data: Uint8Array, at: number, color: number): number {
  const r = data[at] - (color >> 16);
  const g = data[at + 1] - ((color >> 8) & 255);
  const b = data[at + 2] - (color & 255);
  return (r * r + g * g + b * b) / (3 * 255 * 255);
}

/** Of every seventh pixel, a number that no usual width is a multiple of. */
function commonestColor({ data }: RgbFrame): number {
  const counts = new Map<number, number>();
  let best = 0;
  let most = 0;
  for (let i = 0; i + 2 < data.length; i += 21) {
    const color = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    const count = (counts.get(color) ?? 0) + 1;
    counts.set(color, count);
    if (count > most) [best, most] = [color, count];
  }
  return best;
}

/** How much more than the background the pixels that differ most from it count. */
const CONTRAST = 24;

/** @returns [height, width, 3], each pixel the weighted mean of those under it. */
function shrink(frame: RgbFrame, width: number, height: number, background: number): Uint8Array {
  const { data } = frame;
  const out = new Uint8Array(width * height * 3);
  const across = spans(frame.width, width);
  const down = spans(frame.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, red, green, blue] = [0, 0, 0, 0];
      for (let sy = down[2 * y]; sy < down[2 * y + 1]; sy++) {
        for (let sx = across[2 * x]; sx < across[2 * x + 1]; sx++) {
          const i = 3 * (sy * frame.width + sx);
          const weight = 1 + CONTRAST * difference(data, i, background);
          sum += weight;
          red += weight * data[i];
          green += weight * data[i + 1];
          blue += weight * data[i + 2];
        }
      }
      const at = 3 * (y * width + x);
      out[at] = red / sum + 0.5;
      out[at + 1] = green / sum + 0.5;
      out[at + 2] = blue / sum + 0.5;
    }
  }
  return out;
}

/** First and last (exclusive) of the `from` cells under each of `to` cells; at least one. */
function spans(from: number, to: number): Int32Array {
  const out = new Int32Array(2 * to);
  for (let i = 0; i < to; i++) {
    const first = Math.min(from - 1, Math.floor((i * from) / to + 1e-9));
    out[2 * i] = first;
    out[2 * i + 1] = Math.max(first + 1, Math.min(from, Math.floor(((i + 1) * from) / to + 1e-9)));
  }
  return out;
}
