/**
 * What each member of DQN's family brings on CartPole-v1: the same plain DQN with one change at a time, the papers'
 * combinations, PQN, and StreamQ, three seeds each. Writes the table and the picture of docs/results/family.md.
 *
 *   npx tsx bench/family.ts [--first 0] [--seeds 3] [--runs FILE] [--members NAME,NAME]
 *
 * Runs are kept in FILE, one JSON line each, and not repeated; a sweep that was cut goes on where it stopped.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type DqnConfig, parseDqnConfig } from '../src/agents/dqn-config.ts';
import { parsePqnConfig } from '../src/agents/pqn-config.ts';
import { parseStreamQConfig } from '../src/agents/stream-q-config.ts';
import type { Env } from '../src/core/env.ts';
import { make } from '../src/envs/index.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { ortRunnerFactory } from '../src/node/onnxruntime/ort-runner-factory.ts';
import { type ConfigChange, changed } from '../src/recipes/change.ts';
import { dqnCartPole } from '../src/recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../src/recipes/pqn.ts';
import { streamQCartPole } from '../src/recipes/stream-q.ts';
import * as variants from '../src/recipes/variants.ts';
import { createDqnTraining } from '../src/train/create-dqn-training.ts';
import { createPqnTraining, type PqnTrainingOptions } from '../src/train/pqn-training.ts';
import { createStreamQTraining } from '../src/train/stream-q-training.ts';
import { makeTrainingEnv } from '../src/train/training-env.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    first: { type: 'string', default: '0' },
    runs: { type: 'string', default: '/tmp/bellman-family.jsonl' },
    members: { type: 'string' },
  },
});
const BOUND = 195;
const WINDOW = 20;
const MAX_STEPS = 40_000;
/** The steps of these two cost a small part of the others': PQN has an update in 64 of them, StreamQ's are of one transition. */
const LONGER: Readonly<Record<string, number>> = { PQN: 200_000, StreamQ: 200_000 };
const most = (member: string): number => LONGER[member] ?? MAX_STEPS;
const stop = { rewardBound: BOUND, rewardWindow: WINDOW, maxSteps: MAX_STEPS };

/** The CartPole recipe without the parts that it has. */
const plain: DqnConfig = parseDqnConfig({
  ...dqnCartPole.config,
  bootstrap: { kind: 'greedy' },
  nStep: 1,
  epsilonDecaySteps: 4000,
  learningRateDecaySteps: 30_000,
  ...stop,
});
/** CartPole's returns lie between 0 and 100 for gamma 0.99. */
const support: ConfigChange<DqnConfig> = { values: { vMin: 0, vMax: 100 } };
/** The paper's 0.5 was picked for Atari; in three small layers it drowns what they know. Random steps at first show them both actions. */
const noise: ConfigChange<DqnConfig> = {
  network: { noisy: { sigma: 0.1 } },
  epsilonStart: 1,
  epsilonFinal: 0,
  epsilonDecaySteps: 2000,
};
const changes: Record<string, readonly ConfigChange<DqnConfig>[]> = {
  DQN: [],
  'n-step': [variants.nStepChange.config],
  double: [variants.doubleChange.config],
  dueling: [variants.duelingChange.config],
  prioritized: [variants.prioritizedChange.config],
  noisy: [variants.noisyChange.config, noise],
  C51: [variants.categoricalChange.config, support],
  'HL-Gauss': [variants.hlGaussChange.config, support],
  'QR-DQN': [variants.quantileChange.config, { values: { quantiles: 51 } }],
  IQN: [variants.implicitChange.config, { values: { taus: 8, targetTaus: 8 } }],
  Munchausen: [variants.munchausenChange.config],
  'Munchausen + n-step': [variants.munchausenChange.config, variants.nStepChange.config],
  'double + dueling + n-step': [
    variants.doubleChange.config,
    variants.duelingChange.config,
    variants.nStepChange.config,
  ],
  Rainbow: [...variants.rainbowChanges.map(({ config }) => config), support, noise],
};
const members = [...Object.keys(changes), ...Object.keys(LONGER)];

interface Run {
  readonly member: string;
  readonly seed: number;
  readonly solved: boolean;
  readonly steps: number;
  readonly updates: number;
  readonly seconds: number;
  /** Environment step and mean return of the last WINDOW episodes. */
  readonly curve: readonly (readonly [number, number])[];
}

/** A training of a member, and how many updates it makes in so many steps. */
async function create(
  member: string,
  common: Omit<PqnTrainingOptions, 'config' | 'env'>,
  env: () => Env<unknown, number>,
) {
  const bounds = { ...stop, maxSteps: most(member) };
  if (member === 'PQN') {
    const config = parsePqnConfig({ ...pqnCartPole.config, ...bounds });
    const { environments, rolloutSteps, epochs, minibatches } = config;
    return {
      training: await createPqnTraining({
        ...common,
        config,
        env: makeTrainingEnv(env, config.preprocessing, environments),
      }),
      updatesIn: (step: number) => Math.floor(step / (environments * rolloutSteps)) * epochs * minibatches,
    };
  }
  if (member === 'StreamQ') {
    const config = parseStreamQConfig({ ...streamQCartPole.config, ...bounds });
    return {
      training: await createStreamQTraining({ ...common, config, env: makeTrainingEnv(env, config.preprocessing, 1) }),
      updatesIn: (step: number) => step,
    };
  }
  const config = parseDqnConfig({ ...changed(plain, ...changes[member]!), ...bounds });
  return {
    training: await createDqnTraining({
      ...common,
      config,
      env: makeTrainingEnv(env, config.preprocessing, config.environments),
    }),
    updatesIn: (step: number) => Math.max(0, step - config.learningStarts),
  };
}

async function run(member: string, seed: number): Promise<Run> {
  const common = {
    envId: 'CartPole-v1',
    envKwargs: {},
    seed,
    createRunner: ortRunnerFactory('cpu', 1),
    now: () => performance.now(),
  };
  const env = () => make('CartPole-v1') as unknown as Env<unknown, number>;
  const { training, updatesIn } = await create(member, common, env);
  const curve: [number, number][] = [];
  const observer = {
    scalars(step: number, scalars: Readonly<Record<string, number>>) {
      const last = curve.at(-1);
      if (last === undefined || step - last[0] >= most(member) / 60)
        curve.push([step, Math.round(scalars['reward_mean'])]);
    },
    line() {},
    best() {},
  };
  const started = performance.now();
  while (training.end === undefined) await training.advance(observer);
  const { step, end } = training;
  const updates = updatesIn(step);
  training.close();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { member, seed, solved: end.solved === true, steps: step, updates, seconds, curve };
}

const read = (): Run[] =>
  existsSync(args.runs)
    ? readFileSync(args.runs, 'utf8')
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as Run)
    : [];
const wanted = args.members?.split(',') ?? members;
for (let seed = Number(args.first); seed < Number(args.seeds); seed++) {
  for (const member of wanted) {
    if (read().some((old) => old.member === member && old.seed === seed)) continue;
    const result = await run(member, seed);
    appendFileSync(args.runs, `${JSON.stringify(result)}\n`);
    console.log(
      `${member}, seed ${seed}: ${result.solved ? 'solved' : 'not solved'}, ${result.steps} steps, ${result.seconds} s`,
    );
  }
}

const runs = read();
const rows = members.map((member) => {
  const own = runs.filter((entry) => entry.member === member).sort((a, b) => a.seed - b.seed);
  if (own.length === 0) return `| ${member} | not run | | | | |`;
  const solved = own.filter((entry) => entry.solved);
  const best = own.map(({ curve }) => Math.max(...curve.map(([, mean]) => mean)));
  const of = (f: (entry: Run) => number, digits = 0) =>
    solved.length * 2 > own.length
      ? median(own.map((entry) => (entry.solved ? f(entry) : Infinity))).toFixed(digits)
      : '–';
  const all = own.map((entry) => (entry.solved ? String(entry.updates) : '–')).join(', ');
  return `| ${member} | ${solved.length} of ${own.length} | ${of((e) => e.updates)} (${all}) | ${of((e) => e.steps)} | ${of((e) => e.seconds / 60, 2)} | ${best.join(', ')} |`;
});
writeSection(page('results/family.md'), 'family', [
  machine(),
  '',
  `CartPole-v1 to a mean of ${BOUND} over the last ${WINDOW} training episodes, at most ${MAX_STEPS} steps (PQN and StreamQ ${most('PQN')}); seeds 0 to ${Number(args.seeds) - 1}.`,
  '',
  '| member | solved | updates: median (each seed) | environment steps | minutes | best mean of each seed |',
  '|---|--:|--:|--:|--:|--:|',
  ...rows,
]);

/** One small panel for each member, a line for each seed. */
function picture(): string {
  const [columns, width, height, pad] = [4, 240, 190, 48];
  const parts: string[] = [];
  members.forEach((member, i) => {
    const own = runs.filter((entry) => entry.member === member);
    const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
    const steps = most(member);
    const x = scaleLinear([0, steps], [left + pad, left + width - 20]);
    const y = scaleLinear([0, 250], [top + height - 46, top + 26]);
    const middle = top + (height - 20) / 2;
    parts.push(`<text x="${left + pad}" y="${top + 17}" font-weight="600">${member}</text>`);
    for (const tick of [0, 100, 200]) {
      parts.push(
        `<line x1="${left + pad}" x2="${left + width - 20}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e4e8ee"/>`,
      );
      parts.push(`<text x="${left + pad - 5}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`);
    }
    parts.push(
      `<text x="${left + (pad + width - 20) / 2}" y="${top + height - 12}" text-anchor="middle">environment steps</text>`,
      `<text transform="translate(${left + 14} ${middle}) rotate(-90)" text-anchor="middle">mean of 20 episodes</text>`,
    );
    for (const tick of [0, steps / 2, steps]) {
      parts.push(`<text x="${x(tick)}" y="${top + height - 30}" text-anchor="middle">${tick / 1000}k</text>`);
    }
    own.forEach(({ curve }, k) => {
      const d = line<readonly [number, number]>(
        ([step]) => x(step),
        ([, mean]) => y(mean),
      ).digits(1)([...curve]);
      parts.push(
        `<path d="${d}" fill="none" stroke="${['#1f6fb2', '#c2571a', '#3d8b40', '#8e4ec6'][k % 4]}" stroke-width="1.6"/>`,
      );
    });
  });
  const size = `${columns * width}" height="${Math.ceil(members.length / columns) * height}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="11" fill="#33404f"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('\n')}</svg>\n`;
}
writeFileAtomic(page('results/family.svg'), picture());
