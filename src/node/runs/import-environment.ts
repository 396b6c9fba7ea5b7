import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UnavailableError } from '../../core/errors.ts';
import { isRegistered, moduleOf } from '../../envs/registry.ts';

/**
 * Loads what registers an environment. For an id of the form `module:Name-v0`, as in Gymnasium, this is the module: a file,
 * by its path from the present folder, or an installed package. For another id that is not registered yet it is
 * `bellman-rl/atari`.
 * @throws UnavailableError when the module does not load, or does not register the id.
 */
export async function importEnvironment(id: string): Promise<void> {
  const module = moduleOf(id);
  if (module === undefined) {
    if (!isRegistered(id)) await import('../../atari/atari-family.ts');
    return;
  }
  try {
    await import(urlOf(module));
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split(/\n| imported from /);
    throw new UnavailableError(
      `The module of environment ${id} does not load: ${reason}.`,
      'Give a file by its path, as ./maze.mjs:Maze-v0, or an installed package.',
      { cause },
    );
  }
  if (isRegistered(id)) return;
  throw new UnavailableError(
    `Module ${module} registers no ${id.slice(module.length + 1)}.`,
    "It has to call register() of 'bellman-rl', from the installation that this program belongs to.",
  );
}

function urlOf(module: string): string {
  const isFile = /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/.test(module);
  const here = pathToFileURL(resolve('_')).href;
  return isFile ? pathToFileURL(resolve(module)).href : pathToFileURL(createRequire(here).resolve(module)).href;
}
