import { UnavailableError } from './errors.ts';

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;
/** Of one memory: 4 GB. */
const MOST_PAGES = 65_536;
const ALIGNMENT = 4;
/** Elements at the beginning that nobody gets, so that 0 is the address of nothing. */
const EDGE = 4;
/** Elements at the end that nobody gets: kernels read whole vectors. */
const READ_BEYOND = 8;

const memories = new WeakMap<ArrayBufferLike, FloatMemory>();

/**
 * Room for Float32Arrays that SIMD kernels can work on without copying: one WebAssembly memory of fixed size, from which
 * arrays are taken one after another. They are ordinary typed arrays over an ordinary ArrayBuffer, never detached since
 * the memory never grows; onnxruntime-node reads them as feeds and writes them as preallocated outputs.
 * Without WebAssembly the arrays are plain ones and kernels fall back to TypeScript.
 */
export class FloatMemory {
  /** A `WebAssembly.Memory`, by what it has: projects for Node may compile without the types of browsers. */
  readonly wasm: { readonly buffer: ArrayBuffer } | undefined;
  private readonly capacity: number;
  private used = EDGE;
  /** Length of each array by its byte offset. */
  private readonly lengths = new Map<number, number>();

  /**
   * @param lengths of the arrays that will be allocated, in any order.
   * @param spare elements more, for arrays whose lengths are not known yet. Pages that are never touched cost nothing.
   * @throws UnavailableError for more than 4 GB, or more than the machine has.
   */
  constructor(lengths: readonly number[], spare = 0) {
    this.capacity = lengths.reduce((sum, length) => sum + padded(length), padded(spare));
    const pages = Math.ceil(((EDGE + this.capacity + READ_BEYOND) * 4) / PAGE);
    const tooMuch = (cause?: unknown): UnavailableError => {
      const gigabytes = ((this.capacity * 4) / 2 ** 30).toFixed(1);
      const what = `Memory of ${gigabytes} GB for weights, gradients and moments`;
      return new UnavailableError(what, 'is not to be had: make the network smaller.', { cause });
    };
    if (pages > MOST_PAGES) throw tooMuch();
    if (typeof WebAssembly !== 'object') return;
    try {
      this.wasm = new WebAssembly.Memory({ initial: pages, maximum: pages });
    } catch (error) {
      throw tooMuch(error);
    }
    memories.set(this.wasm.buffer, this);
  }

  /** The memory that an array lies in; undefined where it is an ordinary one. */
  static of(array: ArrayBufferView): FloatMemory | undefined {
    return memories.get(array.buffer);
  }

  /** Elements that are not allocated yet. */
  get room(): number {
    return this.capacity + EDGE - this.used;
  }

  /**
   * A zero-filled array. Up to three zeros beyond its end belong to it too, so that kernels may work on whole vectors of
   * four.
   */
  allocate(length: number): Float32Array<ArrayBuffer> {
    const offset = this.used;
    this.used += padded(length);
    if (this.room < 0) throw new Error(`FloatMemory of ${this.capacity} cannot give ${length} more`);
    if (this.wasm === undefined) return new Float32Array(length);
    this.lengths.set(offset * 4, length);
    return new Float32Array(this.wasm.buffer, offset * 4, length);
  }

  /** Whether this is the whole of an array allocated here, so that a kernel may run on it in place. */
  holds(array: Float32Array): boolean {
    return array.buffer === this.wasm?.buffer && this.lengths.get(array.byteOffset) === array.length;
  }
}

/** The length that an array of this many elements takes up. */
function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
