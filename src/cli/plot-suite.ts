/** `bellman plot` of suites: performance profiles, and aggregates with their intervals, of human-normalised scores. */
import { gameOfAtariId } from '../atari/atari-ids.ts';
import { humanNormalizedScore } from '../atari/human-scores.ts';
import { FileFormatError, MismatchError } from '../core/errors.ts';
import { memberOf, readScore } from '../node/suite/suite-member.ts';
import { readSuite } from '../node/suite/suite-settings.ts';
import { AGGREGATE_NAMES, type SuiteTable, suiteTable } from '../node/suite/suite-table.ts';
import { type Curve, drawCurves } from '../plot/curve-picture.ts';
import { drawIntervals } from '../plot/interval-picture.ts';
import { aggregateScores } from '../stats/aggregate-scores.ts';
import { performanceProfileBand } from '../stats/performance-profile.ts';
import { improvementInterval, probabilityOfImprovement } from '../stats/probability-of-improvement.ts';
import { quantile } from '../stats/quantile.ts';
import type { TaskScores } from '../stats/task-scores.ts';

export interface NamedFolder {
  readonly name: string | undefined;
  readonly path: string;
}

interface NamedScores {
  readonly name: string;
  readonly games: readonly string[];
  readonly scores: TaskScores;
  readonly protocol: string;
}

export interface SuitePlotOptions {
  readonly title?: string | undefined;
}

/** Resamples of an interval: the pictures do not change with more. */
const BOOTSTRAP = { seed: 0, resamples: 2000 } as const;
const BAND = '95 % stratified bootstrap interval';

/** The table of a suite as it is now. @throws FileFormatError for a folder that is no suite. */
export function tableOf(folder: string): SuiteTable {
  const settings = readSuite(folder);
  if (settings === undefined) throw new FileFormatError(folder, 'no suite', 'Give folders that `bellman suite` made.');
  const members = settings.games.flatMap((env) => settings.seeds.map((seed) => memberOf(folder, env, seed)));
  return suiteTable(
    settings,
    members.flatMap((member) => readScore(member) ?? []),
  );
}

/** @throws MismatchError where there is nothing to normalise by, or the suites do not compare. */
function scoresOf(folders: readonly NamedFolder[]): NamedScores[] {
  const suites = folders.map(({ name, path }): NamedScores => {
    const { recipe, rows, protocol } = tableOf(path);
    const known = rows.filter(({ humanNormalized }) => humanNormalized !== null);
    if (known.length === 0) {
      throw new MismatchError(
        `${path} has no finished run of a game whose human score is known: nothing to normalise by.`,
      );
    }
    return {
      name: name ?? recipe,
      games: known.map(({ env }) => gameOfAtariId(env) ?? env),
      scores: known.map(({ env, scores }) => scores.map(({ mean }) => humanNormalizedScore(env, mean)!)),
      protocol: JSON.stringify(protocol),
    };
  });
  const [first] = suites;
  for (const [i, other] of suites.entries()) {
    const missing = [...first.games, ...other.games].find(
      (game) => !first.games.includes(game) || !other.games.includes(game),
    );
    const why =
      missing !== undefined
        ? `${missing} is in one of them alone`
        : other.protocol !== first.protocol
          ? `protocols ${first.protocol} and ${other.protocol}`
          : undefined;
    if (why !== undefined) throw new MismatchError(`${folders[0].path} and ${folders[i].path} do not compare: ${why}.`);
  }
  const twice = suites.some(({ name }, i) => suites.findIndex((other) => other.name === name) < i);
  // In one order of games; by their folders where their recipes do not tell them apart.
  return suites.map((suite, i) => ({
    ...suite,
    name: twice ? (folders[i].name ?? folders[i].path) : suite.name,
    games: first.games,
    scores: first.games.map((game) => suite.scores[suite.games.indexOf(game)]),
  }));
}

const seedsOf = ({ scores }: NamedScores): number => Math.max(...scores.map((runs) => runs.length));

const titleOf = (suites: readonly NamedScores[]): string => {
  const { games } = suites[0];
  return games.length > 4 ? `${games.length} games` : games.join(', ');
};

/** Points of a profile. */
const POINTS = 1000;

/** The share of runs above each human-normalised score. */
export function profilePicture(folders: readonly NamedFolder[], { title }: SuitePlotOptions): string {
  const suites = scoresOf(folders);
  const all = suites.flatMap(({ scores }) => scores.flat()).sort((a, b) => a - b);
  const from = Math.min(0, all[0]);
  // A few games of many times a person's score would leave the rest no room.
  const to = Math.max(1.2, Math.min(all[all.length - 1], 2.5 * quantile(all, 0.8)) * 1.05);
  const taus = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const curves = suites.map((suite): Curve => {
    const { share, intervals } = performanceProfileBand(suite.scores, taus, BOOTSTRAP);
    const band = {
      x: taus,
      mean: [...share],
      low: intervals.map(([low]) => low),
      high: intervals.map(([, high]) => high),
    };
    return { label: suite.name, band, runs: seedsOf(suite) };
  });
  return drawCurves(curves, {
    title: title ?? `Performance profile, ${titleOf(suites)}`,
    xLabel: 'human-normalised score',
    yLabel: 'share of runs with a higher score',
    spread: 'ci',
    spreadText: `line: share of the runs; band: ${BAND}`,
    yRange: [0, 1],
    levels: [],
  });
}

/** Median, interquartile mean, mean and optimality gap, with their intervals. */
export function aggregatePicture(folders: readonly NamedFolder[], { title }: SuitePlotOptions): string {
  const suites = scoresOf(folders);
  const aggregates = suites.map(({ scores }) => aggregateScores(scores, BOOTSTRAP));
  const names = Object.keys(AGGREGATE_NAMES) as (keyof typeof AGGREGATE_NAMES)[];
  const panels = names.map((name) => ({
    title: AGGREGATE_NAMES[name],
    bars: aggregates.map((one) => one[name]),
  }));
  const known = aggregates.every(({ median }) => median.interval !== undefined);
  return drawIntervals(panels, {
    title: title ?? `Aggregates over ${titleOf(suites)}`,
    subtitle: known ? `line: value; bar: ${BAND}` : `line: value; bar: ${BAND}, where each game has two runs or more`,
    labels: suites.map(({ name }) => name),
    xLabel: 'human-normalised score',
  });
}

/** Of two suites, how likely the first is better, in a line; none for other numbers of them. */
export function describeImprovement(folders: readonly NamedFolder[]): string[] {
  if (folders.length !== 2) return [];
  const [x, y] = scoresOf(folders);
  const [low, high] = improvementInterval(x.scores, y.scores, BOOTSTRAP).map((end) => end.toFixed(3));
  const value = probabilityOfImprovement(x.scores, y.scores).toFixed(3);
  return [`Probability that a run of ${x.name} beats one of ${y.name}: ${value} (${low} to ${high})`];
}
