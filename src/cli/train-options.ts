import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { ALLOW_CODE_HELP, examples, finiteNumber, jsonObject, keyValue, wholeNumber } from './command.ts';
import { seedList } from './seed-list.ts';

export interface TrainCommandOptions {
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
export const EVALUATION = { episodes: 10, epsilon: 0.01, noops: 30 } as const;

/** What `bellman train` without a name trains. */
export const DEFAULT_RECIPE = 'pong-built-in';

/** Declares what `bellman train` may be told. */
export function declareTrainOptions(command: Command): void {
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
    );
}
