import type { Algorithm } from '../algorithms/algorithm.ts';
import { bareName, isAlgorithm, loadAlgorithm } from '../algorithms/registry.ts';
import { OptionError } from '../core/errors.ts';
import { environmentEntry, isRegistered, knownKwargs, settledKwargs, snakeCase } from '../envs/registry.ts';
import { chooseRecipe } from '../recipes/choose-recipe.ts';
import { leaves } from '../recipes/leaves.ts';
import { networkParts } from '../recipes/presets.ts';
import type { Recipe, Source } from '../recipes/recipe.ts';
import { applySettings, type Known } from '../recipes/settings.ts';
import type { ResolvedRun, RunRequest } from './run.ts';
import { importParts, packageHost, type RunHost } from './run-host.ts';

/**
 * Turns a request into a run: the recipe's values, replaced where asked for, every value with its source.
 * @throws UnknownNameError for an unknown recipe, OptionError for an unknown key or a value out of range.
 */
export async function settleRun(request: RunRequest, host: RunHost = packageHost): Promise<ResolvedRun> {
  if (request.env !== undefined) await host.importEnvironment(request.env);
  const { recipe, algorithm, env: named, why } = await findStart(request, host);
  const asEnv = request.env ?? named;
  // Its own may need what is not here, Python say; it is not asked for where another is.
  await host.importEnvironment(asEnv ?? recipe.env);
  const asked: Record<string, unknown> = {
    ...request.set,
    ...(request.reward === undefined ? {} : { rewardBound: request.reward }),
  };
  for (const part of ['network', 'values']) {
    const kind = asked[`${part}.kind`] ?? (asked[part] as { readonly kind?: unknown } | null | undefined)?.kind;
    await importParts({ [part]: { kind } }, host);
  }
  const bound = 'rewardBound' in asked ? undefined : boundElsewhere(recipe, asEnv);
  const { config, sources } = applySettings(recipe, asked, algorithm.networks ? networkParts : NO_PARTS);
  if (bound !== undefined) sources['rewardBound'] = bound.source;
  const env = asEnv ?? recipe.env;
  const { kwargs, note } = environmentKwargs(recipe, env, request.envKwargs ?? {});
  const notes = [why, bound?.note, note].filter((text) => text !== undefined);
  return {
    recipe: recipe.id,
    algorithm: recipe.algorithm,
    env,
    envKwargs: settledKwargs(env, kwargs, request.seed),
    seed: request.seed,
    device: algorithm.networks ? await host.settledDevice(request.device) : request.device,
    threads: request.threads,
    config: { ...algorithm.parse({ ...config, ...bound?.config }) },
    sources,
    evaluation: request.evaluation ?? null,
    ...(notes.length === 0 ? {} : { note: notes.join('\n') }),
  };
}

/**
 * The recipe's options of the environment, with those that were asked for in their place or added to them. Of another
 * environment only those that it knows.
 */
function environmentKwargs(
  recipe: Recipe,
  env: string,
  asked: Readonly<Record<string, unknown>>,
): { kwargs: Record<string, unknown>; note?: string | undefined } {
  const bySnake = (kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
    ...Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [snakeCase(key), value])),
  });
  const own = bySnake(recipe.envOptions ?? {});
  // Whose options have names of their own gets them as they are.
  const mine = environmentEntry(env).otherOptions === undefined ? bySnake(asked) : { ...asked };
  if (env === recipe.env || Object.keys(own).length === 0) return { kwargs: { ...own, ...mine } };
  const known = knownKwargs(env, own);
  const told = (kwargs: Record<string, unknown>): string =>
    Object.entries(kwargs)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(', ');
  const left = Object.fromEntries(Object.entries(own).filter(([key]) => !(key in known) && !(key in mine)));
  const taken = Object.fromEntries(Object.entries(known).filter(([key]) => !(key in mine)));
  const parts = [
    Object.keys(taken).length === 0 ? undefined : `The recipe's ${told(taken)} is for ${env} too.`,
    Object.keys(left).length === 0 ? undefined : `The recipe's ${told(left)} is dropped: ${env} has no such option.`,
  ].filter((part) => part !== undefined);
  return { kwargs: { ...known, ...mine }, note: parts.length === 0 ? undefined : parts.join(' ') };
}

/** Configurations of tables have no parts, and their keys never changed. */
const NO_PARTS: Known = { preset: () => undefined, kinds: () => [], renamed: {}, short: {} };

/** The recipe that a request begins from; of an algorithm of another module its defaults. */
async function findStart(
  { recipe: name, env }: RunRequest,
  host: RunHost,
): Promise<{ recipe: Recipe; algorithm: Algorithm; env?: string | undefined; why?: string | undefined }> {
  await host.importModule('algorithm', name);
  const own = isAlgorithm(name) ? await loadAlgorithm(name) : undefined;
  if (own?.defaults === undefined) {
    // It may be the id of an environment, whose family is loaded on use.
    if (/-v\d+$/.test(name)) await host.importEnvironment(name);
    const choice = chooseRecipe(name, env, isRegistered);
    return { ...choice, algorithm: await loadAlgorithm(choice.recipe.algorithm) };
  }
  if (env === undefined) throw new OptionError('--env', env, `the id of an environment, which ${name} does not name`);
  const id = bareName(name);
  const sources = Object.fromEntries(leaves(own.defaults).map(([place]) => [place, { cite: `default of ${name}` }]));
  return { recipe: { id, title: id, algorithm: name, env, config: own.defaults, sources }, algorithm: own };
}

/**
 * For an environment that the recipe was not written for, its reward bound is replaced by the registry's threshold, or
 * dropped where there is none. Undefined where the recipe's own holds.
 */
function boundElsewhere(
  recipe: Recipe,
  env: string | undefined,
): { config: { rewardBound: number | null }; source: Source; note: string } | undefined {
  if (env === undefined || env === recipe.env || recipe.alsoFor?.includes(env)) return undefined;
  const { rewardThreshold } = environmentEntry(env);
  const theirs = `${JSON.stringify((recipe.config as { rewardBound?: unknown }).rewardBound)} is for ${recipe.env}`;
  if (rewardThreshold === undefined) {
    const why = `${env} has no reward threshold`;
    const note = `${why}, and the recipe's bound of ${theirs}: trains to the end. --reward sets a bound.`;
    return { config: { rewardBound: null }, source: { from: `recipe ${recipe.id}`, why }, note };
  }
  const note = `Solved above ${rewardThreshold}, the reward threshold of ${env}; the recipe's bound of ${theirs}.`;
  return { config: { rewardBound: rewardThreshold }, source: { cite: `reward threshold of ${env}` }, note };
}
