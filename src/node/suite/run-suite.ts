import { join } from 'node:path';
import { loadAlgorithm } from '../../algorithms/registry.ts';
import { gameOfAtariId } from '../../atari/atari-ids.ts';
import { MismatchError } from '../../core/errors.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { type ProtocolValues, protocolWith } from '../../wrappers/atari-protocol.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolder } from '../files/folder.ts';
import {
  type Broken,
  EVALUATION_SEED,
  LENGTHS,
  type PlayedModel,
  playFinalModel,
  trainToEnd,
} from '../jobs/advance-run.ts';
import { type RunChild, workWithChildren } from '../runs/child-programs.ts';
import { namesPython } from '../runs/import-environment.ts';
import { type ResolvedRun, resolveRun } from '../runs/resolve-run.ts';
import { RunLock } from '../runs/run-lock.ts';
import { type RunStatus, readStatus } from '../runs/run-status.ts';
import type { StopSignal } from '../runs/stop-requests.ts';
import { publishedColumns } from './published-columns.ts';
import { memberOf, readScore, type SuiteMember, writeScore } from './suite-member.ts';
import { continueSuite, readSuite, type SuiteSettings, writeSuite } from './suite-settings.ts';
import { type OtherScores, type SuiteScore, type SuiteTable, suiteTable, tableMarkdown } from './suite-table.ts';

/** The table in a suite's folder. */
export const TABLE_TEXT = 'table.md';
export const TABLE_DATA = 'table.json';

/** Something that happened to a run. */
export type SuiteEvent =
  | { readonly kind: 'begins' | 'scores'; readonly member: SuiteMember }
  | { readonly kind: 'resumes'; readonly member: SuiteMember; readonly step: number }
  | { readonly kind: 'scored'; readonly member: SuiteMember; readonly score: SuiteScore }
  | { readonly kind: 'stopped'; readonly member: SuiteMember; readonly step: number | undefined }
  | { readonly kind: 'failed'; readonly member: SuiteMember; readonly message: string };

export interface SuiteOptions {
  readonly folder: string;
  readonly settings: SuiteSettings;
  /** What `checkSuite` gave for them: a run of each game. */
  readonly runs: readonly ResolvedRun[];
  readonly device: string;
  readonly threads: number;
  /** Runs at the same time; default what the cores hold is the caller's to know. */
  readonly jobs: number;
  readonly checkpointEverySeconds: number;
  /** Published scores for the table (`columnsFor`). */
  readonly columns: readonly OtherScores[];
  readonly onEvent: (event: SuiteEvent) => void;
  /** Called from time to time with the runs that are at it and what they last said. */
  readonly onProgress: (done: number, running: readonly RunningMember[]) => void;
  readonly stop?: AbortSignal | undefined;
}

export interface RunningMember {
  readonly member: SuiteMember;
  /** Undefined before its first. */
  readonly status: RunStatus | undefined;
}

export interface SuiteOutcome {
  readonly table: SuiteTable;
  /** It as Markdown, with the columns that were asked for. */
  readonly text: string;
  readonly failed: number;
  readonly stoppedBy: StopSignal | undefined;
}

/** The settings of a suite made into a run of each game, at its first seed: everything that can be refused is, before anything is
 * trained. @throws BellmanError in one line, for a game without its cartridge say. */
export async function checkSuite(settings: SuiteSettings, device: string, threads?: number): Promise<ResolvedRun[]> {
  const runs: ResolvedRun[] = [];
  for (const env of settings.games) {
    const request = {
      recipe: settings.recipe,
      env,
      envKwargs: settings.kwargs,
      seed: settings.seeds[0],
      device,
      threads,
    };
    const { config } = await resolveRun({ ...request, set: settings.set });
    const run = await resolveRun({ ...request, set: { ...settings.set, ...lengthOf(config, settings) } });
    // Python starts a process; it says what it has to say when it trains.
    if (!namesPython(env)) makeFromKwargs(env, run.envKwargs).close?.();
    runs.push(run);
  }
  return runs;
}

/** Columns of published scores for the table of a suite.
 * @param runs of `checkSuite`. @throws MismatchError where they do not compare. */
export function columnsFor(
  ids: readonly string[],
  settings: SuiteSettings,
  runs: readonly ResolvedRun[],
): OtherScores[] {
  if (ids.length === 0) return [];
  const game = runs.find(({ env }) => gameOfAtariId(env) !== undefined);
  const { preprocessing, maxSteps } = (game?.config ?? {}) as {
    readonly preprocessing?: Partial<ProtocolValues>;
    readonly maxSteps?: number;
  };
  const { stickyActions, noopMax, fireReset, frameSkip } = preprocessing ?? {};
  const seen =
    frameSkip !== undefined && noopMax !== undefined && fireReset !== undefined && stickyActions !== undefined;
  const own = seen ? protocolWith({ stickyActions, noopMax, fireReset, frameSkip }) : undefined;
  const frames = frameSkip === undefined || maxSteps === undefined ? undefined : maxSteps * frameSkip;
  return publishedColumns(ids, { protocol: settings.evaluation.protocol ?? own, frames });
}

/** Values that make each training as long as the suite says: no bound ends one early, unless `set` asks for it. */
function lengthOf(
  config: Readonly<Record<string, unknown>>,
  { steps, set, recipe }: SuiteSettings,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  if ('rewardBound' in config && !('rewardBound' in set)) values['rewardBound'] = null;
  if (steps === null) return values;
  const key = LENGTHS.find((name) => name in config);
  if (key === undefined)
    throw new MismatchError(`--steps: ${recipe} has neither ${LENGTHS.join(' nor ')}. --set says how long it trains.`);
  return { ...values, [key]: steps };
}

/** Milliseconds between looks at what runs. */
const LOOK_MS = 1000;

/**
 * Trains and scores the runs of a suite that are not done, and writes the table after each. What is broken off goes on where it was.
 * @throws MismatchError when the folder was begun with other settings, or another program works on it.
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteOutcome> {
  const { folder, jobs, runs, columns, onEvent, onProgress, stop } = options;
  const begun = readSuite(folder);
  const settings = begun === undefined ? options.settings : continueSuite(folder, begun, options.settings);
  const configs = new Map(settings.games.map((env, i) => [env, runs[i]]));
  const { unit } = await loadAlgorithm(runs[0].algorithm);
  makeFolder(folder);
  const lock = RunLock.acquire(folder);
  const running = new Set<SuiteMember>();
  const members = settings.seeds.flatMap((seed) => settings.games.map((env) => memberOf(folder, env, seed)));
  const scores = new Map<SuiteMember, SuiteScore>();
  let failed = 0;
  const look = setInterval(() => {
    lock.refresh();
    onProgress(
      scores.size,
      [...running].map((member) => ({ member, status: readStatus(member.run) })),
    );
  }, LOOK_MS);
  try {
    writeSuite(folder, settings);
    for (const member of members) {
      const score = readScore(member);
      if (score !== undefined) scores.set(member, score);
    }
    const tableNow = () => suiteTable(settings, [...scores.values()]);
    const write = (): SuiteTable => {
      const table = tableNow();
      writeFileAtomic(join(folder, TABLE_DATA), `${JSON.stringify(table, null, 2)}\n`);
      writeFileAtomic(join(folder, TABLE_TEXT), tableMarkdown(table, columns));
      return table;
    };
    write();
    const stoppedBy = await workWithChildren({
      items: members.filter((member) => !scores.has(member)),
      jobs,
      stop,
      work: async (member, run) => {
        running.add(member);
        const result = await advance(member, configs.get(member.env)!, unit, settings, options, run);
        running.delete(member);
        if (result.kind === 'failed') failed++;
        if (result.kind === 'scored') scores.set(member, result.score);
        if (result.kind === 'scored') write();
        onEvent(result);
      },
    });
    const table = write();
    return { table, text: tableMarkdown(table, columns), failed, stoppedBy };
  } finally {
    clearInterval(look);
    lock.release();
  }
}

type End = Extract<SuiteEvent, { readonly kind: 'scored' | 'stopped' | 'failed' }>;

/** Brings one run to its score. */
async function advance(
  member: SuiteMember,
  config: ResolvedRun,
  unit: string,
  settings: SuiteSettings,
  options: SuiteOptions,
  run: RunChild,
): Promise<End> {
  const { onEvent, stop } = options;
  const ended = (broken: Broken): End => ({ member, ...broken });
  const broken = await trainToEnd({
    place: member,
    seed: member.seed,
    run,
    trainingArguments: (next) => trainingArguments(next, member, config, settings, options),
    onTraining: (next, step) =>
      onEvent(next === 'begin' ? { kind: 'begins', member } : { kind: 'resumes', member, step }),
    stop,
  });
  if (broken !== undefined) return ended(broken);
  onEvent({ kind: 'scores', member });
  const end = await playFinalModel(member, run, (model) => evaluationArguments(model, member, settings));
  if (end.kind !== 'played') return ended(end);
  const { step } = readStatus(member.run)!;
  const { preprocessing } = config.config as { readonly preprocessing?: { readonly frameSkip?: number } };
  const { returns } = end.played;
  const score = writeScore(member, {
    step,
    unit,
    frames: preprocessing?.frameSkip === undefined ? null : step * preprocessing.frameSkip,
    protocol: conditionsOf(end.played),
    returns,
  });
  return { kind: 'scored', member, score };
}

/** Everything that makes scores comparable or not. */
const CONDITIONS = ['protocol', 'stickyActions', 'noops', 'fireReset', 'frameSkip', 'epsilon', 'episodes', 'maxSteps'];

const conditionsOf = (played: PlayedModel): Record<string, unknown> =>
  Object.fromEntries(CONDITIONS.flatMap((key) => (played[key] === undefined ? [] : [[key, played[key]]])));

function trainingArguments(
  next: 'begin' | 'resume',
  { run, env, seed }: SuiteMember,
  config: ResolvedRun,
  settings: SuiteSettings,
  { device, threads, checkpointEverySeconds }: SuiteOptions,
): string[] {
  const machine = ['--device', device, '--threads', `${threads}`];
  const usual = [...machine, '--keep-last', '--checkpoint-every', `${checkpointEverySeconds}`, '--json'];
  if (next === 'resume') return ['train', '--resume', run, ...usual];
  const values = { ...settings.set, ...lengthOf(config.config, settings) };
  const set = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
  const environment = ['--env', env, '--kwargs', JSON.stringify(settings.kwargs)];
  return ['train', settings.recipe, ...environment, ...set, '--seed', `${seed}`, '--run', run, ...usual];
}

function evaluationArguments(model: string, { env, seed }: SuiteMember, { evaluation }: SuiteSettings): string[] {
  const { episodes, epsilon, protocol } = evaluation;
  const played = ['--episodes', `${episodes}`, '--epsilon', `${epsilon}`, '--seed', `${EVALUATION_SEED + seed}`];
  const conditions = protocol === null || gameOfAtariId(env) === undefined ? [] : ['--protocol', protocol];
  return ['eval', model, ...played, ...conditions, '--json'];
}
