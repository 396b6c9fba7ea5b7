/** The memory through which a sharded run and one of its threads talk: a state word, and arrays for inputs and outputs. */

import { sizeOf } from '../../core/shape.ts';
import type { ModelSpec } from '../../graph/emit-onnx.ts';
import type { TensorSpec, TypedArray } from '../../graph/tensor-spec.ts';
import type { Lifeline } from './lifeline.ts';

export const IDLE = 0;
export const RUN = 1;
export const DONE = 2;
export const FAILED = 3;
export const QUIT = 4;
/** A question waits in the thread's port. */
export const ASK = 5;
/** The thread is gone. */
export const ENDED = 6;

export interface ShardLink {
  readonly memory: SharedArrayBuffer;
  /** One element, one of the words above. Changed with `say`, awaited with `waitWhile`. */
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly inputs: Readonly<Record<string, TypedArray>>;
  readonly outputs: Readonly<Record<string, TypedArray>>;
  /** That of the thread, for its owner. */
  readonly lifeline?: Lifeline;
}

/** Lays a link out in memory, new or that of the other side. */
export function shardLink({ inputs, outputs }: ModelSpec, memory?: SharedArrayBuffer): ShardLink {
  const LINE = 64;
  let offset = LINE;
  const place = (specs: Readonly<Record<string, TensorSpec>>) =>
    Object.entries(specs).map(([name, spec]) => {
      const from = offset;
      const bytes = sizeOf(spec.shape) * (spec.dtype === 'uint8' || spec.dtype === 'bool' ? 1 : 4);
      offset += Math.ceil(bytes / LINE) * LINE;
      return { name, spec, from };
    });
  const [placedInputs, placedOutputs] = [place(inputs), place(outputs)];
  const shared = memory ?? new SharedArrayBuffer(offset);
  const views = (placed: ReturnType<typeof place>) =>
    Object.fromEntries(
      placed.map(({ name, spec, from }) => {
        const type = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array }[spec.dtype];
        return [name, new type(shared as never, from, sizeOf(spec.shape)) as TypedArray];
      }),
    );
  return {
    memory: shared,
    state: new Int32Array(shared, 0, 1),
    inputs: views(placedInputs),
    outputs: views(placedOutputs),
  };
}

/** What `say` and `waitWhile` need of a link. */
export type StateWord = Pick<ShardLink, 'state' | 'lifeline'>;

export function say({ state }: StateWord, word: number): void {
  Atomics.store(state, 0, word);
  Atomics.notify(state, 0);
}

/** Some hundredths of a millisecond of looking before sleeping: both sides are nearly always about to finish. */
const LOOKS = 5000;

/** How often who waits looks whether the other side still runs. */
const CHECK_MS = 500;

/** Blocks the calling thread while the state is `word`; returns what it is then: ENDED, if the other side's thread has
 * ended without a word. */
export function waitWhile({ state, lifeline }: StateWord, word: number): number {
  for (let i = 0; i < LOOKS; i++) {
    const now = Atomics.load(state, 0);
    if (now !== word) return now;
  }
  for (;;) {
    const woken = Atomics.wait(state, 0, word, lifeline === undefined ? undefined : CHECK_MS);
    // What the thread said last counts.
    if (woken === 'timed-out' && lifeline?.cut === true) Atomics.compareExchange(state, 0, word, ENDED);
    const now = Atomics.load(state, 0);
    if (now !== word) return now;
  }
}

/**
 * A thread's loop: works each time that the other side says RUN or ASK, and says DONE, or FAILED after a report. Ends with
 * QUIT.
 * @param work gets the word.
 * @param last what the thread has said so far.
 */
export async function serve(
  link: StateWord,
  work: (word: number) => Promise<void> | void,
  report: (error: unknown) => void,
  last = IDLE,
): Promise<void> {
  let word = last;
  for (;;) {
    word = waitWhile(link, word);
    if (word === QUIT) return;
    if (word !== RUN && word !== ASK) continue;
    try {
      const working = work(word);
      if (working !== undefined) await working;
      word = DONE;
    } catch (error) {
      report(error);
      word = FAILED;
    }
    say(link, word);
  }
}
