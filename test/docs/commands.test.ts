/**
 * The commands of docs/algorithms and of the guides on Atari and Gymnasium: those in blocks and those within a line run,
 * trainings for their first steps alone. Names in capitals stand for something, and such a command is not run. The other guides
 * run whole in guide.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { aleCartridgeFolder } from '../support/ale-cartridges.ts';
import { runCommand } from './documented-commands.ts';

const docs = new URL('../../docs/', import.meta.url);
const pages = [
  ...readdirSync(new URL('algorithms', docs)).map((name) => `algorithms/${name}`),
  'guide/atari.md',
  'guide/gymnasium.md',
].filter((name) => name.endsWith('.md'));

function commandsOf(page: string): string[] {
  const text = readFileSync(new URL(page, docs), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split('\n'));
  const inline = [...text.matchAll(/`(?:npx )?bellman ([a-z]+ [^-`][^`]*)`/g)].map(([, rest]) => `npx bellman ${rest}`);
  // What fetches has an index of its own in test/cli/roms.test.ts.
  return [...new Set([...blocks, ...inline])].filter((command) => !/ [A-Z]{3,}\b(?!\/)|roms fetch/.test(command));
}

const commands = pages.flatMap((page) => commandsOf(page).map((command) => [page, command] as const));

describe('the pages of algorithms and the guide', () => {
  const cwd = temporaryFolder();
  beforeAll(() => {
    process.env['BELLMAN_ROMS'] = aleCartridgeFolder();
  });

  it('have commands, one at least for each algorithm', () => {
    for (const page of pages.filter((name) => name.startsWith('algorithms/'))) {
      expect(commands.map(([name]) => name)).toContain(page);
    }
  });

  it.each(commands)('%s: %s', async (_, command) => {
    // PQN steps many environments at once.
    const training = command.startsWith('npx bellman train');
    // Seeds that are stopped are not solved, an exit code of 1: one of them here, several in test/cli/seeds.test.ts.
    const first = `${command.replace(/--seeds \S+/, '--seed 0')} --stop-after 40`;
    const printed = await runCommand(training ? first : command, cwd);
    expect(printed).toMatch(training ? /Stopped at step \d+\./ : /\S/);
  });
});
