import { OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { Tensor } from './graph.ts';
import { ancestors } from './graph.ts';
import type { TypedArray, Values } from './tensor-spec.ts';

/** Row-major elements of an input; doubles are for `float64` mode. */
export type Feed = TypedArray | Float64Array | readonly number[];

/**
 * Evaluates tensors one operator after the other in plain TypeScript: the reference that faster runners are compared
 * with. Sums are accumulated in doubles.
 * @param feeds elements of every input that the outputs depend on, by name. Read only.
 * @param precision `float32` rounds each tensor to singles once it is complete; `float64` never rounds, which is what
 *   finite differences need.
 * @returns fresh row-major elements for each output.
 * @throws OptionError when a feed is missing or has the wrong length.
 */
export function evaluate(
  outputs: readonly Tensor[],
  feeds: Readonly<Record<string, Feed>>,
  precision: 'float32' | 'float64' = 'float32',
): Float64Array[] {
  const values = new Map<Tensor, Values>();
  for (const tensor of ancestors(outputs)) {
    const data = compute(tensor, values, feeds);
    if (precision === 'float32' && tensor.dtype === 'float32') data.set(new Float32Array(data));
    values.set(tensor, { shape: tensor.shape, data });
  }
  return outputs.map((tensor) => values.get(tensor)!.data.slice());
}

function compute(tensor: Tensor, values: Map<Tensor, Values>, feeds: Readonly<Record<string, Feed>>): Float64Array {
  if (tensor.data !== undefined) return new Float64Array(tensor.data);
  if (tensor.node !== undefined) return tensor.node.evaluate(tensor.node.inputs.map((input) => values.get(input)!));
  const name = tensor.name!;
  const feed = feeds[name];
  const length = sizeOf(tensor.shape);
  if (feed?.length !== length) throw new OptionError(`feed "${name}"`, feed, `${length} elements of ${tensor.dtype}`);
  return new Float64Array(feed);
}
