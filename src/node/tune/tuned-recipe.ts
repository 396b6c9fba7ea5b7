import type { Recipe, Source } from '../../recipes/recipe.ts';
import type { ResolvedRun } from '../runs/resolve-run.ts';
import type { StudyTrial } from './journal-format.ts';
import type { StudySettings } from './study-settings.ts';

/**
 * The best setting of a study as a recipe that stands by itself.
 * @param run the recipe with the trial's settings, settled, with its own reward bound.
 * @param tried trials that have ended.
 * @param worth of the trial, in words.
 */
export function tunedRecipe(
  run: ResolvedRun,
  settings: StudySettings,
  trial: StudyTrial,
  tried: number,
  worth: string,
): Recipe {
  const { sampler, seeds, steps, version } = settings;
  const why = `found by bellman tune ${version}: the best of ${tried} trials of ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${sampler}, ${steps} steps), trial ${trial.number}, ${worth}`;
  const sources: Record<string, Source> = { ...run.sources };
  for (const key of Object.keys(trial.settings)) sources[key] = { from: `recipe ${run.recipe}`, why };
  return {
    id: `${run.recipe}-tuned`,
    title: `${run.recipe} on ${run.env}, ${why}`,
    algorithm: run.algorithm,
    env: run.env,
    ...(Object.keys(run.envKwargs).length === 0 ? {} : { envOptions: run.envKwargs }),
    config: run.config,
    sources: sources as Recipe['sources'],
  };
}
