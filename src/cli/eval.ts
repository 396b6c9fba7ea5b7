import type { Command } from 'commander';
import { OptionError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { findRuns } from '../node/runs/list-runs.ts';
import { loadAgent } from '../node/runs/load-agent.ts';
import { type Summary, summarize } from '../stats/summary.ts';
import { evaluate, LONGEST_GAME } from '../train/evaluate.ts';
import { ALLOW_CODE_HELP, examples, FOREIGN_VIEW_HELP, finiteNumber, jsonObject, wholeNumber } from './command.ts';
import { textWidth } from './terminal.ts';
import { wrap } from './wrap.ts';

interface EvalOptions {
  readonly env?: string;
  readonly preprocessing?: string;
  readonly scaled?: boolean;
  readonly kwargs?: Record<string, unknown>;
  readonly episodes: number;
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

export function configure(command: Command): void {
  command
    .argument('<run-or-model>', 'folder of a run, a model (.onnx, PyTorch, Stable-Baselines3) or a best-table.json')
    .option('-e, --env <id>', "environment instead of the model's own")
    .option('--preprocessing <name>', FOREIGN_VIEW_HELP)
    .option('--scaled', 'bytes as numbers from 0 to 1, for an .onnx model of another program')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--episodes <n>', 'episodes to play', wholeNumber('--episodes', 1), 30)
    .option('--max-steps <n>', 'steps after which an episode is given up', wholeNumber('--max-steps', 1), LONGEST_GAME)
    .option('--epsilon <p>', 'probability of a random action', finiteNumber('--epsilon', 0, 1), 0.01)
    .option(
      '--noops <n>',
      `up to so many no-ops before each game; image environments only (default: ${NOOPS})`,
      wholeNumber('--noops', 0, 1000),
    )
    .option('--seed <n>', 'seed of the environment, the no-ops and the random actions', wholeNumber('--seed'), 0)
    .option('--discounted <gamma>', 'the mean discounted return too', finiteNumber('--discounted', 0, 1))
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman eval runs/pong-built-in-seed0-1 --episodes 30'))
    .action(evaluateEach);
}

/** Of a folder of seeds each one, in their order; with `--json` an object a line. */
async function evaluateEach(path: string, options: EvalOptions): Promise<void> {
  const runs = findRuns(path);
  for (const run of runs.length > 1 ? runs : [path]) await evaluateModel(run, options);
}

async function evaluateModel(path: string, options: EvalOptions): Promise<void> {
  const { episodes, maxSteps, epsilon, noops = NOOPS, seed, discounted: gamma } = options;
  const { env, kwargs: envKwargs, preprocessing, scaled, allowCode } = options;
  const agent = await loadAgent(path, { env, envKwargs, noopMax: noops, preprocessing, scaled, allowCode });
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
  const discounted = gamma === undefined ? undefined : summarize(played.map((one) => one.discountedReward as number));
  const isImage = agent.image;
  if (options.json) {
    const result = { model: agent.modelPath, env: agent.envId, episodes, epsilon, noops: isImage ? noops : 0, seed };
    const lengths = { stepsPerEpisode: steps / episodes, maxSteps, cutEpisodes: cut };
    const score = { mean, std, ci95: intervalOf({ mean, halfWidth95 }) };
    const { mean: discountedMean, std: discountedStd } = discounted ?? {};
    const byGamma =
      discounted === undefined
        ? {}
        : { discounted: { gamma, mean: discountedMean, std: discountedStd, ci95: intervalOf(discounted) } };
    console.log(JSON.stringify({ ...result, ...score, min, max, ...byGamma, ...lengths, returns }));
    return;
  }
  const start = isImage ? `up to ${noops} no-ops at the start, ` : '';
  const model = printable(`${agent.modelPath} on ${agent.envId}`);
  const heading = `${model}: ${episodes} episodes, ${start}epsilon ${epsilon}, seed ${seed}`;
  for (const line of wrap(heading, textWidth(process.stdout))) console.log(line);
  console.log(`Mean reward ${scoreText({ mean, std, halfWidth95 })}`);
  if (discounted !== undefined) console.log(`Mean discounted return (gamma ${gamma}) ${scoreText(discounted)}`);
  if (cut > 0) {
    console.log(
      `${cut} of the ${episodes} episodes did not end and were given up after ${maxSteps} steps (--max-steps): rewards up to there`,
    );
  }
  console.log(`Lowest ${min}, highest ${max}, ${(steps / episodes).toFixed(0)} steps an episode`);
}

type Interval = Pick<Summary, 'mean' | 'halfWidth95'>;

function intervalOf({ mean, halfWidth95 }: Interval): [number, number] | null {
  return halfWidth95 === undefined ? null : [mean - halfWidth95, mean + halfWidth95];
}

function scoreText(score: Interval & Pick<Summary, 'std'>): string {
  const interval = intervalOf(score)?.map((bound) => bound.toFixed(3));
  const text = `${score.mean.toFixed(3)}, standard deviation ${score.std.toFixed(3)}`;
  return interval === undefined ? text : `${text}, 95 % interval ${interval.join(' to ')}`;
}
