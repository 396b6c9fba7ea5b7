import { MismatchError, OptionError, show } from '../core/errors.ts';
import type { OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Batch } from './batch.ts';
import { compressedBlocks, type MakeBlock } from './frame-block.ts';
import { FrameStackStore, type StackPadding } from './frame-stack-store.ts';
import type { ElementArrays, ElementType, ObservationStore } from './observation-store.ts';
import { TransitionStream } from './transition-stream.ts';

export interface ReplayOptions<D extends ElementType = ElementType> {
  /** Capacity in transitions that can be drawn. With several streams each keeps its own last bufferSize / streams. */
  readonly bufferSize: number;
  /** How observations are kept: `uint8` for images, `float32` for vectors. */
  readonly elementType: D;
  /** Elements of one frame: height times width of an image, components of a vector. */
  readonly frameLength: number;
  /** Frames in one observation. Default 1. */
  readonly stack?: number | undefined;
  /** What fills a stack before an episode's first frame. Default `zero`. */
  readonly padding?: StackPadding | undefined;
  /** Discount of one step, in [0, 1]. Needed for the discounts of a batch. */
  readonly gamma: number;
  /** Steps summed into one reward. Default 1. */
  readonly nStep?: number | undefined;
  /** Environments whose episodes come in interleaved. Default 1. */
  readonly streams?: number | undefined;
  /** How frames lie in memory: as they are, or compressed (`uint8` only). Default `none`. */
  readonly compression?: 'none' | 'lz' | undefined;
  /** Actions of the masks that are stored with the observations. Default 0, no masks. */
  readonly maskLength?: number | undefined;
  /** Bytes that the replay may take; without it nothing is refused. */
  readonly memoryLimit?: number | undefined;
}

/** @internal */
export const REPLAY_OPTIONS: OptionNames<ReplayOptions> = {
  ...{ bufferSize: true, elementType: true, frameLength: true, stack: true },
  ...{ padding: true, gamma: true, nStep: true, streams: true },
  ...{ compression: true, maskLength: true, memoryLimit: true },
};

/** Options with their defaults: what must agree for a saved state to fit. */
type Resolved<D extends ElementType = ElementType> = {
  readonly [K in Exclude<keyof ReplayOptions, 'memoryLimit' | 'elementType'>]-?: NonNullable<ReplayOptions[K]>;
} & { readonly elementType: D };

/** Bytes of one block of frames: small compared with a replay, large compared with the cost of making one. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Compression that is counted on when memory is checked; docs/results/replay.md has what games reach. */
const ASSUMED_RATIO = 4;
/** Bytes of a transition in addition to its frame: action, reward, end, observation number, frames before, mark. */
const ENTRY_BYTES = 4 + 4 + 1 + 8 + 1 + 1;

/**
 * Bytes that a full replay takes: one frame a transition and the entries. Each stored episode adds one frame (its last
 * observation), so very short episodes take up to twice as much.
 */
export function replayBytes(options: ReplayOptions): number {
  return options.bufferSize * bytesPerTransition(options);
}

function bytesPerTransition({ elementType, frameLength, compression, maskLength = 0 }: ReplayOptions): number {
  const others = ENTRY_BYTES + maskLength;
  if (compression === 'lz') return Math.ceil(frameLength / ASSUMED_RATIO) + others + 4;
  return frameLength * (elementType === 'uint8' ? 1 : 4) + others;
}

/** Options that replays of version 0.1.0 did not have, as they were. */
const ADDED_SINCE: Partial<Resolved> = { compression: 'none', maskLength: 0 };

/** Storage shared by the kinds of replay: they differ only in which transitions they draw. */
export class TransitionStore<D extends ElementType = ElementType> implements Restorable {
  readonly options: Resolved<D>;
  readonly observationLength: number;
  readonly streams: readonly TransitionStream<D>[];
  /** Slots of all streams, one stream's ring after another. */
  readonly slots: number;
  private readonly slotOffsets: number[] = [];

  /** @throws OptionError when an option is out of range, or the replay would not fit in the memory limit. */
  constructor(options: ReplayOptions<D>) {
    const {
      bufferSize,
      elementType,
      frameLength,
      stack = 1,
      padding = 'zero',
      gamma,
      nStep = 1,
      streams = 1,
      compression = 'none',
      maskLength = 0,
    } = options;
    const frames = { bufferSize, elementType, frameLength, stack, padding };
    this.options = { ...frames, gamma, nStep, streams, compression, maskLength };
    checkOptions(this.options);
    checkMemory(options);
    this.observationLength = frameLength * stack;
    const perStream = Math.ceil(bufferSize / streams);
    const framesPerBlock = blockLength(perStream, frameLength * (elementType === 'uint8' ? 1 : 4));
    let slots = 0;
    this.streams = Array.from({ length: streams }, (_, i) => {
      const makeBlock = compression === 'lz' ? (compressedBlocks(frameLength) as MakeBlock<ElementType>) : undefined;
      const shape = { elementType, frameLength, stack, padding, framesPerBlock };
      const frames = new FrameStackStore<D>({ ...shape, makeBlock: makeBlock as MakeBlock<D> | undefined });
      const capacity = Math.floor(bufferSize / streams) + (i < bufferSize % streams ? 1 : 0);
      const masks = maskLength > 0 ? maskStore(maskLength, perStream) : undefined;
      const stream = new TransitionStream(frames, capacity, nStep, gamma, masks);
      this.slotOffsets.push(slots);
      slots += stream.ringLength;
      return stream;
    });
    this.slots = slots;
  }

  /** Transitions that can be drawn. */
  get size(): number {
    let size = 0;
    for (const stream of this.streams) size += stream.size;
    return size;
  }

  /** Bytes that observations take now, without actions and rewards. */
  get observationBytes(): number {
    return this.streams.reduce((sum, stream) => sum + stream.observationBytes, 0);
  }

  /** @throws OptionError when there is no such stream. */
  stream(index: number): TransitionStream<D> {
    const stream = this.streams[index];
    if (stream === undefined) throw new OptionError('stream', index, `an integer from 0 to ${this.streams.length - 1}`);
    return stream;
  }

  /** Slot of transition `number` of a stream. */
  slotOf(stream: number, number: number): number {
    return this.slotOffsets[stream] + (number % this.streams[stream].ringLength);
  }

  /** Slot of the ready transition of rank `rank`, from 0 to size - 1: stream by stream, oldest first. */
  slotOfRank(rank: number): number {
    let left = rank;
    for (let index = 0; ; index++) {
      const { size, oldest } = this.streams[index];
      if (left < size) return this.slotOf(index, oldest + left);
      left -= size;
    }
  }

  /** Writes the transition in a slot to a row of the batch. */
  read(slot: number, out: Batch<D>, row: number): void {
    const index = this.streamOf(slot);
    this.streams[index].read(slot - this.slotOffsets[index], out, row);
    out.indices[row] = slot;
  }

  /** Writes the observation that a transition's value follows from to `out` from index `at` on. */
  readNext(slot: number, out: ElementArrays[D], at: number): void {
    const index = this.streamOf(slot);
    this.streams[index].readNext(slot - this.slotOffsets[index], out, at);
  }

  /** Whether a transition that can be drawn is in the slot. */
  holds(slot: number): boolean {
    const index = this.streamOf(slot);
    return this.streams[index].isReady(slot - this.slotOffsets[index]);
  }

  private streamOf(slot: number): number {
    let index = this.streams.length - 1;
    while (this.slotOffsets[index] > slot) index--;
    return index;
  }

  saveState(): Snapshot {
    return { options: { ...this.options } as Snapshot, streams: this.streams.map((stream) => stream.saveState()) };
  }

  /** @throws MismatchError when the state belongs to a replay with other options. */
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'replay');
    const options = new SavedState(saved.part('options'), 'replay');
    for (const [key, value] of Object.entries(this.options)) {
      const before = options.has(key) ? options.part(key) : ADDED_SINCE[key as keyof Resolved];
      if (before !== value) {
        const shown = typeof before === 'string' && before.length < 20 ? before : show(before);
        throw new MismatchError(`The saved replay has ${key} ${shown}, this one ${value}.`);
      }
    }
    const streams = saved.list('streams', this.streams.length);
    for (const [i, stream] of this.streams.entries()) stream.restoreState(streams[i]);
  }
}

/** A mask for each observation, by the same numbers. */
function maskStore(actions: number, perStream: number): ObservationStore<'uint8'> {
  const framesPerBlock = blockLength(perStream, actions);
  return new FrameStackStore({ elementType: 'uint8', frameLength: actions, stack: 1, padding: 'zero', framesPerBlock });
}

function checkOptions(options: Resolved): void {
  const { bufferSize, elementType, frameLength, stack, padding, gamma, nStep, streams, compression, maskLength } =
    options;
  const integers: [string, number, number, number][] = [
    ['streams', streams, 1, 65_536],
    ['bufferSize', bufferSize, streams, 2 ** 30],
    ['frameLength', frameLength, 1, 2 ** 30],
    ['stack', stack, 1, 256],
    ['nStep', nStep, 1, 10_000],
    ['maskLength', maskLength, 0, 65_536],
  ];
  for (const [name, value, low, high] of integers) {
    if (!(Number.isInteger(value) && value >= low && value <= high)) {
      throw new OptionError(name, value, `an integer from ${low} to ${high}`);
    }
  }
  if (!(gamma >= 0 && gamma <= 1)) throw new OptionError('gamma', gamma, 'a number from 0 to 1');
  if (elementType !== 'uint8' && elementType !== 'float32') {
    throw new OptionError('elementType', elementType, 'uint8 or float32');
  }
  if (compression !== 'none' && compression !== 'lz') throw new OptionError('compression', compression, 'none or lz');
  if (compression === 'lz' && elementType !== 'uint8') {
    throw new OptionError('compression', compression, 'none for elements of float32');
  }
  if (padding !== 'zero' && padding !== 'first') throw new OptionError('padding', padding, 'zero or first');
}

function checkMemory(options: ReplayOptions): void {
  const { bufferSize, memoryLimit = Infinity } = options;
  if (replayBytes(options) <= memoryLimit) return;
  const each = bytesPerTransition(options);
  const most = Math.floor(memoryLimit / each);
  throw new OptionError(
    'bufferSize',
    bufferSize,
    `at most ${most} transitions of ${each} bytes in ${gigabytes(memoryLimit)} of memory (asked for: ${gigabytes(replayBytes(options))})`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

/** A power of two of frames: about BLOCK_BYTES, and at most a sixteenth of a stream, so that little lies idle. */
function blockLength(perStream: number, frameBytes: number): number {
  const most = Math.max(1, Math.min(BLOCK_BYTES / frameBytes, perStream / 16));
  return 2 ** Math.floor(Math.log2(most));
}
