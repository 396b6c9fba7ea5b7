import { isAlgorithm, loadAlgorithm } from '../../algorithms/registry.ts';
import { MismatchError, OptionError } from '../../core/errors.ts';
import { environmentEntry } from '../../envs/registry.ts';
import type { Recipe, Source } from '../../recipes/recipe.ts';
import { findRecipe } from '../../recipes/registry.ts';
import { importEnvironment } from './import-environment.ts';
import type { JsonObject } from './run-directory.ts';

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
  /** What the run has otherwise than its recipe without having been asked to, in a line for people. */
  readonly note?: string | undefined;
}

/**
 * Turns a request into a run: the recipe's values, replaced where asked for, every value with its source.
 * @throws UnknownNameError for an unknown recipe, OptionError for an unknown key or a value out of range.
 */
export async function resolveRun(request: RunRequest): Promise<ResolvedRun> {
  if (request.env !== undefined) await importEnvironment(request.env);
  const recipe = findRecipe(request.recipe, request.env);
  const asked = { ...request.set, ...(request.reward === undefined ? {} : { rewardBound: request.reward }) };
  const bound = 'rewardBound' in asked ? undefined : boundElsewhere(recipe, request.env);
  const algorithm = await loadAlgorithm(recipe.algorithm);
  const config = { ...algorithm.parse({ ...recipe.config, ...bound?.config, ...asked }) };
  const sources: Record<string, Source> = { ...(recipe.sources as Readonly<Record<string, Source>>) };
  const values = recipe.config as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(asked)) {
    sources[key] = {
      from: `recipe ${recipe.id}, ${JSON.stringify(values[key])}`,
      why: 'asked for on the command line',
    };
  }
  if (bound !== undefined) sources['rewardBound'] = bound.source;
  return {
    recipe: recipe.id,
    algorithm: recipe.algorithm,
    env: request.env ?? recipe.env,
    envKwargs: request.envKwargs ?? recipe.envOptions ?? {},
    seed: request.seed,
    device: request.device,
    threads: request.threads,
    config,
    sources,
    ...(bound === undefined ? {} : { note: bound.note }),
  };
}

/**
 * What a recipe's reward bound says nothing about, another environment, has the registry's threshold in its place, or no
 * bound. Undefined where the recipe's own holds.
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

/** `config.json` of a run. */
export function toJson(run: ResolvedRun, version: string, command: string): JsonObject {
  const { note: _, ...rest } = run;
  return { bellman: version, node: process.version, command, ...rest } as unknown as JsonObject;
}

/** Reads `config.json` back. @throws MismatchError when it is not of this shape, OptionError when a value is out of range. */
export async function fromJson(json: JsonObject, path: string): Promise<ResolvedRun> {
  const run = json as unknown as ResolvedRun;
  const known = typeof run.algorithm === 'string' && isAlgorithm(run.algorithm);
  if (!known || typeof run.env !== 'string' || !Number.isSafeInteger(run.seed)) {
    throw new MismatchError(`${path} is not a run that this version can go on with.`);
  }
  if (!Number.isSafeInteger(run.threads)) throw new OptionError('threads', run.threads, 'a whole number');
  await importEnvironment(run.env);
  const algorithm = await loadAlgorithm(run.algorithm);
  return { ...run, config: { ...algorithm.parse(algorithm.upgrade(run.config)) } };
}
