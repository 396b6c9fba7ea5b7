import type { Command } from 'commander';
import { largest } from '../core/extremes.ts';
import { leaves } from '../recipes/leaves.ts';
import { describeSource, type Source } from '../recipes/recipe.ts';
import { allRecipes, findRecipe } from '../recipes/registry.ts';
import { examples } from './command.ts';

export function configure(command: Command): void {
  command
    .argument('[recipe]', 'recipe to show in full')
    .option('--json', 'one JSON object or array')
    .addHelpText('after', examples('bellman recipes', 'bellman recipes dqn-pong'))
    .action((name: string | undefined, options: { json?: boolean }) => {
      if (name === undefined) {
        const list = allRecipes.map(({ id, algorithm, env, title }) => ({ id, algorithm, env, title }));
        if (options.json) console.log(JSON.stringify(list));
        else {
          const [ids, envs] = (['id', 'env'] as const).map((key) => largest(list.map((recipe) => recipe[key].length)));
          for (const { id, env, title } of list) console.log(`${id.padEnd(ids!)}  ${env.padEnd(envs!)}  ${title}`);
        }
        return;
      }
      const recipe = findRecipe(name);
      if (options.json) {
        console.log(JSON.stringify(recipe));
        return;
      }
      console.log(`${recipe.id}: ${recipe.title}`);
      console.log(`algorithm ${recipe.algorithm}, environment ${recipe.env}\n`);
      const sources = recipe.sources as Readonly<Record<string, Source>>;
      for (const [place, value] of leaves(recipe.config)) {
        console.log(`${place.padEnd(26)} ${JSON.stringify(value).padEnd(18)} ${describeSource(sources[place]!)}`);
      }
    });
}
