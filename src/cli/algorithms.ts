import type { Command } from 'commander';
import { algorithmNames, bareName, isAlgorithm, loadAlgorithm } from '../algorithms/registry.ts';
import { type AlgorithmKind, algorithmSummary } from '../algorithms/summaries.ts';
import { advise } from '../core/advise.ts';
import { UnknownNameError } from '../core/errors.ts';
import { largest } from '../core/extremes.ts';
import { importModule } from '../node/runs/import-module.ts';
import { leaves } from '../recipes/leaves.ts';
import { allRecipes } from '../recipes/registry.ts';
import { examples } from './command.ts';
import { layTable } from './table.ts';

export function configure(command: Command): void {
  command
    .argument('[name]', 'algorithm to describe; your own as ./file.mjs:name')
    .option('--json', 'one JSON object or array')
    .addHelpText('after', examples('bellman algorithms', 'bellman algorithms q-learning'))
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      if (name === undefined) {
        if (json) console.log(JSON.stringify(algorithmNames().map(factsOf)));
        else for (const line of listAlgorithms(process.stdout.columns ?? 200)) console.log(line);
      } else {
        await importModule('algorithm', name);
        const variant = allRecipes.find(({ id }) => id.startsWith(`${name}-`));
        if (variant !== undefined && !algorithmNames().includes(name)) {
          const words = `It is ${variant.algorithm} with settings of its own: ${advise(`recipes ${name}`)}`;
          throw new UnknownNameError('algorithm', name, algorithmNames(), undefined, words);
        }
        await describe(name, json === true);
      }
    });
}

const headings: Readonly<Record<AlgorithmKind | 'own', string>> = {
  planning: 'Planning, a table over a model',
  table: 'Learning by doing, a table',
  network: 'Learning by doing, a network',
  own: 'Your own',
};

function factsOf(name: string) {
  const id = bareName(name);
  const known = algorithmSummary(id);
  const recipes = allRecipes.filter(({ algorithm }) => algorithm === id).map((recipe) => recipe.id);
  return { name: id, kind: known?.kind ?? null, summary: known?.summary ?? null, recipes };
}

/** The algorithms for people, grouped by how they hold their values. */
export function listAlgorithms(width: number): string[] {
  const facts = algorithmNames().map(factsOf);
  const columns = [{ title: '' }, { title: '' }, { title: '', align: 'right' }] as const;
  const rows = facts.map(({ name, summary, recipes }) => {
    const count = `${recipes.length} recipe${recipes.length === 1 ? '' : 's'}`;
    return [name, summary ?? '', recipes.length === 0 ? '' : count];
  });
  const [, ...lines] = layTable(columns, rows, width - INDENT.length);
  const groups = (Object.keys(headings) as (keyof typeof headings)[]).flatMap((kind) => {
    const own = facts.flatMap((fact, i) => ((fact.kind ?? 'own') === kind ? [`${INDENT}${lines[i]}`] : []));
    return own.length === 0 ? [] : [headings[kind], ...own, ''];
  });
  return [
    ...groups,
    `Train one: ${advise('train sarsa --env FrozenLake-v1')}`,
    `Its recipes: ${advise('recipes sarsa')}`,
  ];
}

const INDENT = '  ';

async function describe(name: string, json: boolean): Promise<void> {
  if (!isAlgorithm(name)) await loadAlgorithm(name); // throws with the nearest name
  const { unit, networks, defaults } = await loadAlgorithm(name);
  const facts = factsOf(name);
  const first = allRecipes.find(({ algorithm }) => algorithm === facts.name);
  const config = first?.config ?? defaults ?? {};
  if (json) {
    console.log(JSON.stringify({ ...facts, networks, unit, config }));
    return;
  }
  console.log(`${facts.name}${facts.summary === null ? '' : `: ${facts.summary}`}`);
  console.log(`values   ${networks ? 'a network' : 'a table'}`);
  console.log(`counts   ${unit}`);
  if (facts.recipes.length > 0) console.log(`recipes  ${facts.recipes.join(', ')}`);
  console.log(`\nValues, for --set (${first === undefined ? 'its defaults' : `those of ${first.id}`}):`);
  const places = leaves(config);
  const width = largest(places.map(([place]) => place.length));
  for (const [place, value] of places) console.log(`  ${place.padEnd(width)}  ${JSON.stringify(value)}`);
}
