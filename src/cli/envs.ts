import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { largest } from '../core/extremes.ts';
import { actionMeanings } from '../envs/action-meanings.ts';
import { environmentEntry, environmentIds, familyIds, makeFromKwargs } from '../envs/registry.ts';
import { importEnvironment } from '../node/runs/import-environment.ts';
import { everydayEnvironment } from '../recipes/choose-recipe.ts';
import { examples } from './command.ts';
import { textWidth } from './terminal.ts';
import { hanging } from './wrap.ts';

export function configure(command: Command): void {
  command
    .argument('[id]', 'environment to describe')
    .option('--atari', 'list the games of the Atari 2600, which need cartridges')
    .option('--json', 'one JSON object or array')
    .addHelpText('after', examples('bellman envs', 'bellman envs FrozenLake-v1', 'bellman envs --atari'))
    .action(async (asked: string | undefined, options: { json?: boolean; atari?: boolean }) => {
      const id = asked === undefined ? undefined : (everydayEnvironment(asked) ?? asked);
      if (id === undefined) {
        if (options.atari) await import('../atari/atari-family.ts');
        list(options.json === true, options.atari === true);
      } else {
        await importEnvironment(id);
        describe(id, options.json === true);
      }
    });
}

function list(json: boolean, atari: boolean): void {
  const ids = atari ? familyIds() : environmentIds();
  const rows = ids.map((id) => ({ id, summary: environmentEntry(id).summary }));
  if (json) {
    console.log(JSON.stringify(rows));
    return;
  }
  const width = Math.max(...ids.map((id) => id.length));
  const columns = textWidth(process.stdout);
  for (const { id, summary } of rows)
    for (const line of hanging(`${id.padEnd(width)} `, summary, columns)) console.log(line);
  if (!atari) console.log(`Games of the Atari 2600, such as ALE/Pong-v5: ${advise('envs --atari')}`);
}

function describe(id: string, json: boolean): void {
  const entry = environmentEntry(id);
  const env = makeFromKwargs(id);
  const facts = {
    id,
    summary: entry.summary,
    observationSpace: String(env.observationSpace),
    actionSpace: String(env.actionSpace),
    actions: describeActions(actionMeanings(env), entry.actions),
    rewardThreshold: entry.rewardThreshold ?? null,
    maxEpisodeSteps: entry.maxEpisodeSteps ?? null,
    renderModes: env.metadata.renderModes,
  };
  env.close();
  const names = Object.entries(entry.options as Readonly<Record<string, string>>);
  const options = names.map(([name, text]) => [name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), text] as const);
  if (entry.otherOptions !== undefined) options.push(['...', entry.otherOptions]);
  if (json) {
    console.log(JSON.stringify({ ...facts, options: Object.fromEntries(options) }));
    return;
  }
  console.log(`${id}: ${facts.summary}`);
  console.log(`observations  ${facts.observationSpace}`);
  console.log(`actions       ${facts.actionSpace}`);
  const width = largest(facts.actions.map(({ name }) => name?.length ?? 0));
  for (const [i, { name, meaning }] of facts.actions.entries()) {
    const parts = [name?.padEnd(width), meaning].filter((part) => part !== undefined);
    console.log(`  ${String(i).padStart(2)}  ${parts.join('   ')}`.trimEnd());
  }
  console.log(`solved at     ${facts.rewardThreshold ?? 'no agreed mean return'}`);
  console.log(`time limit    ${facts.maxEpisodeSteps === null ? 'none' : `${facts.maxEpisodeSteps} steps`}`);
  console.log(`renders as    ${facts.renderModes.join(', ') || 'nothing'}`);
  console.log(options.length === 0 ? 'options       none' : 'options, for --kwargs:');
  const widest = largest(options.map(([name]) => name.length));
  for (const [name, text] of options) console.log(`  ${name.padEnd(widest)}  ${text}`);
}

interface ActionLine {
  /** As counts and `--policy` have it; undefined where actions have no names. */
  readonly name: string | undefined;
  readonly meaning: string | undefined;
}

/** What is known of each action of a `Discrete` space, or of each component of a `Box`. */
function describeActions(
  names: readonly string[] | undefined,
  meanings: readonly string[] | undefined,
): readonly ActionLine[] {
  const length = names?.length ?? meanings?.length ?? 0;
  return Array.from({ length }, (_, i) => ({ name: names?.[i], meaning: meanings?.[i] }));
}
