/**
 * What slow code costs: the same gradient step of the book's DQN, written well and written badly; docs/results/slower.md.
 *
 *   npx tsx bench/slower.ts [--rounds 5] [--steps 10] [--write]
 *
 * The ways are measured in turn, round by round; a figure is the median of the rounds, a ratio the median of the rounds' ratios.
 */
import { parseArgs } from 'node:util';
import { buildDqnUpdate } from '../src/agents/dqn.ts';
import { createQNetwork } from '../src/agents/q-network.ts';
import { Generator } from '../src/core/random/index.ts';
import { Adam } from '../src/nn/adam.ts';
import { initializeAsPytorch } from '../src/nn/init.ts';
import { Parameters } from '../src/nn/parameters.ts';
import { ortRunnerFactory } from '../src/node/onnxruntime/ort-runner-factory.ts';
import { dqnPong } from '../src/recipes/dqn-pong.ts';
import { createBatch } from '../src/replay/batch.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});

const SIZE = 32;
const LENGTH = 4 * 84 * 84;
const network = createQNetwork(dqnPong.config, { inputShape: [4, 84, 84], inputDType: 'uint8', actions: 6 });
const random = new Generator(1);
const [online, target, sum] = [0, 1, 2].map(() => new Parameters(network.parameters));
initializeAsPytorch(online, random);
target.copyFrom(online);
const optimizer = new Adam(online.size, { learningRate: 1e-4 });
const createRunner = ortRunnerFactory('cpu', 2);
const runnerOf = async (batchSize: number) => {
  const { graph, outputs } = buildDqnUpdate(network, { batchSize });
  return createRunner(graph, outputs);
};
const [whole, single] = [await runnerOf(SIZE), await runnerOf(1)];

const batch = createBatch('uint8', SIZE, LENGTH);
for (const pixels of [batch.observations, batch.nextObservations])
  for (let i = 0; i < pixels.length; i++) pixels[i] = random.integers(256);
for (let row = 0; row < SIZE; row++) {
  batch.actions[row] = random.integers(6);
  batch.rewards[row] = random.integers(3) - 1;
  batch.discounts[row] = 0.99;
}
const weights = { ...online.byPrefix(), ...target.byPrefix('target.') };

/** Adds a run's gradients to the sum, or sets it. */
function collect(outputs: Readonly<Record<string, ArrayLike<number>>>, add: boolean): void {
  for (const { name, data } of sum) {
    const gradient = outputs[`gradient.${name}`];
    if (!add) data.set(gradient);
    else for (let i = 0; i < data.length; i++) data[i] += gradient[i];
  }
}

async function learn(fed: typeof batch): Promise<void> {
  collect(await whole.run({ ...weights, ...fed }), false);
  optimizer.step(online.buffer, sum.buffer);
}

/** One row of the batch after the other, as in a loss with a loop. */
async function learnInLoop(): Promise<void> {
  for (let row = 0; row < SIZE; row++) {
    const pixels = [row * LENGTH, (row + 1) * LENGTH] as const;
    const one = {
      observations: batch.observations.subarray(...pixels),
      nextObservations: batch.nextObservations.subarray(...pixels),
      actions: batch.actions.subarray(row, row + 1),
      rewards: batch.rewards.subarray(row, row + 1),
      discounts: batch.discounts.subarray(row, row + 1),
      weights: batch.weights.subarray(row, row + 1),
    };
    collect(await single.run({ ...weights, ...one }), row > 0);
  }
  for (let i = 0; i < sum.buffer.length; i++) sum.buffer[i] /= SIZE;
  optimizer.step(online.buffer, sum.buffer);
}

const copies = (copy: (pixels: Uint8Array) => Uint8Array) => () =>
  learn({
    ...batch,
    observations: copy(batch.observations) as typeof batch.observations,
    nextObservations: copy(batch.nextObservations) as typeof batch.nextObservations,
  });

/** Rows as lists of numbers, which a list of lists of pixels is made of, and back: what `torch.tensor(list)` does. */
const throughLists = (pixels: Uint8Array): Uint8Array => {
  const rows = Array.from({ length: SIZE }, (_, row) => [...pixels.subarray(row * LENGTH, (row + 1) * LENGTH)]);
  return Uint8Array.from(rows.flat());
};

const ways: Readonly<Record<string, () => Promise<void>>> = {
  'the whole batch at once': () => learn(batch),
  'a loop over the 32 rows of the batch': learnInLoop,
  'one more copy of the batch (`slice`)': copies((pixels) => pixels.slice()),
  'one more copy, number by number (`Uint8Array.from(iterator)`)': copies((pixels) => Uint8Array.from(pixels.values())),
  'one more copy, through lists of numbers': copies(throughLists),
};

const times = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
for (const way of Object.values(ways)) await way();
for (let round = 0; round < Number(args.rounds); round++) {
  for (const [name, way] of Object.entries(ways)) {
    const started = performance.now();
    for (let step = 0; step < Number(args.steps); step++) await way();
    times.get(name)?.push((performance.now() - started) / Number(args.steps));
  }
}
const [best] = times.values();
const lines = [
  machine(),
  '',
  '| a gradient step of `dqn-pong`, batch of 32 | ms | times as long |',
  '|---|--:|--:|',
  ...[...times].map(
    ([name, ms]) => `| ${name} | ${median(ms).toFixed(1)} | ${median(ms.map((t, i) => t / best[i])).toFixed(1)} |`,
  ),
];
console.log(lines.join('\n'));
if (args.write) writeSection(page('results/slower.md'), 'slower', lines);
await Promise.all([whole.release(), single.release()]);
