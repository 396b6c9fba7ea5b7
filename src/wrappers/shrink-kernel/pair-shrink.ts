import { type AreaWeights, areaWeights } from '../area-resize.ts';
import { SHRINK_WASM } from './kernel.generated.ts';

// Places in the kernel's memory (assembly/kernel.ts).
const FIRST = 0x2000;
const SECOND = 0xc000;
const FRAME_SIZE = 0xa000;
const BRIGHTNESS = 0x2a000;
const ACROSS = 0x6c000;
const DOWN = 0x6f000;
const CELLS = 0x1000;
const SHARES = 0x2000;
const OUT = 0x72000;
const NARROW = 0x80000;
const MEMORY = 0xa0000;
const MOST_WEIGHTS = 0x1000 / 4;

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  shrink(
    width: number,
    height: number,
    outWidth: number,
    rows: number,
    cropTop: number,
    known: number,
    nearest: number,
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
  private readonly nearest: boolean;
  private readonly first: Uint8Array;
  private readonly second: Uint8Array;
  private readonly out: Uint8Array;

  /** Whether there is a kernel and these sizes fit it; exact halves have a rounding of their own. */
  static fits({ width, height, outWidth, outHeight, rows }: PairShrinkSizes): boolean {
    if (compiled === undefined) compiled = compile();
    return (
      compiled !== null &&
      width % 16 === 0 &&
      outWidth % 4 === 0 &&
      width * height <= FRAME_SIZE &&
      outWidth * height * 4 <= MEMORY - NARROW &&
      rows * outWidth <= NARROW - OUT &&
      !(width === 2 * outWidth && height === 2 * outHeight) &&
      [areaWeights(width, outWidth), areaWeights(height, outHeight)].every(
        ({ start, source }) => start.length <= MOST_WEIGHTS && source.length <= MOST_WEIGHTS,
      )
    );
  }

  /** @param brightness of each pair of palette numbers, [256, 256], first frame's number first. */
  constructor(sizes: PairShrinkSizes, brightness: Float32Array, rounding: 'nearest' | 'down') {
    this.sizes = sizes;
    this.nearest = rounding === 'nearest';
    const { width, height, outWidth, outHeight, rows } = sizes;
    const { buffer } = this.kernel.memory;
    this.first = new Uint8Array(buffer, FIRST, width * height);
    this.second = new Uint8Array(buffer, SECOND, width * height);
    this.out = new Uint8Array(buffer, OUT, rows * outWidth);
    new Float32Array(buffer, BRIGHTNESS, brightness.length).set(brightness);
    const put = (place: number, { start, source, weight }: AreaWeights): void => {
      new Int32Array(buffer, place, start.length).set(start);
      new Int32Array(buffer, place + CELLS, source.length).set(source);
      new Float32Array(buffer, place + SHARES, weight.length).set(weight);
    };
    put(ACROSS, areaWeights(width, outWidth));
    put(DOWN, areaWeights(height, outHeight));
  }

  /** @param known whether the frames of the call before are still what `out` shows. */
  shrink(first: Uint8Array, second: Uint8Array, out: Uint8Array, known: boolean): void {
    this.first.set(first);
    this.second.set(second);
    const { width, height, outWidth, rows, cropTop } = this.sizes;
    this.kernel.shrink(width, height, outWidth, rows, cropTop, Number(known), Number(this.nearest));
    out.set(this.out);
  }
}
