import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { formatTimeLeft } from '../core/duration.ts';
import { OptionError } from '../core/errors.ts';
import { printableJson } from '../core/printable.ts';
import { shellWord } from '../core/shell-word.ts';
import { readText } from '../node/files/atomic-file.ts';
import { kindOf, linkedFile, makeFolder } from '../node/files/folder.ts';
import { parseJsonFile } from '../node/files/parse-json-file.ts';
import { LocalExecutor } from '../node/jobs/local-executor.ts';
import { MOST_EPISODES, type TrainingExecutor } from '../node/jobs/training-job.ts';
import { writeRecipeFile } from '../node/runs/recipe-file.ts';
import { RunLock } from '../node/runs/run-lock.ts';
import { exitCodeOf, StopRequests } from '../node/runs/stop-requests.ts';
import { stepsOf } from '../node/suite/suite-table.ts';
import { JournalFile } from '../node/tune/journal-file.ts';
import type { StoredStudy, StudyTrial } from '../node/tune/journal-format.ts';
import { type Retrained, retrain, summaryOf } from '../node/tune/retrain.ts';
import { bestOf, runStudy } from '../node/tune/run-study.ts';
import { prunerOf, type SettledStudy, type StudyRequest, samplerOf, settleStudy } from '../node/tune/settle-study.ts';
import {
  directionOf,
  OBJECTIVES,
  type Objective,
  objectiveName,
  PRUNERS,
  type PrunerName,
  refuseOther,
  SAMPLERS,
  type SamplerName,
  SETTINGS,
  type StudySettings,
  studyIn,
} from '../node/tune/study-settings.ts';
import { timeLeft } from '../node/tune/time-left.ts';
import { tunedRecipe } from '../node/tune/tuned-recipe.ts';
import { parseSpace, spaceFromData } from '../tune/parse-space.ts';
import type { SearchSpace } from '../tune/search-space.ts';
import { codeAmong } from './code-among.ts';
import { examples, finiteNumber, jsonObject, keyValue, oneOf, wholeNumber } from './command.ts';
import {
  countsOf,
  describeBest,
  describeEvent,
  describeRetrained,
  describeStudy,
  plural,
  progressNote,
  worthText,
} from './describe-study.ts';
import { fact } from './fact.ts';
import { jobsThatFit } from './jobs-that-fit.ts';
import { leaveConnections } from './leave-connections.ts';
import { seedsOrCount } from './seed-list.ts';
import { complain, onOutputLost } from './standard-output.ts';
import { silentOutput, terminalOutput, textWidth } from './terminal.ts';
import { packageVersion } from './version.ts';

interface TuneOptions {
  readonly env?: string;
  readonly kwargs?: Record<string, unknown>;
  readonly set?: Record<string, unknown>;
  readonly space?: string[];
  readonly spaceFile?: string;
  readonly trials: number;
  readonly minutes?: number;
  readonly seeds?: number[];
  readonly steps?: number;
  readonly reward?: number;
  readonly objective?: Objective;
  readonly episodes?: number;
  readonly epsilon?: number;
  readonly sampler?: SamplerName;
  readonly samplerSeed?: number;
  readonly pruner?: PrunerName;
  readonly study?: string;
  readonly resume?: string;
  readonly out?: string;
  readonly retrainSeeds: number;
  readonly jobs?: number;
  readonly queue?: string | true;
  readonly device: string;
  readonly threads: number;
  readonly checkpointEvery: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[recipe]', 'recipe or algorithm whose settings are searched; none where --resume or --study has begun')
    .option(
      '--space <key=range...>',
      'what is searched: learningRate=1e-5..1e-3:log gamma=0.9,0.99 batchSize=16..256:int',
    )
    .option(
      '--space-file <file>',
      'the same as a JSON object: {"learningRate": "1e-5..1e-3:log", "gamma": [0.9, 0.99]}',
    )
    .option(
      '--trials <n>',
      'trials of the study, those that there are included',
      wholeNumber('--trials', 1, 100_000),
      50,
    )
    .option('--minutes <n>', 'begin no trial after so many minutes', finiteNumber('--minutes', 0))
    .option(
      '--seeds <list>',
      'seeds of each trial: how many, as 3, or which, as 0..4 (default: 3)',
      seedsOrCount('--seeds'),
    )
    .option('--steps <n>', "units of each training, at most (default: the recipe's)", wholeNumber('--steps', 1))
    .option(
      '--objective <name>',
      'score (of final models), or steps or minutes to the bound (default: score)',
      oneOf('--objective', OBJECTIVES),
    )
    .option('--reward <bound>', "the bound: a mean reward above this (default: the recipe's)", finiteNumber('--reward'))
    .option(
      '--episodes <n>',
      "whole episodes that score a final model; 0: the training's own mean (default: 30 for networks and score)",
      wholeNumber('--episodes', 0, MOST_EPISODES),
    )
    .option('--epsilon <p>', 'probability of a random action in them (default: 0.01)', finiteNumber('--epsilon', 0, 1))
    .option('--sampler <name>', `${SAMPLERS.join(', ')} (default: tpe)`, oneOf('--sampler', SAMPLERS))
    .option('--sampler-seed <n>', 'seed of what the sampler draws (default: 0)', wholeNumber('--sampler-seed'))
    .option(
      '--pruner <name>',
      `stops poor trials early: ${PRUNERS.join(', ')} (default: none)`,
      oneOf('--pruner', PRUNERS),
    )
    .option(
      '--study <file>',
      "the study, a journal of Optuna's; one that was begun is resumed (default: runs/tune-RECIPE.log)",
    )
    .option('--resume <file>', 'resume a study by its own settings')
    .option('--env <id>', "environment instead of the recipe's")
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--set <key=value>', "replace one of the recipe's values in all trials; repeatable", keyValue('--set'))
    .option('--out <file>', 'the best setting as a recipe (default: beside the study, STUDY-best.json)')
    .option(
      '--retrain-seeds <n>',
      'fresh seeds that compare it with the default, 0 for none',
      wholeNumber('--retrain-seeds', 0, 1000),
      5,
    )
    .option('--jobs <n>', 'trainings at the same time (default: what the cores hold)', wholeNumber('--jobs', 1))
    .option(
      '--queue [url]',
      'have the trials trained by the workers of a queue: redis://HOST or postgres://HOST/DATABASE (default: $BELLMAN_QUEUE)',
    )
    .option('--device <name>', 'where networks run: cpu, wasm, kernels, webgpu or cuda', 'cpu')
    .option('--threads <n>', 'threads for the networks of a training', wholeNumber('--threads', 1, 256), 1)
    .option('--checkpoint-every <seconds>', 'time between checkpoints', finiteNumber('--checkpoint-every', 0), 300)
    .option('--json', 'one JSON object at the end instead of text')
    .addHelpText(
      'after',
      examples(
        'bellman tune dqn-cart-pole --space learningRate=1e-4..1e-2:log gamma=0.95,0.98,0.99 --steps 30000',
        'bellman tune q-learning --env FrozenLake-v1 --space alpha=0.01..1:log --steps 100 --sampler sobol',
        'bellman tune dqn-cart-pole --reward 195 --objective steps --steps 30000 --pruner asha --trials 20',
        'bellman tune --resume runs/tune-dqn-cart-pole.log --trials 80',
        'bellman tune dqn-cart-pole --queue redis://localhost --jobs 8',
      ),
    )
    .action(tune);
}

async function tune(named: string | undefined, options: TuneOptions): Promise<void> {
  const { device, threads, trials, minutes, out: wanted } = options;
  if (wanted !== undefined && (kindOf(wanted) === 'folder' || kindOf(dirname(wanted)) !== 'folder')) {
    // Known before hours of trials, not after them.
    throw new OptionError('--out', wanted, 'a file, in a folder that is there');
  }
  const { path, recipe } = studyOf(named, options);
  const journal = new JournalFile(path);
  const before = studyIn(journal);
  if (before !== undefined && recipe === undefined) refuseCode(before.settings, path);
  if (before !== undefined)
    refuseOther(path, before.settings, { ...before.settings, ...plainlyAsked(recipe, options) });
  const settled = await settleStudy(
    requestOf(recipe ?? before?.settings.recipe, options, before?.settings),
    device,
    threads,
  );
  const { settings, networks } = settled;
  const unit = stepsOf(settled.unit);
  if (before !== undefined) refuseOther(path, before.settings, settings);
  const pruner = prunerOf(settings);
  const sampler = samplerOf(settings);
  const here = options.jobs ?? jobsThatFit(networks, threads);
  const silent = options.json === true;
  const output = silent ? silentOutput : terminalOutput(process.stdout);
  const width = textWidth(process.stdout);
  const say = (lines: readonly string[]): void => {
    for (const line of lines) output.line(line);
  };
  const folder = dirname(path);
  const folderName = nameOf(path);
  const runs = join(folder, folderName);
  makeFolder(runs);
  const lock = RunLock.acquire(runs);
  const stop = new AbortController();
  const requests = new StopRequests({ onStop: () => stop.abort() });
  onOutputLost(({ readerLeft, reason }) => {
    complain(`standard output: ${reason}. The study ${readerLeft ? 'stops, and can be resumed' : 'continues'}.`);
    process.exitCode ||= readerLeft ? exitCodeOf('SIGPIPE') : 1;
    if (readerLeft) stop.abort();
  });
  let executor: TrainingExecutor | undefined;
  let goesOn = false;
  try {
    executor =
      options.queue === undefined
        ? new LocalExecutor({
            ...{ folder, slots: here, device, threads },
            checkpointEverySeconds: options.checkpointEvery,
          })
        : await queueExecutor(options, options.queue, (line) => output.line(line));
    const { slots } = executor;
    const { id, attributes } = (studyIn(journal) ?? { study: await begin(journal, folderName, settings) }).study;
    const name = options.queue === undefined ? folderName : await nameInQueue(journal, id, folderName, attributes);
    const { retrainSeeds } = options;
    say(
      describeStudy({ settings, path, trials, minutes, retrainSeeds, slots, begun: before !== undefined, unit }, width),
    );
    if (options.queue !== undefined) {
      say([...fact('workers', 'of the same version, on any machine:', width), `  ${advise('worker')}`]);
    }
    goesOn = true;
    const study = await runStudy({
      ...{ journal, study: id, settings, sampler, pruner, executor, name, trials },
      seconds: minutes === undefined ? undefined : minutes * 60,
      check: async (chosen) => {
        await settled.check(chosen);
      },
      onEvent: (event) => say(describeEvent(event, settings, unit, width)),
      onProgress: (progress) => {
        lock.refresh();
        const shares = progress.running.reduce((sum, { share }) => sum + share, progress.done);
        output.progress(shares, progress.total, progressNote(progress, settings));
      },
      stop: stop.signal,
    });
    const best = bestOf(study.trials, settings);
    const out = options.out ?? join(folder, `${folderName}-best.json`);
    let retrained: readonly Retrained[] | undefined;
    if (best !== undefined) {
      await writeBest(out, settled, study, best);
      if (options.retrainSeeds > 0 && !stop.signal.aborted) {
        const retraining = performance.now();
        retrained = await retrain({
          settings,
          compared: [
            { name: 'found', folder: `found-${String(best.number).padStart(4, '0')}`, settings: best.settings },
            { name: 'default', folder: 'default', settings: {} },
          ],
          count: options.retrainSeeds,
          ...{ executor, name },
          window: Number((await settled.check(best.settings)).config['rewardWindow'] ?? 1),
          onProgress: (done, total, note) => {
            lock.refresh();
            const seconds = (performance.now() - retraining) / 1000;
            const left = timeLeft(seconds, done, total - done);
            output.progress(done, total, left === undefined ? note : `${formatTimeLeft(left, false)} | ${note}`);
          },
          stop: stop.signal,
        });
        if (retrained !== undefined) await journal.setStudyAttribute(id, RETRAINED, retrained.map(plainRetrained));
      }
    }
    output.close();
    if (silent) console.log(printableJson(summaryOfStudy(path, settings, study, best, best && out, retrained)));
    else say(endOf({ settings, study, best, out, path, unit, retrained, stopped: stop.signal.aborted }, width));
    if (requests.signal !== undefined) process.exitCode = exitCodeOf(requests.signal);
    else if (best === undefined) process.exitCode ||= 1;
  } catch (error) {
    output.close();
    if (goesOn) say(['', resumeWith(path)]);
    throw error;
  } finally {
    output.close();
    await executor?.close();
    requests.close();
    lock.release();
    if (options.queue !== undefined) leaveConnections();
  }
}

/** @throws OptionError for what the workers decide. */
async function queueExecutor(
  { jobs, device, threads }: TuneOptions,
  url: string | true,
  say: (line: string) => void,
): Promise<TrainingExecutor> {
  if (device !== 'cpu') throw new OptionError('--device', device, 'an option without --queue: each worker has its own');
  if (threads !== 1) throw new OptionError('--threads', threads, 'an option without --queue: each worker has its own');
  const { openQueueExecutor } = await import('../node/queue/open-queue-executor.ts');
  return await openQueueExecutor({ url: url === true ? undefined : url, version: packageVersion(), slots: jobs, say });
}

/** Attribute of a study: the name of its jobs in a queue, which other studies of the same file name do not have. */
const QUEUE_NAME = 'queue_name';

async function nameInQueue(
  journal: JournalFile,
  study: number,
  name: string,
  attributes: StoredStudy['attributes'],
): Promise<string> {
  const known = attributes[QUEUE_NAME];
  if (typeof known === 'string') return known;
  const made = `${name}-${randomBytes(4).toString('hex')}`;
  await journal.setStudyAttribute(study, QUEUE_NAME, made);
  return made;
}

/** Attribute of a study: what its best setting and the default came to with fresh seeds. */
const RETRAINED = 'retrained';

const begin = (journal: JournalFile, name: string, settings: StudySettings): Promise<StoredStudy> =>
  journal.createStudy(name, directionOf(settings.objective), { [SETTINGS]: settings }, objectiveName(settings));

/** The study's file, and the recipe where one is named. */
function studyOf(
  recipe: string | undefined,
  { study, resume, space }: TuneOptions,
): { readonly path: string; readonly recipe: string | undefined } {
  if (resume !== undefined && study !== undefined)
    throw new OptionError('--study', study, 'one of --study and --resume');
  const named = resume ?? study ?? (recipe === undefined ? undefined : join('runs', `tune-${plainName(recipe)}.log`));
  if (named === undefined) {
    const word = space?.find((text) => !text.includes('='));
    if (word !== undefined)
      throw new OptionError(
        '--space',
        word,
        'KEY=RANGE; the recipe stands before --space, which takes all words behind it',
      );
    throw new OptionError('recipe', recipe, 'a recipe whose settings are searched, or --resume with a study');
  }
  if (recipe === undefined && isEmpty(named)) {
    throw new OptionError(
      resume === undefined ? '--study' : '--resume',
      named,
      'a study that was begun; a new one needs a recipe',
    );
  }
  // Its folder and its locks have one name, whichever link leads to it.
  return { path: linkedFile(named), recipe };
}

/** @throws OptionError for a study that names code, which its file alone, maybe from elsewhere, must not start. */
function refuseCode({ recipe, env, set, space }: StudySettings, path: string): void {
  const choices = Object.values(space).flatMap((one) => (one.kind === 'choice' ? one.choices : []));
  const code = codeAmong([recipe, env, ...Object.values(set), ...choices]);
  if (code === undefined) return;
  throw new OptionError(
    '--resume',
    path,
    `a study without code of its own; name the recipe too, as this one runs ${code}`,
  );
}

/** Whether no study can be there: no file, or one without content. */
const isEmpty = (path: string): boolean =>
  kindOf(path) === undefined || (kindOf(path) === 'file' && statSync(path).size === 0);

/** What is compared before the rest is settled, which would speak of keys and ranges that the study's own recipe has, not this one. */
function plainlyAsked(recipe: string | undefined, { sampler }: TuneOptions): Partial<StudySettings> {
  return { ...(recipe === undefined ? {} : { recipe }), ...(sampler === undefined ? {} : { sampler }) };
}

const plainName = (name: string): string =>
  name
    .replace(/\.json$/i, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+/, '');

/** Of the folder of a study's runs, beside its file. */
function nameOf(path: string): string {
  const [file, ending] = [basename(path), extname(path)];
  const stem = plainName(ending === '' ? file : file.slice(0, -ending.length)) || 'study';
  return stem === file ? `${stem}-runs` : stem;
}

/** The command line's words, then those of a study that was begun. */
function requestOf(recipe: string | undefined, options: TuneOptions, begun: StudySettings | undefined): StudyRequest {
  if (recipe === undefined) throw new OptionError('recipe', recipe, 'a recipe, as the study has not begun');
  const { env, kwargs, set, seeds, steps, reward, objective, episodes, epsilon, sampler, samplerSeed, pruner } =
    options;
  const { maxSteps: _, maxIterations: __, rewardBound, ...plain } = begun?.set ?? {};
  const set0 = begun !== undefined && saidBound(begun) ? { ...plain, rewardBound } : plain;
  return {
    recipe,
    env: env ?? begun?.env,
    kwargs: kwargs ?? begun?.kwargs,
    set: set ?? set0,
    space: spaceOf(options) ?? begun?.space,
    objective: objective ?? begun?.objective,
    reward: reward ?? begun?.bound ?? undefined,
    steps: steps ?? begun?.steps,
    seeds: seeds ?? begun?.seeds,
    episodes: episodes ?? (begun === undefined ? undefined : (begun.evaluation?.episodes ?? 0)),
    epsilon: epsilon ?? begun?.evaluation?.epsilon,
    sampler: sampler ?? begun?.sampler,
    samplerSeed: samplerSeed ?? begun?.samplerSeed,
    pruner: pruner ?? begun?.pruner,
    version: packageVersion(),
  };
}

/** Whether `--set` said the bound of the trainings, which is the objective's else. */
const saidBound = ({ set, objective, bound }: StudySettings): boolean =>
  'rewardBound' in set && (bound === null || (objective === 'score' && set['rewardBound'] !== null));

function spaceOf({ space, spaceFile }: TuneOptions): SearchSpace | undefined {
  if (space !== undefined && spaceFile !== undefined) {
    throw new OptionError('--space-file', spaceFile, 'one of --space and --space-file');
  }
  if (space !== undefined) return parseSpace(space);
  if (spaceFile === undefined) return undefined;
  const text = readText(spaceFile, 'Check the path.', 1 << 20);
  return spaceFromData(parseJsonFile(text, spaceFile, 'It holds a space: {"learningRate": "1e-5..1e-3:log"}.'));
}

/** Writes the best setting as a recipe, with the bound that the recipe has by itself. */
async function writeBest(
  out: string,
  { settings, check }: SettledStudy,
  study: StoredStudy,
  best: StudyTrial,
): Promise<void> {
  const run = await check(best.settings);
  const bound = 'rewardBound' in run.config ? { rewardBound: settings.bound } : {};
  const tried = study.trials.filter(({ state }) => state !== 'running').length;
  const worth = worthText(settings.objective, best.value!, settings.objective === 'steps' ? 'steps' : '');
  writeRecipeFile(out, tunedRecipe({ ...run, config: { ...run.config, ...bound } }, settings, best, tried, worth));
}

interface StudyEnd {
  readonly settings: StudySettings;
  readonly study: StoredStudy;
  readonly best: StudyTrial | undefined;
  readonly out: string;
  readonly path: string;
  readonly unit: string;
  readonly retrained: readonly Retrained[] | undefined;
  readonly stopped: boolean;
}

function endOf({ settings, study, best, out, path, unit, retrained, stopped }: StudyEnd, width: number): string[] {
  const lines = ['', `${plural(study.trials.length, 'trial')}: ${countsOf(study.trials) || 'none begun'}.`];
  if (best === undefined) {
    const over = study.trials.some(({ state }) => state !== 'running');
    return [...lines, ...(over ? ['No trial has a value, so there is no best.'] : []), resumeWith(path)];
  }
  lines.push(...describeBest(best, settings, unit, width));
  const missed = settings.objective !== 'score' && String(best.attributes['reached']).startsWith('0 ');
  if (missed)
    lines.push('No trial reached the bound: more --steps, a lower --reward, or --objective score may tell more.');
  if (retrained !== undefined) lines.push('', ...describeRetrained(retrained, settings, unit, width));
  lines.push('');
  if (stopped) lines.push(resumeWith(path));
  lines.push(`Recipe ${out}: ${advise(`train ${shellWord(out)}`)}`, `Pictures: ${advise(`plot ${shellWord(path)}`)}`);
  return lines;
}

const resumeWith = (path: string): string => `Resume with: ${advise(`tune --resume ${shellWord(path)}`)}`;

const plainRetrained = (one: Retrained) => ({
  name: one.name,
  settings: one.settings,
  runs: one.runs,
  failed: one.failed,
});

function summaryOfStudy(
  path: string,
  settings: StudySettings,
  { trials }: StoredStudy,
  best: StudyTrial | undefined,
  recipe: string | undefined,
  retrained: readonly Retrained[] | undefined,
): Record<string, unknown> {
  const of = (state: StudyTrial['state']) => trials.filter((trial) => trial.state === state).length;
  return {
    study: path,
    objective: settings.objective,
    trials: { complete: of('complete'), pruned: of('pruned'), failed: of('failed'), unfinished: of('running') },
    best: best === undefined ? null : { number: best.number, value: best.value, settings: best.settings, recipe },
    retrained: retrained?.map((one) => ({ ...plainRetrained(one), ...summaryOf(one) })) ?? null,
  };
}
