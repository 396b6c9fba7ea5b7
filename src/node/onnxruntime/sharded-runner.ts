import { once } from 'node:events';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import {
  emitOnnx,
  type Feeds,
  type GraphModel,
  type GraphRunner,
  type ModelSpec,
  modelSpec,
  type TypedArray,
} from '../../graph/index.ts';
import { RunTurn } from '../../graph/run-turn.ts';
import { allocateOutputs, checkFeed } from '../../graph/runner.ts';
import { startThread } from '../threads/spawn-worker.ts';
import { DONE, QUIT, RUN, type ShardLink, say, shardLink, waitWhile } from '../threads/thread-link.ts';
import { createOrtRunner } from './ort-runner.ts';
import type { ShardWork } from './shard-worker.ts';

export interface ShardedRunnerOptions {
  readonly batchSize: number;
  /** Threads, the caller's included. Divides the batch. */
  readonly shards: number;
  readonly outputArrays?: Readonly<Record<string, TypedArray>> | undefined;
  /** Elements (copied), by name, of inputs without rows that are the same in every run. */
  readonly constants?: Readonly<Record<string, Float32Array>> | undefined;
}

/**
 * Runs a graph on the rows of a batch in several threads, a part of the rows in each: data parallelism. A small network's
 * operators are too short to be shared among threads one by one, its batch is not.
 *
 * Inputs and outputs that have a row for each of the batch are split and joined again; all threads get the inputs
 * without. Outputs without, losses and gradients, must be means over the rows: they become the mean of the parts, added in
 * a fixed order. So the same number of shards gives the same bits.
 * @param build the graph for a number of rows.
 * @throws OptionError when the shards do not divide the batch.
 */
export async function createShardedRunner(
  build: (rows: number) => GraphModel,
  { batchSize, shards, outputArrays, constants = {} }: ShardedRunnerOptions,
): Promise<GraphRunner> {
  if (!(Number.isInteger(shards) && shards >= 1 && batchSize % shards === 0)) {
    throw new OptionError('shards', shards, `a divisor of the batch size ${batchSize}`);
  }
  const whole = modelSpec(build(batchSize).outputs, constants);
  const part = build(batchSize / shards);
  const spec = modelSpec(part.outputs, constants);
  const model = emitOnnx(part.graph, { outputs: part.outputs, initializers: constants });
  const split = {
    inputs: Object.keys(spec.inputs).filter((name) => isSplit(whole.inputs, spec.inputs, name)),
    outputs: Object.keys(spec.outputs).filter((name) => isSplit(whole.outputs, spec.outputs, name)),
  };
  const arrays: Record<string, TypedArray> = { ...allocateOutputs(whole.outputs), ...outputArrays };
  for (const name in outputArrays) checkFeed(name, whole.outputs[name], arrays[name]);
  const head = (name: string) => firstOf(arrays[name], shards);
  const own = await createOrtRunner(model, {
    ...spec,
    outputArrays: Object.fromEntries(
      Object.keys(arrays).map((name) => [name, split.outputs.includes(name) ? head(name) : arrays[name]]),
    ),
  });
  const helpers = await Promise.all(Array.from({ length: shards - 1 }, () => startShard(model, spec)));
  /** The first rows of each array that was ever fed. */
  const heads = new WeakMap<TypedArray, TypedArray>();
  const ownFeeds: Record<string, TypedArray> = {};
  const turn = new RunTurn();

  return {
    inputs: whole.inputs,
    outputs: whole.outputs,
    async run(feeds: Feeds) {
      turn.check();
      for (const name in whole.inputs) {
        const feed = checkFeed(name, whole.inputs[name], feeds[name]);
        const isRows = split.inputs.includes(name);
        let mine = isRows ? heads.get(feed) : feed;
        if (mine === undefined) {
          mine = firstOf(feed, shards);
          heads.set(feed, mine);
        }
        ownFeeds[name] = mine;
        helpers.forEach(({ inputs }, i) => {
          const from = (i + 1) * mine.length;
          inputs[name].set((isRows ? feed.subarray(from, from + mine.length) : feed) as never);
        });
      }
      turn.begin();
      for (const link of helpers) say(link, RUN);
      let words: number[] = [];
      try {
        await own.run(ownFeeds);
      } finally {
        words = helpers.map((link) => waitWhile(link, RUN));
        turn.end();
      }
      if (words.some((word) => word !== DONE)) {
        throw new UnavailableError('A thread of the batch failed.', 'See its message.');
      }
      for (const name in arrays) {
        if (split.outputs.includes(name)) {
          const rows = arrays[name].length / shards;
          helpers.forEach(({ outputs }, i) => void arrays[name].set(outputs[name] as never, (i + 1) * rows));
        } else average(arrays[name] as Float32Array, helpers, name);
      }
      return arrays;
    },
    async release() {
      if (!turn.release()) return;
      for (const link of helpers) say(link, QUIT);
      await own.release();
    },
  };
}

async function startShard(model: Uint8Array, spec: ModelSpec): Promise<ShardLink> {
  const link = shardLink(spec);
  const work: ShardWork = { model, spec, memory: link.memory };
  const { worker, lifeline } = startThread('onnxruntime/shard-worker', work);
  await once(worker, 'message');
  worker.unref();
  return { ...link, lifeline };
}

/** Whether a tensor of the whole batch has more rows than that of a shard. */
function isSplit(whole: ModelSpec['inputs'], part: ModelSpec['inputs'], name: string): boolean {
  return whole[name].shape[0] !== part[name].shape[0];
}

function firstOf(array: TypedArray, shards: number): TypedArray {
  return array.subarray(0, array.length / shards);
}

function average(into: Float32Array, helpers: readonly ShardLink[], name: string): void {
  const share = 1 / (helpers.length + 1);
  for (const { outputs } of helpers) {
    const other = outputs[name];
    for (let i = 0; i < into.length; i++) into[i] += other[i];
  }
  if (helpers.length > 0) for (let i = 0; i < into.length; i++) into[i] *= share;
}
