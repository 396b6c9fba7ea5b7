import { advise } from '../core/advise.ts';
import { formatDuration, formatElapsed } from '../core/duration.ts';
import { formatCount } from '../core/format-count.ts';
import { shellWord } from '../core/shell-word.ts';
import { describeNetwork } from '../nn/describe-network.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import type { BestModel } from '../node/runs/run-directory.ts';
import type { BegunTraining } from '../node/runs/run-training.ts';
import { usualOf } from '../node/runs/usual-length.ts';
import { allRecipes } from '../recipes/registry.ts';
import { protocolValuesOf } from '../runs/protocol-kwargs.ts';
import type { Training } from '../train/training.ts';
import { describeProtocol } from '../wrappers/atari-protocol.ts';
import { fact, LABEL } from './fact.ts';

/* What `train` says of a training: before it, while nothing has been learned, and after it. */

/** A command, or another text that is to be copied: never broken. */
const typed = (label: string, text: string): string => `${label.padEnd(LABEL - 1)} ${text}`;

/** `58,000 frames`. @param unit in the plural. */
const units = (steps: number, unit: string): string =>
  `${formatCount(steps)} ${steps === 1 ? unit.slice(0, -1) : unit}`;

/**
 * What is going to be trained, said before anything is built.
 * @param asked the name that was asked for; undefined for the default recipe and for a run that is resumed.
 * @param unit of its training, in the plural.
 * @param seeds in words.
 */
export function describeRun(
  run: ResolvedRun,
  asked: string | undefined,
  unit: string,
  width: number,
  seeds = `seed ${run.seed}`,
): string[] {
  const recipe = allRecipes.find(({ id }) => id === run.recipe);
  const why =
    run.note ?? (asked === undefined || asked === run.recipe ? undefined : `The settings of ${asked} for ${run.env}.`);
  const kwargs = Object.entries(run.envKwargs).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const protocol = protocolValuesOf(run.config);
  return [
    ...fact('recipe', `${run.recipe}${recipe === undefined ? '' : `: ${recipe.title}`}`, width),
    ...(why === undefined ? [] : fact('', why, width)),
    ...fact('environment', [run.env, seeds, ...kwargs].join(', '), width),
    ...(run.actors === undefined ? [] : fact('actors', describeActors(run.actors), width)),
    ...(protocol === undefined ? [] : fact('protocol', describeProtocol(protocol), width)),
    ...describeEnd(run, unit, width),
    ...(recipe?.runShares === undefined ? [] : describeSchedules(run, unit, width)),
    ...describeUsual(run, unit).flatMap((text) => fact('takes', text, width)),
  ];
}

function describeActors({ actors, steps, lag, epsilonSpread }: NonNullable<ResolvedRun['actors']>): string {
  const age = lag === 0 ? 'the newest weights' : `weights ${units(lag, 'rounds')} old`;
  const spread = epsilonSpread === 0 ? '' : `, epsilon spread by ${epsilonSpread}`;
  return `${actors}, rounds of ${units(steps, 'steps')}, ${age}${spread}`;
}

function describeEnd({ config }: ResolvedRun, unit: string, width: number): string[] {
  const { rewardBound, rewardWindow, testEpisodes, maxSteps, maxIterations } = config as Readonly<
    Record<string, number | null | undefined>
  >;
  const limit = maxSteps ?? maxIterations;
  if (rewardBound == null) return limit == null ? [] : fact('ends', `after ${units(limit, unit)}`, width);
  const episodes = rewardWindow == null ? '' : ` of the last ${units(rewardWindow, 'episodes')}`;
  const tests = testEpisodes == null ? '' : ` of a test (${units(testEpisodes, 'episodes')})`;
  const within = limit == null ? '' : `, within ${units(limit, unit)}`;
  return fact('solved', `when the mean reward${episodes || tests} is above ${rewardBound}${within}`, width);
}

/** From where to where epsilon and learning rate go, and in how many steps of this run. */
function describeSchedules({ config }: ResolvedRun, unit: string, width: number): string[] {
  const { learningRate, learningRateFinal, learningRateDecaySteps } = config as Readonly<Record<string, number>>;
  const { epsilonStart, epsilonFinal, epsilonDecaySteps } = config as Readonly<Record<string, number>>;
  const { replay } = config as { readonly replay?: Readonly<Record<string, unknown>> };
  const { betaStart, betaFinal, betaSteps } = (replay ?? {}) as Readonly<Record<string, number | undefined>>;
  const all = [
    ['epsilon', epsilonStart, epsilonFinal, epsilonDecaySteps],
    ['learning rate', learningRate, learningRateFinal, learningRateDecaySteps],
    ['beta', betaStart, betaFinal, betaSteps],
  ] as const;
  const told = all.flatMap(([name, start, final, steps]) =>
    steps === undefined || start === final ? [] : [`${name} ${start} to ${final} over ${units(steps, unit)}`],
  );
  return told.length === 0 ? [] : fact('schedules', told.join(', '), width);
}

function describeUsual(run: ResolvedRun, unit: string): string[] {
  const usual = usualOf(run);
  if (usual === undefined) return [];
  const { steps, minutes, source } = usual;
  const page = 'measured' in source ? ` (${source.measured})` : '';
  return [`usually ${formatDuration(60 * minutes)}, ${units(steps, unit)}${page}`];
}

/** Over before another terminal is open. */
const isShort = (run: ResolvedRun): boolean => (usualOf(run)?.minutes ?? Number.POSITIVE_INFINITY) < 0.2;

/** What is being trained, once it is there. */
export function describeBegun(
  { path, run, training }: Pick<BegunTraining, 'path' | 'run' | 'training'>,
  width: number,
): string[] {
  const { network, table } = training;
  const folder = shellWord(path);
  return [
    ...(network === undefined ? [] : fact('network', describeNetwork(network), width)),
    ...(table === undefined
      ? []
      : fact('table', `${formatCount(table.nStates)} states x ${units(table.nActions, 'actions')}`, width)),
    typed('run', path),
    ...(isShort(run)
      ? []
      : [
          ...fact('watch', 'from another terminal:', width),
          `  ${advise(`play ${folder}`)}`,
          `  tensorboard --logdir ${folder}`,
        ]),
  ];
}

/** How a training stands that has ended or was stopped. */
export interface TrainingResult extends BegunTraining {
  /** Of the best model; undefined without one. */
  readonly best: BestModel | undefined;
  /** Of this process. */
  readonly seconds: number;
  /** Units done by this process. */
  readonly steps: number;
}

/** The last line: how it ended. */
export const lastLine = ({ end, step }: Training): string => end?.message ?? `Stopped at step ${step}.`;

/** A best model's score and when it was reached, as far as its file says. */
function scoreOf({ info }: BestModel): string {
  const { score, step } = info;
  const at = typeof step === 'number' ? `, at step ${formatCount(step)}` : '';
  return `${typeof score === 'number' ? score.toFixed(3) : 'not noted'}${at}`;
}

/** What was reached, and what can be typed next. */
export function describeOutcome(result: TrainingResult, width: number): string[] {
  const { path, run, training, unit, best, seconds, steps } = result;
  const bound = run.config['rewardBound'] as number | null | undefined;
  const against = bound == null ? '' : `, the bound is ${bound}`;
  const score = best === undefined ? 'none yet: no episode has ended' : `${scoreOf(best)}${against}`;
  const folder = shellWord(path);
  const next = [
    ...(training.end === undefined ? [`train --resume ${folder}`] : []),
    ...(best === undefined ? [] : [`play ${folder}`, `eval ${folder}`, `plot ${folder}`]),
  ];
  return [
    lastLine(training),
    ...fact('best reward', score, width),
    ...(best === undefined ? [] : [typed('best model', best.model)]),
    ...fact('trained', `${units(steps, unit)} in ${formatElapsed(seconds)}`, width),
    typed('run', path),
    ...(next.length === 0 ? [] : ['Next:']),
    ...next.slice(0, 3).map((args) => `  ${advise(args)}`),
  ];
}
