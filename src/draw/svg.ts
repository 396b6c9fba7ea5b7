/** Words of SVG documents that pictures share. */

export const SVG_FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\"";
export const PAGE = '#ffffff';
export const INK = '#102034';
export const FAINT = '#5b6b80';

/** Two digits behind the point: enough for any screen. */
export const round = (value: number): number => Math.round(value * 100) / 100;

export function escapeXml(content: string): string {
  return content.replace(
    /[&<>"]/g,
    (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter,
  );
}

export function svgText(
  x: number,
  y: number,
  content: string,
  size: number,
  fill: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
  weight = 400,
): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

/** Opens a document of that size with a page to draw on; `</svg>` closes it. */
export function svgPage(width: number, height: number): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${SVG_FONT}>`,
    `<rect width="${width}" height="${height}" rx="12" fill="${PAGE}"/>`,
  ];
}
