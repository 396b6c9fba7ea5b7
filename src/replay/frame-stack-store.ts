import { OptionError } from '../core/errors.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type FrameBlock, type MakeBlock, plainBlocks } from './frame-block.ts';
import type { ElementArrays, ElementType, ObservationStore } from './observation-store.ts';

export interface FrameStackOptions<D extends ElementType> {
  readonly elementType: D;
  /** Elements of one frame: height times width of an image, components of a vector. */
  readonly frameLength: number;
  /** Frames in one observation, oldest first; 1 for plain vectors. At most 256. */
  readonly stack: number;
  /** What stands before an episode's first frame: zeros, or that frame again. */
  readonly padding: StackPadding;
  /** Frames of one block of memory. */
  readonly framesPerBlock: number;
  /** How the frames of a block lie in memory. Default `plainBlocks`. */
  readonly makeBlock?: MakeBlock<D> | undefined;
}

/** `zero` is the BufferWrapper of Lapan's programs, `first` Gymnasium's FrameStackObservation with its default `padding_type`. */
export type StackPadding = 'zero' | 'first';

interface Block<D extends ElementType> {
  readonly frames: FrameBlock<D>;
  /** Of each frame, how many frames of the same episode come before it, at most stack - 1. */
  readonly before: Uint8Array;
}

/**
 * Stores each frame once; a stack is the last `stack` frame numbers, cut at the episode's start. Blocks of memory are
 * made as frames come and used again once all their frames are released, so the store is as large as the frames in use
 * and no single array needs to hold gigabytes.
 */
export class FrameStackStore<D extends ElementType> implements ObservationStore<D> {
  readonly observationLength: number;
  private readonly options: FrameStackOptions<D>;
  private readonly makeFrames: MakeBlock<D>;
  private readonly blocks: Block<D>[] = [];
  private readonly spare: Block<D>[] = [];
  /** Number of the first block kept; block b holds frames b * framesPerBlock and up. */
  private firstBlock = 0;
  /** Frames before this one are given up. */
  private first = 0;
  private count = 0;
  private lastBefore = 0;

  constructor(options: FrameStackOptions<D>) {
    this.options = options;
    this.makeFrames = options.makeBlock ?? plainBlocks(options.elementType, options.frameLength);
    this.observationLength = options.frameLength * options.stack;
  }

  get next(): number {
    return this.count;
  }

  /** @param observation a frame, or a stack of which the last frame is the new one. */
  append(observation: ArrayLike<number>, startsEpisode: boolean): void {
    const { frameLength, framesPerBlock, stack, elementType } = this.options;
    const { length } = observation;
    if (length !== frameLength && length !== this.observationLength) {
      const allowed =
        stack === 1 ? `${frameLength}` : `${frameLength} (a frame) or ${this.observationLength} (a stack)`;
      throw new OptionError('observation', observation, `${allowed} elements, not ${length}`);
    }
    if (elementType === 'uint8' && (observation instanceof Float32Array || observation instanceof Float64Array)) {
      throw new OptionError('observation', observation, 'bytes, or a replay with elementType float32');
    }
    const index = Math.floor(this.count / framesPerBlock) - this.firstBlock;
    if (index === this.blocks.length) this.blocks.push(this.spare.pop() ?? this.makeBlock());
    const block = this.blocks[index];
    const position = this.count % framesPerBlock;
    block.frames.append(position, observation, length - frameLength);
    this.lastBefore = startsEpisode ? 0 : Math.min(this.lastBefore + 1, stack - 1);
    block.before[position] = this.lastBefore;
    this.count++;
  }

  holds(number: number): boolean {
    if (!Number.isSafeInteger(number) || number < this.first || number >= this.count) return false;
    return number - this.framesBefore(number) >= this.first;
  }

  read(number: number, out: ElementArrays[D], at: number): void {
    const { frameLength, stack, padding } = this.options;
    const before = this.framesBefore(number);
    const missing = stack - 1 - before;
    let to = at;
    if (missing > 0 && padding === 'zero') {
      to += missing * frameLength;
      out.fill(0, at, to);
    } else {
      for (let i = 0; i < missing; i++, to += frameLength) this.copy(number - before, 1, out, to);
    }
    this.copy(number - before, before + 1, out, to);
  }

  release(number: number): void {
    this.first = number - this.framesBefore(number);
    const firstBlock = Math.floor(this.first / this.options.framesPerBlock);
    for (; this.firstBlock < firstBlock; this.firstBlock++) {
      const block = this.blocks.shift();
      if (block !== undefined && this.spare.length === 0) this.spare.push(block);
    }
  }

  /** Copies consecutive frames, block by block. */
  private copy(number: number, count: number, out: ElementArrays[D], at: number): void {
    const { frameLength, framesPerBlock } = this.options;
    let index = Math.floor(number / framesPerBlock) - this.firstBlock;
    let position = number % framesPerBlock;
    let left = count;
    let to = at;
    while (left > 0) {
      const frames = Math.min(left, framesPerBlock - position);
      this.blocks[index++].frames.copy(position, frames, out, to);
      to += frames * frameLength;
      left -= frames;
      position = 0;
    }
  }

  private framesBefore(number: number): number {
    const { framesPerBlock } = this.options;
    return this.blocks[Math.floor(number / framesPerBlock) - this.firstBlock].before[number % framesPerBlock];
  }

  private makeBlock(): Block<D> {
    const { framesPerBlock } = this.options;
    return { frames: this.makeFrames(framesPerBlock), before: new Uint8Array(framesPerBlock) };
  }

  /** Bytes of the frames now. */
  get bytes(): number {
    return [...this.blocks, ...this.spare].reduce((sum, { frames, before }) => sum + frames.bytes + before.length, 0);
  }

  /** Only frames in use, block by block. */
  saveState(): Snapshot {
    const { framesPerBlock } = this.options;
    const blocks = this.blocks.map(({ frames, before }, i) => {
      const start = (this.firstBlock + i) * framesPerBlock;
      const from = Math.max(this.first - start, 0);
      const to = Math.min(this.count - start, framesPerBlock);
      return { frames: frames.saveState(from, to), before: before.slice(from, to) };
    });
    return { first: this.first, next: this.count, lastBefore: this.lastBefore, blocks };
  }

  restoreState(state: Snapshot): void {
    const { framesPerBlock, stack } = this.options;
    const saved = new SavedState(state, 'replay');
    const first = saved.whole('first');
    const next = saved.whole('next', first);
    const firstBlock = Math.floor(first / framesPerBlock);
    const blocks = saved.list('blocks', next === first ? undefined : Math.ceil(next / framesPerBlock) - firstBlock);
    saved.require(next > first || blocks.length === 0, 'blocks', 'none without frames');
    const lastBefore = saved.whole('lastBefore', 0, Math.max(0, Math.min(stack - 1, next - first - 1)));
    this.spare.push(...this.blocks.splice(0));
    this.first = first;
    this.count = next;
    this.lastBefore = lastBefore;
    this.firstBlock = firstBlock;
    for (const [i, one] of blocks.entries()) {
      const savedBlock = new SavedState(one, 'replay');
      const block = this.spare.pop() ?? this.makeBlock();
      const start = (firstBlock + i) * framesPerBlock;
      const from = Math.max(first - start, 0);
      const to = Math.min(next - start, framesPerBlock);
      savedBlock.into('before', block.before.subarray(from, to), 0, stack - 1);
      block.frames.restoreState(savedBlock.part('frames'), from, to);
      this.blocks.push(block);
    }
    this.spare.length = Math.min(this.spare.length, 1);
  }
}
