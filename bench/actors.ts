/**
 * What actors cost and bring: bytes and processor time of a step, and steps a second with 0, 1, 2 and 4 processes, measured in
 * turns, so that what else the machine does falls on all alike.
 *
 *   npx tsx bench/actors.ts [--turns 5] [--rounds 4] [--workers 0,1,2,4] [--only pqn-pong]
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createActor } from '../src/node/actors/create-actor.ts';
import { pack } from '../src/node/actors/queued-chunk.ts';
import { checksum } from '../src/node/files/checksum.ts';
import { createTraining } from '../src/node/runs/create-training.ts';
import { nodePlatform } from '../src/node/runs/node-platform.ts';
import { type ResolvedRun, resolveRun } from '../src/node/runs/resolve-run.ts';
import { createTrainingOn } from '../src/runs/create-training.ts';
import type { Chunk, Play } from '../src/train/actors/chunk.ts';
import { decodePlay, encodeChunk, encodePlay } from '../src/train/actors/chunk-codec.ts';
import { LocalActors } from '../src/train/actors/local-actors.ts';
import type { LearnerTraining } from '../src/train/index.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '4' },
    workers: { type: 'string', default: '0,1,2,4' },
    only: { type: 'string' },
  },
});
const [turns, rounds] = [Number(values.turns), Math.max(2, Number(values.rounds))];
const workers = values.workers.split(',').map(Number);

const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const common = { device: 'cpu', threads: 1, seed: 1 };
const runs: Readonly<Record<string, ResolvedRun>> = {
  'apex-pong': await resolveRun({ ...common, recipe: 'apex-pong', set: { bufferSize: 20_000, learningStarts: 400 } }),
  'apex-pong, play alone': await resolveRun({
    ...{ ...common, recipe: 'apex-pong', set: { bufferSize: 20_000, learningStarts: 20_000 } },
  }),
  'pqn-pong': await resolveRun({ ...common, recipe: 'pqn-pong', set: {}, actors: { actors: 4 } }),
};

console.log(`${availableParallelism()} cores, ${turns} turns of ${rounds} rounds`);
for (const [name, run] of Object.entries(runs)) {
  if (values.only !== undefined && name !== values.only) continue;
  const { actors, steps } = run.actors!;
  const { environments } = run.config as { readonly environments: number };
  const training = (await createTraining(run, { workers: 0 })) as unknown as LearnerTraining<never>;
  const weights = training.learner.online.buffer;
  const actor = await createActor(run);
  const count = (steps * environments) / actors;
  let play = await actor.play({ actor: 0, round: 0, version: 0, state: null }, weights);
  const before = cpuMs();
  for (let round = 1; round <= rounds; round++) {
    play = await actor.play({ actor: 0, round, version: 0, state: play.state }, weights);
  }
  const playing = (cpuMs() - before) / rounds / count;
  const chunk = encodeChunk({ actor: 0, round: rounds + 1, version: 0, state: play.state }, checksum);
  const answer = encodePlay(play, checksum);
  const began = cpuMs();
  const packed = [chunk, answer].map((bytes) => (pack(bytes).length * 3) / 4);
  const packing = (cpuMs() - began) / count;
  console.log(`\n${name}: ${actors} actors of ${environments / actors} environments, rounds of ${steps} steps`);
  console.log(`  weights ${kb(weights.byteLength)} a version`);
  console.log(
    `  chunk   ${kb(chunk.length)}, packed ${kb(packed[0]!)}; play ${kb(answer.length)}, packed ${kb(packed[1]!)}`,
  );
  console.log(
    `  a step  ${((chunk.length + answer.length) / count).toFixed(0)} bytes, packed ${((packed[0]! + packed[1]!) / count).toFixed(0)}`,
  );
  console.log(`  playing ${playing.toFixed(3)} ms of processor time a step, packing ${packing.toFixed(3)} ms`);
  // The learner alone: what was played once is told again, to the same bits.
  const recorded = new Map<string, Uint8Array>();
  const keyOf = ({ actor: number, round }: Chunk) => `${number} ${round}`;
  const recording = new LocalActors(actor);
  const tell = (own: (chunk: Chunk) => Promise<Play>) =>
    createTrainingOn(
      { ...nodePlatform(run), actors: async () => Object.assign(new LocalActors(actor), { play: own }) },
      run,
      () => Promise.reject(new Error('plays no models')),
    );
  const first = await tell(async (chunk) => {
    const played = await recording.play({ ...chunk, version: 0 });
    recorded.set(keyOf(chunk), encodePlay({ ...played, version: chunk.version }, checksum));
    return { ...played, version: chunk.version };
  });
  recording.publish(0, weights);
  for (let round = 0; round < rounds + 2; round++) await first.advance({});
  const second = await tell(async (chunk) => decodePlay(recorded.get(keyOf(chunk)) ?? answer, checksum));
  for (let round = 0; round < 2; round++) await second.advance({});
  const [from, own] = [second.step, cpuMs()];
  for (let round = 0; round < rounds - 1; round++) await second.advance({});
  const learning = (cpuMs() - own) / (second.step - from);
  console.log(`  learning and storing ${learning.toFixed(3)} ms a step (one thread)`);
  await training.close();
  // What is played ahead ends first.
  await recording.close();

  const speeds = new Map<number, number[]>(workers.map((count) => [count, []]));
  const trainings = new Map<number, Awaited<ReturnType<typeof createTraining>>>();
  for (const count of workers) {
    const one = await createTraining(run, { workers: count });
    await one.advance({});
    trainings.set(count, one);
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const count of workers) {
      const one = trainings.get(count)!;
      const at = performance.now();
      const first = one.step;
      for (let round = 0; round < rounds; round++) await one.advance({});
      speeds.get(count)!.push((1000 * (one.step - first)) / (performance.now() - at));
    }
  }
  if (turns === 0) continue;
  const base = median(speeds.get(workers[0]!)!);
  for (const [count, list] of speeds) {
    const speed = median(list);
    const range = `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)}`;
    console.log(`  ${count} processes: ${speed.toFixed(0)} steps/s (${range}), ${(speed / base).toFixed(2)} x`);
  }
  for (const one of trainings.values()) await one.close();
}
