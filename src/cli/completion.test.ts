import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bellmanHere } from '../../test/cli/bellman-here.ts';
import { temporaryFolder } from '../../test/cli/run-bellman.ts';

const folder = temporaryFolder();
const scripts = new Map<string, string>();
beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const path = join(folder, `bellman.${shell}`);
    writeFileSync(path, (await bellmanHere(['completion', shell])).stdout);
    scripts.set(shell, path);
  }
});

/** What bash offers after a command line whose last word is begun. */
function bashOffers(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const program = `source ${scripts.get('bash')}; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _bellman; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8', cwd: folder }).trim().split('\n');
}

describe('bash', () => {
  it('completes commands, options, names and files', () => {
    expect(bashOffers('bellman', 'pl')).toEqual(['play', 'plot']);
    expect(bashOffers('bellman', 'train', '--ep')).toEqual(['']);
    expect(bashOffers('bellman', 'train', '--see')).toEqual(['--seed', '--seeds']);
    expect(bashOffers('bellman', 'train', 'q-learning-t')).toEqual(['q-learning-taxi']);
    expect(bashOffers('bellman', 'envs', 'Taxi')).toEqual(['Taxi-v3', 'Taxi-v4']);
    expect(bashOffers('bellman', 'roms', 'f')).toEqual(['fetch']);
    expect(bashOffers('bellman', 'play', 'bellman.z')).toEqual(['bellman.zsh']);
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

it.skipIf(!has('fish'))('fish completes the same', () => {
  const offers = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', `source ${scripts.get('fish')}; complete -C '${line}'`], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .map((text) => text.split('\t')[0]);
  expect(offers('bellman pl')).toEqual(['play', 'plot']);
  expect(offers('bellman train --see')).toEqual(['--seed', '--seeds']);
  expect(offers('bellman envs Taxi')).toEqual(['Taxi-v3', 'Taxi-v4']);
});

it.skipIf(!has('zsh'))('zsh reads its program and has the completion', () => {
  const program = `source ${scripts.get('zsh')}; print -r -- $_comps[bellman]; COMP_WORDS=(bellman pl); COMP_CWORD=1`;
  const { stdout, status } = spawnSync('zsh', ['-f', '-c', program], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
  });
  expect([status, stdout.trim()]).toEqual([0, '_bash_complete -o filenames -F _bellman']);
});

it('an unknown shell gets one line', async () => {
  const { code, stderr } = await bellmanHere(['completion', 'tcsh']);
  expect([code, stderr]).toEqual([1, 'bellman: shell: got "tcsh", allowed is bash, zsh, fish.\n']);
});
