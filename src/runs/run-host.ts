import { ownNetwork, ownValueHead } from '../agents/own-kinds.ts';
import { isAlgorithm } from '../algorithms/registry.ts';
import { UnavailableError } from '../core/errors.ts';
import { isRegistered, moduleOf } from '../envs/registry.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** What in a configuration may name code. Anything may stand in a file, so nothing has a type. */
export interface CodeNames {
  readonly env?: unknown;
  readonly envKwargs?: unknown;
  readonly algorithm?: unknown;
  readonly config?: unknown;
}

/** What a module of the user's own may register. */
export type OwnPart = 'algorithm' | 'network' | 'values';

/** What a run needs of the program that it is in: how names that are not of this package are loaded. */
export interface RunHost {
  /** Loads what registers an environment. @throws UnavailableError where it cannot. */
  importEnvironment(id: string): Promise<void>;
  /** Loads the module of a name of the form `module:name`; others need none. @throws UnavailableError where it cannot. */
  importModule(what: OwnPart, name: string): Promise<void>;
  /**
   * @param path of the run, for messages.
   * @param allowed whether the user trusts it.
   * @throws MismatchError where a file names code that must not run.
   */
  checkCode(path: string, names: CodeNames, allowed?: boolean): void;
  /** The device that a request for one means here. */
  settledDevice(name: string): Promise<string>;
  /** The recipe of a file; undefined for a name that is no file's. Hosts without files have none. */
  recipeFile?(name: string): Promise<Recipe | undefined>;
}

/** Whether a recipe's name is that of a file. */
export const namesRecipeFile = (recipe: string): boolean => /\.json$/i.test(recipe);

/** Whether an id is of an environment of Gymnasium, which lives in a Python process: `python:LunarLander-v3`. */
export const namesPython = (id: string): boolean => id.startsWith('python:');

const has: Readonly<Record<OwnPart, (name: string) => boolean>> = {
  algorithm: isAlgorithm,
  network: (kind) => ownNetwork(kind) !== undefined,
  values: (kind) => ownValueHead(kind) !== undefined,
};

/** A program that loads no modules by name: pages and workers. What it has registered itself, it knows. */
export const packageHost: RunHost = {
  importEnvironment: importPackaged,
  async importModule(what, name) {
    if (moduleOf(name) === undefined || has[what](name)) return;
    throw new UnavailableError(
      `The module of ${what} ${name} is not loaded by its name here.`,
      'Import it before the training starts, in the same thread.',
    );
  },
  // It runs nothing that it was not built with.
  checkCode: () => {},
  settledDevice: async (name) => name,
};

/** Loads the package's part that registers an environment: the Atari games, for an id that is not registered yet. */
export async function importPackaged(id: string): Promise<void> {
  if (isRegistered(id)) return;
  if (namesPython(id)) throw new UnavailableError(`${id} lives in Python, which only Node starts.`, 'Train it there.');
  if (moduleOf(id) === undefined) {
    await import('../atari/atari-family.ts');
    return;
  }
  throw new UnavailableError(
    `The module of environment ${id} is not loaded by its name here.`,
    'Import it before the training starts, in the same thread.',
  );
}

/** Loads the modules of the kinds that a configuration's parts are of. @throws as the host's `importModule`. */
export async function importParts(config: Readonly<Record<string, unknown>>, host: RunHost): Promise<void> {
  for (const what of ['network', 'values'] as const) {
    const kind = (config[what] as { readonly kind?: unknown } | null | undefined)?.kind;
    if (typeof kind === 'string') await host.importModule(what, kind);
  }
}
