import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { bareName, isAlgorithm, loadAlgorithm } from '../algorithms/registry.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { checkOptionNames } from '../core/options.ts';
import { environmentEntry, familyIds, isRegistered, knownKwargs, settledKwargs, snakeCase } from '../envs/registry.ts';
import { chooseForGame, chooseRecipe, isMeantFor, type RecipeChoice } from '../recipes/choose-recipe.ts';
import { leaves } from '../recipes/leaves.ts';
import { networkParts } from '../recipes/presets.ts';
import type { Recipe, Source } from '../recipes/recipe.ts';
import { applySettings, type Known } from '../recipes/settings.ts';
import { type ActorTrainingConfig, checkActorConfig } from '../train/actors/check-actor-config.ts';
import type { ActorSettings } from '../train/actors/chunk.ts';
import { protocolKwargs } from './protocol-kwargs.ts';
import { type ResolvedRun, RUN_REQUEST, type RunRequest } from './run.ts';
import { importParts, packageHost, type RunHost } from './run-host.ts';
import { threadsFor } from './threads-for.ts';

/**
 * Turns a request into a run: the recipe's values, replaced where asked for, every value with its source.
 * @throws UnknownNameError for an unknown recipe or a part of the request of another name, OptionError for an unknown key or a value
 *   out of range.
 */
export async function settleRun(request: RunRequest, host: RunHost = packageHost): Promise<ResolvedRun> {
  checkOptionNames(request, RUN_REQUEST);
  const wanted = request.env === undefined ? undefined : ((await gameOf(request.env, host)) ?? request.env);
  if (wanted !== undefined) await host.importEnvironment(wanted);
  const { recipe, algorithm, env: named, why } = await findStart({ recipe: request.recipe, env: wanted }, host);
  const asEnv = wanted ?? named;
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
  const { kwargs: told, note } = environmentKwargs(recipe, env, request.envKwargs ?? {});
  const stuck = stickinessOf(told, config, asked);
  if (stuck !== undefined) sources['preprocessing.stickyActions'] = stuck.source;
  const parsed: Readonly<Record<string, unknown>> = {
    ...algorithm.parse({ ...config, ...bound?.config, ...stuck?.config }),
  };
  const view = parsed['preprocessing'] as PreprocessingConfig | undefined;
  const added = view === undefined ? {} : protocolKwargs(env, view, told);
  const kwargs = { ...told, ...added };
  const actors = settledActors(recipe, algorithm, parsed, request.actors);
  const notes = [why, bound?.note, note, protocolNote(env, added)].filter((text) => text !== undefined);
  return {
    recipe: recipe.id,
    algorithm: recipe.algorithm,
    env,
    envKwargs: settledKwargs(env, kwargs, request.seed),
    seed: request.seed,
    device: algorithm.networks ? await host.settledDevice(request.device) : request.device,
    threads: request.threads ?? threadsFor(parsed),
    config: parsed,
    sources,
    evaluation: request.evaluation ?? null,
    ...(actors === undefined ? {} : { actors }),
    ...(notes.length === 0 ? {} : { note: notes.join('\n') }),
  };
}

/** Steps of a round where neither recipe nor algorithm has any: an actor's between two copies of the weights, 400 frames, of four to
 * a step (Horgan et al. 2018, Appendix). */
const ROUND_STEPS = 100;

const ACTOR_OPTIONS: Readonly<Record<keyof ActorSettings, string>> = {
  actors: '--actors',
  steps: '--actor-steps',
  lag: '--actor-lag',
  epsilonSpread: '--actor-spread',
};

/** How actors play: as the recipe says, with what was asked for in its place.
 * @throws OptionError for an algorithm whose environments actors cannot play, and where something is said of none. */
function settledActors(
  recipe: Recipe,
  algorithm: Algorithm,
  { rolloutSteps = ROUND_STEPS, ...config }: Readonly<Record<string, unknown>>,
  asked: RunRequest['actors'],
): ActorSettings | undefined {
  const said = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined);
  const own = recipe.actors?.settings;
  if (own === undefined && said.length === 0) return undefined;
  if (algorithm.actor === undefined) {
    const [key, value] = said[0] ?? ['actors', own?.actors];
    const option = ACTOR_OPTIONS[key as keyof ActorSettings];
    throw new OptionError(option, value, `an option of DQN and PQN; ${recipe.algorithm} plays by itself`);
  }
  if (own === undefined && asked?.actors === undefined) {
    throw new OptionError('--actors', undefined, 'a number, with the other options of actors');
  }
  const defaults = { actors: 1, steps: rolloutSteps as number, lag: 1, epsilonSpread: 0 };
  const settings = { ...defaults, ...own, ...(Object.fromEntries(said) as Partial<ActorSettings>) };
  checkActorConfig(config as unknown as ActorTrainingConfig, settings);
  return settings;
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

/** Sticky actions asked for as an option of the game are the protocol's, where nothing else was asked of that. */
function stickinessOf(
  { repeat_action_probability: probability }: Readonly<Record<string, unknown>>,
  { preprocessing }: Readonly<Record<string, unknown>>,
  asked: Readonly<Record<string, unknown>>,
): { config: Readonly<Record<string, unknown>>; source: Source } | undefined {
  const named = 'protocol' in asked || 'preprocessing.stickyActions' in asked;
  const view = preprocessing as PreprocessingConfig | undefined;
  if (typeof probability !== 'number' || view?.kind !== 'atari' || named) return undefined;
  const source = { from: `recipe, ${view.stickyActions}`, why: 'repeat_action_probability was asked for' };
  return { config: { preprocessing: { ...view, stickyActions: probability } }, source };
}

function protocolNote(env: string, added: Readonly<Record<string, unknown>>): string | undefined {
  const parts = [
    ...('frameskip' in added ? ['frame by frame, the preprocessing skips'] : []),
    ...('repeat_action_probability' in added ? ['without its own sticky actions, the protocol decides'] : []),
  ];
  return parts.length === 0 ? undefined : `${env} is played ${parts.join(', and ')}.`;
}

/** Configurations of tables have no parts, and their keys never changed. */
const NO_PARTS: Known = { preset: () => undefined, kinds: () => [], renamed: {}, short: {}, groups: {} };

/** The recipe that a request begins from; of an algorithm of another module its defaults. */
async function findStart(
  { recipe: name, env }: Pick<RunRequest, 'recipe' | 'env'>,
  host: RunHost,
): Promise<{ recipe: Recipe; algorithm: Algorithm; env?: string | undefined; why?: string | undefined }> {
  const ofFile = await host.recipeFile?.(name);
  if (ofFile !== undefined) return { recipe: ofFile, algorithm: await loadAlgorithm(ofFile.algorithm) };
  await host.importModule('algorithm', name);
  const own = isAlgorithm(name) ? await loadAlgorithm(name) : undefined;
  if (own?.defaults === undefined) {
    const choice = await chooseByName(name, env, host);
    return { ...choice, algorithm: await loadAlgorithm(choice.recipe.algorithm) };
  }
  if (env === undefined) throw new OptionError('--env', env, `the id of an environment, which ${name} does not name`);
  const id = bareName(name);
  const sources = Object.fromEntries(leaves(own.defaults).map(([place]) => [place, { cite: `default of ${name}` }]));
  return { recipe: { id, title: id, algorithm: name, env, config: own.defaults, sources }, algorithm: own };
}

/** As `chooseRecipe`, and games of the Atari 2600 in everyday words, which are loaded on use. */
export async function chooseByName(name: string, env: string | undefined, host: RunHost): Promise<RecipeChoice> {
  // It may be the id of an environment, whose family is loaded on use.
  if (/-v\d+$/.test(name)) await host.importEnvironment(name);
  try {
    return chooseRecipe(name, env, isRegistered);
  } catch (error) {
    const game = error instanceof UnknownNameError ? await gameOf(name, host) : undefined;
    if (game === undefined) throw error;
    return chooseForGame(name, game, env);
  }
}

/** The id, frame by frame, of an Atari game in everyday words, such as `space-invaders`; undefined for other words. */
async function gameOf(word: string, host: RunHost): Promise<string | undefined> {
  if (isRegistered(word) || !/^[\w *-]+$/.test(word)) return undefined;
  // Loads the games, of which it is none.
  await host.importEnvironment(word);
  const bare = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  return familyIds().find((id) => id.toLowerCase() === `${bare}noframeskip-v4`);
}

/**
 * For an environment that the recipe was not written for, its reward bound is replaced by the registry's threshold, or
 * dropped where there is none. Undefined where the recipe's own holds.
 */
function boundElsewhere(
  recipe: Recipe,
  env: string | undefined,
): { config: { rewardBound: number | null }; source: Source; note: string } | undefined {
  if (env === undefined || isMeantFor(recipe, env)) return undefined;
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
