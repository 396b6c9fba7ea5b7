import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { normalizeAxes, requireDType } from '../tensor-spec.ts';
import { mul, sub } from './arithmetic.ts';
import { reduceSum } from './sum-and-broadcast.ts';
import { exp } from './unary.ts';

/** e^x / sum e^x along an axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return normalized('Softmax', 'softmax', x, axis, false, (dy, y, along) =>
    mul(y, sub(dy, reduceSum(mul(dy, y), along, { keepDims: true }))),
  );
}

/** log(softmax(x)) without the overflow of either. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return normalized('LogSoftmax', 'logSoftmax', x, axis, true, (dy, y, along) =>
    sub(dy, mul(exp(y), reduceSum(dy, along, { keepDims: true }))),
  );
}

function normalized(
  op: string,
  name: string,
  x: Tensor,
  axis: number,
  logarithm: boolean,
  gradient: (dy: Tensor, y: Tensor, along: number) => Tensor,
): Tensor {
  requireDType(name, x, 'float32');
  const [along] = normalizeAxes(name, axis, x.shape);
  const length = x.shape[along];
  const inner = sizeOf(x.shape.slice(along + 1));
  return x.graph.add({
    op,
    inputs: [x],
    attributes: { axis: along },
    dtype: 'float32',
    shape: x.shape,
    evaluate: ([a]) => {
      const out = new Float64Array(a.data.length);
      for (let row = 0; row < a.data.length / length; row++) {
        const start = Math.floor(row / inner) * length * inner + (row % inner);
        const at = (k: number) => start + k * inner;
        let highest = -Infinity;
        for (let k = 0; k < length; k++) highest = Math.max(highest, a.data[at(k)]);
        let total = 0;
        for (let k = 0; k < length; k++) total += Math.exp(a.data[at(k)] - highest);
        for (let k = 0; k < length; k++) {
          const shifted = a.data[at(k)] - highest;
          out[at(k)] = logarithm ? shifted - Math.log(total) : Math.exp(shifted) / total;
        }
      }
      return out;
    },
    gradient: (dy, y) => [gradient(dy, y, along)],
  });
}
