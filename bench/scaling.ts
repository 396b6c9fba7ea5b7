/**
 * How PQN's and DQN's speed on Pong grows with environments, batch and threads, and where the time goes. Writes the tables
 * of docs/results/scaling.md.
 *
 *   npx tsx bench/scaling.ts [--env bellman/Pong-v0] [--steps 8192] [--updates 1000] [--rounds 3] [--write]
 */
import { parseArgs } from 'node:util';
import type { DqnConfig } from '../src/agents/dqn-config.ts';
import type { PqnConfig } from '../src/agents/pqn-config.ts';
import type { CreateBackgroundRunner, CreateRunner } from '../src/graph/index.ts';
import { backgroundRunnerFactory } from '../src/node/onnxruntime/background-runner.ts';
import { ortRunnerFactory } from '../src/node/onnxruntime/ort-runner-factory.ts';
import { trainingEnvInThreads } from '../src/node/threads/training-env.ts';
import { dqnPong } from '../src/recipes/dqn-pong.ts';
import { pongFast } from '../src/recipes/pong-fast.ts';
import { createDqnTraining } from '../src/train/create-dqn-training.ts';
import { createPqnTraining } from '../src/train/pqn-training.ts';
import { steadyStateConfig } from '../src/train/steady-state.ts';
import { machine, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    env: { type: 'string', default: pongFast.env },
    /** Environment steps of a measurement of PQN. */
    steps: { type: 'string', default: '8192' },
    /** Updates of a measurement of DQN, and transitions in its replay. */
    updates: { type: 'string', default: '1000' },
    replay: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const now = () => performance.now();

/** What is timed, and its name in a table. */
const PARTS = {
  play: 'playing',
  act: 'choosing actions',
  target: 'target values',
  gradients: 'gradients',
  optimizer: 'optimizer',
} as const;
type Part = keyof typeof PARTS;

interface Speed {
  readonly framesPerSecond: number;
  /** Of the time. */
  readonly shares: Readonly<Record<Part, number>>;
}

interface Case {
  readonly name: string;
  /** For the network, and for the environments. */
  readonly threads: number;
  readonly playThreads: number;
  /** Whether DQN's second thread values transitions while the first does what is of one thread. */
  readonly overlap: boolean;
  readonly config: PqnConfig | DqnConfig;
  /** Environment steps before the measurement, and of it; rounded up to whole rounds of learning. */
  readonly warmup: number;
  readonly steps: number;
}

async function measure({ config, threads, playThreads, overlap, warmup, steps }: Case): Promise<Speed> {
  const { environments } = config;
  const spent: Record<Part, number> = { play: 0, act: 0, target: 0, gradients: 0, optimizer: 0 };
  const [envId, view] = [args.env, config.preprocessing];
  const env = trainingEnvInThreads({ id: envId, kwargs: {}, view }, environments, playThreads);
  const step = env.step.bind(env);
  env.step = (actions) => {
    const from = now();
    const result = step(actions);
    spent.play += now() - from;
    return result;
  };
  const create = ortRunnerFactory('cpu', threads);
  const timed: CreateRunner = async (graph, outputs, options) => {
    const runner = await create(graph, outputs, options);
    const rows = runner.inputs['observations'].shape[0];
    const part = !('q' in outputs) ? 'gradients' : rows === environments ? 'act' : 'target';
    const run = async (feeds: Parameters<typeof runner.run>[0]) => {
      const from = now();
      const result = await runner.run(feeds);
      spent[part] += now() - from;
      return result;
    };
    return { ...runner, run, release: () => runner.release() };
  };
  const createBeside = overlap ? backgroundRunnerFactory('cpu', threads) : undefined;
  const timedBeside: CreateBackgroundRunner = async (...asked) => {
    const runner = await createBeside!(...asked);
    const finish = () => {
      const from = now();
      runner.finish();
      spent.target += now() - from;
    };
    return { ...runner, finish };
  };
  const surroundings = { envId: args.env, envKwargs: {}, env, seed: 0, createRunner: timed, now };
  const training =
    'rolloutSteps' in config
      ? await createPqnTraining({ ...surroundings, config })
      : await createDqnTraining({ ...surroundings, config, createBackgroundRunner: createBeside && timedBeside });
  const { optimizer } = training.learner;
  const update = optimizer.step.bind(optimizer);
  optimizer.step = (params, grads) => {
    const from = now();
    update(params, grads);
    spent.optimizer += now() - from;
  };
  const round = 'rolloutSteps' in config ? environments * config.rolloutSteps : environments;
  const play = async (count: number) => {
    const until = training.step + round * Math.ceil(count / round);
    while (training.step < until) await training.advance({});
  };
  await play(warmup);
  const parts = Object.keys(PARTS) as Part[];
  for (const part of parts) spent[part] = 0;
  const first = training.step;
  const from = now();
  await play(steps);
  const time = now() - from;
  const framesPerSecond = ((training.step - first) / time) * 1000;
  await training.close();
  const shares = Object.fromEntries(parts.map((part) => [part, spent[part] / time])) as Record<Part, number>;
  return { framesPerSecond, shares };
}

const { rolloutSteps } = pongFast.config;
const BATCH = (pongFast.config.environments * rolloutSteps) / pongFast.config.minibatches;

function pqn(name: number, changes: Partial<PqnConfig>, threads = 2, playThreads = threads): Case {
  const config: PqnConfig = { ...pongFast.config, epsilonStart: 0.1, epsilonFinal: 0.1, ...changes };
  return { name: `${name}`, threads, playThreads, overlap: false, config, warmup: 2048, steps: Number(args.steps) };
}

/** The book's recipe with a full replay. */
function dqn(environments: number, trainInterval: number, threads = 2, overlap = true): Case {
  const steady = steadyStateConfig(dqnPong.config, Number(args.replay));
  const config: DqnConfig = { ...dqnPong.config, ...steady, environments, trainInterval };
  const steps = Number(args.updates) * trainInterval;
  // An interval between two copies to the target network, so that engines have compiled.
  const warmup = config.learningStarts + config.targetUpdateInterval;
  return { name: `${environments}`, threads, playThreads: threads, overlap, config, warmup, steps };
}

interface Table {
  readonly what: string;
  readonly cases: readonly Case[];
  /** Those with a column. */
  readonly parts: readonly Part[];
}

const PQN: readonly Part[] = ['play', 'act', 'gradients', 'optimizer'];
const DQN: readonly Part[] = ['play', 'act', 'target', 'gradients', 'optimizer'];

const tables: readonly Table[] = [
  {
    what: 'environments',
    parts: PQN,
    cases: [1, 2, 4, 8, 16, 32, 64].map((environments) =>
      pqn(environments, {
        environments,
        // Batches stay as they are; a rollout of few environments is longer.
        rolloutSteps: Math.max(rolloutSteps, (2 * BATCH) / environments),
        minibatches: Math.max(2, (environments * rolloutSteps) / BATCH),
      }),
    ),
  },
  {
    what: 'batch',
    parts: PQN,
    cases: [32, 64, 128, 256, 512].map((batch) =>
      pqn(batch, { minibatches: (pongFast.config.environments * rolloutSteps) / batch }),
    ),
  },
  { what: 'threads', parts: PQN, cases: [1, 2].map((threads) => pqn(threads, {}, threads)) },
  {
    what: 'threads that play, two that learn',
    parts: PQN,
    cases: [1, 2].map((threads) => pqn(threads, {}, 2, threads)),
  },
  {
    what: 'DQN: environments, an update a step',
    parts: DQN,
    cases: [1, 2, 4, 8, 16].map((count) => dqn(count, 1)),
  },
  {
    what: 'DQN: environments, an update every 4 steps',
    parts: DQN,
    cases: [1, 2, 4, 8, 16].map((count) => dqn(count, 4)),
  },
  {
    what: 'DQN: overlap',
    parts: DQN,
    cases: [1, 4].flatMap((trainInterval) =>
      [false, true].map((overlap) => ({
        ...dqn(1, trainInterval, 2, overlap),
        name: `${overlap ? 'with' : 'without'}, an update ${trainInterval === 1 ? 'a step' : `every ${trainInterval} steps`}`,
      })),
    ),
  },
  {
    what: 'DQN: threads',
    parts: DQN,
    cases: [1, 2].map((threads) => ({ ...dqn(1, 1, threads), name: `${threads}` })),
  },
];

const lines: string[] = [
  `${args.env}, 2 threads. Recipe pong-fast (32 environments, batch ${BATCH}) with one value changed, then dqn-pong. ${Number(args.rounds) === 1 ? 'One round' : `Medians of ${args.rounds} rounds`}. ${machine()}`,
];
for (const { what, cases, parts } of tables) {
  const columns = [what, 'frames/s', ...parts.map((part) => PARTS[part]), 'the rest'];
  lines.push('', `| ${columns.join(' | ')} |`, `|${columns.map(() => '--:|').join('')}`);
  const speeds: Speed[][] = cases.map(() => []);
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [i, one] of cases.entries()) speeds[i].push(await measure(one));
  }
  cases.forEach(({ name }, i) => {
    // One round's, so that they add up.
    const middle = speeds[i].sort((a, b) => a.framesPerSecond - b.framesPerSecond)[speeds[i].length >> 1];
    const shares = parts.map((part) => middle.shares[part]);
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    const percent = [...shares, rest].map((share) => `${(100 * share).toFixed(0)} %`);
    lines.push(`| ${name} | ${middle.framesPerSecond.toFixed(0)} | ${percent.join(' | ')} |`);
  });
}
console.log(lines.join('\n'));
if (args.write) writeSection(page('results/scaling.md'), 'bench/scaling.ts', lines);
