import type { Command } from 'commander';
import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { examples, jsonObject, keyValue, wholeNumber } from './command.ts';

interface EnvBenchOptions {
  readonly steps?: number;
  readonly kwargs: Record<string, unknown>;
  readonly json?: boolean;
}

interface AtariBenchOptions {
  readonly frames: number;
  readonly repeats: number;
  readonly json?: boolean;
}

interface TrainingBenchOptions {
  readonly recipe: string;
  readonly env?: string;
  readonly warmup: number;
  readonly frames: number;
  readonly threads: number;
  readonly set?: Record<string, unknown>;
  readonly processorTime?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command.addHelpText(
    'after',
    examples('bellman bench env FrozenLake-v1 --json', 'bellman bench atari pong --json', 'bellman bench dqn --json'),
  );
  command
    .command('env')
    .description('environment steps per second with random actions')
    .argument('<id>', 'environment id')
    .option('--steps <n>', 'steps to time (default: as many as take about a second)', wholeNumber('--steps', 1))
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'), {})
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman bench env CartPole-v1 --json'))
    .action(benchEnvironment);
  command
    .command('atari')
    .description("emulated frames per second of a game's cartridge, with the screen unread and with grayscale read")
    .argument('<game>', "ALE's name of the game, such as space_invaders")
    .option('--frames <n>', 'frames to time', wholeNumber('--frames', 1), 20_000)
    .option('--repeats <n>', 'measurements, of which the median counts', wholeNumber('--repeats', 1), 1)
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman bench atari pong --json'))
    .action(benchAtari);
  command
    .command('dqn')
    .description("agent frames per second of a recipe's training, in steady state")
    .option('--recipe <id>', 'recipe', 'dqn-pong')
    .option('--env <id>', "environment instead of the recipe's")
    .option('--warmup <n>', 'frames that fill the replay', wholeNumber('--warmup', 100), 10_000)
    .option('--frames <n>', 'frames to time, then as many gradient steps', wholeNumber('--frames', 1), 1000)
    .option('--threads <n>', 'threads for the network', wholeNumber('--threads', 1, 256), 2)
    .option('--set <key=value>', "replace one of the recipe's values; repeatable", keyValue('--set'))
    .option('--processor-time', 'count processor time instead of wall time: fair with one thread on a busy machine')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman bench dqn --frames 500 --json'))
    .action(benchTraining);
}

async function benchEnvironment(id: string, options: EnvBenchOptions): Promise<void> {
  const [{ makeFromKwargs }, { stepsPerSecond }, { importEnvironment }] = await Promise.all([
    import('../envs/registry.ts'),
    import('../train/bench-environment.ts'),
    import('../node/runs/import-environment.ts'),
  ]);
  await importEnvironment(id);
  const env = makeFromKwargs(id, options.kwargs) as Env<unknown, number>;
  const now = () => performance.now();
  const steps = options.steps ?? Math.max(1000, Math.round(stepsPerSecond(env, 2000, 0, now)));
  const rate = Math.round(stepsPerSecond(env, steps, 0, now));
  env.close();
  if (options.json) console.log(JSON.stringify({ env: id, steps, steps_per_s: rate }));
  else console.log(`${id}: ${rate} steps/s over ${steps} steps`);
}

async function benchAtari(name: string, { frames, repeats, json }: AtariBenchOptions): Promise<void> {
  const [{ Ale }, { measureAle }, { gameNamed }, { cartridgeOf }] = await Promise.all([
    import('../atari/ale.ts'),
    import('../atari/bench-ale.ts'),
    import('../atari/games/index.ts'),
    import('../atari/cartridges.ts'),
  ]);
  const ale = new Ale(cartridgeOf(gameNamed(name)), { repeatActionProbability: 0 });
  measureAle(ale, Math.min(frames, 3000), () => performance.now()); // the compiler warms up
  const runs = Array.from({ length: repeats }, () => measureAle(ale, frames, () => performance.now()));
  const median = (values: number[]): number => Math.round(values.sort((a, b) => a - b)[values.length >> 1]);
  const result = {
    game: name,
    frames,
    act_frames_per_s: median(runs.map(({ act }) => act)),
    act_and_gray_frames_per_s: median(runs.map(({ actAndGray }) => actAndGray)),
  };
  if (json) console.log(JSON.stringify(result));
  else {
    console.log(
      `${name}: ${result.act_frames_per_s} frames/s, ${result.act_and_gray_frames_per_s} with grayscale read, over ${frames} frames`,
    );
  }
}

/** Of all threads of this process. */
function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function benchTraining(options: TrainingBenchOptions): Promise<void> {
  const [{ resolveRun }, { loadAlgorithm }, { nodePlatform }] = await Promise.all([
    import('../node/runs/resolve-run.ts'),
    import('../algorithms/registry.ts'),
    import('../node/runs/node-platform.ts'),
  ]);
  const { warmup, frames, threads } = options;
  const request = { recipe: options.recipe, env: options.env, seed: 0, device: 'cpu', threads };
  const run = await resolveRun({ ...request, set: options.set ?? {} });
  const { measure } = await loadAlgorithm(run.algorithm);
  if (measure === undefined) {
    throw new MismatchError(
      `Recipe ${run.recipe} is ${run.algorithm}; this measures algorithms with networks, as dqn and pqn.`,
    );
  }
  const now = options.processorTime ? processorMilliseconds : () => performance.now();
  const speed = await measure(run, nodePlatform(run), { warmup, frames, now });
  const result = {
    recipe: run.recipe,
    env: run.env,
    threads,
    frames,
    frames_per_s: Number(speed.framesPerSecond.toFixed(2)),
    ...(speed.msPerGradientStep === undefined
      ? {}
      : { ms_per_gradient_step: Number(speed.msPerGradientStep.toFixed(2)) }),
    peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  if (options.json) console.log(JSON.stringify(result));
  else {
    console.log(`${result.recipe} on ${result.env}, ${threads} threads, ${frames} frames in steady state`);
    const step = result.ms_per_gradient_step === undefined ? '' : ` ${result.ms_per_gradient_step} ms a gradient step,`;
    console.log(`${result.frames_per_s} agent frames/s,${step} ${result.peak_rss_mb} MB at most`);
  }
}
