/**
 * Keeps what the finished runs of a suite of Atari games came to, and writes docs/results/atari-scores.md from all that is kept.
 *
 *   npx tsx bench/atari-scores.ts [SUITE…]
 *
 * docs/results/atari-scores/PROTOCOL is the folder of a suite without its runs (settings and scores, and in curves.json a thinned
 * curve of each run), so that a table of many hours is made in parts, on any machines: `bellman suite --dir COPY`
 * continues a copy of it and trains only what is missing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gameOfAtariId } from '../src/atari/atari-ids.ts';
import { humanNormalizedScore } from '../src/atari/human-scores.ts';
import { tableOf } from '../src/cli/plot-suite.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { makeFolder } from '../src/node/files/folder.ts';
import { readRun } from '../src/node/runs/run-metrics.ts';
import { publishedColumns } from '../src/node/suite/published-columns.ts';
import { SUITE_FILE } from '../src/node/suite/suite-file.ts';
import { memberOf, readScore } from '../src/node/suite/suite-member.ts';
import { readSuite } from '../src/node/suite/suite-settings.ts';
import { tableMarkdown } from '../src/node/suite/suite-table.ts';
import { drawCurves } from '../src/plot/curve-picture.ts';
import { aggregate } from '../src/plot/curves.ts';
import { page, writeSection } from './report.ts';

/** Published scores to compare each protocol's with. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  sticky: ['dopamine-dqn', 'dopamine-rainbow'],
  'no-ops': ['cleanrl-pqn', 'cleanrl-dqn', 'sb3-zoo-dqn'],
};
const KEPT = page('results/atari-scores');
const CURVES_FILE = 'curves.json';
/** Points of a kept curve. */
const POINTS = 120;

/** Steps and the mean of the last 100 whole training games, by run: `PongNoFrameskip-v4/seed0`. */
type Curves = Record<string, readonly (readonly [step: number, mean: number])[]>;

const readCurves = (folder: string): Curves => {
  const file = join(folder, CURVES_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Curves) : {};
};

/** Copies scores and curves of a suite's finished runs. */
function keep(suite: string): void {
  const settings = readSuite(suite);
  const protocol = settings && tableOf(suite).protocol?.['protocol'];
  if (settings === undefined || typeof protocol !== 'string') throw new Error(`${suite} has no finished run of Atari.`);
  const kept = join(KEPT, protocol);
  const before = readSuite(kept);
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(settings)) {
    throw new Error(`${suite} has other settings than ${kept}: compare their ${SUITE_FILE}.`);
  }
  const curves = readCurves(kept);
  makeFolder(kept);
  writeFileAtomic(join(kept, SUITE_FILE), readFileSync(join(suite, SUITE_FILE)));
  for (const env of settings.games) {
    for (const seed of settings.seeds) {
      const member = memberOf(suite, env, seed);
      const place = memberOf(kept, env, seed);
      if (readScore(member) === undefined || readScore(place) !== undefined) continue;
      makeFolder(join(place.run, '..'));
      writeFileAtomic(place.file, readFileSync(member.file));
      const rows = readRun(member.run).rows.filter((row) => row['reward_mean'] !== undefined);
      const every = Math.max(1, Math.ceil(rows.length / POINTS));
      curves[relative(kept, place.run)] = rows
        .filter((_, i) => i % every === 0 || i === rows.length - 1)
        .map((row) => [row.step, row['reward_mean']]);
    }
  }
  writeFileAtomic(
    join(kept, CURVES_FILE),
    `{\n${Object.entries(curves)
      .map(([run, points]) => `${JSON.stringify(run)}: ${JSON.stringify(points)}`)
      .join(',\n')}\n}\n`,
  );
}

/** Human-normalised means of training games, a line for each game. */
function picture(folder: string): string {
  const games = new Map<string, { x: number[]; y: number[] }[]>();
  for (const [run, points] of Object.entries(readCurves(folder))) {
    const game = gameOfAtariId(run.split('/')[0])!;
    const y = points.map(([, mean]) => humanNormalizedScore(game, mean)!);
    games.set(game, [...(games.get(game) ?? []), { x: points.map(([step]) => step), y }]);
  }
  const curves = [...games].map(([label, series]) => ({
    label,
    band: aggregate(series, 'range'),
    runs: series.length,
  }));
  return drawCurves(curves, {
    title: `atari-fast, protocol ${basename(folder)}`,
    subtitle: 'mean of the last 100 whole training games; 0 is a random player, 1 a person',
    xLabel: 'steps (4 frames each)',
    yLabel: 'human-normalised score',
    spread: 'range',
    levels: [{ value: 1, label: 'a person' }],
  });
}

for (const suite of process.argv.slice(2)) keep(suite);
for (const name of existsSync(KEPT) ? readdirSync(KEPT) : []) {
  const folder = join(KEPT, name);
  const table = tableOf(folder);
  const frames = table.rows.find((row) => row.frames !== null)?.frames ?? undefined;
  const columns = publishedColumns(PUBLISHED[name] ?? [], { protocol: name, frames });
  writeSection(page('results/atari-scores.md'), name, [tableMarkdown(table, columns).trimEnd()]);
  writeFileAtomic(page(`results/atari-scores-${name}.svg`), picture(folder));
}
