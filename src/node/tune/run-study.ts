import { BellmanError, MismatchError } from '../../core/errors.ts';
import { holds } from '../../tune/distribution.ts';
import type { Settings } from '../../tune/search-space.ts';
import type { Pruner, Sampler, Trial } from '../../tune/trial.ts';
import type { TrainingExecutor } from '../jobs/training-job.ts';
import type { JournalFile } from './journal-file.ts';
import type { StoredStudy, StudyTrial } from './journal-format.ts';
import { runTrial, type TrialEnd } from './run-trial.ts';
import { Slots } from './slots.ts';
import { directionOf, type StudySettings } from './study-settings.ts';
import { timeLeft } from './time-left.ts';

export type StudyEvent =
  | { readonly kind: 'begins' | 'resumes'; readonly number: number; readonly settings: Settings }
  | {
      readonly kind: 'ended';
      readonly number: number;
      readonly settings: Settings;
      readonly end: TrialEnd;
      /** Minutes of this program that it took. */
      readonly minutes: number;
    };

export interface StudyProgress {
  /** Trials that have ended, and that there are to be. */
  readonly done: number;
  readonly total: number;
  /** Of those that are tried. */
  readonly running: readonly { readonly number: number; readonly share: number }[];
  readonly best: StudyTrial | undefined;
  /** By how long the trials of this program took; undefined while little was tried, and for a study that ends by its time. */
  readonly secondsLeft: number | undefined;
}

export interface StudyOptions {
  readonly journal: JournalFile;
  /** The study in it. */
  readonly study: number;
  readonly settings: StudySettings;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;
  readonly executor: TrainingExecutor;
  /** Name of the folder of the runs, and the beginning of its jobs' names. */
  readonly name: string;
  /** Trials of the study at most, those that there are included. */
  readonly trials: number;
  /** No trial is begun after so many seconds. */
  readonly seconds: number | undefined;
  /** Refuses settings of a trial. @throws BellmanError in one line. */
  readonly check: (settings: Settings) => Promise<void>;
  readonly onEvent: (event: StudyEvent) => void;
  readonly onProgress: (progress: StudyProgress) => void;
  readonly stop: AbortSignal;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Trials that all fail before a study gives up. */
const HOPELESS = 5;

/** Marks trials that `runStudy` begins: the name of the folder of their runs. */
const RUNS = 'runs';

/** Whether `runStudy` began a trial: its runs have a folder of that name, wherever its file is now. */
const isOurs = ({ attributes }: StudyTrial): boolean =>
  typeof attributes[RUNS] === 'string' && /^\w[\w.-]*$/.test(attributes[RUNS]);

/** Name of a trial among the runs of a study. */
export const trialId = (name: string, number: number): string => `${name}/trial-${String(number).padStart(4, '0')}`;

/**
 * The best of the complete trials that have the study's keys and no others, with values of its space; undefined while there is none. Of
 * equal ones the first.
 */
export function bestOf(
  trials: readonly StudyTrial[],
  { objective, space }: Pick<StudySettings, 'objective' | 'space'>,
): StudyTrial | undefined {
  // Other programs may have tried something else, which the recipe may refuse: that is no setting of this study.
  const keys = Object.keys(space).sort().join();
  const isOfSpace = ({ settings }: StudyTrial): boolean =>
    Object.keys(settings).sort().join() === keys &&
    Object.entries(space).every(([key, distribution]) => holds(distribution, settings[key]));
  const sign = directionOf(objective) === 'maximize' ? 1 : -1;
  return trials.reduce<StudyTrial | undefined>(
    (best, trial) =>
      trial.value !== null && isOfSpace(trial) && (best?.value == null || sign * trial.value > sign * best.value)
        ? trial
        : best,
    undefined,
  );
}

/**
 * Tries settings until there are so many trials, or time is up. Trials that a program left are gone on with. A trial begins when there is
 * room that no begun one asks for; with one slot each trial knows all before it, and the study is the same however often it is broken off.
 * @returns the study as it then is. Rejects when nothing can be run or written any more, or the first trials all fail.
 */
export async function runStudy(options: StudyOptions): Promise<StoredStudy> {
  const { journal, settings, sampler, pruner, executor, stop, now = () => performance.now() } = options;
  const direction = directionOf(settings.objective);
  const keys = Object.keys(settings.space);
  const slots = new Slots(() => executor.slots);
  const begun = now();
  const running = new Map<number, number>();
  const halt = new AbortController();
  const stopped = AbortSignal.any([stop, halt.signal]);
  let failure: { readonly error: unknown } | undefined;
  let ended = 0;
  let resumed = 0;

  const study = (): StoredStudy => {
    const found = journal.read().find(({ id }) => id === options.study);
    if (found === undefined) throw new MismatchError(`The study in ${journal.path} was deleted.`);
    return found;
  };
  /** Those that tell something of this space: others may have tried more, or less. */
  const known = ({ trials }: StoredStudy): StudyTrial[] =>
    trials.filter(({ settings: tried, waiting }) => !waiting && keys.every((key) => Object.hasOwn(tried, key)));
  const progress = (): void => {
    const { trials } = study();
    const done = trials.filter(({ state }) => state !== 'running').length;
    const total = Math.max(done, options.trials);
    const shares = [...running].map(([number, share]) => ({ number, share }));
    const work = ended + shares.reduce((sum, { share }) => sum + share, 0);
    // What a resumed trial had before took no time of this program.
    const isKnown = options.seconds === undefined && (ended > 0 || resumed === 0);
    const left = total - done - shares.reduce((sum, { share }) => sum + share, 0);
    const secondsLeft = isKnown ? timeLeft((now() - begun) / 1000, work, left) : undefined;
    options.onProgress({ done, total, running: shares, best: bestOf(trials, settings), secondsLeft });
  };
  const prunes = (number: number): boolean => {
    if (pruner === undefined) return false;
    const trials = known(study());
    const trial = trials.find((one) => one.number === number);
    return trial !== undefined && pruner.prunes(trial, trials, direction);
  };
  const lastReport = ({ reports }: Trial): { step: number; value: number } | undefined => {
    const entry = [...reports].at(-1);
    return entry === undefined ? undefined : { step: entry[0], value: entry[1] };
  };

  const tryTrial = (trial: StudyTrial): Promise<void> => {
    const { number } = trial;
    const started = now();
    running.set(number, 0);
    const reported = lastReport(trial);
    const settle = async (end: TrialEnd): Promise<void> => {
      running.delete(number);
      if (end.kind !== 'stopped') {
        const value = end.kind === 'failed' ? null : end.value;
        await journal.endTrial(trial.id, end.kind, value, attributesOf(end));
        ended++;
      }
      options.onEvent({ kind: 'ended', number, settings: trial.settings, end, minutes: (now() - started) / 60_000 });
      if (end.kind === 'failed') giveUpWhenHopeless(study(), end.message);
      progress();
    };
    const work = {
      settings,
      chosen: trial.settings,
      id: trialId(String(trial.attributes[RUNS]), number),
      reported: reported?.step ?? 0,
      executor,
      slots,
      takesTurns: pruner !== undefined,
      report: async (step: number, value: number) => {
        await journal.report(trial.id, step, value);
        // At its end there is nothing to save.
        return step < settings.steps && prunes(number);
      },
      settle,
      onStep: (share: number) => running.set(number, share),
      stop: stopped,
    };
    // It was broken off between its last report and what that led to.
    const pruned = reported !== undefined && reported.step < settings.steps && prunes(number);
    return runTrial(pruned ? { ...work, over: { kind: 'pruned', ...reported } } : work);
  };

  const tasks = new Set<Promise<void>>();
  const start = (trial: StudyTrial): void => {
    const task = tryTrial(trial)
      .catch((error: unknown) => {
        failure ??= { error };
        halt.abort();
      })
      .finally(() => tasks.delete(task));
    tasks.add(task);
  };
  const look = (): void => {
    slots.refresh();
    progress();
  };
  const timer = setInterval(() => guard(look), 1000);
  const guard = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      failure ??= { error };
      halt.abort();
    }
  };
  try {
    for (const trial of study().trials) {
      if (trial.state !== 'running' || trial.waiting || !isOurs(trial)) continue;
      await roomOr(slots, stopped);
      if (stopped.aborted) break;
      resumed++;
      options.onEvent({ kind: 'resumes', number: trial.number, settings: trial.settings });
      start(trial);
    }
    const inTime = () => options.seconds === undefined || (now() - begun) / 1000 < options.seconds;
    for (;;) {
      await roomOr(slots, stopped);
      if (stopped.aborted || !inTime()) break;
      const number = await journal.createTrial(options.study, settings.space, (stored) => {
        const tried = stored.trials.filter(({ waiting }) => !waiting).length;
        if (tried >= options.trials) return undefined;
        const chosen = sampler.sample(settings.space, known(stored), stored.trials.length, direction);
        return { settings: chosen, attributes: { [RUNS]: options.name } };
      });
      if (number === undefined) break;
      const trial = study().trials[number];
      options.onEvent({ kind: 'begins', number, settings: trial.settings });
      const refusal = await refusalOf(options.check, trial.settings);
      if (refusal === undefined) {
        start(trial);
        continue;
      }
      const end: TrialEnd = { kind: 'failed', message: refusal };
      await journal.endTrial(trial.id, 'failed', null, attributesOf(end));
      options.onEvent({ kind: 'ended', number, settings: trial.settings, end, minutes: 0 });
      giveUpWhenHopeless(study(), refusal);
    }
    await Promise.all(tasks);
  } catch (error) {
    failure ??= { error };
    halt.abort();
    await Promise.all(tasks);
  } finally {
    clearInterval(timer);
  }
  if (failure !== undefined) throw failure.error;
  return study();
}

/** Resolves when there is room that nobody asks for, or there is a request to stop. */
async function roomOr(slots: Slots, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  let wake = () => {};
  const asked = new Promise<void>((resolve) => {
    wake = resolve;
  });
  stop.addEventListener('abort', wake);
  await Promise.race([slots.idle(), asked]);
  stop.removeEventListener('abort', wake);
}

async function refusalOf(
  check: (settings: Settings) => Promise<void>,
  settings: Settings,
): Promise<string | undefined> {
  try {
    await check(settings);
    return undefined;
  } catch (error) {
    if (error instanceof BellmanError) return error.message;
    throw error;
  }
}

/** @throws MismatchError where trial after trial has failed, and none did not. */
function giveUpWhenHopeless({ trials }: StoredStudy, message: string): void {
  const over = trials.filter(({ state }) => state !== 'running');
  if (over.length < HOPELESS || over.some(({ state }) => state !== 'failed')) return;
  throw new MismatchError(`The first ${over.length} trials failed, the last of them: ${message}`);
}

/** What a journal notes of a trial's end, for people and for Optuna's dashboard. */
function attributesOf(end: TrialEnd): Record<string, unknown> {
  if (end.kind === 'failed') return { error: end.message };
  if (end.kind !== 'complete') return {};
  const { seeds } = end;
  const round = (value: number | null) => (value === null ? null : Number(value.toPrecision(6)));
  const reached = seeds.filter((seed) => seed.reached === true).length;
  return {
    scores: Object.fromEntries(seeds.map(({ seed, score }) => [seed, round(score)])),
    steps: Object.fromEntries(seeds.map(({ seed, steps }) => [seed, steps])),
    minutes: round(seeds.reduce((sum, { minutes }) => sum + minutes, 0)),
    ...(seeds.some((seed) => seed.reached !== null) ? { reached: `${reached} of ${seeds.length} seeds` } : {}),
  };
}
