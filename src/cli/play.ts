import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Info } from '../core/env.ts';
import { explores } from '../core/epsilon-greedy.ts';
import { OptionError } from '../core/errors.ts';
import { frameRateOf } from '../core/frame-rate.ts';
import { pixelAspectOf } from '../core/pixel-aspect.ts';
import { printable, printableJson } from '../core/printable.ts';
import { Generator } from '../core/random/index.ts';
import { renderFrame } from '../core/render.ts';
import { actionMeanings } from '../envs/action-meanings.ts';
import { openVideoFile, type VideoFile } from '../node/files/video-file.ts';
import { type EpisodeRecord, LONGEST_GAME, playEpisode } from '../train/evaluate.ts';
import { type PictureSize, videoEndings } from '../video/index.ts';
import { choosePlayer, type Player } from './choose-player.ts';
import { ALLOW_CODE_HELP, examples, FOREIGN_VIEW_HELP, finiteNumber, jsonObject, wholeNumber } from './command.ts';
import { pictureSize, sizeText, targetFile } from './recording.ts';
import { canRedraw } from './terminal.ts';
import type { TerminalScreen } from './terminal-screen.ts';

interface PlayOptions {
  readonly record?: string;
  readonly window?: boolean;
  readonly size?: PictureSize;
  readonly env?: string;
  readonly preprocessing?: string;
  readonly scaled?: boolean;
  readonly kwargs?: Record<string, unknown>;
  readonly policy: string;
  readonly random?: boolean;
  readonly fps?: number;
  readonly episodes: number;
  readonly maxSteps: number;
  readonly seed?: number;
  readonly epsilon: number;
  readonly noops?: number;
  readonly draw: boolean;
  readonly text?: boolean;
  readonly allowCode?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument(
      '[what]',
      'run folder, model file (.onnx, PyTorch, Stable-Baselines3, table), or pong, pole, lake, taxi: they come with bellman',
    )
    .option('-r, --record <file>', 'video of the game: .mp4, .gif or .html, or a folder for one named by the date')
    .option('-w, --window', 'record the game and open it in the browser')
    .addOption(new Option('--browser', 'the same as --window').hideHelp())
    .option('--size <size>', 'width and height of the video, such as 608x400', pictureSize('--size'))
    .option('-e, --env <id>', "environment instead of the model's own")
    .option('--preprocessing <name>', FOREIGN_VIEW_HELP)
    .option('--scaled', 'bytes as numbers from 0 to 1, for an .onnx model of another program')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('-p, --policy <name>', 'model, random, or one action by name or number, such as left', 'model')
    .option('--random', 'the same as --policy random')
    .option('--fps <n>', "pictures a second (default: the environment's own)", finiteNumber('--fps', 1, 240))
    .option('--episodes <n>', 'episodes to play', wholeNumber('--episodes', 1), 1)
    .option('--max-steps <n>', 'steps after which an episode is given up', wholeNumber('--max-steps', 1), LONGEST_GAME)
    .option(
      '--seed <n>',
      'seed of the environment (default: 0; of models that come with bellman their own)',
      wholeNumber('--seed'),
    )
    .option('--epsilon <p>', 'probability of a random action', finiteNumber('--epsilon', 0, 1), 0)
    .option(
      '--noops <n>',
      "up to so many no-ops before each game instead of the model's number",
      wholeNumber('--noops', 0, 1000),
    )
    .option('--text', 'draw in the terminal by letters where the environment can')
    .option('--no-draw', 'do not draw in the terminal')
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples(
        'bellman play pong',
        'bellman play taxi --window',
        'bellman play --random --env CartPole-v1',
        'bellman play runs/pong-built-in-seed0-1 -r pong.mp4',
      ),
    )
    .action(play);
}

async function play(what: string | undefined, options: PlayOptions & { readonly browser?: boolean }): Promise<void> {
  const { epsilon, episodes, maxSteps } = options;
  const inWindow = options.window === true || options.browser === true;
  if (inWindow && options.record !== undefined) {
    throw new OptionError('--record', options.record, 'one of --record and --window');
  }
  if (options.random === true && !['model', 'random'].includes(options.policy)) {
    throw new OptionError('--policy', options.policy, 'one of --random and --policy');
  }
  const filmed = inWindow || options.record !== undefined;
  if (options.size !== undefined && !filmed) throw new OptionError('--size', sizeText(options.size), 'an option of -r');
  const drawing = options.draw && !options.json && !filmed && canRedraw(process.stdout);
  // Without colours, letters say more than shades.
  const text = options.text === true || process.stdout.getColorDepth?.() < 8;
  const player = await choosePlayer(what, {
    policy: options.random === true ? 'random' : options.policy,
    env: options.env,
    envKwargs: options.kwargs,
    noopMax: options.noops,
    preprocessing: options.preprocessing,
    scaled: options.scaled,
    allowCode: options.allowCode,
    renderMode: filmed ? 'rgb_array' : drawing ? (text ? 'text-or-picture' : 'picture-or-text') : undefined,
  });
  if (options.noops !== undefined && !player.image) {
    throw new OptionError('--noops', options.noops, `an option of models that see pictures, not of ${player.envId}`);
  }
  const { env } = player;
  const seed = options.seed ?? player.seed ?? 0;
  const fps = options.fps ?? frameRateOf(env);
  const file = inWindow ? windowFile(player) : recordedFile(options.record, player);
  const video = file === undefined ? undefined : await openVideo(file, fps, player, options.size);
  const screen = drawing && env.renderMode !== null ? await openScreen(player) : undefined;
  const show = screen === undefined ? undefined : paced(fps);
  if (drawing && screen === undefined)
    console.log(`${printable(player.envId)} draws nothing: only its scores are shown.`);
  const note = filmed && !options.json ? progressNote() : undefined;

  const [coins] = new Generator(seed).spawn(1);
  env.actionSpace.seed(seed);
  const names = actionMeanings(env);
  const counts = new Map<number, number>();
  let [game, steps, score] = [1, -1, 0];
  let action: number | undefined;
  const onState = async () => {
    steps++;
    video?.frame(renderFrame(env));
    note?.(steps);
    const picture = screen === undefined ? undefined : env.render();
    if (screen === undefined || picture === undefined) return;
    screen.draw(picture, captionOf(player, { game, episodes, steps, score, action, names }));
    await show?.();
  };
  const act = (observation: unknown, info: Info) =>
    explores(epsilon, coins) ? player.randomAction(info) : player.act(observation, info);
  const onAction = (chosen: number) => {
    action = chosen;
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
  };
  const played: EpisodeRecord[] = [];
  try {
    for (; game <= episodes; game++) {
      [steps, score, action] = [-1, 0, undefined];
      const episode = await playEpisode(env, act, {
        seed: game === 1 ? seed : undefined,
        maxSteps,
        onState,
        onAction,
        onReward: (reward) => {
          score += reward;
        },
      });
      played.push(episode);
      if (options.json) continue;
      note?.(undefined);
      if (game === episodes) screen?.close();
      const ending = episode.cut ? ', then given up: the episode did not end (--max-steps)' : '';
      const line = `Total reward: ${episode.totalReward.toFixed(2)}, ${episode.steps} steps${ending}`;
      if (screen !== undefined && game < episodes) screen.line(line);
      else console.log(line);
    }
    await video?.close();
  } catch (error) {
    video?.abort();
    throw error;
  } finally {
    screen?.close();
  }
  const actionCounts = Object.fromEntries(
    [...counts].sort(([a], [b]) => a - b).map(([number, count]) => [names?.[number] ?? String(number), count]),
  );
  await player.close();
  if (options.json) {
    const result = { model: player.modelPath, env: player.envId, seed, epsilon, episodes: played, actionCounts };
    console.log(printableJson({ ...result, video: file ?? null }));
  } else {
    const listed = Object.entries(actionCounts).map(([name, count]) => `${name} ${count}`);
    console.log(`Action counts: ${listed.join(', ')}`);
    if (file !== undefined) console.log(`Video ${file}`);
  }
  if (inWindow && file !== undefined) await openPage(file, options.json === true);
}

function recordedFile(record: string | undefined, player: Player): string | undefined {
  return record === undefined ? undefined : targetFile('--record', record, videoEndings, player.envId);
}

/** A page in a folder of its own that only this user reads. */
function windowFile(player: Player): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellman-play-'));
  return targetFile('--window', folder, ['.html'], player.envId);
}

async function openPage(file: string, quiet: boolean): Promise<void> {
  const { openInBrowser } = await import('./open-in-browser.ts');
  const opened = await openInBrowser(file);
  if (!opened && !quiet) console.log('There is no browser here to open it in: open the file yourself.');
}

async function openVideo(file: string, fps: number, player: Player, size: PictureSize | undefined): Promise<VideoFile> {
  return openVideoFile(file, { fps, size, pixelAspect: pixelAspectOf(player.env), title: player.envId });
}

/** A terminal that has its cursor back however the program ends. */
async function openScreen(player: Player): Promise<TerminalScreen> {
  const { TerminalScreen: Screen } = await import('./terminal-screen.ts');
  const screen = new Screen(process.stdout, pixelAspectOf(player.env));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      screen.close();
      process.exit(code);
    });
  }
  return screen;
}

/** Waits after each picture, so that there are at most `fps` a second. */
function paced(fps: number): () => Promise<void> {
  let next = performance.now();
  return async () => {
    next = Math.max(next + 1000 / fps, performance.now());
    await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
  };
}

/** Says in a terminal how far a recording is; undefined ends it. */
function progressNote(): ((steps: number | undefined) => void) | undefined {
  if (!canRedraw(process.stdout)) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (steps) => {
    if (steps === undefined) process.stdout.write('\r\u001b[K');
    else if (performance.now() - last > 250) {
      last = performance.now();
      process.stdout.write(`\rRecording, step ${steps}\u001b[K`);
    }
  };
}

interface Moment {
  readonly game: number;
  readonly episodes: number;
  readonly steps: number;
  readonly score: number;
  readonly action: number | undefined;
  readonly names: readonly string[] | undefined;
}

function captionOf(player: Player, { game, episodes, steps, score, action, names }: Moment): string {
  const reward = Number.isInteger(score) ? String(score) : score.toFixed(2);
  const parts = [`reward ${reward}`, `step ${steps}`];
  if (typeof action === 'number') parts.push(names?.[action] ?? `action ${action}`);
  if (episodes > 1) parts.push(`game ${game} of ${episodes}`);
  return `${player.envId}  ${parts.join('  ')}`;
}
