import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { formatDuration } from '../core/duration.ts';
import { formatCount } from '../core/format-count.ts';
import { nodeHost } from '../node/runs/node-host.ts';
import { leaves } from '../recipes/leaves.ts';
import { describeSource, type Recipe, type Source, type Usual } from '../recipes/recipe.ts';
import { allRecipes } from '../recipes/registry.ts';
import { protocolValuesOf } from '../runs/protocol-kwargs.ts';
import { chooseByName } from '../runs/settle-run.ts';
import type { ActorSettings } from '../train/actors/chunk.ts';
import { describeProtocol } from '../wrappers/atari-protocol.ts';
import { examples } from './command.ts';
import { layTable } from './table.ts';

export function configure(command: Command): void {
  command
    .argument('[name]', 'recipe to show in full, or an algorithm or environment whose recipes to list')
    .option('--json', 'one JSON object or array')
    .addHelpText('after', examples('bellman recipes', 'bellman recipes dqn-pong', 'bellman recipes CartPole-v1'))
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const list = name === undefined ? allRecipes : recipesOf(name);
      if (list.length > 1) {
        const facts = list.map(({ id, algorithm, env, title }) => ({ id, algorithm, env, title }));
        if (options.json) console.log(JSON.stringify(facts));
        else for (const line of listRecipes(list, process.stdout.columns ?? 200)) console.log(line);
        return;
      }
      const [recipe, why] = list[0] === undefined ? await chosenFor(name!) : [list[0]];
      if (options.json) {
        console.log(JSON.stringify(recipe));
        return;
      }
      console.log(`${recipe.id}: ${recipe.title}`);
      if (why !== undefined) console.log(why);
      console.log(`algorithm ${recipe.algorithm}, environment ${recipe.env}`);
      const protocol = protocolValuesOf(recipe.config);
      if (protocol !== undefined) console.log(`protocol ${describeProtocol(protocol)}`);
      if (recipe.usual !== undefined) console.log(`to its bound usually ${describeUsual(recipe.usual)}`);
      const { runShares } = recipe;
      if (runShares !== undefined) console.log(`with another maxSteps: ${describeShares(runShares)}`);
      console.log('');
      const sources = recipe.sources as Readonly<Record<string, Source>>;
      for (const [place, value] of leaves(recipe.config)) {
        console.log(`${place.padEnd(26)} ${JSON.stringify(value).padEnd(18)} ${describeSource(sources[place]!)}`);
      }
      if (recipe.actors === undefined) return;
      for (const [key, value] of Object.entries(recipe.actors.settings)) {
        const source = describeSource(recipe.actors.sources[key as keyof ActorSettings]);
        console.log(`${`actors.${key}`.padEnd(26)} ${JSON.stringify(value).padEnd(18)} ${source}`);
      }
    });
}

/** `epsilonDecaySteps 10 % of it, learningRateDecaySteps 100 % of it`. */
const describeShares = (shares: Readonly<Record<string, number>>): string =>
  Object.entries(shares)
    .map(([place, share]) => `${place} ${Number((100 * share).toFixed(3))} % of it`)
    .join(', ');

/** `30 s, 58,000 steps (docs/results/cart-pole.md)`, with the environment where it is another one. */
function describeUsual({ steps, minutes, source, env }: Usual): string {
  const where = env === undefined ? '' : ` on ${env}`;
  return `${formatDuration(60 * minutes)}, ${formatCount(steps)} steps${where} (${describeSource(source)})`;
}

/** The recipes of an algorithm or environment; none where the name is that of a recipe, or of nothing. */
function recipesOf(name: string): readonly Recipe[] {
  if (allRecipes.some(({ id }) => id === name)) return [];
  const wanted = name.toLowerCase();
  return allRecipes.filter((recipe) => recipe.algorithm === name || isOf(recipe.env, wanted));
}

/** What `train` takes for a name, in the environment that it means, and why where the name is another. @throws UnknownNameError. */
async function chosenFor(name: string): Promise<[recipe: Recipe, why?: string | undefined]> {
  const { recipe, env = recipe.env, why } = await chooseByName(name, undefined, nodeHost);
  return [{ ...recipe, env }, why];
}

/** Whether an id is the environment of a name such as `CartPole-v1`, `cartpole` or `pong`. */
function isOf(env: string, wanted: string): boolean {
  const id = env.toLowerCase();
  const bare = id.replace(/^.*[/:]/, '').replace(/-v\d+$/, '');
  return [id, bare, bare.replace(/noframeskip$/, '')].includes(wanted);
}

/** Recipes for people, under the environments they are for. */
export function listRecipes(recipes: readonly Recipe[], width: number): string[] {
  const columns = [{ title: '' }, { title: '', leaves: 1 }, { title: '' }] as const;
  const rows = recipes.map(({ id, algorithm, title }) => [id, algorithm, title]);
  const [, ...lines] = layTable(columns, rows, width - 2);
  const groups = [...new Set(recipes.map(({ env }) => env))].flatMap((env) => [
    env,
    ...recipes.flatMap((recipe, i) => (recipe.env === env ? [`  ${lines[i]}`] : [])),
    '',
  ]);
  return [
    ...groups,
    `Those of one environment or algorithm: ${advise('recipes CartPole-v1')}`,
    `All values of one, with their sources: ${advise('recipes dqn-pong')}`,
    `Train it: ${advise('train dqn-pong')}`,
  ];
}
