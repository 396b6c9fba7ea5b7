import { extname } from 'node:path';
import { loadAlgorithm } from '../../algorithms/registry.ts';
import { advise } from '../../core/advise.ts';
import { BellmanError, DivergenceError, MismatchError, WriteError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { LineOutput } from '../../log/console.ts';
import { restoreTraining } from '../../runs/restore-training.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { ActorsStopped } from '../../train/actors/actors-stopped.ts';
import { BarText } from '../../train/bar-text.ts';
import { type ExportedModel, type Training, type TrainingObserver, train } from '../../train/training.ts';
import { multiples } from '../../train/update-schedule.ts';
import { systemClock } from '../files/clock.ts';
import { kindOf } from '../files/folder.ts';
import { makeCodeMark } from './code-mark.ts';
import { type ActorPlaces, createTraining } from './create-training.ts';
import { watchForEarlyExit } from './early-exit.ts';
import { namesPython } from './import-environment.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { ProgressLines } from './progress-lines.ts';
import { deviceFor, fromJson, hyperparametersOf, type ResolvedRun, toJson } from './resolve-run.ts';
import { createRun, openRun, type RunDirectory } from './run-directory.ts';
import { bestFileName, stepFileName } from './run-layout.ts';
import type { RunProgress, RunStatus } from './run-status.ts';
import { exitCodeOf, StopRequests, type StopSignal } from './stop-requests.ts';
import { StrayErrors } from './stray-errors.ts';
import { usualOf } from './usual-length.ts';

export interface RunTrainingOptions {
  /** A run to begin; or one to resume, by its folder, or by a checkpoint alone, which goes on in a run of its own. */
  readonly start:
    | { readonly run: ResolvedRun; readonly path?: string | undefined }
    | {
        readonly resume: string;
        /** Folder of the run that a checkpoint goes on in. Default: a numbered one under `runs/`. */
        readonly path?: string | undefined;
        /** Whether code that the folder names may run where this user did not begin the run on this machine. Default false. */
        readonly allowCode?: boolean | undefined;
        /** Instead of the run's, for this process alone. */
        readonly device?: string | undefined;
        readonly threads?: number | undefined;
        readonly reward?: number | undefined;
      };
  readonly version: string;
  /** The command line, noted in `config.json`. */
  readonly command: string;
  readonly output: LineOutput;
  readonly checkpointEveryMs: number;
  /** Keeps the model each time so many units are done, to be measured later; without it only the best one is kept. */
  readonly snapshotEvery?: number | undefined;
  /** Keeps the model of each new best too, named by its score, in `models/`. */
  readonly keepBest?: boolean | undefined;
  /** Keeps the model that the training ends with, in `models/`, named by its step: there when the run counts as ended. */
  readonly keepLast?: boolean | undefined;
  /** Says, and logs, where the training stands each time so many units are done. */
  readonly logEvery?: number | undefined;
  /** Films a test episode each time so many units are done, into `videos/`. */
  readonly recordEvery?: number | undefined;
  /** Called when the training is there, before its first unit; of a resumed one after the lines that
   * say so. Says the run's `note` itself. */
  readonly begun?: (begun: BegunTraining) => void;
  /** Ends after so many units of this process, with the training unfinished. */
  readonly stopAfter?: number | undefined;
  /** Asks to save and end, as a signal to the process does. */
  readonly stop?: AbortSignal | undefined;
  /** Where actors play. */
  readonly places?: ActorPlaces | undefined;
}

const OPTIONS: OptionNames<RunTrainingOptions> = {
  ...{ start: true, version: true, command: true, output: true },
  ...{ checkpointEveryMs: true, snapshotEvery: true, keepBest: true, keepLast: true },
  ...{ logEvery: true, recordEvery: true, begun: true },
  ...{ stopAfter: true, stop: true, places: true },
};

/** Programs that watch see where a training stands this often. */
const NOTE_EVERY_MS = 2000;

export interface BegunTraining {
  /** Folder of the run. */
  readonly path: string;
  readonly run: ResolvedRun;
  readonly training: Training;
  /** What a unit of it is called, in the plural. */
  readonly unit: string;
}

export interface TrainingOutcome extends BegunTraining {
  /** The signal that stopped it, if one did; `SIGPIPE` where nobody reads any more. */
  readonly stoppedBy: StopSignal | undefined;
}

/**
 * Trains in a run directory until the training ends or a signal stops it, and leaves a checkpoint of where it stands.
 * Interrupting twice gives up at once; a terminal that hangs up counts once.
 * @throws BellmanError with one clear line for anything that the user can put right.
 */
export async function runTraining(options: RunTrainingOptions): Promise<TrainingOutcome> {
  checkOptionNames(options, OPTIONS);
  const { output } = options;
  const stopping = new AbortController();
  const { directory, run, training, resumed } = await begin({
    ...options,
    places: toldPlaces(options, stopping.signal),
  });
  const first = training.step;
  let saved = resumed ?? null;
  const { unit } = await loadAlgorithm(run.algorithm);
  options.begun?.({ path: directory.path, run, training, unit });
  const started = new Date(systemClock()).toISOString();
  const note = (state: RunStatus['state'], message: string | null = null, durable = true): void => {
    const updated = new Date(systemClock()).toISOString();
    const { step, maxSteps } = training;
    const progress = progressAt(step);
    directory.saveStatus(
      { state, message, step, saved, maxSteps, started, updated, pid: process.pid, progress },
      durable,
    );
    noted = now();
  };
  const unwatchExit = watchForEarlyExit(() => {
    const left = whatIsLeft(saved, directory.path);
    const message = `Code that is not bellman's ended the process after step ${training.step}: by process.exit(), or with a promise that nothing settles. ${left}`;
    try {
      note('failed', message);
    } catch {
      // A full disk, or a run that another program has taken.
    }
    directory.close();
    return message;
  });
  const requests = new StopRequests({
    abort: options.stop,
    onStop: () => stopping.abort(),
    onGiveUp: (signal) => {
      unwatchExit();
      output.close();
      process.exit(exitCodeOf(signal));
    },
  });
  const save = () => {
    directory.saveCheckpoint(training.step, run.algorithm, training.saveState());
    saved = training.step;
    note('running');
  };
  const bound = (run.config['rewardBound'] ?? null) as number | null;
  const { maxSteps } = training;
  const now = () => performance.now();
  const usual = usualOf(run);
  const bar = new BarText({ unit, usual, maxSteps, bound, first, now });
  let noted = now();
  const progressAt = (step: number): RunProgress => {
    const { estimate, speed = null } = bar.facts(step);
    const { seconds: secondsLeft = null, atMost } = estimate;
    const known = { bound, usualSteps: usual?.steps ?? null, reward: bar.reward ?? null };
    return { unit, speed, secondsLeft, atMost, ...known, note: training.status() };
  };
  const say = (text: string): void => {
    directory.line(text);
    output.line(text);
  };
  const told: TrainingObserver = {
    scalars: (step, values) => {
      directory.log.scalars(step, values);
      bar.addScalars(step, values);
    },
    line: (text) => say(text),
    best: (score) => {
      const { content, fileName } = training.exportModel();
      directory.saveBest(content, { score, step: training.step, env: run.env, recipe: run.recipe }, fileName);
      if (options.keepBest === true) directory.keepModel(content, bestFileName(score, extname(fileName)));
    },
  };
  const lines = options.logEvery === undefined ? undefined : new ProgressLines();
  const observer = lines?.heard(told) ?? told;
  const strays = new StrayErrors();
  try {
    note('running');
    const { stopAfter, snapshotEvery, recordEvery, logEvery } = options;
    let before = first;
    let tried = resumed !== undefined;
    const afterUnit = () => {
      // Found out now, not at the first checkpoint, when there is something to lose.
      if (!tried) trySaving(training, run);
      tried = true;
      strays.check(() => {
        save();
        return `The run is saved at step ${training.step}.`;
      });
      const now = training.step;
      // A unit may be many steps: one model for all multiples that were passed.
      const passed = (every: number | undefined) => every !== undefined && multiples(every, before, now) > 0;
      const [keeps, films] = [passed(snapshotEvery), passed(recordEvery)];
      if (lines !== undefined && passed(logEvery)) {
        const { line, scalars } = lines.take(now, training.status());
        say(line);
        if (Object.keys(scalars).length > 0) directory.log.scalars(now, scalars);
      }
      before = now;
      if (!keeps && !films) return undefined;
      const model = training.exportModel();
      if (keeps) directory.keepModel(model.content, stepFileName(now, extname(model.fileName)));
      return films ? filmed(model, now) : undefined;
    };
    const filmed = async (model: ExportedModel, step: number) => {
      const { recordTestEpisode } = await import('./record-test-episode.ts');
      const { file, totalReward } = await recordTestEpisode(model, run, step, directory.videosPath);
      say(`${step}: filmed a test episode, reward ${totalReward.toFixed(2)}: ${file}`);
    };
    await train(training, {
      observer,
      afterUnit,
      shouldStop: () =>
        requests.signal !== undefined || (stopAfter !== undefined && training.step - first >= stopAfter),
      checkpoint: save,
      checkpointEveryMs: options.checkpointEveryMs,
      progress: () => {
        const { total, text } = bar.at(training.step, training.status());
        output.progress(training.step, total, text);
        if (now() - noted < NOTE_EVERY_MS) return;
        try {
          note('running', null, false);
        } catch (error) {
          // The disk may have room again when it matters.
          if (!(error instanceof WriteError)) throw error;
        }
      },
      now,
      yieldToEvents: () => {
        directory.refresh();
        return new Promise((resolve) => setImmediate(resolve));
      },
    }).catch((error: unknown) => {
      // A round that nobody plays is left where the training is to stop: it stands where it stood before.
      if (!(error instanceof ActorsStopped)) throw error;
    });
    save();
    if (options.keepLast === true && training.end !== undefined) {
      const { content, fileName } = training.exportModel();
      directory.keepModel(content, stepFileName(training.step, extname(fileName)));
    }
    // Behind what the checkpoint counts: the line goes when the run does, as it is none of a run that was never stopped.
    if (training.end === undefined) training.reportUnfinished?.(observer);
    note(...statusAtEnd(training));
    return { path: directory.path, run, training, unit, stoppedBy: requests.signal };
  } catch (error) {
    try {
      if (training.untouched === true) save();
    } catch {
      // A full disk: the error itself says more.
    }
    try {
      note('failed', describeError(error));
    } catch {
      // A full disk, or a run that another program has taken: the error itself says more.
    }
    // What diverged goes the same way again from its last checkpoint.
    if (!(error instanceof DivergenceError) || saved === null) output.line(whatIsLeft(saved, directory.path));
    throw error;
  } finally {
    unwatchExit();
    requests.close();
    strays.close();
    directory.close();
  }
}

/** @throws MismatchError where a part of the training, mostly its environment, has no working `saveState`. */
function trySaving(training: Training, run: ResolvedRun): void {
  try {
    encodeCheckpoint(training.saveState(), { kind: run.algorithm, version: '', step: training.step }, () => 0);
  } catch (error) {
    if (error instanceof BellmanError) throw error;
    throw new MismatchError(
      `The training cannot be saved: ${describeError(error)}. Environments need saveState() and restoreState(state); ${advise(`doctor ${shellWord(run.env)}`)} checks them.`,
    );
  }
}

/** What an error in the middle of a step leaves of a run: only between steps can a training be saved. */
const whatIsLeft = (saved: number | null, path: string): string =>
  saved === null
    ? 'The run has no checkpoint yet.'
    : `The last checkpoint is of step ${saved}: ${advise(`train --resume ${shellWord(path)}`)} resumes there.`;

function statusAtEnd({ end, step }: Training): [state: RunStatus['state'], message: string] {
  if (end === undefined) return ['stopped', `Stopped at step ${step}.`];
  return [end.solved === true ? 'solved' : 'ended', end.message];
}

const describeError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

const NEW_EPISODES = 'Python cannot save an episode: those that were running count as truncated, and new ones begin.';

/** Where actors play, with this training's requests to stop and its lines. */
function toldPlaces({ places, output }: RunTrainingOptions, stop: AbortSignal): ActorPlaces | undefined {
  if (places?.queue === undefined) return places;
  const onTrouble = (message = 'The queue answers again.') => output.line(message);
  return { ...places, queue: { ...places.queue, stop, onTrouble } };
}

interface Begun {
  readonly directory: RunDirectory;
  readonly run: ResolvedRun;
  readonly training: Training;
  /** Step of the checkpoint that the run goes on from. Not the checkpoint: it would stay in memory for hours, with a whole replay. */
  readonly resumed: number | undefined;
}

async function begin({
  start,
  version,
  command,
  output,
  recordEvery,
  begun,
  places,
}: RunTrainingOptions): Promise<Begun> {
  const check = async (run: ResolvedRun) => {
    if (recordEvery !== undefined) (await import('./record-test-episode.ts')).checkDraws(run);
  };
  if ('run' in start) {
    const { run, path } = start;
    await check(run);
    // Built before the folder is made: what cannot train leaves nothing behind.
    const training = await createTraining(run, places);
    const name = `${run.recipe}-seed${run.seed}`;
    const codeMark = makeCodeMark(run);
    const config = { ...toJson(run, version, command), ...(codeMark === undefined ? {} : { codeMark }) };
    const directory = createRun({ config, version, path, name });
    directory.logHyperparameters(hyperparametersOf(run));
    if (run.note !== undefined && begun === undefined) output.line(run.note);
    return { directory, run, training, resumed: undefined };
  }
  const kind = kindOf(start.resume);
  const isFile = kind === 'file' || (kind === undefined && start.resume.endsWith('.bck'));
  const opened = isFile
    ? openCheckpoint(start.resume, { version, path: start.path })
    : openRun(start.resume, { version });
  let training: Training | undefined;
  try {
    const saved = await fromJson(opened.config, start.resume, start.allowCode);
    const { threads = saved.threads, reward } = start;
    const device = await deviceFor(await loadAlgorithm(saved.algorithm), start.device ?? saved.device);
    const bound = reward === undefined ? {} : { rewardBound: reward };
    const run = { ...saved, device, threads, config: { ...saved.config, ...bound } };
    await check(run);
    training = await createTraining(run, places);
    const { checkpoint } = opened;
    if (checkpoint !== undefined)
      restoreTraining(training, checkpoint, run.algorithm, opened.checkpointPath ?? start.resume);
    // What ended by the old bound, or would have, goes on to the new one.
    if (reward !== undefined && training.step < training.maxSteps) training.reopen?.();
    const directory = opened.begin();
    // The logs of a run without a checkpoint begin anew, as do those of a checkpoint without its run.
    if (checkpoint === undefined || isFile) directory.logHyperparameters(hyperparametersOf(saved));
    for (const note of opened.notes) output.line(note);
    const first = checkpoint === undefined ? ': it has no checkpoint yet' : '';
    output.line(`Resuming ${start.resume} from step ${training.step}${first}.`);
    if (checkpoint !== undefined && namesPython(run.env)) output.line(NEW_EPISODES);
    if (reward !== undefined) {
      output.line(`The bound is ${reward} instead of ${saved.config['rewardBound']}, until this process ends.`);
    }
    if (run.device !== saved.device || run.threads !== saved.threads) {
      const on = ({ device, threads }: ResolvedRun): string =>
        `${device} with ${threads} thread${threads === 1 ? '' : 's'}`;
      output.line(`Networks run on ${on(run)} instead of ${on(saved)}: from here on they may round otherwise.`);
    }
    return { directory, run, training, resumed: checkpoint?.header.step };
  } catch (error) {
    opened.close();
    await training?.close();
    throw error;
  }
}
