import type { Command } from 'commander';
import { OptionError } from '../core/errors.ts';
import { printable, printableJson } from '../core/printable.ts';
import { findRuns } from '../node/runs/list-runs.ts';
import { loadAgent } from '../node/runs/load-agent.ts';
import { type Summary, summarize } from '../stats/summary.ts';
import { evaluate, LONGEST_GAME } from '../train/evaluate.ts';
import {
  ATARI_PROTOCOL_NAMES,
  type AtariProtocolName,
  atariProtocol,
  describeProtocol,
  type ProtocolValues,
  protocolWith,
} from '../wrappers/atari-protocol.ts';
import { ALLOW_CODE_HELP, examples, FOREIGN_VIEW_HELP, finiteNumber, jsonObject, wholeNumber } from './command.ts';
import { textWidth } from './terminal.ts';
import { wrap } from './wrap.ts';

interface EvalOptions {
  readonly env?: string;
  readonly preprocessing?: string;
  readonly scaled?: boolean;
  readonly kwargs?: Record<string, unknown>;
  readonly protocol?: string;
  readonly episodes?: number;
  readonly games?: number;
  readonly maxSteps: number;
  readonly epsilon: number;
  readonly noops?: number;
  readonly seed: number;
  readonly discounted?: number;
  readonly allowCode?: boolean;
  readonly json?: boolean;
}

/** Where no number is asked for. */
const NOOPS = 30;
/** Played where nothing else is asked for. */
const EPISODES = 30;

export function configure(command: Command): void {
  command
    .argument('<run-or-model>', 'folder of a run, a model (.onnx, PyTorch, Stable-Baselines3) or a best-table.json')
    .option('-e, --env <id>', "environment instead of the model's own")
    .option('--preprocessing <name>', FOREIGN_VIEW_HELP)
    .option('--scaled', 'bytes as numbers from 0 to 1, for an .onnx model of another program')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option(
      '--protocol <name>',
      `of Atari games, instead of the model's own: ${ATARI_PROTOCOL_NAMES.join(', ')} (docs/guide/atari.md)`,
    )
    .option('--episodes <n>', `episodes to play: whole games (default: ${EPISODES})`, wholeNumber('--episodes', 1))
    .option('--games <n>', 'the same', wholeNumber('--games', 1))
    .option('--max-steps <n>', 'steps after which an episode is given up', wholeNumber('--max-steps', 1), LONGEST_GAME)
    .option('--epsilon <p>', 'probability of a random action', finiteNumber('--epsilon', 0, 1), 0.01)
    .option(
      '--noops <n>',
      `up to so many no-ops before each game; image environments only (default: the protocol's, else ${NOOPS})`,
      wholeNumber('--noops', 0, 1000),
    )
    .option('--seed <n>', 'seed of the environment, the no-ops and the random actions', wholeNumber('--seed'), 0)
    .option('--discounted <gamma>', 'the mean discounted return too', finiteNumber('--discounted', 0, 1))
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples(
        'bellman eval runs/pong-built-in-seed0-1 --episodes 30',
        'bellman eval runs/atari-fast-seed0-1 --protocol sticky --games 100 --epsilon 0.001',
      ),
    )
    .action(evaluateEach);
}

/** Of a folder of seeds each one, in their order; with `--json` an object a line. */
async function evaluateEach(path: string, options: EvalOptions): Promise<void> {
  const runs = findRuns(path);
  for (const run of runs.length > 1 ? runs : [path]) await evaluateModel(run, options);
}

async function evaluateModel(path: string, options: EvalOptions): Promise<void> {
  const { maxSteps, epsilon, noops: noopMax, seed, discounted: gamma, games } = options;
  if (games !== undefined && options.episodes !== undefined) {
    throw new OptionError('--games', games, 'an option in place of --episodes, which means the same');
  }
  const episodes = games ?? options.episodes ?? EPISODES;
  const { env, kwargs: envKwargs, preprocessing, scaled, allowCode } = options;
  const protocol = protocolOf(options);
  const view = { noopMax, usualNoops: NOOPS, protocol, preprocessing, scaled };
  const agent = await loadAgent(path, { env, envKwargs, ...view, allowCode });
  if (protocol !== undefined && agent.atari === undefined) {
    await agent.close();
    throw new OptionError(
      '--protocol',
      protocol,
      `an option of models of Atari games made here, not of ${agent.modelPath}`,
    );
  }
  const noops = agent.atari?.noopMax ?? noopMax ?? NOOPS;
  if (options.noops !== undefined && !agent.image) {
    await agent.close();
    throw new OptionError('--noops', options.noops, `an option of models that see pictures, not of ${agent.envId}`);
  }
  const played = await evaluate(agent, { episodes, epsilon, seed, maxSteps, gamma });
  await agent.close();
  const returns = played.map(({ totalReward }) => totalReward);
  const steps = played.reduce((sum, episode) => sum + episode.steps, 0);
  const cut = played.filter((episode) => episode.cut).length;
  const { mean, std, halfWidth95, min, max } = summarize(returns);
  const standardError = episodes > 1 ? std / Math.sqrt(episodes) : null;
  const discounted = gamma === undefined ? undefined : summarize(played.map((one) => one.discountedReward as number));
  const isImage = agent.image;
  const reference = isImage ? await normalized(agent.envId, mean) : undefined;
  if (options.json) {
    const played =
      agent.atari === undefined ? {} : { protocol: protocolWith(agent.atari) ?? null, ...valuesOf(agent.atari) };
    const settings = { episodes, epsilon, noops: isImage ? noops : 0, ...played, seed };
    const result = { model: agent.modelPath, env: agent.envId, ...settings };
    const lengths = { stepsPerEpisode: steps / episodes, maxSteps, cutEpisodes: cut };
    const score = { mean, std, standardError, ci95: intervalOf({ mean, halfWidth95 }) };
    const { mean: discountedMean, std: discountedStd } = discounted ?? {};
    const byGamma =
      discounted === undefined
        ? {}
        : { discounted: { gamma, mean: discountedMean, std: discountedStd, ci95: intervalOf(discounted) } };
    console.log(printableJson({ ...result, ...score, ...reference, min, max, ...byGamma, ...lengths, returns }));
    return;
  }
  const start = isImage ? `up to ${noops} no-ops at the start, ` : '';
  const model = printable(`${agent.modelPath} on ${agent.envId}`);
  const width = textWidth(process.stdout);
  const heading = `${model}: ${episodes} episodes, ${start}epsilon ${epsilon}, seed ${seed}`;
  for (const line of wrap(heading, width)) console.log(line);
  if (agent.atari !== undefined) {
    const text = `Protocol ${describeProtocol(agent.atari)}; scores of whole games`;
    for (const line of wrap(text, width)) console.log(line);
  }
  for (const line of scoreLines('Mean reward', { mean, std, halfWidth95 }, width)) console.log(line);
  if (protocol !== undefined && standardError !== null) console.log(`Standard error ${standardError.toFixed(3)}`);
  if (reference !== undefined) {
    const { random, human, humanNormalized } = reference;
    const text = `Human-normalised score ${humanNormalized.toFixed(3)}: a random player has ${random}, a person ${human}, with up to 30 no-ops`;
    for (const line of wrap(text, width)) console.log(line);
  }
  if (discounted !== undefined)
    for (const line of scoreLines(`Mean discounted return (gamma ${gamma})`, discounted, width)) console.log(line);
  if (cut > 0) {
    const text = `${cut} of the ${episodes} episodes did not end and were given up after ${maxSteps} steps (--max-steps): rewards up to there`;
    for (const line of wrap(text, width)) console.log(line);
  }
  console.log(`Lowest ${min}, highest ${max}, ${(steps / episodes).toFixed(0)} steps an episode`);
}

/** What a random player and a person score in a game, and where a mean lies between them; undefined where nothing is published. */
async function normalized(
  env: string,
  mean: number,
): Promise<{ random: number; human: number; humanNormalized: number } | undefined> {
  const { humanNormalizedScore, referenceScores } = await import('../atari/human-scores.ts');
  const reference = referenceScores(env);
  return reference === undefined ? undefined : { ...reference, humanNormalized: humanNormalizedScore(env, mean)! };
}

/** @throws UnknownNameError for no protocol; OptionError with `--noops`, which is a part of it. */
function protocolOf({ protocol, noops }: EvalOptions): AtariProtocolName | undefined {
  if (protocol === undefined) return undefined;
  atariProtocol(protocol);
  if (noops !== undefined)
    throw new OptionError('--noops', noops, `no value with --protocol ${protocol}, which sets it`);
  return protocol as AtariProtocolName;
}

/** What a protocol's name stands for, in the words of configurations. */
const valuesOf = ({ stickyActions, fireReset, frameSkip }: ProtocolValues) => ({ stickyActions, fireReset, frameSkip });

type Interval = Pick<Summary, 'mean' | 'halfWidth95'>;

function intervalOf({ mean, halfWidth95 }: Interval): [number, number] | null {
  return halfWidth95 === undefined ? null : [mean - halfWidth95, mean + halfWidth95];
}

/** In one line, or with the interval in a line of its own where that is too long for the terminal. */
export function scoreLines(label: string, score: Interval & Pick<Summary, 'std'>, width: number): string[] {
  const text = `${label} ${score.mean.toFixed(3)}, standard deviation ${score.std.toFixed(3)}`;
  const bounds = intervalOf(score)?.map((bound) => bound.toFixed(3));
  if (bounds === undefined) return wrap(text, width);
  const interval = `95 % interval ${bounds.join(' to ')}`;
  const whole = `${text}, ${interval}`;
  return whole.length <= width ? [whole] : [...wrap(`${text},`, width), ...wrap(interval, width)];
}
