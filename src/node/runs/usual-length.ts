import type { Usual } from '../../recipes/recipe.ts';
import { allRecipes } from '../../recipes/registry.ts';
import type { ResolvedRun } from './resolve-run.ts';

/** What a run usually takes, by its recipe; undefined in another environment, for another bound, where the run ends before it, or where
 * its schedules follow another length. */
export function usualOf({ recipe: id, env, config }: ResolvedRun): Usual | undefined {
  const recipe = allRecipes.find((one) => one.id === id);
  if (recipe?.usual === undefined || env !== (recipe.usual.env ?? recipe.env)) return undefined;
  const { rewardBound } = recipe.config as { readonly rewardBound?: unknown };
  if (config['rewardBound'] !== rewardBound) return undefined;
  const { maxSteps, maxIterations } = config as { readonly maxSteps?: number; readonly maxIterations?: number };
  const shorter = (maxSteps ?? maxIterations ?? Number.POSITIVE_INFINITY) < recipe.usual.steps;
  const rescaled = recipe.runShares !== undefined && maxSteps !== (recipe.config as { maxSteps?: number }).maxSteps;
  return shorter || rescaled ? undefined : recipe.usual;
}
