/**
 * How PQN's and DQN's speed on Pong grows with environments, batch and threads, and where the time goes: playing, choosing
 * actions, learning. Writes the tables of docs/results/scaling.md.
 *
 *   npx tsx bench/scaling.ts [--env bellman/Pong-v0] [--steps 8192] [--updates 500] [--rounds 3] [--write]
 */
import { parseArgs } from 'node:util';
import type { DqnConfig } from '../src/agents/dqn-config.ts';
import type { CreateRunner } from '../src/agents/dqn-learner.ts';
import type { PqnConfig } from '../src/agents/pqn-config.ts';
import { ortRunnerFactory } from '../src/node/ort-runner-factory.ts';
import { ThreadedEnvGroup } from '../src/node/threaded-env-group.ts';
import { dqnPong } from '../src/recipes/dqn-pong.ts';
import { pongFast } from '../src/recipes/pong-fast.ts';
import { viewOf } from '../src/train/dqn-env.ts';
import { createDqnTraining } from '../src/train/dqn-training.ts';
import { createPqnTraining } from '../src/train/pqn-training.ts';
import { steadyStateConfig } from '../src/train/steady-state.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    env: { type: 'string', default: pongFast.env },
    /** Environment steps of a measurement of PQN. */
    steps: { type: 'string', default: '8192' },
    /** Updates of a measurement of DQN, and transitions in its replay. */
    updates: { type: 'string', default: '500' },
    replay: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const silent = { scalars() {}, line() {}, best() {} };
const now = () => performance.now();

/** Milliseconds of each part since the last `take`. */
class Clock {
  readonly #parts: Record<string, number> = {};
  add(part: string, milliseconds: number): void {
    this.#parts[part] = (this.#parts[part] ?? 0) + milliseconds;
  }
  take(part: string): number {
    const spent = this.#parts[part] ?? 0;
    this.#parts[part] = 0;
    return spent;
  }
}

interface Speed {
  readonly framesPerSecond: number;
  /** Shares of the time. */
  readonly play: number;
  readonly act: number;
  readonly learn: number;
}

interface Case {
  readonly name: string;
  /** For the network, and for the environments. */
  readonly threads: number;
  readonly playThreads: number;
  readonly config: PqnConfig | DqnConfig;
  /** Environment steps before the measurement, and of it; rounded up to whole rounds of learning. */
  readonly warmup: number;
  readonly steps: number;
}

async function measure({ config, threads, playThreads, warmup, steps }: Case): Promise<Speed> {
  const { environments } = config;
  const clock = new Clock();
  const [envId, view] = [args.env, viewOf(config)];
  const group = new ThreadedEnvGroup({ envId, envKwargs: {}, view, environments, threads: playThreads });
  const step = group.step.bind(group);
  group.step = (actions) => {
    const from = now();
    step(actions);
    clock.add('play', now() - from);
  };
  const create = ortRunnerFactory('cpu', threads);
  const timed: CreateRunner = async (graph, outputs, options) => {
    const runner = await create(graph, outputs, options);
    // The target network, in passes of other numbers of rows, is a part of learning.
    const acts = 'q' in outputs && runner.inputs['observations'].shape[0] === environments;
    const run = async (feeds: Parameters<typeof runner.run>[0]) => {
      const from = now();
      const result = await runner.run(feeds);
      clock.add(acts ? 'act' : 'learn', now() - from);
      return result;
    };
    return { ...runner, run, release: () => runner.release() };
  };
  const surroundings = { envId: args.env, envKwargs: {}, group, seed: 0, createRunner: timed, now };
  const training =
    'rolloutSteps' in config
      ? await createPqnTraining({ ...surroundings, config })
      : await createDqnTraining({ ...surroundings, config });
  const round = 'rolloutSteps' in config ? environments * config.rolloutSteps : environments;
  const play = async (count: number) => {
    const until = training.step + round * Math.ceil(count / round);
    while (training.step < until) await training.advance(silent);
  };
  await play(warmup);
  for (const part of ['play', 'act', 'learn']) clock.take(part);
  const first = training.step;
  const from = now();
  await play(steps);
  const spent = now() - from;
  const [playing, act, learn] = ['play', 'act', 'learn'].map((part) => clock.take(part) / spent);
  const framesPerSecond = ((training.step - first) / spent) * 1000;
  training.close();
  return { framesPerSecond, play: playing, act, learn };
}

const { rolloutSteps } = pongFast.config;
const BATCH = (pongFast.config.environments * rolloutSteps) / pongFast.config.minibatches;

function pqn(name: number, changes: Partial<PqnConfig>, threads = 2, playThreads = threads): Case {
  const config: PqnConfig = { ...pongFast.config, epsilonStart: 0.1, epsilonFinal: 0.1, ...changes };
  return { name: `${name}`, threads, playThreads, config, warmup: 2048, steps: Number(args.steps) };
}

/** The book's recipe with a full replay. */
function dqn(environments: number, trainInterval: number): Case {
  const steady = steadyStateConfig(dqnPong.config, Number(args.replay));
  const config: DqnConfig = { ...dqnPong.config, ...steady, environments, trainInterval };
  const steps = Number(args.updates) * trainInterval;
  return { name: `${environments}`, threads: 2, playThreads: 2, config, warmup: config.learningStarts + 100, steps };
}

const tables: readonly { readonly what: string; readonly cases: readonly Case[] }[] = [
  {
    what: 'environments',
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
    cases: [32, 64, 128, 256, 512].map((batch) =>
      pqn(batch, { minibatches: (pongFast.config.environments * rolloutSteps) / batch }),
    ),
  },
  { what: 'threads', cases: [1, 2].map((threads) => pqn(threads, {}, threads)) },
  { what: 'threads that play, two that learn', cases: [1, 2].map((threads) => pqn(threads, {}, 2, threads)) },
  { what: 'DQN: environments, an update a step', cases: [1, 2, 4, 8, 16].map((count) => dqn(count, 1)) },
  { what: 'DQN: environments, an update every 4 steps', cases: [1, 2, 4, 8, 16].map((count) => dqn(count, 4)) },
];

const lines: string[] = [
  `${args.env}, 2 threads. Recipe pong-fast (32 environments, batch ${BATCH}) with one value changed, then dqn-pong. Medians of ${args.rounds} rounds. ${machine()}`,
];
for (const { what, cases } of tables) {
  lines.push(
    '',
    `| ${what} | frames/s | playing | choosing actions | learning | the rest |`,
    '|--:|--:|--:|--:|--:|--:|',
  );
  const speeds: Speed[][] = cases.map(() => []);
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [i, one] of cases.entries()) speeds[i].push(await measure(one));
  }
  cases.forEach(({ name }, i) => {
    const middle = (key: keyof Speed) => median(speeds[i].map((speed) => speed[key]));
    const shares = (['play', 'act', 'learn'] as const).map(middle);
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    const percent = [...shares, rest].map((share) => `${(100 * share).toFixed(0)} %`);
    lines.push(`| ${name} | ${middle('framesPerSecond').toFixed(0)} | ${percent.join(' | ')} |`);
  });
}
console.log(lines.join('\n'));
if (args.write) writeSection(page('results/scaling.md'), 'bench/scaling.ts', lines);
