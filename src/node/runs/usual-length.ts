import type { Usual } from '../../recipes/recipe.ts';
import { allRecipes } from '../../recipes/registry.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** What a run usually takes, by its recipe; undefined in another environment or for another bound. */
export function usualOf({ recipe: id, env, config }: ResolvedRun): Usual | undefined {
  const recipe = allRecipes.find((one) => one.id === id);
  if (recipe?.usual === undefined || env !== (recipe.usual.env ?? recipe.env)) return undefined;
  const { rewardBound } = recipe.config as { readonly rewardBound?: unknown };
  return config['rewardBound'] === rewardBound ? recipe.usual : undefined;
}
