/**
 * A million transitions of Pong in memory, plain and compressed; prioritized sampling against a linear scan. Writes the
 * tables of docs/results/replay.md.
 *
 *   npx tsx bench/replay.ts [--transitions 1000000] [--env PongNoFrameskip-v4] [--parts frames,priorities]
 */
import { parseArgs } from 'node:util';
import '../src/atari/atari-family.ts';
import type { Env } from '../src/core/env.ts';
import { Generator } from '../src/core/random/index.ts';
import { makeFromKwargs } from '../src/envs/registry.ts';
import { useCartridgeFolder } from '../src/node/roms/cartridge-folder.ts';
import { PrioritizedReplay, SumTree, UniformReplay } from '../src/replay/index.ts';
import { lapanPreprocessing } from '../src/wrappers/lapan-preprocessing.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values: args } = parseArgs({
  options: {
    transitions: { type: 'string', default: '1000000' },
    env: { type: 'string', default: 'PongNoFrameskip-v4' },
    parts: { type: 'string', default: 'frames,priorities' },
  },
});
const count = Number(args.transitions);
const parts = args.parts.split(',');
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** One addition of so many is timed: a prime, or it would always or never meet the one that makes a block of memory. */
const TIMED = 61;

/** Times in seconds of processor time: what else the machine does has less part in them. */
function perSecond(rounds: number, work: () => number): number {
  const rates = Array.from({ length: rounds }, () => {
    const started = cpuSeconds();
    const done = work();
    return done / Math.max(cpuSeconds() - started, 1e-6);
  });
  return median(rates);
}

if (parts.includes('frames')) {
  useCartridgeFolder();
  const raw = makeFromKwargs(args.env, {}) as Env<unknown, number>;
  const env = lapanPreprocessing(raw, {
    edition: 'third',
    size: 84,
    noopMax: 30,
    frameSkip: 4,
    frameStack: 4,
    episodicLife: false,
  });
  const shape = { bufferSize: count, elementType: 'uint8', frameLength: 7056, stack: 4, gamma: 0.99 } as const;
  const replays = [new UniformReplay(shape), new UniformReplay({ ...shape, compression: 'lz' })];
  const adding = [0, 0];
  env.actionSpace.seed(0);
  let { observation } = env.reset({ seed: 0 });
  for (const replay of replays) replay.startEpisode(observation);
  const began = cpuSeconds();
  for (let step = 0; step < count; step++) {
    const action = env.actionSpace.sample();
    const result = env.step(action);
    // The first look at the clock after a while takes up to a millisecond, which would count for the first replay.
    if (step % TIMED === 0) cpuSeconds();
    replays.forEach((replay, k) => {
      const timed = step % TIMED === 0;
      const started = timed ? cpuSeconds() : 0;
      replay.add(action, result.reward, result.terminated, result.truncated, result.observation);
      if (timed) adding[k] += cpuSeconds() - started;
    });
    if (!result.terminated && !result.truncated) continue;
    observation = env.reset().observation;
    for (const replay of replays) replay.startEpisode(observation);
  }
  const filling = cpuSeconds() - began;
  const rows = replays.map((replay, k) => {
    const random = new Generator(1);
    const batch = replay.createBatch(32);
    const rate = perSecond(7, () => {
      for (let i = 0; i < 200; i++) replay.sample(random, batch);
      return 200 * 32;
    });
    const bytes = replay.observationBytes;
    return `| ${['plain', 'compressed'][k]} | ${(bytes / 1e9).toFixed(3)} GB | ${(bytes / count).toFixed(0)} | ${Math.round(rate)} | ${(32_000 / rate).toFixed(2)} | ${((adding[k] / (count / TIMED)) * 1e6).toFixed(1)} |`;
  });
  writeSection(page('results/replay.md'), 'frames', [
    machine(),
    '',
    `${count} transitions of \`${args.env}\`, random play, 84x84 with stacks of 4, uniform batches of 32 (medians of 7). Times are of the processor. Both filled at once: ${Math.round(count / filling)} transitions a second, playing included.`,
    '',
    '| frames | memory | bytes a transition | samples/s | ms a batch of 32 | µs to add one |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ]);
  console.log(rows.join('\n'));
}

if (parts.includes('priorities')) {
  const n = 1_000_000;
  const random = new Generator(2);
  const leaves = Float64Array.from({ length: n }, () => random.random() ** 3);
  const tree = new SumTree(n);
  tree.setLeaves(leaves);
  const byTree = perSecond(7, () => {
    for (let i = 0; i < 100_000; i++) tree.find(random.random() * tree.total);
    return 100_000;
  });
  const byScan = perSecond(7, () => {
    for (let i = 0; i < 50; i++) {
      let left = random.random() * tree.total;
      let k = 0;
      while (left >= leaves[k] && k < n - 1) left -= leaves[k++];
    }
    return 50;
  });
  const bySet = perSecond(7, () => {
    for (let i = 0; i < 100_000; i++) tree.set(random.integers(n), random.random());
    return 100_000;
  });
  // The whole replay, drawn 10 times its size: classes of a thousand transitions each, by their share of the priorities.
  const size = 100_000;
  const replay = new PrioritizedReplay({
    bufferSize: size,
    elementType: 'float32',
    frameLength: 1,
    gamma: 0.99,
    alpha: 0.6,
  });
  replay.startEpisode([0]);
  for (let i = 0; i < size; i++) replay.add(i, 0, false, false, [0]);
  const errors = Float64Array.from({ length: size }, () => random.standardExponential());
  replay.updatePriorities(
    Int32Array.from({ length: size }, (_, i) => i),
    errors,
  );
  const classes = 100;
  const shares = new Float64Array(classes);
  let total = 0;
  errors.forEach((error, i) => {
    const p = (error + 1e-6) ** 0.6;
    shares[i % classes] += p;
    total += p;
  });
  const batch = replay.createBatch(1);
  const seen = new Float64Array(classes);
  const draws = 10 * size;
  for (let i = 0; i < draws; i++) {
    replay.sample(random, batch);
    seen[batch.actions[0] % classes]++;
  }
  let chiSquare = 0;
  seen.forEach((observed, k) => {
    const expected = (draws * shares[k]) / total;
    chiSquare += (observed - expected) ** 2 / expected;
  });
  const rows = [
    `| a draw from ${n} priorities by sum tree | ${Math.round(byTree)}/s |`,
    `| the same by linear scan | ${Math.round(byScan)}/s |`,
    `| ratio | ${Math.round(byTree / byScan)} |`,
    `| a priority set | ${Math.round(bySet)}/s |`,
    `| chi-square of ${draws} draws in ${classes} classes, ${classes - 1} degrees of freedom (below 134.6 in 99 of 100 cases) | ${chiSquare.toFixed(1)} |`,
  ];
  writeSection(page('results/replay.md'), 'priorities', [machine(), '', '| | |', '|---|--:|', ...rows]);
  console.log(rows.join('\n'));
}
