/* What `tune` says of a study: before it, of each trial, and at the end. */
import { formatTimeLeft } from '../core/duration.ts';
import { formatCount } from '../core/format-count.ts';
import type { StudyTrial } from '../node/tune/journal-format.ts';
import type { Retrained } from '../node/tune/retrain.ts';
import { summaryOf } from '../node/tune/retrain.ts';
import type { StudyEvent, StudyProgress } from '../node/tune/run-study.ts';
import { PENALTY, type SeedResult, worthOf } from '../node/tune/run-trial.ts';
import type { Objective, StudySettings } from '../node/tune/study-settings.ts';
import type { Summary } from '../stats/summary.ts';
import { formatDistribution } from '../tune/parse-space.ts';
import type { Settings } from '../tune/search-space.ts';
import { fact } from './fact.ts';
import { type Column, layTable } from './table.ts';
import { hanging } from './wrap.ts';

export const plural = (n: number, word: string): string => `${formatCount(n)} ${word}${n === 1 ? '' : 's'}`;

/** A number for people: four digits that count. */
export const shortValue = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);

export const settingsText = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${shortValue(value)}`)
    .join(' ');

/** What a trial is worth, in its unit: `8,123 steps`. @param unit of a training, in the plural. */
export function worthText(objective: Objective, value: number, unit: string): string {
  if (objective === 'score') return `score ${scoreText(value)}`;
  return objective === 'steps' ? `${formatCount(Math.round(value))} ${unit}` : `${value.toFixed(2)} minutes`;
}

const scoreText = (value: number): string =>
  Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : value.toFixed(Math.abs(value) >= 100 ? 1 : 3);

export interface StudyPlan {
  readonly settings: StudySettings;
  readonly path: string;
  readonly trials: number;
  readonly minutes: number | undefined;
  /** Fresh seeds at the end; 0 for none. */
  readonly retrainSeeds: number;
  readonly slots: number;
  readonly begun: boolean;
  readonly unit: string;
}

export function describeStudy(
  { settings, path, trials, minutes, retrainSeeds, slots, begun, unit }: StudyPlan,
  width: number,
): string[] {
  const { recipe, env, space, objective, bound, steps, seeds, evaluation, sampler, pruner } = settings;
  const goal = {
    score:
      evaluation === null
        ? `the training's own mean after ${formatCount(steps)} ${unit}`
        : `${evaluation.episodes} whole episodes after ${formatCount(steps)} ${unit}, epsilon ${evaluation.epsilon}`,
    steps: `${unit} to a mean above ${bound}, within ${formatCount(steps)}; ${PENALTY} x ${formatCount(steps)} where it is not reached`,
    minutes: `minutes to a mean above ${bound}, within ${formatCount(steps)} ${unit}; ${PENALTY} x those taken where it is not reached`,
  }[objective];
  const end =
    minutes === undefined ? plural(trials, 'trial') : `${plural(trials, 'trial')} at most, begun within ${minutes} min`;
  return [
    ...fact('tune', `${recipe} on ${env}`, width),
    ...fact(
      'space',
      Object.entries(space)
        .map(([key, one]) => `${key}=${formatDistribution(one)}`)
        .join('\n'),
      width,
    ),
    ...fact('objective', `${objective === 'score' ? 'highest score' : `fewest ${objective}`}: ${goal}`, width),
    ...fact(
      'trials',
      `${end} x ${plural(seeds.length, 'seed')} (${seeds.join(', ')}), ${plural(slots, 'training')} at a time (--jobs)`,
      width,
    ),
    ...(retrainSeeds === 0
      ? []
      : fact('then', `the best and the default, ${plural(retrainSeeds, 'fresh seed')} each (--retrain-seeds)`, width)),
    ...fact('sampler', `${sampler}${pruner === 'none' ? '' : `, trials stopped by ${pruner}`}`, width),
    ...fact('study', `${path}${begun ? ', begun before: resumed' : ''}`, width),
    ...fact('stop', 'Ctrl-C at any time: the same command resumes', width),
  ];
}

export function describeEvent(event: StudyEvent, settings: StudySettings, unit: string, width: number): string[] {
  const label = `trial ${event.number}: `;
  const tried = settingsText(event.settings);
  if (event.kind !== 'ended')
    return hanging(label, `${event.kind === 'begins' ? 'begins' : 'resumes'}: ${tried}`, width);
  const { end, minutes } = event;
  const took = `${minutes.toFixed(1)} min`;
  switch (end.kind) {
    case 'complete':
      return hanging(
        label,
        `${worthText(settings.objective, end.value, unit)}${seedsText(end.seeds, settings)}, ${took}: ${tried}`,
        width,
      );
    case 'pruned':
      return hanging(
        label,
        `stopped at ${formatCount(end.step)} ${unit}, others were better there, ${took}: ${tried}`,
        width,
      );
    case 'failed':
      return hanging(label, `failed: ${end.message}`, width);
    case 'stopped':
      return [`${label}stopped, resumes with the study`];
  }
}

/** ` (8,000, 9,200)`, ` (8,000, not reached)` */
function seedsText(seeds: readonly SeedResult[], { objective, steps }: StudySettings): string {
  if (seeds.length === 1 && (objective === 'score' || seeds[0].reached === true)) return '';
  const parts = seeds.map((seed) => {
    if (objective !== 'score' && seed.reached !== true) return 'not reached';
    const worth = worthOf(objective, seed, steps)!;
    return objective === 'score'
      ? scoreText(worth)
      : objective === 'steps'
        ? formatCount(Math.round(worth))
        : worth.toFixed(2);
  });
  return ` (${parts.join(', ')})`;
}

export function progressNote(
  { done, total, running, best, secondsLeft }: StudyProgress,
  settings: StudySettings,
): string {
  const value = best?.value;
  const parts = [
    `${done} of ${total} trials`,
    ...(value == null ? [] : [`best ${bestText(value, settings.objective)} (trial ${best!.number})`]),
    ...(secondsLeft === undefined ? [] : [formatTimeLeft(secondsLeft, false)]),
    ...running.map(({ number, share }) => `trial ${number} ${Math.floor(100 * share)} %`),
  ];
  return parts.join(' | ');
}

const bestText = (value: number, objective: Objective): string =>
  objective === 'score'
    ? scoreText(value)
    : objective === 'steps'
      ? formatCount(Math.round(value))
      : `${value.toFixed(2)} min`;

/** `18 complete, 1 stopped early, 1 failed` */
export function countsOf(trials: readonly StudyTrial[]): string {
  const of = (state: StudyTrial['state']) => trials.filter((trial) => trial.state === state && !trial.waiting).length;
  const parts = [
    [of('complete'), 'complete'],
    [of('pruned'), 'stopped early'],
    [of('failed'), 'failed'],
    [of('running'), 'unfinished'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(', ');
}

export function describeBest(best: StudyTrial, settings: StudySettings, unit: string, width: number): string[] {
  const value = worthText(settings.objective, best.value!, unit);
  const reached = best.attributes['reached'];
  const seeds = typeof reached === 'string' && settings.objective !== 'score' ? `, ${reached} reached it` : '';
  return [
    ...fact('best', `trial ${best.number}: ${value}${seeds}`, width),
    ...fact('', settingsText(best.settings).replaceAll(' ', '\n'), width),
  ];
}

/** The found setting and the default, retrained: a table. */
export function describeRetrained(
  all: readonly Retrained[],
  settings: StudySettings,
  unit: string,
  width: number,
): string[] {
  const { bound } = settings;
  const interval = (
    summary: Summary | undefined,
    text: (value: number) => string,
    least = Number.NEGATIVE_INFINITY,
  ) => {
    if (summary === undefined) return '-';
    const { mean, halfWidth95: half } = summary;
    const ends = half === undefined ? '' : ` (${text(Math.max(least, mean - half))} to ${text(mean + half)})`;
    return `${text(mean)}${ends}`;
  };
  const columns: Column[] = [
    { title: 'setting' },
    ...(bound === null
      ? []
      : ([
          { title: `${unit} to ${bound}`, align: 'right' },
          { title: 'reached', align: 'right' },
        ] as const)),
    { title: 'score', align: 'right' },
    { title: 'minutes', align: 'right', leaves: 0 },
  ];
  const rows = all.map((one) => {
    const { score, steps, minutes, reached } = summaryOf(one);
    return [
      one.name,
      ...(bound === null
        ? []
        : [interval(steps, (value) => formatCount(Math.round(value)), 0), `${reached} of ${one.runs.length}`]),
      interval(score, scoreText),
      minutes === undefined ? '-' : minutes.mean.toFixed(1),
    ];
  });
  const failed = all.flatMap(({ name, failed: list }) =>
    list.map(({ seed, message }) => `${name} seed ${seed} failed: ${message}`),
  );
  return [...layTable(columns, rows, width), ...failed.flatMap((line) => hanging('', line, width))];
}
