import type { RgbFrame } from '../core/env.ts';

const UPPER_HALF = '▀';
const RESET = '\u001b[0m';

/**
 * A picture as text: each character is two pixels, the upper half in the foreground colour, the lower in the background,
 * 24 bits each. Shrunk to so many columns by taking the brightest channel sums of each block, so that a ball of two
 * pixels does not vanish.
 */
export function terminalFrame(frame: RgbFrame, { columns }: { readonly columns: number }): string {
  const step = Math.max(1, Math.ceil(frame.width / columns));
  const width = Math.floor(frame.width / step);
  // Characters are about twice as high as wide, so two pixels above each other make a square cell.
  const height = Math.floor(frame.height / step) & ~1;
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    let last = '';
    for (let x = 0; x < width; x++) {
      const top = brightest(frame, x * step, y * step, step);
      const bottom = brightest(frame, x * step, (y + 1) * step, step);
      const colours = `\u001b[38;2;${top}m\u001b[48;2;${bottom}m`;
      line += colours === last ? UPPER_HALF : colours + UPPER_HALF;
      last = colours;
    }
    lines.push(line + RESET);
  }
  return lines.join('\n');
}

function brightest({ width, data }: RgbFrame, left: number, top: number, step: number): string {
  let best = -1;
  let at = 0;
  for (let y = top; y < top + step; y++) {
    for (let x = left; x < left + step; x++) {
      const i = 3 * (y * width + x);
      const sum = data[i] + data[i + 1] + data[i + 2];
      if (sum > best) {
        best = sum;
        at = i;
      }
    }
  }
  return `${data[at]};${data[at + 1]};${data[at + 2]}`;
}
