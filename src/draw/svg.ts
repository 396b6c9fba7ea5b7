/** Words of SVG documents that pictures share. */

export const SVG_FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif\"";
export const PAGE = '#ffffff';
export const INK = '#102034';
export const FAINT = '#5b6b80';

/** Two digits behind the point: enough for any screen. */
export const round = (value: number): number => Math.round(value * 100) / 100;

/** What no XML document may hold, not even escaped: control characters, halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

export function escapeXml(content: string): string {
  return content
    .replace(NO_XML, '\ufffd')
    .replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter);
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
