/**
 * TPE compared with random search, Sobol points and Optuna's TPE, as docs/results/tune.md: the best value over trials on four known
 * functions and on Q-learning on Taxi, 20 seeds each.
 *
 *   npx tsx bench/tune.ts [--seeds 20] [--from 0] [--problem branin] [--method TPE] [--results FILE] [--write]
 *
 * A line of FILE is a study; those that it has already are not run again, so that what was broken off goes on. --write then makes the
 * page's tables and pictures of it. Optuna is asked and told by bench/peers/optuna_tpe.py, so that every function stands here alone.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Env } from '../src/core/env.ts';
import { Generator, SeedSequence } from '../src/core/random/index.ts';
import { makeFromKwargs } from '../src/envs/index.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { type Curve, drawCurves } from '../src/plot/index.ts';
import { qLearningTaxi } from '../src/recipes/index.ts';
import { probabilityOfImprovement, quantile } from '../src/stats/index.ts';
import { runPolicy, tabularAlgorithm } from '../src/tabular/index.ts';
import {
  type Direction,
  parseSpace,
  RandomSampler,
  type Sampler,
  type SearchSpace,
  type Settings,
  SobolSampler,
  shippedSpace,
  TpeSampler,
  type Trial,
} from '../src/tune/index.ts';
import { peerPython } from './peers.ts';
import { machine, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    problem: { type: 'string' },
    /** Names between commas. */
    method: { type: 'string' },
    /** Of the first study. */
    from: { type: 'string', default: '0' },
    results: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const seeds = Number(args.seeds);

interface Problem {
  readonly slug: string;
  readonly title: string;
  readonly space: SearchSpace;
  readonly direction: Direction;
  readonly trials: number;
  /** Best value that there is; null where nobody knows it. */
  readonly optimum: number | null;
  /** What a trial gives, and its value without noise. */
  evaluate(settings: Settings, random: Generator): { readonly value: number; readonly truth: number };
  /** What settings give when they are tried again, with other seeds than any trial had. */
  again?(settings: Settings, seed: number): number;
}

const known = (f: (settings: Readonly<Record<string, number>>) => number) => (settings: Settings) => {
  const value = f(settings as Readonly<Record<string, number>>);
  return { value, truth: value };
};

/** Dixon and Szego 1978. */
const HARTMANN = {
  alpha: [1, 1.2, 3, 3.2],
  a: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  p: [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ],
};

const problems: readonly Problem[] = [
  {
    slug: 'branin',
    title: 'Branin, two keys',
    space: parseSpace(['x=-5..10', 'y=0..15']),
    direction: 'minimize',
    trials: 100,
    optimum: 0.397887,
    evaluate: known(({ x, y }) => {
      const bend = y - (5.1 * x ** 2) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6;
      return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
    }),
  },
  {
    slug: 'hartmann',
    title: 'Hartmann, six keys',
    space: parseSpace(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => `${key}=0..1`)),
    direction: 'minimize',
    trials: 100,
    optimum: -3.32237,
    evaluate: known((settings) => {
      const x = Object.values(settings);
      return -HARTMANN.alpha.reduce((sum, alpha, i) => {
        const distance = x.reduce((d, xj, j) => d + HARTMANN.a[i][j] * (xj - HARTMANN.p[i][j]) ** 2, 0);
        return sum + alpha * Math.exp(-distance);
      }, 0);
    }),
  },
  {
    slug: 'mixed',
    title: 'six keys of all kinds',
    space: parseSpace([
      ...['rate=1e-5..1e-1:log', 'width=16..512:int:log', 'depth=1..6:int', 'gamma=0.9,0.95,0.98,0.99,0.995'],
      ...['optimizer=adam,radam,sgd', 'share=0..1:step=0.1'],
    ]),
    direction: 'minimize',
    trials: 100,
    optimum: 0,
    // A training's habits: the best rate is the optimizer's own and lower for wide networks.
    evaluate: ({ rate, width, depth, gamma, optimizer, share }) => {
      const [centre, offset] = { adam: [-3, 0], radam: [-2.5, 0.1], sgd: [-1.5, 0.4] }[optimizer as string]!;
      const wide = Math.log2(width as number) - 7;
      const value =
        (Math.log10(rate as number) - centre + 0.2 * wide) ** 2 +
        0.1 * wide ** 2 +
        0.15 * Math.abs((depth as number) - 3) +
        0.3 * Math.abs(Math.log10(1 - (gamma as number)) + 2) +
        (offset as number) +
        ((share as number) - 0.3) ** 2;
      return { value, truth: value };
    },
  },
  {
    slug: 'ridge',
    title: 'a bent valley with noise',
    space: parseSpace(['x=-2..2', 'y=-2..2', 'mode=calm,loud']),
    direction: 'minimize',
    trials: 100,
    optimum: 0,
    // Rosenbrock's valley on a logarithm; one choice is better and noisy, the other is neither.
    evaluate: ({ x, y, mode }, random) => {
      const [u, v] = [x as number, y as number];
      const valley = Math.log10(1 + 100 * (v - u ** 2) ** 2 + (1 - u) ** 2);
      const truth = valley + (mode === 'calm' ? 0.2 : 0);
      const noise = random.normal(0, 0.2);
      return { value: mode === 'calm' ? truth : truth + noise, truth };
    },
  },
  {
    slug: 'taxi',
    title: 'Q-learning on Taxi, 30,000 steps',
    space: shippedSpace('q-learning-taxi')!,
    direction: 'maximize',
    trials: 50,
    optimum: null,
    evaluate: (settings, random) => {
      const value = taxi(settings, random.integers(2 ** 31), 2);
      return { value, truth: value };
    },
    again: (settings, seed) => taxi(settings, 2 ** 32 + seed, 5),
  },
];

/** Mean return of greedy episodes after 30,000 steps of Q-learning, over some seeds. */
function taxi(settings: Settings, seed: number, runs: number): number {
  const STEPS = 30_000;
  const config = {
    ...qLearningTaxi.config,
    ...settings,
    ...{ rewardBound: null, testInterval: STEPS, testEpisodes: 1, maxIterations: STEPS },
  };
  const world = () => makeFromKwargs(qLearningTaxi.env, {}) as Env<number, number>;
  let sum = 0;
  for (let run = 0; run < runs; run++) {
    const create = tabularAlgorithm('q-learning')!.create;
    const agent = create({ env: world(), testEnv: world(), seed: seed + 1_000_003 * run, config });
    for (let step = 0; step < STEPS; step++) agent.iterate();
    sum += runPolicy(world(), (state) => agent.greedyAction(state), 100, seed + 1_000_003 * run + 1).meanReturn;
  }
  return sum / runs;
}

interface Study {
  readonly problem: string;
  readonly method: string;
  readonly seed: number;
  /** Value without noise of the best trial so far, after each trial. */
  readonly best: readonly number[];
  /** Of the best trial's settings, tried again with other seeds. */
  readonly again?: number;
  /** Milliseconds of choosing settings, all trials. */
  readonly choosing: number;
}

/** Who chooses settings, and is told what they gave. */
interface Chooser {
  ask(number: number, trials: readonly Trial[]): Promise<Settings>;
  tell(value: number): Promise<void>;
}

const own = (sampler: Sampler, { space, direction }: Problem): Chooser => ({
  ask: async (number, trials) => sampler.sample(space, trials, number, direction),
  tell: async () => {},
});

/** Optuna's process, which does one study after the other. */
function startPeer() {
  const script = fileURLToPath(new URL('peers/optuna_tpe.py', import.meta.url));
  const { stdin, stdout } = spawn(peerPython(), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { stdin, lines: createInterface(stdout)[Symbol.asyncIterator]() };
}
let peer: ReturnType<typeof startPeer> | undefined;

async function optuna({ space, direction }: Problem, seed: number): Promise<Chooser> {
  peer ??= startPeer();
  const { stdin, lines } = peer;
  const say = async (message: object): Promise<unknown> => {
    stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('Optuna ended.');
    return JSON.parse(value);
  };
  await say({ begin: { space, direction, seed } });
  return {
    ask: async () => (await say({ ask: true })) as Settings,
    tell: async (value) => {
      await say({ tell: value });
    },
  };
}

const METHODS: Readonly<Record<string, (problem: Problem, seed: number) => Promise<Chooser>>> = {
  'random search': async (problem, seed) => own(new RandomSampler(seed), problem),
  'Sobol points': async (problem, seed) => own(new SobolSampler(seed), problem),
  TPE: async (problem, seed) => own(new TpeSampler(seed), problem),
  "Optuna's TPE": optuna,
};

async function study(problem: Problem, method: string, seed: number): Promise<Study> {
  const chooser = await METHODS[method](problem, seed);
  const trials: Trial[] = [];
  const best: number[] = [];
  let choosing = 0;
  let [highest, truest, settled]: [number, number, Settings] = [Number.NEGATIVE_INFINITY, 0, {}];
  for (let number = 0; number < problem.trials; number++) {
    const began = performance.now();
    const settings = await chooser.ask(number, trials);
    choosing += performance.now() - began;
    const random = new Generator(new SeedSequence(1000 + seed, [number]));
    const { value, truth } = problem.evaluate(settings, random);
    trials.push({ number, state: 'complete', settings, value, reports: new Map() });
    await chooser.tell(value);
    const good = problem.direction === 'maximize' ? value : -value;
    if (good > highest) [highest, truest, settled] = [good, truth, settings];
    best.push(truest);
  }
  const again = problem.again?.(settled, 10_000 + seed);
  return { problem: problem.slug, method, seed, best, choosing, ...(again === undefined ? {} : { again }) };
}

function readStudies(): Study[] {
  if (args.results === undefined || !existsSync(args.results)) return [];
  return readFileSync(args.results, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Study);
}

const digits = (value: number): string => value.toPrecision(3);
const quartiles = (values: readonly number[]): readonly [number, number, number] => {
  const sorted = values.toSorted((a, b) => a - b);
  return [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
};

function write(studies: readonly Study[]): void {
  const ours = 'TPE';
  const theirs = "Optuna's TPE";
  const table = [
    "| problem | trials | random search | Sobol points | TPE | Optuna's TPE | TPE better than Optuna's |",
    '|---|--:|--:|--:|--:|--:|--:|',
  ];
  const againTable: string[] = [];
  for (const problem of problems) {
    const of = (method: string) =>
      studies.filter((one) => one.problem === problem.slug && one.method === method && one.seed < seeds);
    const methods = Object.keys(METHODS).filter((method) => of(method).length > 0);
    if (methods.length < 4) continue;
    const distance = (value: number) => (problem.optimum === null ? value : value - problem.optimum);
    for (const trials of [20, problem.trials / 2, problem.trials].filter((n, i, all) => all.indexOf(n) === i)) {
      const at = (method: string) => of(method).map(({ best }) => distance(best[trials - 1]));
      const cells = methods.map((method) => {
        const [low, middle, high] = quartiles(at(method)).map(digits);
        return `${middle} (${low} to ${high})`;
      });
      const sign = problem.direction === 'maximize' ? 1 : -1;
      const better = probabilityOfImprovement([at(ours).map((v) => sign * v)], [at(theirs).map((v) => sign * v)]);
      table.push(`| ${problem.title} | ${trials} | ${cells.join(' | ')} | ${(100 * better).toFixed(0)} % |`);
    }
    if (problem.again !== undefined) {
      const cells = methods.map((method) => {
        const [low, middle, high] = quartiles(of(method).map(({ again }) => again!)).map(digits);
        return `${middle} (${low} to ${high})`;
      });
      const recipe = quartiles(Array.from({ length: seeds }, (_, seed) => problem.again!({}, 20_000 + seed))).map(
        digits,
      );
      againTable.push(`| ${problem.title} | ${cells.join(' | ')} | ${recipe[1]} (${recipe[0]} to ${recipe[2]}) |`);
    }
    const curves = methods.map((method): Curve => {
      const runs = of(method);
      const x = runs[0].best.map((_, i) => i + 1);
      const bands = x.map((_, i) => quartiles(runs.map(({ best }) => distance(best[i]))));
      const [low, mean, high] = [0, 1, 2].map((k) =>
        bands.map((band) => Math.max(band[k], problem.optimum === null ? -1e9 : 1e-6)),
      );
      return { label: method, runs: runs.length, band: { x, low, mean, high } };
    });
    const picture = drawCurves(curves, {
      title: problem.title,
      subtitle:
        problem.optimum === null ? 'mean return of the best trial' : "the best trial's distance from the optimum",
      xLabel: 'trials',
      yLabel: problem.optimum === null ? 'mean return' : 'distance from the optimum',
      spread: 'quartiles',
      ...(problem.optimum === null ? { yRange: [-20, 10] as const } : { yScale: 'log' as const }),
    });
    if (['hartmann', 'mixed', 'taxi'].includes(problem.slug))
      writeFileAtomic(page(`results/tune-${problem.slug}.svg`), picture);
  }
  const pace = ['TPE', "Optuna's TPE"].map((method) => {
    const of = studies.filter((one) => one.method === method && one.problem === 'mixed');
    return quartiles(of.map(({ choosing, best }) => choosing / best.length))[1].toFixed(1);
  });
  writeSection(page('results/tune.md'), 'bench/tune.ts', [
    ...table,
    '',
    `${seeds} seeds; median (quartiles). ${machine()} A choice of settings in the mixed space took ${pace[0]} ms here and ${pace[1]} ms in Optuna.`,
  ]);
  writeSection(page('results/tune.md'), 'bench/tune.ts: again', [
    "| the best trial's settings, five new seeds | random search | Sobol points | TPE | Optuna's TPE | the recipe's own |",
    '|---|--:|--:|--:|--:|--:|',
    ...againTable,
  ]);
}

const studies = readStudies();
for (let seed = Number(args.from); seed < seeds; seed++) {
  for (const problem of problems) {
    if (args.problem !== undefined && args.problem !== problem.slug) continue;
    for (const method of args.method?.split(',') ?? Object.keys(METHODS)) {
      if (studies.some((one) => one.problem === problem.slug && one.method === method && one.seed === seed)) continue;
      const found = await study(problem, method, seed);
      studies.push(found);
      if (args.results !== undefined) appendFileSync(args.results, `${JSON.stringify(found)}\n`);
      console.log(seed, problem.slug, method, found.best.at(-1), `${found.choosing.toFixed(0)} ms of choosing`);
    }
  }
}
peer?.stdin.end();
if (args.write) write(studies);
