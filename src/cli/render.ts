import type { Command } from 'commander';
import { encode } from 'fast-png';
import { advise } from '../core/advise.ts';
import type { RgbFrame } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { pixelAspectOf } from '../core/pixel-aspect.ts';
import { renderFrame } from '../core/render.ts';
import { writeFileAtomic } from '../node/files/atomic-file.ts';
import { fitInto, type PictureSize } from '../video/index.ts';
import { choosePlayer } from './choose-player.ts';
import { ALLOW_CODE_HELP, examples, jsonObject, wholeNumber } from './command.ts';
import { pictureSize, sizeText, targetFile } from './recording.ts';

interface RenderOptions {
  readonly output?: string;
  readonly record?: string;
  readonly seed: number;
  readonly steps: number;
  readonly policy: string;
  readonly kwargs?: Record<string, unknown>;
  readonly size?: PictureSize;
  readonly allowCode?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<env>', `id of an environment, or what ${advise('play')} plays`)
    .option('-o, --output <file>', 'a .png file; without it the terminal')
    .option('-r, --record <folder>', 'a folder, where the picture is named by the date')
    .option('--seed <n>', 'seed of the environment and of random actions', wholeNumber('--seed'), 0)
    .option('--steps <n>', 'steps before the picture', wholeNumber('--steps', 0, 1_000_000), 0)
    .option('-p, --policy <name>', 'who plays them: random, one action by name or number, or model', 'random')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--size <size>', 'width and height of the picture, such as 608x400', pictureSize('--size'))
    .option('--allow-code', ALLOW_CODE_HELP)
    .addHelpText(
      'after',
      examples(
        'bellman render CartPole-v1 -o pole.png',
        'bellman render bellman/Pong-v0 --steps 200 --seed 1 -r pictures',
      ),
    )
    .action(render);
}

async function render(what: string, options: RenderOptions): Promise<void> {
  const { output, record, seed, steps, policy, size } = options;
  if (output !== undefined && record !== undefined) throw new OptionError('--record', record, 'one of -o and -r');
  const toFile = output !== undefined || record !== undefined;
  if (size !== undefined && !toFile) throw new OptionError('--size', sizeText(size), 'an option of -o and -r');
  const renderMode = toFile ? 'rgb_array' : 'picture-or-text';
  const player = await choosePlayer(what, {
    policy,
    envKwargs: options.kwargs,
    renderMode,
    allowCode: options.allowCode,
  });
  const { env } = player;
  env.actionSpace.seed(seed);
  let { observation, info } = env.reset({ seed });
  for (let i = 0; i < steps; i++) {
    const step = env.step(await player.act(observation, info));
    ({ observation, info } = step.terminated || step.truncated ? env.reset() : step);
  }
  const aspect = pixelAspectOf(env);
  if (toFile) {
    const file = targetFile(
      output === undefined ? '--record' : '--output',
      (output ?? record)!,
      ['.png'],
      player.envId,
    );
    writeFileAtomic(file, png(renderFrame(env), aspect, size));
    console.log(`Picture ${file}`);
  } else await show(env.render(), aspect, player.envId);
  await player.close();
}

/** @param size by default that of the picture, with square pixels. */
function png(picture: RgbFrame, aspect: number, size?: PictureSize): Uint8Array {
  const { width, height } = size ?? { width: picture.width * aspect, height: picture.height };
  const rgba = new Uint8Array(width * height * 4);
  fitInto(picture, aspect, { width, height }, rgba);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = rgba[4 * i + c];
  }
  return encode({ width, height, data, channels: 3, depth: 8 });
}

async function show(picture: RgbFrame | string | undefined, aspect: number, id: string): Promise<void> {
  if (picture === undefined) throw new MismatchError(`${id} draws nothing.`);
  const { terminalFrame } = await import('./terminal-frame.ts');
  const { columns = 80, rows = 24 } = process.stdout;
  const colorDepth = process.stdout.getColorDepth?.() ?? 1;
  const room = { columns, rows: Math.max(1, rows - 2), pixelAspect: aspect, colorDepth };
  console.log(typeof picture === 'string' ? picture.trimEnd() : terminalFrame(picture, room).join('\n'));
}
