/**
 * Draws the mean reward of one or several runs of one recipe as an SVG: single episodes as dots, their running mean as a
 * line, steps below and minutes of training above.
 *
 *   npx tsx bench/curve.ts OUT.svg "TITLE" RUN...
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { writeFileAtomic } from '../src/node/atomic-file.ts';

const [out, title, ...runs] = process.argv.slice(2);
if (out === undefined || title === undefined || runs.length === 0)
  throw new Error('usage: curve.ts OUT.svg TITLE RUN...');

interface Row {
  readonly step: number;
  readonly time: number;
  readonly reward: number;
  readonly reward_100: number;
}
const series = runs.map((run) =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Row),
);
const all = series.flat();
const [width, height, left, right, top, bottom] = [760, 400, 64, 24, 84, 56];
const x = scaleLinear([0, Math.max(...all.map(({ step }) => step))], [left, width - right]);
const rewards = all.map(({ reward }) => reward);
const y = scaleLinear([Math.min(...rewards), Math.max(...rewards)], [height - bottom, top]).nice();
const colours = ['#1f6fb2', '#c2571a', '#3d8b40', '#8e4ec6', '#b0305c'];
const text = (px: number, py: number, content: string, extra = '') =>
  `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" ${extra}>${content.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;

const parts = [
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="#33404f">`,
  `<rect width="${width}" height="${height}" rx="10" fill="#ffffff"/>`,
  text(left, 30, title, 'font-size="17" font-weight="600" fill="#102034"'),
];
for (const tick of y.ticks(8)) {
  parts.push(`<line x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e4e8ee"/>`);
  parts.push(text(left - 8, y(tick) + 4, String(tick), 'text-anchor="end"'));
}
for (const tick of x.ticks(8)) {
  parts.push(
    text(x(tick), height - bottom + 18, tick >= 1000 ? `${tick / 1000}k` : String(tick), 'text-anchor="middle"'),
  );
}
parts.push(text((left + width - right) / 2, height - 14, 'environment steps', 'text-anchor="middle"'));
parts.push(text(left, 52, 'dots: episodes; line: mean of the last 100'));
series.forEach((rows, i) => {
  const colour = colours[i % colours.length];
  for (const { step, reward } of rows) {
    parts.push(
      `<circle cx="${x(step).toFixed(1)}" cy="${y(reward).toFixed(1)}" r="2" fill="${colour}" opacity="0.3"/>`,
    );
  }
  const path = line<Row>(
    ({ step }) => x(step),
    ({ reward_100 }) => y(reward_100),
  ).digits(1)(rows);
  parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>`);
  const first = rows[0];
  const last = rows[rows.length - 1];
  // Minutes from the first logged episode on, on the first run's axis.
  if (i !== 0 || series.length > 1) return;
  const rate = (last.time - first.time) / 60 / (last.step - first.step);
  const minutes = scaleLinear([0, x.domain()[1] * rate], x.range());
  for (const tick of minutes.ticks(6)) {
    parts.push(text(minutes(tick), top - 8, `${tick} min`, 'text-anchor="middle" fill="#7b8794"'));
  }
});
parts.push('</svg>');
writeFileAtomic(out, `${parts.join('\n')}\n`);
