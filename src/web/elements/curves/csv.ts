import type { GroupCurve } from './curve-model.ts';

/** A cell as comma-separated values have it (RFC 4180). */
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Curves as comma-separated values, a line for each point that is seen: group, place, middle, ends of the band, seeds.
 * @param axis what the places count. @param metric what the values are.
 */
export function curvesToCsv(
  curves: readonly GroupCurve[],
  {
    axis,
    metric,
    from,
    to,
  }: { readonly axis: string; readonly metric: string; readonly from: number; readonly to: number },
): string {
  const lines = [['group', axis, metric, 'low', 'high', 'seeds'].map(cell).join()];
  for (const { group, seeds, x, middle, low, high } of curves) {
    const name = cell(group.name);
    for (let i = 0; i < x.length; i++) {
      if (x[i] >= from && x[i] <= to) lines.push(`${name},${x[i]},${middle[i]},${low[i]},${high[i]},${seeds.length}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
