import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { OptionError } from '../core/errors.ts';
import { makeFromKwargs } from '../envs/registry.ts';
import { traceEnvironment } from '../envs/trace.ts';
import { importEnvironment } from '../node/runs/import-environment.ts';
import { examples, jsonObject, wholeNumber } from './command.ts';

interface TraceOptions {
  readonly ale?: string;
  readonly seed: number;
  readonly steps?: number;
  readonly kwargs?: Record<string, unknown>;
  readonly frames?: number;
  readonly mode?: number;
  readonly difficulty?: number;
  readonly rom?: string;
}

/** Lines are written in blocks of about this many characters: a write a line would cost more than the environment. */
const BLOCK = 1 << 16;

export function configure(command: Command): void {
  command
    .argument('[env]', 'environment id')
    .option('--seed <n>', 'seed of the environment and of the actions', wholeNumber('--seed'), 0)
    .option('--steps <n>', 'steps to print (default: 1000)', wholeNumber('--steps', 1))
    .option('--kwargs <json>', "constructor options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--ale <game>', 'an Atari game frame by frame instead of an environment: hashes of RAM and screen')
    .option('--frames <n>', 'with --ale: frames to print (default: 2000)', wholeNumber('--frames', 1))
    .option('--mode <n>', 'with --ale: game mode', wholeNumber('--mode'))
    .option('--difficulty <n>', 'with --ale: difficulty switches', wholeNumber('--difficulty'))
    .option('--rom <file>', 'with --ale: the cartridge, if not the imported one')
    .addHelpText(
      'after',
      examples(
        `bellman trace FrozenLake-v1 --seed 7 --steps 100 --kwargs '{"is_slippery": false}'`,
        'bellman trace --ale pong --frames 1000 --seed 1',
      ),
    )
    .action(async (id: string | undefined, options: TraceOptions) => {
      if ((id === undefined) === (options.ale === undefined)) {
        throw new OptionError('trace', id ?? 'nothing', 'an environment id, or --ale with a game');
      }
      const others =
        id === undefined ? (['steps', 'kwargs'] as const) : (['frames', 'mode', 'difficulty', 'rom'] as const);
      const clash = others.find((name) => options[name] !== undefined);
      if (clash !== undefined) {
        throw new OptionError(
          `--${clash}`,
          options[clash],
          `an option of ${id === undefined ? 'environments' : '--ale'}`,
        );
      }
      if (id !== undefined) await importEnvironment(id);
      await print(id === undefined ? await aleLines(options.ale as string, options) : environmentLines(id, options));
    });
}

function* environmentLines(id: string, { kwargs, seed, steps = 1000 }: TraceOptions): Iterable<string> {
  const env = makeFromKwargs(id, kwargs);
  yield* traceEnvironment(env, { seed, steps });
  env.close();
}

async function aleLines(name: string, options: TraceOptions): Promise<Iterable<string>> {
  const [{ Ale }, { traceAle }, { cartridgeOf, checkCartridge }, { gameNamed }, { readFileChecked }] =
    await Promise.all([
      import('../atari/ale.ts'),
      import('../atari/ale-trace.ts'),
      import('../atari/cartridges.ts'),
      import('../atari/games/index.ts'),
      import('../node/files/atomic-file.ts'),
    ]);
  const { seed, mode, difficulty, rom, frames = 2000 } = options;
  const game = gameNamed(name);
  const cartridge = rom === undefined ? cartridgeOf(game) : readFileChecked(rom);
  if (rom !== undefined) checkCartridge(game, cartridge, rom);
  const ale = new Ale(cartridge, { seed, repeatActionProbability: 0 });
  if (mode !== undefined) ale.setMode(mode);
  if (difficulty !== undefined) ale.setDifficulty(difficulty);
  if (mode !== undefined || difficulty !== undefined) ale.reset();
  return traceAle(ale, { frames, seed, hash: (bytes) => createHash('sha1').update(bytes).digest('hex') });
}

async function print(lines: Iterable<string>): Promise<void> {
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < BLOCK) continue;
    if (!process.stdout.write(block)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    block = '';
  }
  process.stdout.write(block);
}
