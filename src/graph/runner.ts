import { OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { ModelSpec } from './emit-onnx.ts';
import type { TensorSpec, TypedArray } from './tensor-spec.ts';
import { allocate } from './tensor-spec.ts';

/** Input elements by name, row-major. */
export type Feeds = Readonly<Record<string, TypedArray | undefined>>;
/** Output elements by name, row-major. */
export type Fetches = Readonly<Record<string, TypedArray>>;

/** Runs one model again and again. The same feeds give the same bits, whatever ran before. */
export interface GraphRunner extends ModelSpec {
  /**
   * Computes all outputs from all inputs.
   * @param feeds an array of the right type and length for every input, over memory of any kind; others are ignored.
   *   Read only, not used beyond the run. A runner is fastest when the caller feeds the same array objects, refilled.
   * @returns arrays that the runner owns: always the same ones, overwritten by the next run.
   * @throws OptionError on a missing feed, or one of the wrong type or length; OrderError after `release`, or while
   *   another run is under way.
   */
  run(feeds: Feeds): Promise<Fetches>;
  /** Frees the memory. Calling it again does nothing. */
  release(): Promise<void>;
}

/** Arrays for the outputs of a model. */
export function allocateOutputs(outputs: ModelSpec['outputs']): Record<string, TypedArray> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape }]) => [name, allocate(dtype, sizeOf(shape))]),
  );
}

/** @throws OptionError unless the array fits the input. */
export function checkFeed(name: string, spec: TensorSpec, feed: TypedArray | undefined): TypedArray {
  const length = sizeOf(spec.shape);
  const type = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array }[spec.dtype];
  if (!(feed instanceof type) || feed.length !== length) {
    throw new OptionError(
      `feed "${name}"`,
      feed,
      `a ${type.name} of ${length} elements (${spec.dtype}[${spec.shape.join(', ')}])`,
    );
  }
  return feed;
}
