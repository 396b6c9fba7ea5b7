import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { FileFormatError, OptionError } from '../core/errors.ts';
import { printableJson } from '../core/printable.ts';
import { shellWord } from '../core/shell-word.ts';
import { type QueueAddress, withoutSecrets } from '../node/queue/queue-address.ts';
import type { BestModel } from '../node/runs/run-directory.ts';
import type { RunTrainingOptions } from '../node/runs/run-training.ts';
import { exitCodeOf } from '../node/runs/stop-requests.ts';
import { startBoardProcess } from './board-process.ts';
import { leaveConnections } from './leave-connections.ts';
import { listenForLoss } from './listen-for-loss.ts';
import { complain } from './standard-output.ts';
import { declareTrainOptions, type TrainCommandOptions } from './train-options.ts';
import { startOf } from './train-start.ts';
import { packageVersion } from './version.ts';

export function configure(command: Command): void {
  declareTrainOptions(command);
  command.action(trainAction);
}

async function trainAction(recipe: string | undefined, options: TrainCommandOptions): Promise<void> {
  if (options.seeds !== undefined) {
    const { trainMany } = await import('./train-many.ts');
    return trainMany(recipe, options, options.seeds);
  }
  if (options.ui === true && (options.quiet === true || options.json === true)) {
    throw new OptionError('--ui', true, 'an option without --quiet and --json, as it prints an address');
  }
  if (options.jobs !== undefined) throw new OptionError('--jobs', options.jobs, 'an option of --seeds');
  if (options.store !== undefined) throw new OptionError('--store', options.store, 'an option of --seeds --queue');
  const [{ runTraining }, { silentOutput, terminalOutput, textWidth }, { loadAlgorithm }, words] = await Promise.all([
    import('../node/runs/run-training.ts'),
    import('./terminal.ts'),
    import('../algorithms/registry.ts'),
    import('./describe-training.ts'),
  ]);
  const { describeRun, describeBegun, describeOutcome, lastLine } = words;
  const listening = listenForLoss();
  const silent = options.quiet || options.json;
  const output = silent ? silentOutput : terminalOutput(process.stdout);
  const width = textWidth(process.stdout);
  let board: { close(): void } | undefined;
  const say = (lines: readonly string[]) => {
    for (const line of lines) output.line(line);
  };
  try {
    const started = performance.now();
    const start = await startOf(recipe, options);
    const queue = await queueOf(options.queue, start);
    // To people before anything is built, which can take seconds; elsewhere what cannot be built prints nothing but its error.
    const early = 'run' in start && process.stdout.isTTY === true;
    if (early) {
      const { unit } = await loadAlgorithm(start.run.algorithm);
      say(describeRun(start.run, recipe, unit, width));
    }
    let first = 0;
    const outcome = await runTraining({
      start,
      version: packageVersion(),
      command: queue === undefined ? commandLine() : withoutSecrets(queue, commandLine()),
      output,
      begun: (begun) => {
        first = begun.training.step;
        if (!early) say(describeRun(begun.run, recipe, begun.unit, width));
        say(describeBegun(begun, width));
        if (options.ui === true) board = startBoardProcess(begun.path, (line) => output.line(line));
      },
      checkpointEveryMs: options.checkpointEvery * 1000,
      snapshotEvery: options.snapshotEvery,
      keepBest: options.keepBest,
      keepLast: options.keepLast,
      logEvery: options.logEvery,
      recordEvery: options.recordEvery,
      stopAfter: options.stopAfter,
      stop: listening.stop,
      places: {
        workers: options.workers,
        queue: queue && { address: queue, version: packageVersion() },
      },
    });
    listening.ended();
    output.close();
    const { path, run, training, stoppedBy } = outcome;
    const best = await presentBest(path);
    const seconds = (performance.now() - started) / 1000;
    const resume = training.end === undefined ? ` Resume with: ${advise(`train --resume ${shellWord(path)}`)}` : '';
    const shortly = `${lastLine(training)}${resume}`;
    if (options.json) {
      const { step, end } = training;
      const summary = {
        run: path,
        recipe: run.recipe,
        env: run.env,
        seed: run.seed,
        step,
        score: best?.info['score'] ?? null,
        solved: end === undefined ? false : (end.solved ?? null),
      };
      console.log(printableJson({ ...summary, seconds: Number(seconds.toFixed(3)), message: end?.message ?? null }));
    } else if (options.quiet) {
      if (listening.isLost()) complain(shortly);
      else console.log(shortly);
    } else {
      if (training.end !== undefined && !options.plain) {
        const { describeResult } = await import('./describe-result.ts');
        describeResult(outcome, (text) => console.log(text));
      }
      const steps = training.step - first;
      if (listening.isLost()) complain(shortly);
      else say(describeOutcome({ ...outcome, best, seconds, steps }, width));
    }
    await training.close();
    if (stoppedBy !== undefined) process.exitCode = exitCodeOf(stoppedBy);
    else if (training.end?.solved === false) process.exitCode = 1;
  } finally {
    board?.close();
    output.close();
    if (options.queue !== undefined) leaveConnections();
  }
}

const commandLine = (): string => ['bellman', ...process.argv.slice(2)].join(' ');

/** The queue whose workers play for the actors of one training. */
async function queueOf(
  asked: TrainCommandOptions['queue'],
  start: RunTrainingOptions['start'],
): Promise<QueueAddress | undefined> {
  if (asked === undefined) return undefined;
  if ('run' in start && start.run.actors === undefined) {
    throw new OptionError('--queue', '…', 'an option of --seeds and of trainings with --actors');
  }
  const { queueAddress } = await import('../node/queue/queue-address.ts');
  return queueAddress(asked === true ? undefined : asked);
}

/** The best model of a run that has just trained. One that is damaged, since before perhaps, makes no training a failed one. */
async function presentBest(path: string): Promise<BestModel | undefined> {
  const { readBest } = await import('../node/runs/run-directory.ts');
  try {
    return readBest(path);
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    complain(error.message);
    return undefined;
  }
}
