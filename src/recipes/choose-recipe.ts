import { advise } from '../core/advise.ts';
import { MismatchError, UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Recipe } from './recipe.ts';
import { allRecipes } from './registry.ts';

/** A recipe for what was asked, and why this one where it was not named. */
export interface RecipeChoice {
  readonly recipe: Recipe;
  /** Environment to train in, where the name that was asked for is one. */
  readonly env?: string | undefined;
  /** One line for people; undefined when the recipe was named, or is its algorithm's for the environment. */
  readonly why?: string | undefined;
}

/** Environments in everyday words, each with its recipe, which is also that of the environment's id. */
const everyday: Readonly<Record<string, string>> = {
  pong: 'pong-built-in',
  pole: 'dqn-cart-pole',
  lake: 'value-iteration-frozen-lake',
  taxi: 'q-learning-full-taxi',
  cliff: 'q-learning-cliff-walking',
  blackjack: 'monte-carlo-es-blackjack',
  acrobot: 'dqn-acrobot',
  'mountain-car': 'dqn-mountain-car',
  mountaincar: 'dqn-mountain-car',
  pendulum: 'dqn-pendulum',
  lander: 'dqn-lunar-lander',
  breakout: 'dqn-breakout',
  atlantis: 'dqn-atlantis',
  'river-raid': 'dqn-river-raid',
  riverraid: 'dqn-river-raid',
};

/** The recipe of an everyday word, such as `lake`; undefined for other words. */
function everydayRecipe(word: string): Recipe | undefined {
  const name = word.toLowerCase();
  return Object.hasOwn(everyday, name) ? withId(everyday[name]) : undefined;
}

/** The environment that an everyday word means; undefined for other words. */
export const everydayEnvironment = (word: string): string | undefined => everydayRecipe(word)?.env;

const withId = (id: string): Recipe | undefined => allRecipes.find((recipe) => recipe.id === id);

/** What an id is without module, version and size of its map: `pong` of `ALE/Pong-v5`, `frozenlake` of `FrozenLake8x8-v1`. */
function stem(env: string): string {
  const bare = env.slice(Math.max(env.lastIndexOf(':'), env.lastIndexOf('/')) + 1);
  return bare
    .replace(/(NoFrameskip|Deterministic)?-v\d+$/, '')
    .replace(/\d+x\d+$/, '')
    .toLowerCase();
}

/** Whether an environment shows pictures, as far as its id tells. */
const showsPictures = (env: string): boolean => /^ALE\/|(NoFrameskip|Deterministic)-v\d+$|(^|\/)Pong-v\d+$/.test(env);

const seesPictures = ({ config }: Recipe): boolean => {
  const { preprocessing } = config as { readonly preprocessing?: { readonly kind: string } };
  return preprocessing !== undefined && preprocessing.kind !== 'none';
};

/** Whether an id is of a game of the Atari 2600, on its cartridge, as far as it tells. */
const isAtariId = (env: string): boolean => /^(ALE\/\w+-v5|\w+(NoFrameskip|Deterministic)-v[04])$/.test(env);

const names = (recipe: Recipe, env: string): boolean => recipe.env === env || recipe.alsoFor?.includes(env) === true;

/** Whether a recipe's settings, its reward bound among them, are meant for an environment. */
export const isMeantFor = (recipe: Recipe, env: string): boolean =>
  names(recipe, env) || (recipe.anyGame === true && isAtariId(env));

/**
 * Finds what to train: by a recipe's id; by the beginning of ids (`rainbow` of `rainbow-pong`) or an algorithm, of several
 * the one for the environment or its nearest relative (another version or size, else one that sees the same kind of
 * observations); by an environment's id or everyday name (`breakout`, `CartPole-v1`, `cartpole`), whose other versions and sizes `env`
 * may name.
 * @param name what was asked for.
 * @param env the environment that was asked for, if one was.
 * @param isEnvironment tells ids of environments.
 * @throws UnknownNameError with the nearest known name; MismatchError for two environments.
 */
export function chooseRecipe(
  name: string,
  env: string | undefined,
  isEnvironment: (id: string) => boolean,
): RecipeChoice {
  const exact = withId(name);
  if (exact !== undefined) return { recipe: exact };
  const byWord = everydayRecipe(name);
  if (byWord !== undefined) return forWord(name, byWord, env);
  const ofAlgorithm = allRecipes.filter((recipe) => recipe.algorithm === name);
  const named =
    ofAlgorithm.length > 0
      ? ofAlgorithm
      : allRecipes.filter(({ id, anyGame }) => id.startsWith(`${name}-`) || (anyGame && id === `atari-${name}`));
  if (named.length > 0) return relative(name, named, env);
  const ids = [...new Set(allRecipes.flatMap((recipe) => [recipe.env, ...(recipe.alsoFor ?? [])]))];
  const id =
    ids.find((known) => known.toLowerCase() === name.toLowerCase()) ?? (isEnvironment(name) ? name : undefined);
  if (id === undefined) {
    // `cartpole`, `frozen-lake`.
    const bare = name.toLowerCase().replace(/[-_ ]/g, '');
    const meant = ids.find((known) => stem(known) === bare);
    if (meant !== undefined) {
      checkSame(name, meant, env);
      return forEnvironment(env ?? meant);
    }
  }
  if (id !== undefined) {
    if (env !== undefined && env !== id)
      throw new MismatchError(`Two environments: ${name} and --env ${env}. Name one.`);
    return forEnvironment(id);
  }
  const known = [
    ...new Set([...allRecipes.flatMap((recipe) => [recipe.id, recipe.algorithm]), ...Object.keys(everyday), ...ids]),
  ];
  const suggestion = nearest(name, known);
  const advice = `${advise('recipes')} lists them; an algorithm of your own is named as ./my-dqn.mjs:my-dqn.`;
  throw new UnknownNameError('recipe', name, known, suggestion, suggestion === undefined ? advice : undefined);
}

/**
 * The choice for a game of the Atari 2600 by a word that names no recipe, such as `seaquest`.
 * @param game the game's id.
 * @param env another version of it, if one was asked for.
 * @throws MismatchError for another environment.
 */
export function chooseForGame(name: string, game: string, env: string | undefined): RecipeChoice {
  checkSame(name, game, env);
  return forEnvironment(env ?? game);
}

/** @throws MismatchError where `env` is not what a name means, or another version or size of it. */
function checkSame(name: string, meant: string, env: string | undefined): void {
  if (env === undefined || stem(env) === stem(meant)) return;
  throw new MismatchError(`Two environments: ${name}, which is ${meant}, and --env ${env}. Name one.`);
}

/** @param env another version or size of what the word means, and no other environment. */
function forWord(name: string, meant: Recipe, env: string | undefined): RecipeChoice {
  checkSame(name, meant.env, env);
  // On the cartridge Pong has another recipe.
  const cartridge = meant.id === 'pong-built-in' && env !== undefined && env !== meant.env;
  const recipe = (cartridge ? withId('pong-fast') : undefined) ?? meant;
  return { recipe, why: `Chosen for ${name}.` };
}

function forEnvironment(env: string): RecipeChoice {
  const preferred = Object.values(everyday).map(withId);
  const own = [...preferred, ...allRecipes].find((recipe) => recipe !== undefined && names(recipe, env));
  if (own !== undefined) return { recipe: own, env, why: `Chosen for ${env}.` };
  const any = allRecipes.find((recipe) => isMeantFor(recipe, env));
  if (any !== undefined) {
    return {
      recipe: any,
      env,
      why: `Chosen for ${env}, which has no recipe of its own: ${any.id} is for any Atari game.`,
    };
  }
  const choice = relative(
    'dqn',
    allRecipes.filter(({ algorithm }) => algorithm === 'dqn'),
    env,
  );
  return { ...choice, env };
}

/** Of recipes of one name the one for an environment, or its nearest relative. */
function relative(name: string, named: readonly Recipe[], env: string | undefined): RecipeChoice {
  if (env === undefined) return { recipe: named[0] };
  const own = named.find((recipe) => names(recipe, env));
  if (own !== undefined) return { recipe: own };
  const pictures = showsPictures(env);
  const alike = named.filter((recipe) => seesPictures(recipe) === pictures);
  const family = alike.find((recipe) => recipe.anyGame !== true && stem(recipe.env) === stem(env));
  const any = family === undefined ? alike.find((recipe) => isMeantFor(recipe, env)) : undefined;
  if (any !== undefined) return { recipe: any };
  const recipe = family ?? forAnyGame(alike, env) ?? named[0];
  return {
    recipe,
    why: `${name} has no recipe for ${env}: these are the settings of ${recipe.id}, for ${recipe.env}.`,
  };
}

/** Settings for Pong are Pong's alone: another game takes those of another, where a method has any. */
function forAnyGame(recipes: readonly Recipe[], env: string): Recipe | undefined {
  const others = showsPictures(env) ? recipes.find((recipe) => stem(recipe.env) !== 'pong') : undefined;
  return others ?? recipes[0];
}

/** The recipe of a name alone, see `chooseRecipe`. */
export function findRecipe(name: string, env?: string): Recipe {
  return chooseRecipe(name, env, () => false).recipe;
}
