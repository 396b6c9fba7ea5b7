import type { Command } from 'commander';
import { loadAlgorithm } from '../algorithms/registry.ts';
import type { Env } from '../core/env.ts';
import { BellmanError, OptionError } from '../core/errors.ts';
import { printableJson } from '../core/printable.ts';
import { judgeRandomPlay, playAtRandom } from '../doctor/environment-findings.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkEnvironment } from '../envs/check-environment.ts';
import { environmentEntry, isRegistered, makeFromKwargs } from '../envs/registry.ts';
import { importEnvironment } from '../node/runs/import-environment.ts';
import { nodePlatform } from '../node/runs/node-platform.ts';
import { type ResolvedRun, resolveRun } from '../node/runs/resolve-run.ts';
import { allRecipes } from '../recipes/registry.ts';
import { withNumberedStates } from '../tabular/numbered-states.ts';
import { tableSize } from '../tabular/tabular-agent.ts';
import { examples, jsonObject, wholeNumber } from './command.ts';
import { textWidth } from './terminal.ts';
import { hanging } from './wrap.ts';

interface DoctorOptions {
  readonly kwargs?: Record<string, unknown>;
  readonly seed: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Of the random player. */
const RANDOM_STEPS = 40_000;
const RANDOM_EPISODES = 1000;

export function configure(command: Command): void {
  command
    .argument('[env-or-recipe]', 'what is to be trained', 'dqn-pong')
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--seed <n>', 'seed of the checks', wholeNumber('--seed'), 0)
    .option(
      '--threads <n>',
      'threads for the networks (default: 2 where they see pictures, else 1)',
      wholeNumber('--threads', 1, 256),
    )
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman doctor', 'bellman doctor FrozenLake-v1'))
    .action(examine);
}

async function examine(name: string, options: DoctorOptions): Promise<void> {
  const reported: Finding[] = [];
  const width = textWidth(process.stdout);
  const report = (finding: Finding) => {
    reported.push(finding);
    if (options.json) return;
    const label = `${finding.ok ? 'ok  ' : 'look'} ${finding.check.padEnd(18)} `;
    for (const line of hanging(label, finding.detail, width)) console.log(line);
    if (finding.cure !== undefined) console.log(`     ${''.padEnd(18)} → ${finding.cure}`);
  };
  const run = await runOf(name, options);
  const platform = nodePlatform(run);
  const env = platform.makeEnv();
  // A recipe may divide a box of actions.
  const { preprocessing } = run.config as { readonly preprocessing?: { readonly actionBins?: unknown } };
  if ((env.actionSpace as { kind: string }).kind !== 'discrete' && !preprocessing?.actionBins) {
    throw new OptionError('environment', run.env, 'an environment whose actions are numbered');
  }
  const problems = checkEnvironment(platform.makeEnv());
  const contract = { check: 'environment', ok: problems.length === 0 };
  if (problems.length === 0) report({ ...contract, detail: `${run.env} keeps the contract of Env` });
  for (const { rule, message } of problems)
    report({ ...contract, detail: `${rule}: ${message}`, cure: 'fix the environment' });

  const { examine } = await loadAlgorithm(run.algorithm);
  const findings =
    examine?.(run, platform) ?? judgeRandomPlay(playAtRandom(env, RANDOM_EPISODES, RANDOM_STEPS, options.seed));
  for await (const finding of findings) report(finding);
  env.close();
  const failed = reported.filter(({ ok }) => !ok).length;
  if (options.json)
    console.log(printableJson({ recipe: run.recipe, env: run.env, ok: failed === 0, findings: reported }));
  else console.log(failed === 0 ? 'All well.' : `${failed} of ${reported.length} checks failed.`);
  if (failed > 0) process.exitCode = 1;
}

/** An environment is examined for the first recipe that fits it: its own, a table's, or DQN's. */
async function runOf(name: string, { kwargs, seed, threads }: DoctorOptions): Promise<ResolvedRun> {
  const base = { seed, device: 'cpu', threads, set: {} };
  const request = { ...base, ...(kwargs === undefined ? {} : { envKwargs: kwargs }) };
  // Ids of Atari games are told by the family, whose module is loaded for a name that is no recipe's.
  if (!allRecipes.some(({ id, algorithm }) => id === name || algorithm === name)) await importEnvironment(name);
  if (!isRegistered(name)) return resolveRun({ ...request, recipe: name });
  const env = makeFromKwargs(name, kwargs);
  const tabular = isTable(env);
  const image = (env.observationSpace as { shape?: readonly number[] }).shape?.length === 3;
  const { frameSkip = 1 } = env.unwrapped as { readonly frameSkip?: unknown };
  env.close();
  // Frames are skipped once: by the recipe's preprocessing.
  const skip = Object.keys(environmentEntry(name).options).find((option) => option.toLowerCase() === 'frameskip');
  const fitting = image && skip !== undefined && frameSkip !== 1 ? { envKwargs: { [skip]: 1, ...kwargs } } : {};
  const recipe = tabular ? 'q-learning' : image ? 'dqn-pong' : 'dqn';
  return resolveRun({ ...request, ...fitting, recipe, env: name });
}

/** Whether observations are finitely many, as of lakes and of Blackjack's three numbers. */
function isTable(env: Env): boolean {
  try {
    return tableSize(withNumberedStates(env as Env<unknown, number>, null)).nStates > 0;
  } catch (error) {
    if (error instanceof BellmanError) return false;
    throw error;
  }
}
