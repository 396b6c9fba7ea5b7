/**
 * Scores of the tabular agents on their known problems over 10 seeds, with curves, as docs/results/tabular-agents.md.
 *
 *   npx tsx bench/tabular-agents.ts [--seeds 10] [--only scores|blackjack|speed] [--problem taxi] [--python python3]
 *   npx tsx bench/tabular-agents.ts --pick [--only scores] [--problem taxi]
 *
 * --recipe runs one recipe of Blackjack and leaves the other rows of its table. Recipes' values are picked by the second command, which runs seeds from 100 on and writes nothing.
 * Scores: each recipe trained for each seed, then its table tried on episodes that it was not tested on. Speed: updates per
 * second compared with the same method on dictionaries in Python (bench/tabular_agents.py), the two measured in turn.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Env } from '../src/core/env.ts';
import { make, makeFromKwargs } from '../src/envs/index.ts';
import { blackjackModel } from '../src/envs/toy-text/blackjack-model.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { aggregate, type Curve, drawCurves, type Series } from '../src/plot/index.ts';
import type { Recipe } from '../src/recipes/recipe.ts';
import { tabularControlRecipes } from '../src/recipes/tabular-control.ts';
import {
  greedyActions,
  policyEvaluation,
  runPolicy,
  startValue,
  type TabularConfig,
  tabularAlgorithm,
  valueIteration,
  withNumberedStates,
} from '../src/tabular/index.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    only: { type: 'string' },
    problem: { type: 'string' },
    recipe: { type: 'string' },
    pick: { type: 'boolean', default: false },
    /** Only prints how fast an agent is: ALGORITHM,ENV. */
    agent: { type: 'string' },
    python: { type: 'string', default: process.env['BELLMAN_PYTHON'] ?? 'python3' },
  },
});
const seeds = Number(args.seeds);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const firstSeed = args.pick ? 100 : 0;
const fill = (section: string, lines: readonly string[]) => {
  if (!args.pick) writeSection(page('results/tabular-agents.md'), section, lines);
};
const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

function agentOf(recipe: Recipe, seed: number, change: object = {}) {
  const config = { ...recipe.config, ...change } as unknown as TabularConfig;
  const world = () =>
    withNumberedStates(makeFromKwargs(recipe.env, recipe.envOptions) as Env<unknown, number>, config.cells);
  const create = tabularAlgorithm(recipe.algorithm)!.create;
  const agent = create({ env: world(), testEnv: world(), seed, config: { ...config } });
  return { agent, config, world };
}

const problems = [
  {
    slug: 'cliff-walking',
    also: 'cliff-edge',
    env: 'CliffWalking-v1',
    episodes: 1,
    enough: -13,
    level: { value: -13, label: 'optimal' },
  },
  { slug: 'taxi', env: 'Taxi-v3', episodes: 1000, enough: 7.5, level: { value: 7.93, label: 'V* of the starts' } },
  {
    slug: 'cart-pole',
    env: 'CartPole-v1',
    episodes: 100,
    enough: 195,
    level: { value: 195, label: 'CartPole-v0 is solved' },
  },
  {
    slug: 'frozen-lake',
    env: 'FrozenLake-v1',
    episodes: 1000,
    enough: 0.7,
    level: { value: 0.7, label: 'reward threshold' },
  },
] as const;

function scores(): void {
  for (const problem of problems) {
    const { slug, env, episodes, enough, level } = problem;
    if (args.problem !== undefined && args.problem !== slug) continue;
    const rows: string[] = [];
    const curves: Curve[] = [];
    const recipes = tabularControlRecipes.filter(
      ({ id }) => id.endsWith(`-${slug}`) || ('also' in problem && id.endsWith(`-${problem.also}`)),
    );
    for (const recipe of recipes) {
      const iterations: number[] = [];
      const results: number[] = [];
      const series: Series[] = [];
      let solved = 0;
      for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
        const { agent, config, world } = agentOf(recipe, seed);
        const [x, y]: [number[], number[]] = [[], []];
        for (;;) {
          const report = agent.iterate();
          if (report.testReward !== undefined) {
            x.push(report.iteration);
            y.push(report.testReward);
          }
          if (!report.solved && report.iteration < config.maxIterations) continue;
          if (report.solved) solved++;
          iterations.push(report.iteration);
          break;
        }
        series.push({ x, y });
        results.push(runPolicy(world(), (state) => agent.greedyAction(state), episodes, 1_000_000 + seed).meanReturn);
      }
      const bound = (recipe.config as unknown as TabularConfig).rewardBound;
      const reached = results.filter((result) => result >= enough).length;
      rows.push(
        `| \`${recipe.id}\` | ${bound} | ${solved} of ${seeds} | ${median(iterations)} | ${Math.min(...iterations)} to ${Math.max(...iterations)} | ${mean(results).toFixed(2)} | ${Math.min(...results).toFixed(2)} to ${Math.max(...results).toFixed(2)} | ${reached} of ${seeds} |`,
      );
      console.log(slug, rows.at(-1));
      curves.push({ label: recipe.id.replace(`-${slug}`, ''), band: aggregate(series, 'none'), runs: 1 });
    }
    fill(slug, [
      `| \`bellman train\` | bound | solved | iterations: median | least to most | mean return | least to most | at least ${enough} |`,
      '|---|--:|--:|--:|--:|--:|--:|--:|',
      ...rows,
    ]);
    const yRange = slug === 'cliff-walking' ? ([-60, 0] as const) : slug === 'taxi' ? ([-210, 20] as const) : undefined;
    const picture = drawCurves(curves, {
      title: `${env}: greedy test episodes`,
      subtitle: `mean of ${seeds} seeds; a run that is solved keeps its last value`,
      xLabel: 'training steps',
      xScale: 'log',
      yLabel: 'mean reward of a test',
      spread: 'none',
      yRange,
      levels: [level],
    });
    if (!args.pick) writeFileAtomic(page(`results/tabular-${slug}.svg`), picture);
  }
}

/** What a decision costs at most, in stakes, that is called a tie: the mean of 100,000 games is known to 0.006. */
const CLOSE = 0.02;

function blackjack(): void {
  const model = blackjackModel();
  const optimal = valueIteration(model, { gamma: 1 });
  const best = startValue(model, optimal.values);
  const shown = Array.from({ length: model.nStates }, (_, state) => state).filter(
    (state) => model.transitions[state][0].length > 1 && Math.floor(state / 22) >= 11,
  );
  const gap = (state: number) => Math.abs(optimal.actionValues[2 * state] - optimal.actionValues[2 * state + 1]);
  const nameOf = (state: number) => {
    const [sum, dealer, ace] = [Math.floor(state / 22), Math.floor((state % 22) / 2), state % 2];
    return `${ace === 1 ? 'soft ' : ''}${sum} against ${dealer === 1 ? 'A' : dealer}`;
  };
  const recipes = tabularControlRecipes.filter(({ id }) => id.endsWith('-blackjack'));
  for (const recipe of recipes.filter(({ id }) => args.recipe === undefined || id === args.recipe)) {
    const wrong: number[] = [];
    const lost: number[] = [];
    const mistakes = new Set<number>();
    let whole = 0;
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const { agent, config } = agentOf(recipe, seed, { testInterval: Number.MAX_SAFE_INTEGER });
      while (agent.progress.iteration < config.maxIterations) agent.iterate();
      const policy = greedyActions(agent.actionValues(), 2);
      const differing = shown.filter((state) => policy[state] !== optimal.policy[state]);
      wrong.push(differing.length);
      if (differing.every((state) => gap(state) < CLOSE)) whole++;
      for (const state of differing) mistakes.add(state);
      lost.push(best - startValue(model, policyEvaluation(model, policy, 1).values));
    }
    const worst = [...mistakes].sort((a, b) => gap(b) - gap(a)).slice(0, 3);
    const dearest = worst.map((state) => `${nameOf(state)} (${gap(state).toFixed(3)})`).join(', ') || 'none';
    // Read at the last moment: other recipes may run in other processes.
    const text = readFileSync(page('results/tabular-agents.md'), 'utf8');
    const rows = new Map([...text.matchAll(/^\| `([\w-]+-blackjack)` \|.*$/gm)].map(([row, id]) => [id, row]));
    rows.set(
      recipe.id,
      `| \`${recipe.id}\` | ${whole} of ${seeds} | ${mean(wrong).toFixed(1)} | ${Math.min(...wrong)} to ${Math.max(...wrong)} | ${mean(lost).toFixed(5)} | ${dearest} |`,
    );
    console.log('blackjack', rows.get(recipe.id));
    fill('blackjack', [
      `The optimal policy's value is ${best.toFixed(5)} a game; ${shown.length} decisions are compared.`,
      '',
      `| \`bellman train\` | none that costs ${CLOSE} | decisions that differ: mean | least to most | value lost a game: mean | dearest ones, with what they cost |`,
      '|---|--:|--:|--:|--:|---|',
      ...recipes.flatMap(({ id }) => rows.get(id) ?? []),
    ]);
  }
}

/** Updates a second of one agent, over about half a second. */
function updatesPerSecond(algorithm: string, env: 'FrozenLake-v1' | 'Taxi-v4'): number {
  const recipe = tabularControlRecipes.find((known) => known.algorithm === algorithm)!;
  const config = { ...recipe.config, gamma: 0.9, epsilonStart: 0.1, epsilonFinal: 0.1, epsilonDecaySteps: 0 };
  const settings = { testInterval: 1_000_000_000, maxIterations: 1_000_000_000, rewardBound: null, cells: null };
  const world = () => make(env) as Env<number, number>;
  const { create } = tabularAlgorithm(algorithm)!;
  const agent = create({ env: world(), testEnv: world(), seed: 1, config: { ...config, ...settings } });
  for (let i = 0; i < 100_000; i++) agent.iterate();
  const started = performance.now();
  const steps = 500_000;
  for (let i = 0; i < steps; i++) agent.iterate();
  return (steps / (performance.now() - started)) * 1000;
}

function speed(): void {
  const algorithms = [...new Set(tabularControlRecipes.map((recipe) => recipe.algorithm))];
  const rows: string[] = [];
  for (const env of ['FrozenLake-v1', 'Taxi-v4'] as const) {
    for (const algorithm of algorithms) {
      const rounds = Array.from({ length: 5 }, () => {
        const python = Number(
          execFileSync(args.python, [here('tabular_agents.py'), algorithm, env], { encoding: 'utf8' }),
        );
        // In a process of its own, as the other: next to other agents the same code is compiled for all of them.
        const again = ['--import', 'tsx', here('tabular-agents.ts'), '--agent', `${algorithm},${env}`];
        return { python, ours: Number(execFileSync(process.execPath, again, { encoding: 'utf8' })) };
      });
      const ours = median(rounds.map((round) => round.ours));
      const python = median(rounds.map((round) => round.python));
      const ratio = median(rounds.map((round) => round.ours / round.python));
      rows.push(
        `| ${env} | \`${algorithm}\` | ${(ours / 1e6).toFixed(2)} M | ${(python / 1e3).toFixed(1)} k | ${ratio.toFixed(0)} |`,
      );
      console.log(rows.at(-1));
    }
  }
  fill('speed', [
    machine(),
    '',
    '| environment | agent | updates/s here | updates/s in Python | ratio |',
    '|---|---|--:|--:|--:|',
    ...rows,
  ]);
}

if (args.agent !== undefined) {
  const [algorithm, env] = args.agent.split(',');
  console.log(updatesPerSecond(algorithm, env as 'FrozenLake-v1' | 'Taxi-v4'));
  process.exit();
}
const parts = { scores, blackjack, speed };
for (const [name, run] of Object.entries(parts)) if (args.only === undefined || args.only === name) run();
