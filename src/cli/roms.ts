import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { BellmanError } from '../core/errors.ts';
import { printable, printableJson } from '../core/printable.ts';
import { examples } from './command.ts';

export function configure(command: Command): void {
  command.addHelpText('after', examples('bellman roms fetch', 'bellman roms import ~/games', 'bellman roms list'));
  command
    .command('fetch')
    .description("take all cartridges from the ale-py package, by the user's pip or by HTTPS")
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman roms fetch'))
    .action(fetchAll);
  command
    .command('import')
    .description('copy cartridges into the folder of this user')
    .argument('<path...>', 'folders, .bin or .a26 files, .zip archives, ale-py wheels')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman roms import pong.bin games.zip'))
    .action(importPaths);
  command
    .command('list')
    .description('the games, and which of them have a cartridge here')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman roms list --json'))
    .action(list);
}

async function fetchAll(options: { json?: boolean }): Promise<void> {
  const { fetchCartridges } = await import('../node/roms/fetch-cartridges.ts');
  report(await fetchCartridges(), options.json === true);
}

async function importPaths(paths: readonly string[], options: { json?: boolean }): Promise<void> {
  const { importCartridges } = await import('../node/roms/import-cartridges.ts');
  report(importCartridges(paths), options.json === true);
}

function report(
  outcome: {
    readonly folder: string;
    readonly games: readonly string[];
    readonly refused: readonly { readonly source: string; readonly reason: string }[];
    readonly from?: string;
  },
  json: boolean,
): void {
  const { folder, games, refused, from } = outcome;
  if (json) console.log(printableJson({ folder, games, refused, ...(from === undefined ? {} : { from }) }));
  if (games.length === 0) {
    throw new BellmanError(
      'BAD_CARTRIDGE',
      refused.length === 0 ? 'No cartridges found there.' : `No known cartridges found: ${refused[0].reason}`,
    );
  }
  if (json) return;
  if (from !== undefined) console.log(`from ${printable(from)}`);
  console.log(`${games.length} cartridge${games.length === 1 ? '' : 's'} in ${folder}`);
  if (games.length <= 10) console.log(games.join(', '));
  if (refused.length > 0) {
    console.log(`${refused.length} other file${refused.length === 1 ? ' is' : 's are'} no known game:`);
    for (const { source } of refused.slice(0, 5)) console.log(`  ${printable(source)}`);
    if (refused.length > 5) console.log(`  and ${refused.length - 5} more`);
  }
}

async function list(options: { json?: boolean }): Promise<void> {
  const [{ GAMES }, { idName }, { cartridgeFolder, readCartridge }, { md5Of }] = await Promise.all([
    import('../atari/games/index.ts'),
    import('../atari/names.ts'),
    import('../node/roms/cartridge-folder.ts'),
    import('../atari/cartridges.ts'),
  ]);
  const games = GAMES.map(({ name, md5 }) => {
    const bytes = readCartridge(name);
    const state = bytes === undefined ? 'missing' : md5Of(bytes) === md5 ? 'here' : 'wrong';
    return { game: name, env: `ALE/${idName(name)}-v5`, md5, state };
  });
  const folder = cartridgeFolder();
  if (options.json) {
    console.log(printableJson({ folder, games }));
    return;
  }
  for (const { game, env, state } of games) console.log(`${game.padEnd(20)} ${env.padEnd(26)} ${state}`);
  const here = games.filter(({ state }) => state === 'here').length;
  console.log(`${here} of ${games.length} games in ${folder}`);
  if (here === 0) console.log(`${advise('roms fetch')} takes all from the ale-py package.`);
}
