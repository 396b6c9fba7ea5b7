import { extname } from 'node:path';
import { MismatchError } from '../../core/errors.ts';
import type { LineOutput } from '../../log/console.ts';
import { type ExportedModel, type Training, type TrainingObserver, train } from '../../train/training.ts';
import { multiples } from '../../train/update-schedule.ts';
import { createTraining } from './create-training.ts';
import { namesPython } from './import-environment.ts';
import { fromJson, type ResolvedRun, toJson } from './resolve-run.ts';
import { createRun, openRun, type RunDirectory } from './run-directory.ts';

export interface RunTrainingOptions {
  /** A run to begin, or the folder of one to resume. */
  readonly start: { readonly run: ResolvedRun; readonly path?: string | undefined } | { readonly resume: string };
  readonly version: string;
  /** The command line, noted in `config.json`. */
  readonly command: string;
  readonly output: LineOutput;
  readonly checkpointEveryMs: number;
  /** Keeps the model each time so many units are done, to be measured later; without it only the best one is kept. */
  readonly snapshotEvery?: number | undefined;
  /** Films a test episode each time so many units are done, into `videos/`. */
  readonly recordEvery?: number | undefined;
  /** Ends after so many units of this process, with the training unfinished. */
  readonly stopAfter?: number | undefined;
}

export interface TrainingOutcome {
  readonly path: string;
  readonly run: ResolvedRun;
  readonly training: Training;
  /** The signal that stopped it, if one did. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/**
 * Trains in a run directory until the training ends or a signal stops it, and leaves a checkpoint of where it stands.
 * Interrupting twice gives up at once.
 * @throws BellmanError with one clear line for anything that the user can mend.
 */
export async function runTraining(options: RunTrainingOptions): Promise<TrainingOutcome> {
  const { output } = options;
  const { directory, run, training } = await begin(options);
  const first = training.step;
  let stoppedBy: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppedBy !== undefined) process.exit(130);
    stoppedBy = signal;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Started by another program with a channel to it (`train --seeds`): stop when that is gone. The channel alone keeps
  // nothing alive.
  const onDisconnect = () => onSignal('SIGTERM');
  if (process.connected === true) {
    process.on('disconnect', onDisconnect);
    process.channel?.unref();
  }
  const save = () => directory.saveCheckpoint(training.step, run.algorithm, training.saveState());
  const observer: TrainingObserver = {
    scalars: (step, values) => directory.log.scalars(step, values),
    line: (text) => output.line(text),
    best: (score) => {
      const { content, fileName } = training.exportModel();
      directory.saveBest(content, { score, step: training.step, env: run.env, recipe: run.recipe }, fileName);
    },
  };
  try {
    const { stopAfter, snapshotEvery, recordEvery } = options;
    let before = first;
    const afterUnit = () => {
      const now = training.step;
      // A unit may be many steps: one model for all multiples that were passed.
      const passed = (every: number | undefined) => every !== undefined && multiples(every, before, now) > 0;
      const [keeps, films] = [passed(snapshotEvery), passed(recordEvery)];
      before = now;
      if (!keeps && !films) return undefined;
      const model = training.exportModel();
      if (keeps) directory.saveSnapshot(model.content, now, extname(model.fileName));
      return films ? filmed(model, now) : undefined;
    };
    const filmed = async (model: ExportedModel, step: number) => {
      const { recordTestEpisode } = await import('./record-test-episode.ts');
      const { file, totalReward } = await recordTestEpisode(model, run, step, directory.videosPath);
      output.line(`${step}: filmed a test episode, reward ${totalReward.toFixed(2)}: ${file}`);
    };
    await train(training, {
      observer,
      afterUnit,
      shouldStop: () => stoppedBy !== undefined || (stopAfter !== undefined && training.step - first >= stopAfter),
      checkpoint: save,
      checkpointEveryMs: options.checkpointEveryMs,
      progress: () => output.progress(training.step, training.maxSteps, training.status()),
      now: () => performance.now(),
      yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
    });
    if (training.end === undefined) training.reportUnfinished?.(observer);
    save();
    return { path: directory.path, run, training, stoppedBy };
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('disconnect', onDisconnect);
    directory.close();
  }
}

const NEW_EPISODES = 'Python cannot save an episode: those that were running count as truncated, and new ones begin.';

interface Begun {
  readonly directory: RunDirectory;
  readonly run: ResolvedRun;
  readonly training: Training;
}

async function begin({ start, version, command, output, recordEvery }: RunTrainingOptions): Promise<Begun> {
  const check = async (run: ResolvedRun) => {
    if (recordEvery !== undefined) (await import('./record-test-episode.ts')).checkDraws(run);
  };
  if ('run' in start) {
    const { run, path } = start;
    await check(run);
    // Built before the folder is made: what cannot train leaves nothing behind.
    const training = await createTraining(run);
    const name = `${run.recipe}-seed${run.seed}`;
    const directory = createRun({ config: toJson(run, version, command), version, path, name });
    if (run.note !== undefined) output.line(run.note);
    return { directory, run, training };
  }
  const opened = openRun(start.resume, { version });
  try {
    const run = await fromJson(opened.config, start.resume);
    await check(run);
    const training = await createTraining(run);
    const { checkpoint } = opened;
    if (checkpoint !== undefined) {
      if (checkpoint.header.kind !== run.algorithm) {
        throw new MismatchError(
          `${start.resume}: the checkpoint is of ${checkpoint.header.kind}, the run of ${run.algorithm}.`,
        );
      }
      training.restoreState(checkpoint.snapshot);
    }
    for (const note of opened.notes) output.line(note);
    output.line(`Resuming ${start.resume} from step ${training.step}.`);
    if (checkpoint !== undefined && namesPython(run.env)) output.line(NEW_EPISODES);
    return { directory: opened.run, run, training };
  } catch (error) {
    opened.run.close();
    throw error;
  }
}
