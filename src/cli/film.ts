import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import type { RgbFrame } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { formatCount } from '../core/format-count.ts';
import { frameRateOf } from '../core/frame-rate.ts';
import { pixelAspectOf } from '../core/pixel-aspect.ts';
import { renderFrame } from '../core/render.ts';
import { shellWord } from '../core/shell-word.ts';
import { kindOf, listFolder, makeFolder } from '../node/files/folder.ts';
import { openVideoFile, type VideoFile } from '../node/files/video-file.ts';
import { checkCode } from '../node/runs/code-mark.ts';
import { loadAgent } from '../node/runs/load-agent.ts';
import { readRunConfig } from '../node/runs/run-directory.ts';
import { MODELS_FOLDER, VIDEOS_FOLDER } from '../node/runs/run-layout.ts';
import { type MetricsRow, readRun } from '../node/runs/run-metrics.ts';
import { playEpisode } from '../train/evaluate.ts';
import { Captioner, type PictureSize, videoEndings } from '../video/index.ts';
import { ALLOW_CODE_HELP, examples, finiteNumber, wholeNumber } from './command.ts';
import { pictureSize, targetFile } from './recording.ts';

/** How long the last picture of a model's part stays. */
const HOLD_SECONDS = 0.5;

interface FilmOptions {
  readonly output?: string;
  readonly seconds: number;
  readonly models: number;
  readonly fps?: number;
  readonly seed: number;
  readonly size?: PictureSize;
  readonly allowCode?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<run>', 'folder of a run that was trained with --snapshot-every')
    .option(
      '-o, --output <file>',
      'the film: .mp4, .gif or .html, or a folder (default: progress.mp4 in videos/ of the run)',
    )
    .option('--seconds <n>', 'how long each model plays', finiteNumber('--seconds', 0.1, 3600), 8)
    .option('--models <n>', 'models in the film, evenly spaced in time', wholeNumber('--models', 1, 1000), 10)
    .option('--fps <n>', "pictures a second (default: the environment's own)", finiteNumber('--fps', 1, 240))
    .option('--seed <n>', 'seed of the game that they all play', wholeNumber('--seed'), 0)
    .option('--size <size>', 'width and height of the film, such as 608x400', pictureSize('--size'))
    .option('--allow-code', ALLOW_CODE_HELP)
    .addHelpText(
      'after',
      examples(
        'bellman train pqn-cart-pole --snapshot-every 20000 --run runs/pole',
        'bellman film runs/pole',
        'bellman film runs/pole -o pole.gif --seconds 4 --models 5',
      ),
    )
    .action(film);
}

async function film(run: string, options: FilmOptions): Promise<void> {
  const config = readRunConfig(run);
  checkCode(run, config, options.allowCode);
  const [env, envKwargs] = [
    String(config['env']),
    config['envKwargs'] as Readonly<Record<string, unknown>> | undefined,
  ];
  const models = evenly(keptModels(run), options.models);
  if (models.length === 0) {
    throw new MismatchError(
      `${run} has kept no models along its way. Train with --snapshot-every, such as: ${advise(`train ${shellWord(String(config['recipe']))} --snapshot-every 10000`)}`,
    );
  }
  const { rows } = readRun(run);
  const file = outputFile(run, options.output, env);
  let video: VideoFile | undefined;
  let captioner: Captioner | undefined;
  try {
    for (const { step, path } of models) {
      const agent = await loadAgent(path, { env, envKwargs, renderMode: 'rgb_array' });
      const { env: game } = agent;
      const aspect = pixelAspectOf(game);
      const fps = options.fps ?? frameRateOf(game);
      video ??= await openVideoFile(file, { fps, size: options.size, title: `${env}: ${config['recipe']}` });
      const mean = meanAt(rows, step);
      let score = 0;
      let last: RgbFrame | undefined;
      const filmed = await playEpisode(game, agent.act, {
        seed: options.seed,
        maxSteps: Math.max(1, Math.round(options.seconds * fps)),
        onReward: (reward) => {
          score += reward;
        },
        onState: () => {
          const picture = renderFrame(game);
          captioner ??= new Captioner(picture, aspect);
          const parts = [`STEP ${formatCount(step)}`, `SCORE ${number(score)}`];
          if (mean !== undefined) parts.push(`MEAN ${mean.toFixed(1)}`);
          last = captioner.draw(picture, parts.join('  '));
          video?.frame(last);
        },
      });
      // What ended a game is seen a little longer.
      for (let i = 0; last !== undefined && i < HOLD_SECONDS * fps; i++) video.frame(last);
      await agent.close();
      const ended = filmed.cut ? 'goes on' : 'ends';
      console.log(`Step ${step}: ${filmed.steps} steps, reward ${number(filmed.totalReward)}, the game ${ended}`);
    }
    await video?.close();
  } catch (error) {
    video?.abort();
    throw error;
  }
  console.log(`Film ${file}`);
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

function outputFile(run: string, output: string | undefined, env: string): string {
  if (output !== undefined) return targetFile('--output', output, videoEndings, `${env}-progress`);
  const folder = join(run, VIDEOS_FOLDER);
  if (kindOf(folder) === 'file') throw new OptionError('videos', folder, 'a folder, and that is a file');
  makeFolder(folder);
  return join(folder, 'progress.mp4');
}

interface KeptModel {
  readonly step: number;
  readonly path: string;
}

/** Models that `--snapshot-every` kept, in the order of their steps. */
function keptModels(run: string): KeptModel[] {
  const folder = join(run, MODELS_FOLDER);
  return listFolder(folder)
    .flatMap((name) => {
      const step = /^step-(\d+)$/.exec(name.slice(0, -extname(name).length))?.[1];
      return step === undefined ? [] : [{ step: Number(step), path: join(folder, name) }];
    })
    .sort((a, b) => a.step - b.step);
}

/** At most `count`, evenly spaced, with the first and the last. */
function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  if (count === 1) return items.slice(-1);
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}

/** Mean reward of the last games before a step, as the run has logged it. */
function meanAt(rows: readonly MetricsRow[], step: number): number | undefined {
  return rows.findLast((row) => row.step <= step && row['reward_mean'] !== undefined)?.['reward_mean'];
}
