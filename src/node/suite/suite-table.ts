/** The table of a suite: a row for each game, aggregates below. Numbers in, data and text out. */
import { gameOfAtariId } from '../../atari/atari-ids.ts';
import { humanNormalizedScore, type ReferenceScores, referenceScores } from '../../atari/human-scores.ts';
import { MismatchError } from '../../core/errors.ts';
import { formatCount } from '../../core/format-count.ts';
import { aggregateScores, type Estimate, type ScoreAggregates } from '../../stats/aggregate-scores.ts';
import { type Summary, summarize } from '../../stats/summary.ts';
import type { SuiteSettings } from './suite-settings.ts';

/** A finished run of a suite. */
export interface SuiteScore {
  readonly env: string;
  readonly seed: number;
  /** Units of training done. */
  readonly step: number;
  /** What they are called, in the plural. */
  readonly unit: string;
  /** Frames of the emulator; null for environments that have none. */
  readonly frames: number | null;
  /** Seconds of training, of all processes that it took. */
  readonly seconds: number;
  /** Under what conditions it was scored: equal for scores that stand in one column. */
  readonly protocol: Readonly<Record<string, unknown>>;
  /** Of the whole episodes of the evaluation. */
  readonly returns: readonly number[];
}

export interface SuiteRow {
  readonly env: string;
  /** Runs that are finished, and that there are to be. */
  readonly finished: number;
  readonly asked: number;
  /** Of the means of the runs; null before the first. */
  readonly score: (Pick<Summary, 'mean' | 'std'> & { readonly ci95: readonly [number, number] | null }) | null;
  /** Mean return of each finished run, by its seed. */
  readonly scores: readonly { readonly seed: number; readonly mean: number }[];
  readonly reference: ReferenceScores | null;
  readonly humanNormalized: number | null;
  /** Of training, a mean over the runs. */
  readonly minutes: number | null;
  readonly steps: number | null;
  readonly frames: number | null;
}

export interface SuiteTable {
  readonly recipe: string;
  readonly version: string;
  readonly settings: SuiteSettings;
  readonly unit: string;
  /** Of all scores; null before the first. */
  readonly protocol: Readonly<Record<string, unknown>> | null;
  readonly rows: readonly SuiteRow[];
  /** Of human-normalised scores, over the finished games that have one; null without. */
  readonly aggregates: (ScoreAggregates & { readonly games: number; readonly runs: number }) | null;
}

/**
 * Makes the table.
 * @param scores in any order; games without any have empty cells.
 * @throws MismatchError where scores were taken under different protocols.
 */
export function suiteTable(settings: SuiteSettings, scores: readonly SuiteScore[]): SuiteTable {
  checkOneProtocol(scores);
  const rows = settings.games.map((env) => rowOf(env, settings.seeds, scores));
  const normalized = rows
    .map(({ env, scores: runs }) => runs.flatMap(({ mean }) => humanNormalizedScore(env, mean) ?? []))
    .filter((runs) => runs.length > 0);
  const runs = normalized.reduce((sum, one) => sum + one.length, 0);
  return {
    recipe: settings.recipe,
    version: settings.version,
    settings,
    unit: scores[0]?.unit ?? 'steps',
    protocol: scores[0]?.protocol ?? null,
    rows,
    aggregates:
      normalized.length === 0 ? null : { ...aggregateScores(normalized, { seed: 0 }), games: normalized.length, runs },
  };
}

/** @throws MismatchError with the first that differs. */
function checkOneProtocol(scores: readonly SuiteScore[]): void {
  const text = ({ protocol }: SuiteScore): string => JSON.stringify(protocol);
  // A game of Atari and a pole on a cart have not the same words.
  for (const group of [
    scores.filter(({ env }) => gameOfAtariId(env)),
    scores.filter(({ env }) => !gameOfAtariId(env)),
  ]) {
    const other = group.find((score) => text(score) !== text(group[0]));
    if (other === undefined) continue;
    const keys = Object.keys({ ...group[0].protocol, ...other.protocol });
    const key = keys.find((name) => JSON.stringify(group[0].protocol[name]) !== JSON.stringify(other.protocol[name]))!;
    const of = ({ env, seed, protocol }: SuiteScore): string =>
      `${env} seed ${seed} has ${key} ${JSON.stringify(protocol[key])}`;
    throw new MismatchError(`Scores of different protocols do not go in one table: ${of(group[0])}, ${of(other)}.`);
  }
}

function rowOf(env: string, seeds: readonly number[], all: readonly SuiteScore[]): SuiteRow {
  const runs = all.filter((score) => score.env === env && seeds.includes(score.seed)).sort((a, b) => a.seed - b.seed);
  const scores = runs.map(({ seed, returns }) => ({ seed, mean: summarize(returns).mean }));
  const reference = referenceScores(env) ?? null;
  const base = { env, finished: runs.length, asked: seeds.length, scores, reference };
  if (runs.length === 0) {
    return { ...base, score: null, humanNormalized: null, minutes: null, steps: null, frames: null };
  }
  const { mean, std, halfWidth95 } = summarize(scores.map((one) => one.mean));
  const ci95 = halfWidth95 === undefined ? null : ([mean - halfWidth95, mean + halfWidth95] as const);
  const frames = runs.flatMap((run) => run.frames ?? []);
  return {
    ...base,
    score: { mean, std, ci95 },
    humanNormalized: humanNormalizedScore(env, mean) ?? null,
    minutes: summarize(runs.map(({ seconds }) => seconds / 60)).mean,
    steps: summarize(runs.map(({ step }) => step)).mean,
    frames: frames.length === 0 ? null : summarize(frames).mean,
  };
}

/** A number as tables have it: more digits for smaller ones. */
export function scoreText(value: number): string {
  const size = Math.abs(value);
  const digits = size < 10 ? 2 : size < 1000 ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const whole = (value: number): string => formatCount(Math.round(value));

/** What units of a training are called here: those of networks call an agent's step a frame, which has four of the emulator's. */
export const stepsOf = (unit: string): string => (unit === 'frames' ? 'steps' : unit);

/** Another column: published scores by ALE's names of games. */
export interface OtherScores {
  readonly title: string;
  readonly scores: Readonly<Record<string, number>>;
  /** What stands below the table about it. */
  readonly note: string;
}

const scoreOn = (env: string, { scores }: OtherScores): number | undefined => scores[gameOfAtariId(env) ?? env];

/** The table as a page in Markdown. @param others columns of published scores, at the same frames and protocol. */
export function tableMarkdown(table: SuiteTable, others: readonly OtherScores[] = []): string {
  const { settings, rows, aggregates, protocol, unit } = table;
  const hasFrames = rows.some(({ frames }) => frames !== null);
  const hasReference = rows.some(({ reference }) => reference !== null);
  const titles = [
    'game',
    'score',
    '95 % interval',
    ...(hasReference ? ['random', 'human', 'human-normalised'] : []),
    ...others.map(({ title }) => title),
    'minutes',
    stepsOf(unit),
    ...(hasFrames ? ['frames'] : []),
    'runs',
  ];
  const cell = (value: number | null | undefined, text: (value: number) => string = scoreText): string =>
    value === null || value === undefined ? '-' : text(value);
  const line = (row: SuiteRow): string[] => [
    row.env,
    cell(row.score?.mean),
    row.score?.ci95 ? `${scoreText(row.score.ci95[0])} to ${scoreText(row.score.ci95[1])}` : '-',
    ...(hasReference
      ? [
          cell(row.reference?.random),
          cell(row.reference?.human),
          cell(row.humanNormalized, (value) => value.toFixed(3)),
        ]
      : []),
    ...others.map((other) => cell(scoreOn(row.env, other))),
    cell(row.minutes, (value) => value.toFixed(1)),
    cell(row.steps, whole),
    ...(hasFrames ? [cell(row.frames, whole)] : []),
    `${row.finished} of ${row.asked}`,
  ];
  const grid = [titles, titles.map((_, i) => (i === 0 ? '---' : '--:')), ...rows.map(line)];
  const lines = grid.map((cells) => `| ${cells.join(' | ')} |`);
  const facts = [
    `Recipe ${settings.recipe}, version ${settings.version}${describeSet(settings)}.`,
    `Score: mean over the seeds of the mean of ${settings.evaluation.episodes} whole episodes each, played by the model at the training's end; the interval is over the seeds (Student's t).`,
    ...(protocol === null ? [] : [`Protocol: ${describeConditions(protocol)}.`]),
    ...others.map(({ note }) => note),
  ];
  const below = aggregates === null ? [] : [...aggregateLines(aggregates, rows, others), ''];
  return `${[...lines, '', ...below, ...facts].join('\n')}\n`;
}

function describeSet({ set, steps }: SuiteSettings): string {
  const values = Object.entries(set).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${steps === null ? '' : `, ${whole(steps)} steps`}${values.length === 0 ? '' : `, ${values.join(', ')}`}`;
}

/** `no-ops, noops 30, epsilon 0.01`. */
function describeConditions({ protocol, ...values }: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const named = typeof protocol === 'string' ? [protocol] : [];
  return [...named, ...Object.entries(values).map(([key, value]) => `${key} ${text(value)}`)].join(', ');
}

/** Names of the aggregates, for people. */
export const AGGREGATE_NAMES = {
  median: 'median',
  interquartileMean: 'interquartile mean',
  mean: 'mean',
  optimalityGap: 'optimality gap',
} as const;

/** Of published scores over the games that are finished here; undefined where one of them was not published. */
function publishedAggregates(rows: readonly SuiteRow[], other: OtherScores): ScoreAggregates | undefined {
  const games = rows.filter(({ humanNormalized }) => humanNormalized !== null).map(({ env }) => env);
  const normalized = games.flatMap((env) => {
    const score = scoreOn(env, other);
    return score === undefined ? [] : (humanNormalizedScore(env, score) ?? []);
  });
  return normalized.length < games.length
    ? undefined
    : aggregateScores(
        normalized.map((score) => [score]),
        { seed: 0 },
      );
}

function aggregateLines(
  aggregates: NonNullable<SuiteTable['aggregates']>,
  rows: readonly SuiteRow[],
  others: readonly OtherScores[],
): string[] {
  const { games, runs } = aggregates;
  const published = others.map((other) => publishedAggregates(rows, other));
  const text = ({ value, interval }: Estimate): string =>
    `${value.toFixed(3)} | ${interval === undefined ? '-' : interval.map((end) => end.toFixed(3)).join(' to ')}`;
  const names = Object.keys(AGGREGATE_NAMES) as (keyof typeof AGGREGATE_NAMES)[];
  return [
    `| human-normalised, ${games} game${games === 1 ? '' : 's'}, ${runs} run${runs === 1 ? '' : 's'} | value | 95 % interval |${others.map(({ title }) => ` ${title} |`).join('')}`,
    `|---|--:|--:|${'--:|'.repeat(others.length)}`,
    ...names.map((name) => {
      const cells = published.map((one) => ` ${one === undefined ? '-' : one[name].value.toFixed(3)} |`);
      return `| ${AGGREGATE_NAMES[name]} | ${text(aggregates[name])} |${cells.join('')}`;
    }),
  ];
}
