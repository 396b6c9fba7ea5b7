/** What actors and a learner say to each other by a queue. Whoever can write there may have written it, so all of it is read as a stranger's. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { MismatchError } from '../../core/errors.ts';
import type { JsonObject } from '../../runs/json.ts';
import type { ToldError } from './told-error.ts';

/** Names of the queues: chunks, and weights, which no worker takes out. */
export const CHUNKS = 'bellman-chunks';
export const WEIGHTS = 'bellman-weights';

const FORMAT = 1;
/** Bytes of a chunk, of a play and of weights, unpacked: what more says is no memory of ours. */
const MOST_BYTES = 2 ** 30;

const identifier = z.string().regex(/^[A-Za-z0-9-]{1,100}$/);
const chunkShape = z.strictObject({
  format: z.literal(FORMAT),
  /** Of the package: another one may play to other bits. */
  version: z.string().max(100),
  /** Of the learner. */
  session: identifier,
  /** Job of the weights. */
  weights: identifier,
  chunk: z.string(),
});
export type QueuedChunk = z.infer<typeof chunkShape>;

const weightsShape = z.strictObject({
  /** `config.json` of the run. */
  run: z.record(z.string(), z.json()),
  weights: z.string(),
});

const answerShape = z.union([
  z.strictObject({ play: z.string() }),
  z.strictObject({ error: z.strictObject({ message: z.string(), code: z.string().optional() }) }),
]);

/** Compressed lightly: pictures shrink to a few hundredths, weights hardly. */
export const pack = (bytes: Uint8Array): string => deflateRawSync(bytes, { level: 1 }).toString('base64');

/** @throws MismatchError when it is not packed, or too large. */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  try {
    // A copy at the beginning of memory of its own, as arrays of floats lie.
    return Uint8Array.from(inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST_BYTES }));
  } catch (error) {
    throw new MismatchError(
      `A job of the queue holds what is not packed as this program packs: ${(error as Error).message}.`,
    );
  }
}

export const queuedChunk = (chunk: Omit<QueuedChunk, 'format'>): QueuedChunk => ({ format: FORMAT, ...chunk });

/** @throws MismatchError when it is none. */
export function readQueuedChunk(data: unknown): QueuedChunk {
  return read(chunkShape, data, 'chunk');
}

/** Weights with the run that they are of. Not compressed: they would hardly get smaller. */
export const queuedWeights = (run: JsonObject, weights: Float32Array) => ({
  run,
  weights: Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength).toString('base64'),
});

/** @throws MismatchError when they are none. */
export function readQueuedWeights(data: unknown): { readonly run: JsonObject; readonly weights: Float32Array } {
  const { run, weights } = read(weightsShape, data, 'weights');
  const bytes = Uint8Array.from(Buffer.from(weights, 'base64'));
  if (bytes.length % 4 !== 0) throw new MismatchError('A job of the queue holds weights that are no floats.');
  return { run: run as JsonObject, weights: new Float32Array(bytes.buffer) };
}

export type QueuedAnswer = { readonly play: string } | { readonly error: ToldError };

/** @throws MismatchError when it is none. */
export function readQueuedAnswer(data: unknown): QueuedAnswer {
  const answer = read(answerShape, data, 'answer');
  return 'play' in answer ? answer : { error: { message: answer.error.message, code: answer.error.code } };
}

function read<S extends z.ZodType>(shape: S, data: unknown, what: string): z.infer<S> {
  const result = shape.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new MismatchError(
    `A job of the queue is no ${what} of this program: ${issue!.path.join('.')}: ${issue!.message}.`,
  );
}
