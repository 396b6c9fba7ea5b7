import { restoreArray, SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { FrameCodec, GROUP, worstBytes } from './frame-codec.ts';
import type { ElementArrays, ElementType } from './observation-store.ts';

/** A fixed number of frames, one after another. */
export interface FrameBlock<D extends ElementType> {
  /** Bytes that it takes. */
  readonly bytes: number;
  /**
   * Copies a frame in. Positions come in order, from 0 when the block is used anew.
   * @param from where the frame begins in the observation.
   */
  append(position: number, observation: ArrayLike<number>, from: number): void;
  /** Copies `count` frames from `position` on to `out` from `at` on. */
  copy(position: number, count: number, out: ElementArrays[D], at: number): void;
  /**
   * Frames from <= position < to, at least. A view, so that saving a large replay takes no second one: the block writes only
   * behind it, and takes new memory when it is used anew.
   */
  saveState(from: number, to: number): Snapshot;
  /**
   * @param state of a whole block becomes the block's own memory, which it only reads.
   * @param from, to as it was saved.
   * @throws MismatchError for a state of other frames.
   */
  restoreState(state: Snapshot, from: number, to: number): void;
}

/** Makes a block of so many frames; called for each block of a store. */
export type MakeBlock<D extends ElementType> = (frames: number) => FrameBlock<D>;

/** Below this many elements a loop is faster than making a view for `set`. */
const SHORT_COPY = 64;

/** Blocks of frames as they are. */
export function plainBlocks<D extends ElementType>(elementType: D, frameLength: number): MakeBlock<D> {
  return (count) => {
    const length = frameLength * count;
    const allocate = () =>
      (elementType === 'uint8' ? new Uint8Array(length) : new Float32Array(length)) as Float32Array<ArrayBuffer>;
    let frames = allocate();
    /** Whether a snapshot sees this memory. */
    let shared = false;
    const renew = () => {
      if (shared) frames = allocate();
      shared = false;
    };
    return {
      bytes: frames.byteLength,
      append(position, observation, from) {
        if (position === 0) renew();
        const at = position * frameLength;
        if (frameLength <= SHORT_COPY || !ArrayBuffer.isView(observation)) {
          for (let i = 0; i < frameLength; i++) frames[at + i] = observation[from + i];
        } else {
          frames.set(from === 0 ? observation : (observation as Uint8Array).subarray(from), at);
        }
      },
      copy(position, copied, out, at) {
        const from = position * frameLength;
        const total = copied * frameLength;
        if (total <= SHORT_COPY) for (let i = 0; i < total; i++) out[at + i] = frames[from + i];
        else out.set(frames.subarray(from, from + total), at);
      },
      saveState(from, to) {
        shared = true;
        return frames.subarray(from * frameLength, to * frameLength);
      },
      restoreState(state, from, to) {
        if (to - from === count) {
          frames = new SavedState({ frames: state }, 'replay').array('frames', frames, length);
          shared = true;
          return;
        }
        renew();
        restoreArray(state, 'frames', frames.subarray(from * frameLength, to * frameLength));
      },
    };
  };
}

/**
 * Blocks of compressed frames. In each group of 16 the first is coded alone and the others against it, so that reading any
 * frame expands two at most; a stack, whose frames are neighbours, one more than its own.
 */
export function compressedBlocks(frameLength: number): MakeBlock<'uint8'> {
  const codec = new FrameCodec(frameLength);
  const room = worstBytes(frameLength);
  const key = new Uint8Array(frameLength);
  /** The block that the codec compresses for: undefined when its key frame has to be taken anew. */
  let appending: object | undefined;
  return (count) => {
    /** Where each frame's code begins, and the end of the last. */
    const starts = new Uint32Array(count + 1);
    let code = new Uint8Array(0);
    let filled = 0;
    /** Whether a snapshot sees the code. */
    let shared = false;
    const block: FrameBlock<'uint8'> = {
      get bytes() {
        return code.byteLength + starts.byteLength;
      },
      append(position, observation, from) {
        if (position === 0) {
          codec.forgetKey();
          if (shared) code = new Uint8Array(0);
          shared = false;
        }
        const start = starts[position];
        if (code.length < start + room) {
          const larger = new Uint8Array(Math.max(2 * code.length, start + room));
          larger.set(code.subarray(0, start));
          code = larger;
        }
        if (position % GROUP === 0) {
          codec.setKey(undefined);
        } else if (position % GROUP === 1 || appending !== block) {
          readKey(position);
          key.set(codec.key);
          codec.setKey(key);
        }
        appending = block;
        starts[position + 1] = codec.compress(observation, from, code, start);
        filled = position + 1;
        // Full: nothing more will come, so nothing more is kept.
        if (filled === count) {
          code = code.slice(0, starts[count]);
          shared = false;
        }
      },
      copy(position, copied, out, at) {
        for (let i = 0; i < copied; i++) {
          const p = position + i;
          readKey(p);
          const frame = p % GROUP === 0 ? codec.key : codec.expand(code, starts[p]);
          out.set(frame, at + i * frameLength);
        }
      },
      // All of it: a frame's key frame may be older than the oldest one in use.
      saveState() {
        shared = true;
        return { code: code.subarray(0, starts[filled]), starts: starts.slice(0, filled + 1) };
      },
      restoreState(state, _from, to) {
        const saved = new SavedState(state, 'replay');
        const given = saved.array('starts', starts);
        const rising = given.every((start, i) => (i === 0 ? start === 0 : start >= given[i - 1]));
        const length = saved.array('code', code).length;
        saved.require(
          given.length === to + 1 && rising && given[to] === length,
          'starts',
          'where frames begin in code',
        );
        codec.forgetKey();
        appending = undefined;
        code = saved.array('code', code);
        shared = true;
        starts.set(given);
        filled = to;
      },
    };
    const readKey = (position: number) => {
      const group = Math.floor(position / GROUP);
      if (!codec.hasKey(block, group)) codec.expandKey(block, group, code, starts[group * GROUP]);
    };
    return block;
  };
}
