import { type AreaWeights, areaWeights, resizeWeights } from '../area-resize.ts';
import { SHRINK_WASM } from './kernel.generated.ts';

// Places in the kernel's memory (assembly/kernel.ts).
const FIRST = 0x2000;
const SECOND = 0xc000;
const TURN = 0x14000;
const FRAME_SIZE = 0xa000;
const PAIRS = 0x2a000;
const SAME = 0x6a000;
const ACROSS = 0x6c000;
const DOWN = 0x6f000;
const CELLS = 0x1000;
const SHARES = 0x2000;
const OUT = 0x72000;
const LONGEST_ROW = 256;
const MOST_WEIGHTS = 0x1000 / 4;

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  shrink(
    width: number,
    height: number,
    outWidth: number,
    rows: number,
    cropTop: number,
    turn: number,
    known: number,
    rounding: number,
    scale: number,
  ): void;
}

/** Null where nothing may be compiled: pages whose Content-Security-Policy is without 'wasm-unsafe-eval'. */
let compiled: WebAssembly.Module | null | undefined;

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(SHRINK_WASM), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

function kernel(): KernelExports {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) throw new Error('PairShrink: ask fits first');
  return new WebAssembly.Instance(compiled, {}).exports as unknown as KernelExports;
}

export interface PairShrinkSizes {
  readonly width: number;
  readonly height: number;
  readonly outWidth: number;
  /** Rows that the whole picture shrinks to. */
  readonly outHeight: number;
  /** How many of them are wanted, and from which on. */
  readonly rows: number;
  readonly cropTop: number;
}

/**
 * `AreaResize` of the brighter of two frames, in WebAssembly: the same results to the last bit, ten times as fast.
 */
export class PairShrink {
  private readonly kernel = kernel();
  private readonly sizes: PairShrinkSizes;
  /** As the kernel numbers them. */
  private readonly rounding: 0 | 1 | 2;
  /** Factor of all sums: see `resizeWeights`. */
  private readonly scale: number;
  /** Frames of the two turns. */
  private readonly firsts: readonly Uint8Array[];
  private readonly seconds: readonly Uint8Array[];
  private readonly out: Uint8Array;
  /** Whose the latest frames are. */
  private turn: 0 | 1 = 0;

  /** Whether there is a kernel and these sizes fit it. */
  static fits({ width, height, outWidth, outHeight, rows, cropTop }: PairShrinkSizes): boolean {
    if (compiled === undefined) compiled = compile();
    // Results, and what is between the passes, are no larger than frames: they have the room of one.
    return (
      compiled !== null &&
      width % 16 === 0 &&
      width <= LONGEST_ROW &&
      width * height <= FRAME_SIZE &&
      cropTop + rows <= outHeight &&
      [areaWeights(width, outWidth), areaWeights(height, outHeight)].every(
        ({ start, source }) => start.length + 3 <= MOST_WEIGHTS && source.length <= MOST_WEIGHTS,
      )
    );
  }

  /** @param brightness of each pair of palette numbers, [256, 256], first frame's number first. */
  constructor(sizes: PairShrinkSizes, brightness: Float32Array, rounding: 'nearest' | 'down') {
    this.sizes = sizes;
    const { width, height, outWidth, outHeight, rows } = sizes;
    // Exact halves have a rounding of their own: see AreaResize.
    const halves = width === 2 * outWidth && height === 2 * outHeight;
    this.rounding = rounding === 'down' ? 0 : halves ? 2 : 1;
    const { buffer } = this.kernel.memory;
    this.firsts = [0, TURN].map((turn) => new Uint8Array(buffer, FIRST + turn, width * height));
    this.seconds = [0, TURN].map((turn) => new Uint8Array(buffer, SECOND + turn, width * height));
    this.out = new Uint8Array(buffer, OUT, rows * outWidth);
    new Float32Array(buffer, PAIRS, brightness.length).set(brightness);
    new Float32Array(buffer, SAME, 256).set(Float32Array.from({ length: 256 }, (_, i) => brightness[257 * i]));
    const put = (place: number, { start, source, weight }: AreaWeights): void => {
      // Outputs past the last one are made of nothing.
      new Int32Array(buffer, place, start.length + 3).fill(source.length).set(start);
      new Int32Array(buffer, place + CELLS, source.length).set(source);
      new Float32Array(buffer, place + SHARES, weight.length).set(weight);
    };
    const { across, down, scale } = resizeWeights(width, height, outWidth, outHeight);
    put(ACROSS, across);
    put(DOWN, down);
    this.scale = scale;
  }

  /** The frames of the latest call, in the kernel's memory; read only, valid until the next. */
  get latest(): { readonly first: Uint8Array; readonly second: Uint8Array } {
    return { first: this.firsts[this.turn], second: this.seconds[this.turn] };
  }

  /** Where the first frame of the next call may be put in advance. */
  get nextFirst(): Uint8Array {
    return this.firsts[1 - this.turn];
  }

  /**
   * @param first may be `nextFirst`, which spares a copy.
   * @param known whether the frames of the call before are still what `out` shows.
   */
  shrink(first: Uint8Array, second: Uint8Array, out: Uint8Array, known: boolean): void {
    this.turn = this.turn === 0 ? 1 : 0;
    const { turn } = this;
    if (first !== this.firsts[turn]) this.firsts[turn].set(first);
    this.seconds[turn].set(second);
    const { width, height, outWidth, rows, cropTop } = this.sizes;
    this.kernel.shrink(width, height, outWidth, rows, cropTop, turn, Number(known), this.rounding, this.scale);
    out.set(this.out);
  }
}
