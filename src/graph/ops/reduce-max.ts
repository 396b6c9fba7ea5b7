import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { normalizeAxes, requireDType } from '../tensor-spec.ts';
import { div, mul } from './arithmetic.ts';
import { broadcastOffsets } from './broadcast.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { reshape } from './reshape.ts';
import type { ReduceOptions } from './sum-and-broadcast.ts';
import { reducedShapes, reduceSum } from './sum-and-broadcast.ts';

/** Maximum over axes (all by default). Equal maxima share the gradient evenly, as in PyTorch's `amax`. */
export function reduceMax(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  requireDType('reduceMax', x, 'float32');
  const over = normalizeAxes('reduceMax', axes, x.shape);
  const keepDims = options.keepDims ?? false;
  const { kept, result } = reducedShapes(x.shape, over, keepDims);
  if (over.length === 0) return x;
  return x.graph.add({
    op: 'ReduceMax',
    inputs: [x],
    attributes: { axes: over, keepdims: Number(keepDims) },
    dtype: 'float32',
    shape: result,
    evaluate: ([a]) => {
      const out = new Float64Array(sizeOf(result)).fill(-Infinity);
      const offsets = broadcastOffsets(kept, a.shape);
      a.data.forEach((v, i) => {
        out[offsets[i]] = Math.max(out[offsets[i]], v);
      });
      return out;
    },
    gradient: (dy, y) => {
      const winners = cast(equal(x, reshape(y, kept)), 'float32');
      const share = div(reshape(dy, kept), reduceSum(winners, over, { keepDims: true }));
      return [mul(winners, share)];
    },
  });
}
