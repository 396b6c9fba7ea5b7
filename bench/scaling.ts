/**
 * How PQN's speed on Pong grows with environments, batch and threads, and where the time goes: playing, choosing actions,
 * learning. Writes the tables of docs/results/scaling.md.
 *
 *   npx tsx bench/scaling.ts [--env bellman/Pong-v0] [--steps 8192] [--rounds 3] [--write]
 */
import { parseArgs } from 'node:util';
import type { CreateRunner } from '../src/agents/dqn-learner.ts';
import type { PqnConfig } from '../src/agents/pqn-config.ts';
import { ortRunnerFactory } from '../src/node/ort-runner-factory.ts';
import { ThreadedEnvGroup } from '../src/node/threaded-env-group.ts';
import { pongFast } from '../src/recipes/pong-fast.ts';
import { viewOf } from '../src/train/dqn-env.ts';
import { createPqnTraining } from '../src/train/pqn-training.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    env: { type: 'string', default: pongFast.env },
    steps: { type: 'string', default: '8192' },
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

async function measure(changes: Partial<PqnConfig>, threads: number): Promise<Speed> {
  const config: PqnConfig = { ...pongFast.config, epsilonStart: 0.1, epsilonFinal: 0.1, ...changes };
  const { environments } = config;
  const clock = new Clock();
  const group = new ThreadedEnvGroup({ envId: args.env, envKwargs: {}, view: viewOf(config), environments, threads });
  const step = group.step.bind(group);
  group.step = (actions) => {
    const from = now();
    step(actions);
    clock.add('play', now() - from);
  };
  const create = ortRunnerFactory('cpu', threads);
  const timed: CreateRunner = async (graph, outputs, options) => {
    const runner = await create(graph, outputs, options);
    const part = 'q' in outputs ? 'act' : 'learn';
    const run = async (feeds: Parameters<typeof runner.run>[0]) => {
      const from = now();
      const result = await runner.run(feeds);
      clock.add(part, now() - from);
      return result;
    };
    return { ...runner, run, release: () => runner.release() };
  };
  const training = await createPqnTraining({
    ...{ config, envId: args.env, envKwargs: {}, group, seed: 0, createRunner: timed, now },
  });
  const rollout = environments * config.rolloutSteps;
  const playTo = async (steps: number) => {
    while (training.step < steps) await training.advance(silent);
  };
  await playTo(rollout * Math.ceil(2048 / rollout));
  for (const part of ['play', 'act', 'learn']) clock.take(part);
  const first = training.step;
  const from = now();
  await playTo(first + rollout * Math.ceil(Number(args.steps) / rollout));
  const spent = now() - from;
  const [play, act, learn] = ['play', 'act', 'learn'].map((part) => clock.take(part) / spent);
  const framesPerSecond = ((training.step - first) / spent) * 1000;
  training.close();
  return { framesPerSecond, play, act, learn };
}

interface Case {
  readonly name: string;
  readonly changes: Partial<PqnConfig>;
  readonly threads: number;
}

const { rolloutSteps } = pongFast.config;
const BATCH = (pongFast.config.environments * rolloutSteps) / pongFast.config.minibatches;
const tables: readonly { readonly what: string; readonly cases: readonly Case[] }[] = [
  {
    what: 'environments',
    cases: [1, 2, 4, 8, 16, 32, 64].map((environments) => ({
      name: `${environments}`,
      // Batches stay as they are; a rollout of few environments is longer.
      changes: {
        environments,
        rolloutSteps: Math.max(rolloutSteps, (2 * BATCH) / environments),
        minibatches: Math.max(2, (environments * rolloutSteps) / BATCH),
      },
      threads: 2,
    })),
  },
  {
    what: 'batch',
    cases: [32, 64, 128, 256, 512].map((batch) => ({
      name: `${batch}`,
      changes: { minibatches: (pongFast.config.environments * rolloutSteps) / batch },
      threads: 2,
    })),
  },
  { what: 'threads', cases: [1, 2].map((threads) => ({ name: `${threads}`, changes: {}, threads })) },
];

const lines: string[] = [
  `${args.env}, recipe pong-fast (32 environments, batch ${BATCH}, 2 threads) with one value changed. Medians of ${args.rounds} rounds. ${machine()}`,
];
for (const { what, cases } of tables) {
  lines.push(
    '',
    `| ${what} | frames/s | playing | choosing actions | learning | the rest |`,
    '|--:|--:|--:|--:|--:|--:|',
  );
  const speeds: Speed[][] = cases.map(() => []);
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [i, { changes, threads }] of cases.entries()) speeds[i].push(await measure(changes, threads));
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
