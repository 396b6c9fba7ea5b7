import type { Algorithm } from '../../algorithms/algorithm.ts';
import { bareName, isAlgorithm, loadAlgorithm } from '../../algorithms/registry.ts';
import { MismatchError, OptionError, show } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { environmentEntry, isRegistered, knownKwargs, settledKwargs, snakeCase } from '../../envs/registry.ts';
import { chooseRecipe } from '../../recipes/choose-recipe.ts';
import { isObject, leaves } from '../../recipes/leaves.ts';
import { networkParts } from '../../recipes/presets.ts';
import type { Recipe, Source } from '../../recipes/recipe.ts';
import { applySettings, type Known } from '../../recipes/settings.ts';
import type { EvaluationSettings } from '../../train/evaluated-training.ts';
import { checkCode } from './code-mark.ts';
import { importEnvironment } from './import-environment.ts';
import { importModule, importParts } from './import-module.ts';
import type { JsonObject } from './run-directory.ts';
import { CONFIG_FILE } from './run-layout.ts';
import { runtimeName } from './runtime-name.ts';

/** What the user asked for on the command line. */
export interface RunRequest {
  /** Recipe id or algorithm. */
  readonly recipe: string;
  readonly env?: string | undefined;
  /** Constructor options of the environment, by Gymnasium's names. */
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Mean return above which training counts as solved. */
  readonly reward?: number | undefined;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
  /** Values that replace the recipe's. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Evaluation while it trains. Default: none. */
  readonly evaluation?: EvaluationSettings | undefined;
}

/** A run with nothing left open: what `config.json` holds. */
export interface ResolvedRun {
  readonly recipe: string;
  readonly algorithm: string;
  readonly env: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, Source>>;
  /** Evaluation while it trains; null for none. */
  readonly evaluation: EvaluationSettings | null;
  /** What the run has otherwise than its recipe without having been asked to, in a line for people. */
  readonly note?: string | undefined;
}

/**
 * Turns a request into a run: the recipe's values, replaced where asked for, every value with its source.
 * @throws UnknownNameError for an unknown recipe, OptionError for an unknown key or a value out of range.
 */
export async function resolveRun(request: RunRequest): Promise<ResolvedRun> {
  if (request.env !== undefined) await importEnvironment(request.env);
  const { recipe, algorithm, env: named, why } = await findStart(request);
  const asEnv = request.env ?? named;
  // Its own may need what is not here, Python say; it is not asked for where another is.
  await importEnvironment(asEnv ?? recipe.env);
  const asked: Record<string, unknown> = {
    ...request.set,
    ...(request.reward === undefined ? {} : { rewardBound: request.reward }),
  };
  for (const part of ['network', 'values']) {
    const kind = asked[`${part}.kind`] ?? (asked[part] as { readonly kind?: unknown } | null | undefined)?.kind;
    await importParts({ [part]: { kind } });
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
    device: await deviceFor(algorithm, request.device),
    threads: request.threads,
    config: { ...algorithm.parse({ ...config, ...bound?.config }) },
    sources,
    evaluation: request.evaluation ?? null,
    ...(notes.length === 0 ? {} : { note: notes.join('\n') }),
  };
}

/** The device that a request means here: `settledDevice` of an algorithm with networks. */
export async function deviceFor({ networks }: Algorithm, device: string): Promise<string> {
  if (!networks) return device;
  const { settledDevice } = await import('../onnxruntime/devices.ts');
  return settledDevice(device);
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
async function findStart({
  recipe: name,
  env,
}: RunRequest): Promise<{ recipe: Recipe; algorithm: Algorithm; env?: string | undefined; why?: string | undefined }> {
  await importModule('algorithm', name);
  const own = isAlgorithm(name) ? await loadAlgorithm(name) : undefined;
  if (own?.defaults === undefined) {
    // It may be the id of an environment, whose family is loaded on use.
    if (/-v\d+$/.test(name)) await importEnvironment(name);
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

/** Most threads for the networks of a run. */
const MAX_THREADS = 256;

/** What a run is made from as numbers, words and flags, for tables that compare runs. */
export function hyperparametersOf(run: ResolvedRun): Record<string, number | string | boolean> {
  const { recipe, algorithm, env, envKwargs, seed, config } = run;
  const kwargs = Object.entries(envKwargs).map(([key, value]) => [`env.${key}`, value]);
  const all: readonly (readonly unknown[])[] = [...kwargs, ...leaves(config)];
  const plain = all.map(([name, value]) => [
    name,
    ['number', 'string', 'boolean'].includes(typeof value) ? value : value === null ? 'none' : JSON.stringify(value),
  ]);
  return { recipe, algorithm, env, seed, ...Object.fromEntries(plain) };
}

/** Form of `config.json`. 1, which it did not say, had flat configurations. */
const FORMAT = 2;

/** `config.json` of a run. */
export function toJson(run: ResolvedRun, version: string, command: string): JsonObject {
  const { note: _, ...rest } = run;
  return { bellman: version, format: FORMAT, runtime: runtimeName(), command, ...rest } as unknown as JsonObject;
}

/**
 * Reads `config.json` back, of this version or an earlier one.
 * @param allowCode whether it may name code from elsewhere. Default false.
 * @throws MismatchError when it is not of a form that this version knows or names code that must not run, OptionError when a
 *   value is out of range.
 */
export async function fromJson(json: JsonObject, path: string, allowCode?: boolean): Promise<ResolvedRun> {
  const { format = 1, note: _, ...run } = json as unknown as ResolvedRun & { readonly format?: unknown };
  if (typeof format !== 'number' || format > FORMAT) {
    const newer = `${path} has a configuration of form ${JSON.stringify(format)}, this version knows 1 to ${FORMAT}`;
    throw new MismatchError(`${newer}. Resume it with the version of bellman that began it, ${show(json['bellman'])}.`);
  }
  const { algorithm: name, env, config: saved } = run;
  if (typeof name !== 'string' || typeof env !== 'string' || !Number.isSafeInteger(run.seed) || !isObject(saved)) {
    throw new MismatchError(`${path} is not a run that this version can resume.`);
  }
  checkFields(run, path);
  checkCode(path, run, allowCode);
  await importEnvironment(env);
  await importModule('algorithm', name);
  const algorithm = await loadAlgorithm(name);
  const config = algorithm.upgrade(saved);
  await importParts(config);
  // Runs of earlier versions had no evaluation.
  const { evaluation = null } = run as Partial<ResolvedRun>;
  return { ...run, evaluation, config: { ...algorithm.parse(config) } };
}

/** @throws OptionError when a field of a configuration is not what this version writes. */
function checkFields(fields: Partial<ResolvedRun>, path: string): void {
  const { threads, device, recipe, envKwargs, evaluation = null } = fields;
  const wrong = (key: string, value: unknown, allowed: string) =>
    new OptionError(`${path}/${CONFIG_FILE}, ${key}`, value, allowed);
  if (typeof threads !== 'number' || !Number.isSafeInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw wrong('threads', threads, `a whole number from 1 to ${MAX_THREADS}`);
  }
  for (const [key, value] of Object.entries({ device, recipe })) {
    if (typeof value !== 'string' || printable(value) !== value) throw wrong(key, value, 'a name');
  }
  if (!isObject(envKwargs)) throw wrong('envKwargs', envKwargs, 'an object');
  if (evaluation !== null && !isObject(evaluation)) throw wrong('evaluation', evaluation, 'an object or null');
}
