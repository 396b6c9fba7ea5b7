import { add, sub } from '../graph/ops/arithmetic.ts';
import { linear } from '../graph/ops/mat-mul.ts';
import { reduceMean } from '../graph/ops/reduce-sum.ts';
import { relu } from '../graph/ops/relu.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { ParameterSpec } from './networks/network.ts';

/** Weight [out, in] and bias [out] of a fully connected layer. */
export function linearParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], fanIn: inputs },
    { name: `${name}.bias`, shape: [outputs], fanIn: inputs },
  ];
}

export interface HeadOptions {
  readonly actions: number;
  /** Two streams, state value and advantages (Wang et al. 2016); default false. */
  readonly dueling?: boolean;
}

/** Parameters of fully connected layers of the given widths, ending in action values. */
export function headParameters(inputs: number, hidden: readonly number[], options: HeadOptions): ParameterSpec[] {
  const stream = (prefix: string, outputs: number) =>
    [...hidden, outputs].flatMap((width, i) =>
      linearParameters(`${prefix}.${2 * i}`, i === 0 ? inputs : hidden[i - 1], width),
    );
  return options.dueling
    ? [...stream('value', 1), ...stream('advantage', options.actions)]
    : stream('fc', options.actions);
}

/**
 * Fully connected layers with ReLU between them, from features [B, n] to action values [B, actions]. The dueling form
 * subtracts the mean advantage: Q = V + A - mean A (Wang et al. 2016, Eq. 9).
 * @param params as `headParameters` lists them.
 */
export function head(features: Tensor, params: readonly Tensor[], options: HeadOptions): Tensor {
  if (!options.dueling) return stack(features, params);
  const half = params.length / 2;
  const value = stack(features, params.slice(0, half));
  const advantage = stack(features, params.slice(half));
  return add(value, sub(advantage, reduceMean(advantage, 1, { keepDims: true })));
}

function stack(x: Tensor, params: readonly Tensor[]): Tensor {
  let y = x;
  for (let i = 0; i < params.length; i += 2) {
    y = linear(y, params[i], params[i + 1]);
    if (i + 2 < params.length) y = relu(y);
  }
  return y;
}
