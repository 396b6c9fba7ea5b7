import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { normalizeAxes, requireDType } from '../tensor-spec.ts';

/** Index of the first maximum along one axis, as int32; the axis is dropped. Not differentiable. */
export function argMax(x: Tensor, axis = -1): Tensor {
  requireDType('argMax', x, 'float32');
  if (x.shape.length === 0) throw new ShapeError('argMax: got a scalar.');
  const [along] = normalizeAxes('argMax', axis, x.shape);
  const length = x.shape[along];
  const inner = sizeOf(x.shape.slice(along + 1));
  const shape = x.shape.filter((_, i) => i !== along);
  return x.graph.add({
    op: 'ArgMax',
    inputs: [x],
    attributes: { axis: along },
    dtype: 'int32',
    shape,
    evaluate: ([a]) =>
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
        const start = Math.floor(i / inner) * length * inner + (i % inner);
        let best = 0;
        for (let k = 1; k < length; k++) if (a.data[start + k * inner] > a.data[start + best * inner]) best = k;
        return best;
      }),
    // ONNX counts in int64, which JavaScript reads as BigInt.
    emit: (onnx, [a]) => onnx.cast(onnx.node('ArgMax', [a], { axis: along, keepdims: 0 }), 'int32'),
  });
}
