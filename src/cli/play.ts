import type { Command } from 'commander';
import type { Info, RgbFrame } from '../core/env.ts';
import { explores } from '../core/epsilon-greedy.ts';
import { Generator } from '../core/random/index.ts';
import { renderFrame } from '../core/render.ts';
import { makeFromKwargs } from '../envs/registry.ts';
import { openVideoFile, type VideoFile } from '../node/files/video-file.ts';
import { type LoadedAgent, loadAgent } from '../node/runs/load-agent.ts';
import { type EpisodeRecord, LONGEST_GAME, playEpisode } from '../train/evaluate.ts';
import { examples, FOREIGN_VIEW_HELP, finiteNumber, jsonObject, wholeNumber } from './command.ts';

interface PlayOptions {
  readonly record?: string;
  readonly env?: string;
  readonly preprocessing?: string;
  readonly scaled?: boolean;
  readonly kwargs?: Record<string, unknown>;
  readonly fps: number;
  readonly episodes: number;
  readonly maxSteps: number;
  readonly seed: number;
  readonly epsilon: number;
  readonly noops?: number;
  readonly draw: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<run-or-model>', 'folder of a run, a model (.onnx, PyTorch, Stable-Baselines3) or a best-table.json')
    .option('-r, --record <file>', 'video of the game: .mp4, .gif or .html')
    .option('-e, --env <id>', "environment instead of the model's own")
    .option('--preprocessing <name>', FOREIGN_VIEW_HELP)
    .option('--scaled', 'bytes as numbers from 0 to 1, for an .onnx model of another program')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--fps <n>', 'pictures a second, shown and recorded', finiteNumber('--fps', 1, 240), 25)
    .option('--episodes <n>', 'episodes to play', wholeNumber('--episodes', 1), 1)
    .option('--max-steps <n>', 'steps after which an episode is given up', wholeNumber('--max-steps', 1), LONGEST_GAME)
    .option('--seed <n>', 'seed of the environment', wholeNumber('--seed'), 0)
    .option('--epsilon <p>', 'probability of a random action', finiteNumber('--epsilon', 0, 1), 0)
    .option(
      '--noops <n>',
      "up to so many no-ops before each game instead of the model's number",
      wholeNumber('--noops', 0, 1000),
    )
    .option('--no-draw', 'do not draw in the terminal')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples('bellman play runs/pong-built-in-seed0-1 -r pong.mp4', 'bellman play runs/q-learning-taxi-seed0-1'),
    )
    .action(play);
}

/** Toy-text games are drawn as text in a terminal, others by half blocks. */
const HOME = '\u001b[H';
const CLEAR = '\u001b[2J';

async function play(path: string, options: PlayOptions): Promise<void> {
  const { seed, epsilon, episodes, maxSteps, fps } = options;
  const drawing = options.draw && !options.json && options.record === undefined && process.stdout.isTTY === true;
  const { env: id, kwargs, noops: noopMax, preprocessing, scaled } = options;
  const load = { env: id, envKwargs: kwargs, noopMax, preprocessing, scaled };
  const renderMode = options.record !== undefined ? 'rgb_array' : drawing ? await terminalMode(path, load) : undefined;
  const agent = await loadAgent(path, { ...load, renderMode });
  const { env } = agent;
  const video = options.record === undefined ? undefined : await openVideo(options.record, fps, agent);
  const [coins] = new Generator(seed).spawn(1);
  env.actionSpace.seed(seed);
  const counts = new Map<number, number>();
  const draw = drawing ? await terminalPainter(fps) : undefined;
  const onState = async () => {
    if (video === undefined && draw === undefined) return;
    if (video !== undefined) video.frame(renderFrame(env));
    const picture = draw === undefined ? undefined : env.render();
    if (draw !== undefined && picture !== undefined) await draw(picture);
  };
  const act = (observation: unknown, info: Info) =>
    explores(epsilon, coins) ? agent.randomAction(info) : agent.act(observation, info);
  const onAction = (action: number) => counts.set(action, (counts.get(action) ?? 0) + 1);
  const played: EpisodeRecord[] = [];
  try {
    if (draw !== undefined) process.stdout.write(CLEAR);
    for (let i = 0; i < episodes; i++) {
      const episode = await playEpisode(env, act, {
        seed: i === 0 ? seed : undefined,
        maxSteps,
        onState,
        onAction,
      });
      played.push(episode);
      if (options.json) continue;
      const ending = episode.cut ? ', then given up: the episode did not end (--max-steps)' : '';
      console.log(`Total reward: ${episode.totalReward.toFixed(2)}, ${episode.steps} steps${ending}`);
    }
    await video?.close();
  } catch (error) {
    video?.abort();
    throw error;
  }
  const names = (env.unwrapped as { getActionMeanings?: () => readonly string[] }).getActionMeanings?.();
  const actionCounts = Object.fromEntries(
    [...counts].sort(([a], [b]) => a - b).map(([action, count]) => [names?.[action] ?? String(action), count]),
  );
  await agent.close();
  if (options.json) {
    const result = { model: agent.modelPath, env: agent.envId, seed, epsilon, episodes: played, actionCounts };
    console.log(JSON.stringify({ ...result, video: options.record ?? null }));
    return;
  }
  console.log(
    `Action counts: ${Object.entries(actionCounts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  );
  if (options.record !== undefined) console.log(`Video ${options.record}`);
}

/** How an environment is shown in a terminal: as text where it can, else as a picture. */
async function terminalMode(path: string, load: { env?: string | undefined }): Promise<'ansi' | 'rgb_array'> {
  const agent = await loadAgent(path, load);
  const { renderModes } = makeFromKwargs(agent.envId).metadata;
  await agent.close();
  return renderModes.includes('ansi') ? 'ansi' : 'rgb_array';
}

async function openVideo(file: string, fps: number, agent: LoadedAgent): Promise<VideoFile> {
  // Atari's pixels are twice as wide as high.
  const pixelAspect = agent.image ? 2 : 1;
  return openVideoFile(file, { fps, pixelAspect, title: agent.envId });
}

/** Draws at most `fps` pictures a second over each other. */
async function terminalPainter(fps: number): Promise<(picture: RgbFrame | string) => Promise<void>> {
  const { terminalFrame } = await import('./terminal-frame.ts');
  let next = performance.now();
  return async (picture) => {
    const columns = Math.min(process.stdout.columns ?? 80, 120);
    const text = typeof picture === 'string' ? picture : terminalFrame(picture, { columns });
    process.stdout.write(`${HOME}${text}\n`);
    next = Math.max(next + 1000 / fps, performance.now());
    await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
  };
}
