import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { FileFormatError, MismatchError, OptionError } from '../core/errors.ts';
import { printableJson } from '../core/printable.ts';
import { shellWord } from '../core/shell-word.ts';
import { type QueueAddress, withoutSecrets } from '../node/queue/queue-address.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import type { BestModel } from '../node/runs/run-directory.ts';
import { CONFIG_FILE } from '../node/runs/run-layout.ts';
import type { RunTrainingOptions } from '../node/runs/run-training.ts';
import { exitCodeOf, type StopSignal } from '../node/runs/stop-requests.ts';
import { protocolValuesOf } from '../runs/protocol-kwargs.ts';
import type { EvaluationSettings } from '../train/evaluated-training.ts';
import { protocolWith } from '../wrappers/atari-protocol.ts';
import { startBoardProcess } from './board-process.ts';
import { ALLOW_CODE_HELP, examples, finiteNumber, jsonObject, keyValue, optionName, wholeNumber } from './command.ts';
import { leaveConnections } from './leave-connections.ts';
import { seedList } from './seed-list.ts';
import { complain, onOutputLost } from './standard-output.ts';
import { packageVersion } from './version.ts';

interface TrainCommandOptions {
  readonly env?: string;
  readonly kwargs?: Record<string, unknown>;
  readonly reward?: number;
  readonly device?: string;
  readonly threads?: number;
  readonly seed?: number;
  readonly seeds?: number[];
  readonly jobs?: number;
  readonly set?: Record<string, unknown>;
  readonly run?: string;
  readonly resume?: string;
  readonly allowCode?: boolean;
  readonly checkpointEvery: number;
  readonly snapshotEvery?: number;
  readonly keepBest?: boolean;
  readonly keepLast?: boolean;
  readonly logEvery?: number;
  readonly recordEvery?: number;
  readonly stopAfter?: number;
  readonly evalEvery?: number;
  readonly evalEpisodes?: number;
  readonly evalEpsilon?: number;
  readonly evalNoops?: number;
  readonly queue?: string | true;
  readonly store?: string;
  readonly plain?: boolean;
  readonly ui?: boolean;
  readonly actors?: number;
  readonly actorSteps?: number;
  readonly actorLag?: number;
  readonly actorSpread?: number;
  readonly workers?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** What is not said of evaluations: the values of `bellman eval`, and fewer episodes. */
const EVALUATION = { episodes: 10, epsilon: 0.01, noops: 30 } as const;

/** What `bellman train` without a name trains. */
export const DEFAULT_RECIPE = 'pong-built-in';

export function configure(command: Command): void {
  command
    .argument(
      '[recipe]',
      `recipe or algorithm (${advise('recipes')}), or your own as ./file.mjs:name (default "${DEFAULT_RECIPE}")`,
    )
    .option('--env <id>', "environment instead of the recipe's")
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--reward <bound>', 'stop when the mean reward is above this', finiteNumber('--reward'))
    .option(
      '--device <name>',
      'where networks run: cpu, wasm, kernels, webgpu or cuda (default: cpu, or as before with --resume)',
    )
    .option(
      '--threads <n>',
      'threads for the networks (default: 2 where they see pictures, else 1; or as before with --resume)',
      wholeNumber('--threads', 1, 256),
    )
    .option('--seed <n>', 'seed of everything random (default: 0)', wholeNumber('--seed'))
    .option('--seeds <list>', 'train several seeds, such as 0..9 or 0,3,7, in parallel', seedList('--seeds'))
    .option(
      '--jobs <n>',
      'trainings at the same time with --seeds (default: what the cores hold)',
      wholeNumber('--jobs', 1),
    )
    .option(
      '--set <key=value>',
      "replace one of the recipe's values, as replay.kind=prioritized; repeatable",
      keyValue('--set'),
    )
    .option('--run <folder>', 'folder of the run (default: a numbered one under runs/)')
    .option('--resume <folder>', 'resume a run from its last checkpoint; or a checkpoint alone, saved by a page say')
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--checkpoint-every <seconds>', 'time between checkpoints', finiteNumber('--checkpoint-every', 0), 300)
    .option(
      '--snapshot-every <n>',
      'save the model every so many steps or iterations, under models/ in the run',
      wholeNumber('--snapshot-every', 1),
    )
    .option('--keep-best', 'keep the model of each new best, named by its score, under models/ in the run')
    .option('--keep-last', "keep the model of the training's end, named by its step, under models/ in the run")
    .option(
      '--log-every <n>',
      'say and log the loss, or the last test, every so many steps or iterations',
      wholeNumber('--log-every', 1),
    )
    .option(
      '--record-every <n>',
      'film a test episode every so many steps or iterations, into videos/ of the run',
      wholeNumber('--record-every', 1),
    )
    .option(
      '--stop-after <n>',
      'stop, with a checkpoint, after so many steps or iterations',
      wholeNumber('--stop-after', 1),
    )
    .option(
      '--eval-every <n>',
      'evaluate the agent each so many steps or iterations; the best model is then the best evaluated one',
      wholeNumber('--eval-every', 1),
    )
    .option(
      '--eval-episodes <n>',
      `episodes of an evaluation (default: ${EVALUATION.episodes})`,
      wholeNumber('--eval-episodes', 1),
    )
    .option(
      '--eval-epsilon <p>',
      `probability of a random action in them (default: ${EVALUATION.epsilon})`,
      finiteNumber('--eval-epsilon', 0, 1),
    )
    .option(
      '--eval-noops <n>',
      `up to so many no-ops before each, in image environments (default: the protocol's, else ${EVALUATION.noops})`,
      wholeNumber('--eval-noops', 0, 1000),
    )
    .option(
      '--queue [url]',
      'have --seeds trained, or --actors played, by the workers of a queue: redis://HOST or postgres://HOST/DATABASE (default: $BELLMAN_QUEUE)',
    )
    .option('--store <place>', "where the queue's workers keep runs, a folder or s3://BUCKET/PREFIX: --run gets them")
    .option(
      '--actors <n>',
      'groups that the environments are played in, apart from the learner',
      wholeNumber('--actors', 1),
    )
    .option(
      '--actor-steps <n>',
      "steps of each environment in a round (default: the recipe's, rolloutSteps, or 100)",
      wholeNumber('--actor-steps', 1),
    )
    .option(
      '--actor-lag <n>',
      "rounds by which the actors' weights are older than the learner's (default: the recipe's, or 1)",
      wholeNumber('--actor-lag', 0),
    )
    .option(
      '--actor-spread <alpha>',
      "how far the actors' epsilons differ (default: the recipe's, or 0)",
      finiteNumber('--actor-spread', 0),
    )
    .option(
      '--workers <n>',
      'processes that play for the actors; 0 plays in this one (default: what the cores hold)',
      wholeNumber('--workers', 0, 1024),
    )
    .option('--ui', 'serve the page of `bellman ui` while it trains, and open it')
    .option('--plain', 'no pictures of values and policy at the end')
    .option('--quiet', 'only the last line')
    .option('--json', 'one JSON object at the end instead of text')
    .addHelpText(
      'after',
      examples(
        'bellman train value-iteration --env FrozenLake-v1 --seed 1',
        'bellman train dqn-pong --seed 1 --set epsilonDecaySteps=100000',
        'bellman train dqn-cart-pole --set replay.kind=prioritized --set replay.alpha=0.5',
        'bellman train dqn-cart-pole --eval-every 2000 --eval-episodes 10',
        'bellman train --resume runs/dqn-pong-seed1-1',
        'bellman train sarsa --env CliffWalking-v1 --seeds 0..9 --run runs/sarsa',
      ),
    )
    .action(trainAction);
}

async function trainAction(recipe: string | undefined, options: TrainCommandOptions): Promise<void> {
  if (options.seeds !== undefined) return trainSeeds(recipe, options, options.seeds);
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

/**
 * What becomes of a training when standard output is lost. When its reader left (`| head`) it saves and ends, as other
 * programs end there; where it cannot be written (a full disk, a terminal that is gone) it goes on in silence. The exit
 * code is not 0 in both cases.
 */
function listenForLoss(): { readonly stop: AbortSignal; ended(): void; isLost(): boolean } {
  const stop = new AbortController();
  let lost = false;
  let ended = false;
  onOutputLost(({ readerLeft, reason }) => {
    lost = true;
    const then = readerLeft ? ' The training is saved and ends.' : ' The training continues.';
    complain(`standard output: ${reason}.${ended ? '' : then}`);
    process.exitCode ||= readerLeft ? exitCodeOf('SIGPIPE') : 1;
    if (readerLeft) stop.abort('SIGPIPE' satisfies StopSignal);
  });
  const end = () => {
    ended = true;
  };
  return { stop: stop.signal, ended: end, isLost: () => lost };
}

/** `train --seeds`: this same command once for each seed, in processes of their own. */
async function trainSeeds(recipe: string | undefined, options: TrainCommandOptions, seeds: number[]): Promise<void> {
  if (options.resume !== undefined) {
    throw new OptionError('--resume', options.resume, 'one run, without --seeds: each seed has a run of its own');
  }
  if (options.ui === true) throw new OptionError('--ui', true, 'an option of one seed; `bellman ui` shows several');
  if (options.seed !== undefined) throw new OptionError('--seed', options.seed, 'one of --seed and --seeds');
  const start = await startOf(recipe, options);
  if (!('run' in start)) return;
  const { run } = start;
  if (options.run !== undefined && existsSync(join(options.run, CONFIG_FILE)))
    throw new OptionError('--run', options.run, 'a folder for the runs of all seeds, not one that is a run itself');
  if (options.queue !== undefined) return trainInQueue(recipe, options, seeds, run, options.queue);
  if (options.store !== undefined) throw new OptionError('--store', options.store, 'an option of --queue');
  const { trainAndReport } = await import('./train-seeds.ts');
  // By the name that was asked for: an algorithm of another module carries that module.
  const sharedArguments = [
    'train',
    recipe ?? DEFAULT_RECIPE,
    '--env',
    run.env,
    '--kwargs',
    // As asked for: what is left to chance, each seed settles for itself.
    JSON.stringify(options.kwargs ?? {}),
  ];
  if (options.reward !== undefined) sharedArguments.push('--reward', `${options.reward}`);
  sharedArguments.push('--device', run.device, '--threads', `${run.threads}`);
  sharedArguments.push('--checkpoint-every', `${options.checkpointEvery}`);
  if (options.snapshotEvery !== undefined) sharedArguments.push('--snapshot-every', `${options.snapshotEvery}`);
  if (options.keepBest === true) sharedArguments.push('--keep-best');
  if (options.keepLast === true) sharedArguments.push('--keep-last');
  if (options.logEvery !== undefined) sharedArguments.push('--log-every', `${options.logEvery}`);
  if (options.recordEvery !== undefined) sharedArguments.push('--record-every', `${options.recordEvery}`);
  if (options.stopAfter !== undefined) sharedArguments.push('--stop-after', `${options.stopAfter}`);
  if (run.actors !== undefined) {
    const { actors, steps, lag, epsilonSpread } = run.actors;
    sharedArguments.push('--actors', `${actors}`, '--actor-steps', `${steps}`, '--actor-lag', `${lag}`);
    sharedArguments.push('--actor-spread', `${epsilonSpread}`, '--workers', `${options.workers ?? 0}`);
  }
  if (run.evaluation !== null) {
    const { every, episodes, epsilon, noops } = run.evaluation;
    sharedArguments.push('--eval-every', `${every}`, '--eval-episodes', `${episodes}`);
    sharedArguments.push('--eval-epsilon', `${epsilon}`);
    if (options.evalNoops !== undefined) sharedArguments.push('--eval-noops', `${noops}`);
  }
  for (const [key, value] of Object.entries(options.set ?? {})) {
    sharedArguments.push('--set', `${key}=${JSON.stringify(value)}`);
  }
  await trainAndReport({
    seeds,
    asked: recipe,
    run,
    sharedArguments,
    folder: options.run,
    jobs: options.jobs,
    quiet: options.quiet === true,
    json: options.json === true,
    stop: listenForLoss().stop,
  });
}

/** Options that a job in a queue does not have: the machine that takes it has its own. */
const OF_THIS_MACHINE = [
  ...(['device', 'threads', 'jobs', 'snapshotEvery', 'keepBest', 'keepLast', 'logEvery', 'recordEvery'] as const),
  ...(['stopAfter', 'evalEvery'] as const),
];

/** `train --seeds --queue`. */
async function trainInQueue(
  recipe: string | undefined,
  options: TrainCommandOptions,
  seeds: readonly number[],
  run: ResolvedRun,
  queue: string | true,
): Promise<void> {
  for (const key of OF_THIS_MACHINE) {
    if (options[key] === undefined) continue;
    throw new OptionError(optionName(key), options[key], 'an option without --queue');
  }
  const { trainQueuedSeeds } = await import('./train-queued-seeds.ts');
  const { kwargs = {}, set = {}, reward, store, run: folder, quiet = false, json = false } = options;
  await trainQueuedSeeds({
    ...{ seeds, asked: recipe, recipe: recipe ?? DEFAULT_RECIPE, run, kwargs, store, folder, quiet, json },
    set: reward === undefined ? set : { ...set, rewardBound: reward },
    queue: queue === true ? undefined : queue,
  });
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

async function startOf(recipe: string | undefined, options: TrainCommandOptions): Promise<RunTrainingOptions['start']> {
  if (options.resume !== undefined) {
    const { env, kwargs, seed, set, run, evalEvery, evalEpisodes, evalEpsilon, evalNoops } = options;
    const { actors, actorSteps, actorLag, actorSpread } = options;
    // A checkpoint alone goes on in a new run, which may be told its folder.
    const isFile = statSync(options.resume, { throwIfNoEntry: false })?.isFile() ?? false;
    const played = { actors, actorSteps, actorLag, actorSpread };
    const own = { recipe, env, kwargs, seed, set, evalEvery, evalEpisodes, evalEpsilon, evalNoops, ...played };
    const others = { ...own, run: isFile ? undefined : run };
    const clash = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
    if (clash !== undefined) {
      const name = clash === 'recipe' ? `recipe ${recipe}` : optionName(clash);
      throw new MismatchError(`--resume goes with no ${name}: a run keeps its own settings.`);
    }
    const { resume, device, threads, reward, allowCode } = options;
    return { resume, path: run, device, threads, reward, allowCode };
  }
  if (options.allowCode) throw new OptionError('--allow-code', true, 'an option of --resume');
  const [{ resolveRun }, { everydayEnvironment }] = await Promise.all([
    import('../node/runs/resolve-run.ts'),
    import('../recipes/choose-recipe.ts'),
  ]);
  const run = await resolveRun({
    recipe: recipe ?? DEFAULT_RECIPE,
    env: options.env === undefined ? undefined : (everydayEnvironment(options.env) ?? options.env),
    envKwargs: options.kwargs,
    reward: options.reward,
    seed: options.seed ?? 0,
    device: options.device ?? 'cpu',
    threads: options.threads,
    set: options.set ?? {},
    evaluation: evaluationOf(options),
    actors: {
      actors: options.actors,
      steps: options.actorSteps,
      lag: options.actorLag,
      epsilonSpread: options.actorSpread,
    },
  });
  if (options.workers !== undefined && run.actors === undefined) {
    throw new OptionError('--workers', options.workers, 'an option of trainings with --actors');
  }
  const asked = options.evalNoops ?? noopsOf(run);
  const evaluation = run.evaluation === null ? null : { ...run.evaluation, noops: asked };
  const { preprocessing } = run.config as { readonly preprocessing?: { readonly kind: string } };
  if (options.evalNoops !== undefined && (preprocessing === undefined || preprocessing.kind === 'none')) {
    throw new OptionError(
      '--eval-noops',
      options.evalNoops,
      `an option of recipes that see pictures, not of ${run.recipe}`,
    );
  }
  return { run: { ...run, evaluation }, path: options.run };
}

/** No-ops of evaluations, where none are asked for: the protocol's. */
function noopsOf({ config }: Pick<ResolvedRun, 'config'>): number {
  const values = protocolValuesOf(config);
  return values === undefined || protocolWith(values) === undefined ? EVALUATION.noops : values.noopMax;
}

/** @throws OptionError when something is said of evaluations, but not how often. */
function evaluationOf(options: TrainCommandOptions): EvaluationSettings | undefined {
  const { evalEvery: every, evalEpisodes: episodes, evalEpsilon: epsilon, evalNoops: noops } = options;
  if (every === undefined) {
    if ((episodes ?? epsilon ?? noops) === undefined) return undefined;
    throw new OptionError('--eval-every', every, 'a whole number from 1 up, with the other options of evaluations');
  }
  return {
    every,
    episodes: episodes ?? EVALUATION.episodes,
    epsilon: epsilon ?? EVALUATION.epsilon,
    noops: noops ?? EVALUATION.noops,
  };
}
